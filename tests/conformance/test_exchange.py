"""What every importer and exporter of stories must do: `conform_importer`, `conform_exporter`."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx
import pytest

from tests.conformance.installed import stagehand
from xrdrama import cli, content, plugins
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Line, Story, load_story, parse_story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.ways import ways_of

STORY = """\
xrdrama: 1
id: small
title: Small
scene: lantern_street
cast: {lan: {name: Lan}, mo: {name: Mo}}
beats:
  first:
    script: |
      EXT. YARD - NIGHT
      It snows.
      @sound bell
      LAN: Will you stay?  #laaaaa
      MO: Two *stars* under_lined, and a \\\\ too.  #lbbbbb
    choice:
      options:
        stay: {text: Stay, to: second, on: {button: a}}
      else: second
  second:
    script: |
      LAN: And now?  #lccccc
    ending: done
"""


def said(story: Story) -> list[tuple[str, str]]:
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    return [(line.speaker, line.text) for line in lines]


def conform_importer(kind: Any, text: str, expected: list[tuple[str, str]], *, lost: int) -> None:
    """AssertionError where an importer does not do what `xrdrama import` relies on. `text` says
    `expected`, and the importer names so many things that it does not carry over."""
    imported = kind.read(text, "conformance")
    assert isinstance(imported, ImportedStory)
    assert kind.read(text, "conformance") == imported, "the same text is the same story"
    story, problems, _ = parse_story(imported.text, "x")
    assert story is not None, problems
    assert story.id == "conformance"
    assert said(story) == expected, "lines are carried over, in their order"
    assert len(imported.not_carried_over) == lost
    for what in imported.not_carried_over:
        assert 1 <= what.line <= text.count("\n") + 1 and what.what
    assert list(imported.not_carried_over) == sorted(imported.not_carried_over)
    chance = random.Random(7)
    signs = text + "\"'{}[]:#&*!|>%@`\\\t\r\n\x00\x85\u200b\ufeff你é"
    for _ in range(150):
        noise = "".join(chance.choice(signs) for _ in range(chance.randrange(120)))
        at = chance.randrange(len(text))
        for bent in (noise, text[:at] + noise[:8] + text[at + 3 :]):
            try:
                found = kind.read(bent, "conformance")
            except UsageError as error:
                assert error.remedy
            except AuthoringError as error:
                assert all(one.line >= 1 and one.message for one in error.problems)
            except Exception as error:
                raise AssertionError(f"{bent!r} raised {error!r}") from error
            else:
                assert parse_story(found.text, "x")[0] is not None, f"{bent!r} gave no story"


def conform_exporter(kind: Any, importer: Any, story: Story) -> None:
    """AssertionError where an exporter does not do what `xrdrama export` relies on: what is said
    comes back through the importer of the format."""
    text = kind.write(story)
    assert isinstance(text, str) and text.endswith("\n")
    assert kind.write(story) == text, "the same story is the same text"
    back = load_story(importer.read(text, "back").text)
    assert said(back) == said(story), "lines come back, in their order"


def arrows_of_dot(text: str) -> list[tuple[str, str]]:
    name = r'"((?:[^"\\]|\\.)*)"'
    return re.findall(rf"^  {name} -> {name} \[.*\];$", text, re.MULTILINE)


def arrows_of_mermaid(text: str) -> list[tuple[str, str]]:
    names = dict(re.findall(r'^  (b\d+)[(\[{]+"([^":]+)', text, re.MULTILINE))
    found = re.findall(r'^  (b\d+) -[-.]+>(?:\|"[^"]*"\|)? (b\d+)$', text, re.MULTILINE)
    return [(names[one], names[other]) for one, other in found]


def arrows_of_graphml(text: str) -> list[tuple[str, str]]:
    """Read by networkx, a reader that is not ours."""
    graph = networkx.parse_graphml(text, force_multigraph=True)
    order = sorted(graph.edges(keys=True), key=lambda edge: int(edge[2].removeprefix("e")))
    return [(one, other) for one, other, _ in order]


DIAGRAMS = {"dot": arrows_of_dot, "graphml": arrows_of_graphml, "mermaid": arrows_of_mermaid}


def conform_diagram(
    kind: Any, story: Story, arrows_of: Callable[[str], list[tuple[str, str]]]
) -> None:
    """AssertionError where a diagram does not have each path of the story once, in its order, and
    then those from each group of storylets to its storylets."""
    text = kind.write(story)
    assert isinstance(text, str) and text.endswith("\n")
    assert kind.write(story) == text, "the same story is the same text"
    paths = [(beat.id, to) for beat in story.order for _, _, to in ways_of(beat)]
    paths += [(group.id, beat) for group in story.storylets.values() for beat in group.beats]
    assert arrows_of(text) == paths
    assert all(lost.line >= 1 and lost.what for lost in kind.not_carried_over(story))


def paragraph(kind: str, text: str) -> str:
    return f'<Paragraph Type="{kind}"><Text>{text}</Text></Paragraph>\n'


FDX = "".join(
    [
        "<FinalDraft><Content>\n",
        paragraph("Scene Heading", "EXT. YARD - DAY"),
        paragraph("Action", "It snows."),
        *(paragraph("Character", "LAN"), paragraph("Dialogue", "Come in.")),
        paragraph("General", "[[a note]]"),
        *(paragraph("Character", "MO"), paragraph("Dialogue", "No.")),
        "</Content></FinalDraft>\n",
    ]
)
TWEE = ":: Start\n/* note: */\nLAN: Come in.\n[[Go->End]]\n\n:: End\nMO: No.\n"
FOUNTAIN = "Title: T\n\nEXT. YARD - DAY\n\nIt snows.\n\nLAN\nCome in.\n\n[[a note]]\n\nMO\nNo.\n"
YARN = "title: Start\n---\nLan: Come in.\n<<bell>>\nMo: No.\n===\n"
CARDS = "LAN | Come in.\nit snows\nMO | No.\n"
SAYS = [("lan", "Come in."), ("mo", "No.")]


def test_fountain_conforms() -> None:
    conform_importer(plugins.importer("fountain"), FOUNTAIN, SAYS, lost=2)  # the note, the set
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        conform_exporter(plugins.exporter("fountain"), plugins.importer("fountain"), story)


def test_fdx_conforms() -> None:
    conform_importer(plugins.importer("fdx"), FDX, SAYS, lost=2)  # the note, the set
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        conform_exporter(plugins.exporter("fdx"), plugins.importer("fdx"), story)


def test_ink_conforms() -> None:
    ferry = Path(__file__).parents[1] / "authoring" / "ink" / "stories" / "night_ferry.ink.json"
    text = ferry.read_text("utf-8")
    spoken = said(load_story(plugins.importer("ink").read(text, "x").text))
    assert ("boatman", "The water does not wait.") in spoken
    conform_importer(plugins.importer("ink"), text, spoken, lost=2)  # a range, the set


@pytest.mark.parametrize("name", ["html", "recording", "recording-html"])
def test_exports_for_reading_have_every_line(name: str) -> None:
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        written = plugins.exporter(name).write(story)
        assert plugins.exporter(name).write(story) == written
        seen = html.unescape(written) if "html" in name else written.replace('""', '"')
        assert [text for _, text in said(story) if text not in seen] == []


def test_pdf_is_one_and_needs_a_path() -> None:
    made = plugins.exporter("pdf").write(load_story(STORY))
    assert isinstance(made, bytes) and made.startswith(b"%PDF-")


def test_yarn_conforms() -> None:
    conform_importer(plugins.importer("yarn"), YARN, SAYS, lost=2)  # the command, the set


@pytest.mark.parametrize("name", DIAGRAMS)
def test_diagrams_conform(name: str) -> None:
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        conform_diagram(plugins.exporter(name), story, DIAGRAMS[name])


def test_twee_conforms() -> None:
    conform_importer(plugins.importer("twee"), TWEE, SAYS, lost=2)  # the comment, the set
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        conform_exporter(plugins.exporter("twee"), plugins.importer("twee"), story)


def flat(script: list[Any]) -> Iterator[Any]:
    """The items of a script of the JSON format, those inside blocks too."""
    for item in script:
        yield item
        for alternative in item.get("alternatives", ()):
            yield from flat(alternative["script"])


def test_json_and_scxml_have_every_line_and_way() -> None:
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        made = json.loads(plugins.exporter("json").write(story))
        items = [item for beat in made["beats"] for item in flat(beat.get("script", ()))]
        lines = [(one["speaker"], one["text"]) for one in items if one["kind"] == "line"]
        assert lines == said(story)
        text = plugins.exporter("scxml").write(story)
        lost = [one.what for one in plugins.exporter("scxml").not_carried_over(story)]
        for beat in story.order:
            assert f'<state id="{beat.id}"' in text
            for how, name, to in ways_of(beat):
                listed = any(f"beat {beat.id}:" in what and "detour" in what for what in lost)
                assert f'target="{to}"' in text or (how == "detour" and listed)
                assert how != "option" or f'event="pick.{beat.id}.{name}"' in text


def test_table_of_lines_conforms() -> None:
    for story in (load_story(STORY), content.load_story_file("one_lantern_too_many")[0]):
        text = plugins.exporter("csv").write(story)
        rows = list(csv.DictReader(io.StringIO(text)))
        lines = [(row["speaker"], row["text"]) for row in rows if row["kind"] == "line"]
        assert lines == said(story)


def test_every_importer_and_exporter_of_ours_is_in_this_suite() -> None:
    assert plugins.own(plugins.IMPORTERS) == ["fdx", "fountain", "ink", "twee", "yarn"]
    reading = ["html", "pdf", "recording", "recording-html"]
    exporters = ["csv", "fdx", "fountain", "json", "scxml", "twee", *reading, *DIAGRAMS]
    assert plugins.own(plugins.EXPORTERS) == sorted(exporters)


def test_those_of_another_package_conform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    conform_importer(plugins.importer("cards"), CARDS, SAYS, lost=1)
    conform_exporter(plugins.exporter("cards"), plugins.importer("cards"), load_story(STORY))


# -- the controls: what the suite must not pass -------------------------------------------------


class Working:
    """An importer and exporter that conform, for each control to break in one way."""

    def __init__(self) -> None:
        from tests.conformance.stagehand import cards

        self.cards = cards

    def read(self, text: str, name: str) -> Any:
        return self.cards.read(text, name)

    def write(self, story: Story) -> Any:
        return self.cards.write(story)


class Secretive(Working):
    """It does not say what it leaves out."""

    def read(self, text: str, name: str) -> Any:
        return ImportedStory(super().read(text, name).text)


class Lossy(Working):
    """It leaves out the last line."""

    def read(self, text: str, name: str) -> Any:
        return super().read(text[: text.rindex("MO")] if "MO" in text else text, name)

    def write(self, story: Story) -> Any:
        return super().write(story)[:-15] + "\n"


class Unreadable(Working):
    """Its story cannot be parsed."""

    def read(self, text: str, name: str) -> Any:
        return ImportedStory(super().read(text, name).text + "beats: {}\n")


class Fragile(Working):
    """It raises what is not of xrdrama at a text that it does not understand."""

    def read(self, text: str, name: str) -> Any:
        lines = [line for line in text.split("\n") if line and line != "it snows"]
        assert all(len(line.split("|")) == 2 for line in lines), "not a card"
        return super().read(text, name)


class Renaming(Working):
    """Its story has a name of its own."""

    def read(self, text: str, name: str) -> Any:
        return super().read(text, "other")


class Astray(Working):
    """What is lost is at a line that there is not."""

    def read(self, text: str, name: str) -> Any:
        return ImportedStory(super().read(text, name).text, (NotCarriedOver(99, "snow"),))


def test_the_control_itself_conforms() -> None:
    conform_importer(Working(), CARDS, SAYS, lost=1)
    conform_exporter(Working(), Working(), load_story(STORY))


@pytest.mark.parametrize("broken", [Secretive, Lossy, Unreadable, Fragile, Renaming, Astray])
def test_the_suite_fails_a_broken_importer(broken: type[Working]) -> None:
    with pytest.raises(AssertionError):
        conform_importer(broken(), CARDS, SAYS, lost=1)


def test_the_suite_fails_a_broken_exporter() -> None:
    with pytest.raises(AssertionError):
        conform_exporter(Lossy(), Working(), load_story(STORY))


def test_the_suite_fails_a_diagram_without_a_path() -> None:
    class Short:
        not_carried_over = plugins.exporter("dot").not_carried_over  # type: ignore[attr-defined]

        def write(self, story: Story) -> str:
            text = plugins.exporter("dot").write(story)
            return text.replace('  "first" -> "second"', '  // "first" -> "second"', 1)

    with pytest.raises(AssertionError):
        conform_diagram(Short(), load_story(STORY), arrows_of_dot)


# -- the commands -------------------------------------------------------------------------------


def test_a_story_goes_out_and_comes_back_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file of xrdrama is changed for the formats of a plug-in."""
    stagehand(tmp_path / "site", monkeypatch)
    for kind in ("fountain", "fdx", "cards", "twee"):
        file, branch = tmp_path / f"lantern.{kind}", tmp_path / f"{kind}.branch.yaml"
        assert cli.run(["export", "one_lantern_too_many", "--to", kind, "-o", str(file)]) == 0
        assert cli.run(["import", str(file), "-o", str(branch), "--json"]) == 0
        out = capsys.readouterr().out
        assert (
            '"beats":' in out
            and ('"options":0' in out) == (kind != "twee")
            and '"not_carried_over":[' in out
        )
        assert cli.run(["check", str(branch)]) == 0, capsys.readouterr().out
        if kind != "cards":  # lines of ours have ids
            assert cli.run(["fmt", "--check", str(branch)]) == 0, capsys.readouterr().out
        capsys.readouterr()


def test_import_takes_the_name_of_a_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, branch = tmp_path / "a.twee", tmp_path / "a.branch.yaml"
    file.write_text(TWEE, "utf-8")
    words = ["import", str(file), "-o", str(branch), "--scene"]
    assert cli.run([*words, "Tea Room"]) == 2
    assert "--scene 'Tea Room' is not the name of a set" in capsys.readouterr().err
    assert cli.run([*words, "tea_room", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["beats"] == 2 and made["options"] == 1
    assert made["not_carried_over"] == [{"line": 2, "what": "comment: note:"}]
    assert "\nscene: tea_room\n" in branch.read_text("utf-8")
    assert cli.run(["check", str(branch)]) == 0, capsys.readouterr().out
    capsys.readouterr()


def test_export_lists_what_the_format_cannot_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "one_lantern_too_many", "--to", "dot"]
    assert cli.run(words) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("digraph") and "not carried over" not in printed.out
    assert "beat home_light: " in printed.err and "cue" in printed.err
    out = tmp_path / "a.dot"
    assert cli.run([*words, "-o", str(out), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["file"] == str(out) and out.read_text("utf-8") == printed.out
    assert all(lost["line"] > 1 and lost["what"] for lost in made["not_carried_over"])
    assert len(made["not_carried_over"]) == printed.err.count("not carried over")
    assert cli.run([*words, "--json"]) == 2
    assert "--json needs --out" in capsys.readouterr().err


def test_import_and_export_say_what_cannot_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, there = tmp_path / "a.fountain", tmp_path / "there.branch.yaml"
    file.write_text(FOUNTAIN, "utf-8")
    there.write_text("mine", "utf-8")
    (tmp_path / "a.docx").write_text("<x/>", "utf-8")
    (tmp_path / "empty.fountain").write_text("\n", "utf-8")
    new = str(tmp_path / "new.branch.yaml")
    for words, said_of_it in (
        (["import", str(file), "-o", str(there)], "exists already"),
        (["import", str(file), "-o", str(tmp_path / "x.yaml")], "not the name of a branch file"),
        (["import", str(tmp_path / "a.docx"), "-o", new], "no importer reads a.docx"),
        (["import", str(tmp_path / "empty.fountain"), "-o", new], "nobody says anything"),
        (["import", str(file), "-o", new, "--from", "fontain"], "did you mean 'fountain'?"),
        (["export", "one_lantern_too_many", "--to", "word"], "there is no exporter 'word'"),
        (
            ["export", "one_lantern_too_many", "--to", "fountain", "--out", str(there)],
            f"{there} exists already: name another file with --out, or delete it",
        ),
    ):
        assert cli.run(words) == 2
        assert said_of_it in " ".join(capsys.readouterr().err.split())
    assert there.read_text("utf-8") == "mine" and not Path(new).exists()
