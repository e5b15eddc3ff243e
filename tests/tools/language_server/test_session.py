"""A whole session over stdio: the real process, pygls' client, every feature on our lessons."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.tools.language_server.editor import COMMAND, SECONDS, Editor, at, uri_of
from xrdrama.tools.checking.contents import check_paths

ROOT = Path(__file__).parents[3]
LESSONS = ROOT / "branches" / "lessons"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with copies of our lessons and a set."""
    place = tmp_path_factory.mktemp("project")
    shutil.copytree(LESSONS, place / "branches")
    (place / "scenes").mkdir()
    (place / "shows").mkdir()
    show = "xrdrama: 1\nid: night\nstory: the_lost_key\nstart: {beat: gate, set: {looked: 2}}\n"
    (place / "shows" / "night.show.yaml").write_text(show, "utf-8")
    table = "id,source,text\nl7wnua,Listen.,听。\nlane.help,I will help you,我来帮你\n"
    (place / "branches" / "the_lost_key.zh.csv").write_text(table, "utf-8")
    return place


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    session = Editor(folder)
    yield session
    assert session.end() == 0


@pytest.fixture
def key(editor: Editor, folder: Path) -> Iterator[tuple[str, str]]:
    """The lost key, opened: its address and its text."""
    path = folder / "branches" / "the_lost_key.branch.yaml"
    uri = editor.open(path)
    yield uri, path.read_text("utf-8")
    editor.close(uri)


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def hover(editor: Editor, uri: str, position: types.Position) -> str:
    params = types.HoverParams(document(uri), position)
    found = editor.wait(editor.client.text_document_hover_async(params))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


def complete(editor: Editor, uri: str, position: types.Position) -> list[types.CompletionItem]:
    params = types.CompletionParams(document(uri), position)
    found = editor.wait(editor.client.text_document_completion_async(params))
    assert isinstance(found, types.CompletionList)
    return list(found.items)


def labels(items: list[types.CompletionItem]) -> list[str]:
    return [item.label for item in items]


def define(editor: Editor, uri: str, position: types.Position) -> list[tuple[str, str]]:
    """The files and the words of the definitions."""
    params = types.DefinitionParams(document(uri), position)
    found = editor.wait(editor.client.text_document_definition_async(params))
    assert isinstance(found, (list, tuple))
    return [(one.uri.rpartition("/")[2], word(one)) for one in found]  # type: ignore[union-attr]


def word(location: types.Location) -> str:
    path = Path(location.uri.removeprefix("file://"))
    row = path.read_text("utf-8").split("\n")[location.range.start.line]
    return row[location.range.start.character : location.range.end.character]


def rename(
    editor: Editor, uri: str, position: types.Position, new: str
) -> dict[str, list[types.TextEdit]]:
    params = types.RenameParams(document(uri), position, new)
    found = editor.wait(editor.client.text_document_rename_async(params))
    assert found is not None and found.changes is not None
    return {uri.rpartition("/")[2]: list(edits) for uri, edits in found.changes.items()}


# -- diagnostics --------------------------------------------------------------------------------


def test_an_open_file_without_problems_has_an_empty_list(
    editor: Editor, key: tuple[str, str]
) -> None:
    # The translation lacks most rows: warnings of the table, published at the table.
    uri, _ = key
    assert editor.published[uri] == []
    table = uri.replace("branch.yaml", "zh.csv")
    editor.until(lambda: editor.published.get(table))
    assert "L007" in {one.code for one in editor.published[table]}


def test_diagnostics_of_unsaved_text_are_those_of_check(
    editor: Editor, key: tuple[str, str], tmp_path: Path
) -> None:
    uri, text = key
    typed = (
        text.replace("to: search", "to: serch")
        .replace("MO: Would", "MOO: Would")
        .replace("@before_midnight", "@before_midnigt")
        .replace("if: looked == 1", "if: loked == 1")
    )
    found = editor.change(uri, typed)
    copy = tmp_path / "the_lost_key.branch.yaml"
    copy.write_text(typed, "utf-8")
    checked, _ = check_paths([copy])
    assert [(one.code, one.range.start.line + 1) for one in found] == [
        (problem.code, problem.line) for problem in checked
    ]
    assert [one.message for one in found] == [f"{p.message}\n{p.hint}" for p in checked]
    rows = typed.split("\n")
    words = [
        rows[one.range.start.line][one.range.start.character : one.range.end.character]
        for one in found
    ]
    assert words == ["before_midnigt", "MOO", "serch", "loked"]
    assert {one.severity for one in found} == {types.DiagnosticSeverity.Error}
    assert editor.change(uri, text) == []  # corrected: cleared


def test_a_hint_is_a_quick_fix_and_a_code_can_be_explained(
    editor: Editor, key: tuple[str, str]
) -> None:
    uri, text = key
    (problem,) = editor.change(uri, text.replace("to: search", "to: serch"))
    context = types.CodeActionContext([problem])
    params = types.CodeActionParams(document(uri), problem.range, context)
    actions = editor.wait(editor.client.text_document_code_action_async(params))
    assert actions is not None
    fix, explain = actions
    assert isinstance(fix, types.CodeAction) and isinstance(explain, types.Command)
    assert fix.title == "Write search" and fix.edit is not None and fix.edit.changes is not None
    (edit,) = fix.edit.changes[uri]
    assert (edit.range, edit.new_text) == (problem.range, "search")
    assert "S102" in hover(editor, uri, problem.range.start)
    command = types.ExecuteCommandParams(explain.command, explain.arguments)
    said = editor.wait(editor.client.workspace_execute_command_async(command))
    assert "S102" in str(said) and any("S102" in text for text in editor.shown)
    editor.change(uri, text)


def test_typing_on_is_checked_once(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    before = editor.times[uri]
    for count in range(8):
        editor.send(uri, text.replace("to: search", "to: s" + "e" * count))
    editor.until(lambda: editor.published[uri])
    assert "seeeeeee" in editor.published[uri][0].message
    assert editor.times[uri] - before < 4
    editor.change(uri, text)


def test_problems_of_included_files_are_published_there(editor: Editor, folder: Path) -> None:
    main = folder / "branches" / "night_market.branch.yaml"
    stalls = folder / "branches" / "night_market_stalls.branch.yaml"
    uri = editor.open(main)
    text = stalls.read_text("utf-8")
    included = editor.open(stalls, text.replace("when: stalls_seen >= 1", "when: stals >= 1"))
    (problem,) = editor.published[included]
    assert problem.code == "S120" and editor.published[uri] == []
    # A name of the main file that is not saved is known in the included one.
    owner = main.read_text("utf-8")
    editor.change(uri, owner.replace("stalls_seen: {", "stals: {type: bool}\n  stalls_seen: {"))
    assert "expected a number" in editor.published[included][0].message or (
        "compares numbers" in editor.published[included][0].message
    )
    editor.change(
        uri,
        owner.replace(
            "stalls_seen: {", "stals: {type: int, min: 0, max: 3, init: 1}\n  stalls_seen: {"
        ),
    )
    editor.until(lambda: not editor.published[included])
    # Completion and definitions cross the files, too.
    change = text.replace("to: lane", "to: ", 1)
    editor.send(included, change)
    assert {"home", "tired", "stalls"} <= set(
        labels(complete(editor, included, at(change, "to: ", 4)))
    )
    editor.send(uri, owner)
    editor.change(included, text)
    assert define(editor, included, at(text, "storylet: stalls", 11)) == [
        ("night_market.branch.yaml", "stalls")
    ]
    edits = rename(editor, uri, at(owner, "stalls: {choose", 2), "booths")
    assert {name: len(found) for name, found in edits.items()} == {
        "night_market.branch.yaml": 3, "night_market_stalls.branch.yaml": 4,
    }  # fmt: skip
    editor.close(uri)
    editor.close(included)
    editor.until(lambda: editor.published[included] == [])


def test_problems_go_away_when_their_file_is_closed(editor: Editor, folder: Path) -> None:
    path = folder / "branches" / "the_lost_key.branch.yaml"
    uri = editor.open(path, "xrdrama: 1\n")
    assert editor.published[uri]
    editor.close(uri)
    editor.until(lambda: editor.published[uri] == [])


def test_a_test_plan_is_checked_with_its_unsaved_story(editor: Editor, folder: Path) -> None:
    path = folder / "branches" / "the_lost_key.testplan"
    uri = editor.open(path)
    assert editor.published[uri] == []
    story = folder / "branches" / "the_lost_key.branch.yaml"
    text = story.read_text("utf-8")
    owner = editor.open(story)
    editor.send(owner, text.replace("I will help you", "Gladly").replace("MO: Listen.", "MO: Sh."))
    editor.until(lambda: editor.published[uri])
    assert editor.published[uri][0].code == "T002"
    editor.close(owner)
    editor.close(uri)


def test_a_show_is_checked_when_it_is_opened(editor: Editor, folder: Path) -> None:
    path = folder / "shows" / "night.show.yaml"
    text = path.read_text("utf-8").replace("the_lost_key", "the_lost_kay")
    uri = editor.open(path, text)
    (problem,) = editor.published[uri]
    assert problem.code == "H003" and "the_lost_key" in problem.message
    editor.close(uri)


# -- names --------------------------------------------------------------------------------------


def test_completion_of_each_kind_of_name(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    assert {"quiet", "glass", "cat_plot"} <= set(
        labels(complete(editor, uri, at(text, "to: quiet", 4)))
    )
    assert labels(complete(editor, uri, at(text, "looked == 1", 2)))[0] == "looked"
    cues = complete(editor, uri, at(text, "@lanterns_up", 1))
    snow = next(item for item in cues if item.label == "snow_begins")
    assert snow.kind == types.CompletionItemKind.Event and snow.detail
    assert "CAT" in labels(complete(editor, uri, at(text, "CAT: Mrr", 1)))
    assert "lantern_street" in labels(complete(editor, uri, at(text, "scene: lantern", 8)))


def test_completion_in_a_file_that_is_broken_now(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    typed = text.replace("      - alone\n", "      - {to: gl\n", 1)
    editor.send(uri, typed)
    # Those of the text before may come first.
    editor.until(lambda: editor.published[uri])
    items = complete(editor, uri, at(typed, "{to: gl", 7))
    assert labels(items) == ["glass"]
    (item,) = items
    assert isinstance(item.text_edit, types.TextEdit) and item.text_edit.new_text == "glass"
    start = item.text_edit.range.start.character
    assert typed.split("\n")[item.text_edit.range.start.line][start:] == "gl"
    editor.change(uri, text)


def test_definition_of_names_of_the_story_and_of_its_set(
    editor: Editor, key: tuple[str, str]
) -> None:
    uri, text = key
    story = "the_lost_key.branch.yaml"
    assert define(editor, uri, at(text, "to: gate", 5)) == [(story, "gate")]
    assert define(editor, uri, at(text, "{if patient}", 6)) == [(story, "patient")]
    assert define(editor, uri, at(text, "CAT: Mrr")) == [(story, "cat")]
    assert define(editor, uri, at(text, "@snow" if "@snow" in text else "@wind_rises", 3)) == [
        ("scene.yaml", "wind_rises")
    ]


def test_references_with_and_without_the_definition(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    client = editor.client
    counts = []
    for with_definition in (True, False):
        params = types.ReferenceParams(
            types.ReferenceContext(with_definition), document(uri), at(text, "to: gate", 5)
        )
        found = editor.wait(client.text_document_references_async(params))
        assert found is not None
        counts.append([one.uri.rpartition("/")[2] for one in found])
    assert counts[0].count("the_lost_key.branch.yaml") == 4
    assert counts[0].count("night.show.yaml") == 1
    assert len(counts[1]) == len(counts[0]) - 1


def test_hover_of_a_beat_a_variable_a_cue_and_a_line(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    beat = hover(editor, uri, at(text, "to: gate", 5))
    assert "3 lines" in beat and "from: `search`" in beat and "wait `quiet`" in beat
    variable = hover(editor, uri, at(text, "{if patient}", 6))
    assert "computed from looked >= 2" in variable
    looked = hover(editor, uri, at(text, "if: looked", 5))
    assert "a whole number, 0 to 3" in looked and "changed in: `step`, `wall`" in looked
    cue = hover(editor, uri, at(text, "@lanterns_up", 3))
    assert "2 s" in cue and "`lantern_glow`" in cue
    line = hover(editor, uri, at(text, "Listen."))
    assert "l7wnua" in line and "1.2 s" in line and "zh: 听。" in line
    assert "zh: (not translated)" in hover(editor, uri, at(text, "Cold, now"))


def test_rename_across_files(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    edits = rename(editor, uri, at(text, "to: gate", 5), "door")
    assert {name: len(found) for name, found in edits.items()} == {
        "the_lost_key.branch.yaml": 4, "night.show.yaml": 1,
    }  # fmt: skip
    edits = rename(editor, uri, at(text, "        help:", 9), "assist")
    assert {name: [one.new_text for one in found] for name, found in edits.items()} == {
        "the_lost_key.branch.yaml": ["assist"], "the_lost_key.testplan": ["assist", "assist"],
        "the_lost_key.zh.csv": ["assist"],
    }  # fmt: skip


def test_names_that_cannot_be_are_refused_with_the_reason(
    editor: Editor, key: tuple[str, str]
) -> None:
    uri, text = key
    for mark, new, said in (
        ("to: gate", "lane", "the beat 'lane' exists already"),
        ("to: gate", "The Door", "write the_door"),
        ("@lanterns_up", "up", "defined in the file of the set"),
    ):
        with pytest.raises(JsonRpcException, match=said):
            rename(editor, uri, at(text, mark, 5), new)
    params = types.PrepareRenameParams(document(uri), at(text, "to: gate", 5))
    found = editor.wait(editor.client.text_document_prepare_rename_async(params))
    assert isinstance(found, types.PrepareRenamePlaceholder) and found.placeholder == "gate"
    nothing = types.PrepareRenameParams(document(uri), types.Position(0, 0))
    with pytest.raises(JsonRpcException, match="there is no name here"):
        editor.wait(editor.client.text_document_prepare_rename_async(nothing))


# -- texts --------------------------------------------------------------------------------------


def format_edits(editor: Editor, uri: str) -> list[types.TextEdit] | None:
    options = types.FormattingOptions(2, True)
    params = types.DocumentFormattingParams(document(uri), options)
    found = editor.wait(editor.client.text_document_formatting_async(params))
    return None if found is None else list(found)


def test_formatting_is_that_of_fmt_and_leaves_files_with_errors(
    editor: Editor, key: tuple[str, str]
) -> None:
    uri, text = key
    assert format_edits(editor, uri) == []
    editor.change(uri, text.replace("MO: Listen.  #l7wnua", "MO: Listen."))
    edits = format_edits(editor, uri)
    assert edits is not None
    (edit,) = edits
    assert edit.new_text.startswith("      MO: Listen.  #l") and edit.new_text.endswith("\n")
    crlf = text.replace("MO: Listen.  #l7wnua", "MO: Listen.").replace("\n", "\r\n")
    editor.change(uri, crlf)
    edits = format_edits(editor, uri)
    assert edits is not None and edits[0].new_text.endswith("\r\n") and len(edits) == 1
    editor.change(uri, text.replace("to: gate", "to: gte"))
    assert format_edits(editor, uri) is None
    editor.change(uri, text)


def test_outline_and_folding(editor: Editor, key: tuple[str, str]) -> None:
    uri, text = key
    params = types.DocumentSymbolParams(document(uri))
    symbols = editor.wait(editor.client.text_document_document_symbol_async(params))
    assert symbols is not None
    by_name = {one.name: one for one in symbols if isinstance(one, types.DocumentSymbol)}
    assert [one.name for one in by_name["lane"].children or ()] == ["help", "leave"]
    assert text.split("\n")[by_name["lane"].range.end.line].endswith("gesture: fist]")
    folding = editor.wait(
        editor.client.text_document_folding_range_async(types.FoldingRangeParams(document(uri)))
    )
    assert folding is not None
    lane = text.split("\n").index("  lane:")
    assert any(one.start_line == lane for one in folding)


def test_columns_are_utf_16_in_chinese_text_with_emoji(editor: Editor, folder: Path) -> None:
    path = folder / "branches" / "night.branch.yaml"
    text = (
        "xrdrama: 1\nid: night\nscene: lantern_street\n"
        "vars:\n  coins: {type: int, min: 0, max: 3}\n"
        "cast:\n  船夫: {name: 船夫}\nbeats:\n  pier:\n    script: |\n"
        "      船夫：上船吧😀😀，{coins}，{coinz}。  #laaaa1\n    ending: e\n"
    )
    uri = editor.open(path, text)
    found = next(one for one in editor.published[uri] if one.code == "S124")
    assert found.range.start == at(text, "coinz") and found.range.end == at(text, "coinz", 5)
    assert "a whole number" in hover(editor, uri, at(text, "coins}，", 2))
    edits = rename(editor, uri, at(text, "coins}，", 2), "money")["night.branch.yaml"]
    assert at(text, "coins}，") in [edit.range.start for edit in edits]
    editor.close(uri)


def test_other_files_are_left_alone(editor: Editor, folder: Path) -> None:
    path = folder / "compose.yaml"
    document_item = types.TextDocumentItem(uri_of(path), "yaml", 1, "a: [\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(document_item))
    assert hover(editor, uri_of(path), types.Position(0, 0)) == ""
    assert format_edits(editor, uri_of(path)) is None
    uri = editor.open(folder / "branches" / "the_lost_key.testplan")
    assert uri_of(path) not in editor.published
    editor.close(uri)
    editor.close(uri_of(path))


# -- the connection -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"{]",
        b"[1, 2]",
        b'"text"',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"a": 1}}',
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "1.0", "method": 3}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        json.dumps({"jsonrpc": "2.0", "method": "$/unknown", "params": {}}).encode(),
    ],
)
def test_a_malformed_message_does_not_end_the_session(
    editor: Editor, key: tuple[str, str], body: bytes
) -> None:
    stdin = editor.process.stdin
    assert stdin is not None
    message = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    editor.loop.call_soon_threadsafe(stdin.write, message)
    uri, text = key
    assert "beat" in hover(editor, uri, at(text, "to: gate", 5))
    assert editor.process.returncode is None


def test_requests_for_documents_that_are_not_files_are_answered(editor: Editor) -> None:
    params = types.HoverParams(document("untitled:Untitled-1"), types.Position(0, 0))
    assert editor.wait(editor.client.text_document_hover_async(params)) is None
    missing = types.HoverParams(document("file:///no/such.branch.yaml"), types.Position(9, 9))
    assert editor.wait(editor.client.text_document_hover_async(missing)) is None


def test_positions_in_utf_8_when_the_editor_wants_them(folder: Path) -> None:
    editor = Editor(folder, ["utf-8"])
    assert editor.begun.capabilities.position_encoding == "utf-8"
    text = "xrdrama: 1\nid: n\nbeats:\n  船: {script: x, next: 船夫}\n"
    uri = editor.open(folder / "branches" / "n.branch.yaml", text)
    row = text.split("\n")[3]
    found = next(one for one in editor.published[uri] if one.code == "S102")
    assert found.range.start.character == len(row[: row.index("船夫")].encode())
    assert editor.end() == 0
    assert uri_of(folder).startswith("file:///")


def test_the_process_ends_when_the_editor_is_gone(folder: Path) -> None:
    """The end of stdin ends the process, as when an editor was killed."""
    process = subprocess.Popen(COMMAND, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"Content-Length: 2\r\n\r\n{}")
    out, _ = process.communicate(timeout=SECONDS)
    assert out == b"" and process.returncode == 0
