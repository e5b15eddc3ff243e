"""The names of a file and their places: all that the model knows, and also in broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.editing.stories import FERRY, NAMES, PLAN, PO, SHOW, TABLE, indexed, project_of
from xrdrama.authoring.editing.indexing import index_story
from xrdrama.authoring.editing.outlining import folds, outline
from xrdrama.story import draft_story
from xrdrama.story.model import CueCall, Line, SoundCall
from xrdrama.story.screenplay.speakers import role_of
from xrdrama.story.ways import ways_of


def said(text: str, file: str = "ferry.branch.yaml") -> list[tuple[str, str, str, bool]]:
    """Each name: its kind, the name, what the file says at its place, whether it is defined."""
    index = indexed(text, file)
    rows = index.rows
    return [
        (o.kind, o.name, rows[o.span.line - 1][o.span.start - 1 : o.span.end - 1], o.defines)
        for o in index.occurrences
    ]


def test_every_kind_of_name_is_found_at_its_place() -> None:
    found = said(FERRY)
    for one in (
        ("beat", "pier", "pier", True), ("beat", "pier", "pier", False),
        ("beat", "stalls", "stalls", True), ("beat", "stalls", "stalls", False),
        ("beat", "aside", "aside", False), ("variable", "trust", "trust", True),
        ("variable", "rich", "rich", False), ("variable", "mood", "mood", False),
        ("role", "old_mo", "old_mo", True), ("role", "old_mo", "OLD MO", False),
        ("role", "船夫", "船夫", True), ("role", "船夫", "船夫", False),
        ("option", "board", "board", True), ("scene", "lane", "lane", False),
        ("cue", "snow_begins", "snow_begins", False), ("sound", "bell", "bell", False),
        ("marker", "cat", "cat", False), ("marker", "gate", "gate", False),
        ("ending", "morning", "morning", True), ("plot", "cat", "cat", True),
        ("story", "ferry_night", "ferry_night", False), ("line", "laaaa3", "laaaa3", True),
    ):  # fmt: skip
        assert one in found, one


@pytest.mark.parametrize("path", NAMES, ids=lambda path: path.name)
def test_names_are_what_their_places_say_and_all_that_the_model_has(path: Path) -> None:
    text = path.read_text("utf-8")
    for kind, name, word, _ in said(text):
        assert word == name or (kind == "role" and role_of(word) == name)
    index = index_story(text, path.name)
    texts = {file.name: file.read_text("utf-8") for file in NAMES}
    owner = path.name.replace("_stalls", "")
    story, _, _ = draft_story(
        texts[owner],
        owner,
        files=lambda name: (f"{name}.branch.yaml", texts[f"{name}.branch.yaml"]),
    )
    assert story is not None
    own = [beat for beat in story.order if beat.place.file == path.name]
    lines = [i for beat in own for i in beat.script if isinstance(i, Line)]
    cues = [i for beat in own for i in beat.script if isinstance(i, CueCall)]
    sounds = [i for beat in own for i in beat.script if isinstance(i, SoundCall)]
    names = [o for o in index.occurrences if not o.defines]
    count = {kind: sum(o.kind == kind for o in names) for kind in ("role", "cue", "sound")}
    assert count["role"] == len(lines) and count["sound"] == len(sounds)
    # Triggers name performers, too.
    assert count["cue"] == sum(not cue.performer for cue in cues)
    ways = sum(len([way for way in ways_of(beat) if way[0] != "hidden"]) for beat in own)
    assert sum(o.kind == "beat" for o in names) >= ways


def test_a_plan_names_beats_variables_options_roles_and_endings() -> None:
    found = [one[:3] for one in said(PLAN, "ferry.testplan")]
    assert found == [
        ("beat", "pier", "pier"), ("variable", "trust", "trust"), ("role", "old_mo", "OLD MO"),
        ("option", "board", "board"), ("variable", "trust", "trust"), ("beat", "fish", "fish"),
        ("option", "board", "board"), ("beat", "pier", "pier"), ("option", "stay", "stay"),
        ("ending", "morning", "morning"),
    ]  # fmt: skip


def test_a_table_names_texts_and_shows_variables() -> None:
    found = [one[:2] for one in said(TABLE, "ferry.zh.csv")]
    pier, trust, mood = ("beat", "pier"), ("variable", "trust"), ("variable", "mood")
    board, mo = ("option", "board"), ("role", "old_mo")
    assert found == [
        mo, mo, pier, pier, pier, board, pier, trust, trust, trust, pier, board, pier,
        ("beat", "fish"), board, ("beat", "fish"), ("line", "laaaa1"), pier, mo, trust, mood,
        trust, mood, ("ending", "morning"), ("beat", "shore"),
    ]  # fmt: skip
    found = [one[:2] for one in said(PO, "ferry.fr.po")]
    assert found == [
        mo, mo, pier, trust, trust, pier, board, trust, trust, pier, mo, ("line", "laaaa1"),
    ]  # fmt: skip


def test_a_table_of_an_older_form_and_with_semicolons_is_read() -> None:
    for text in ("id,order,source,text\npier.board,1,I,我\n", "id;source;text\n pier.board ;I;我"):
        assert [one[:2] for one in said(text, "f.csv")] == [("beat", "pier"), ("option", "board")]
    assert said("a,b\nc,d\n", "f.csv") == []


def test_a_show_names_its_story_a_beat_and_values() -> None:
    assert [one[:2] for one in said(SHOW, "night.show.yaml")] == [
        ("story", "ferry"), ("beat", "pier"), ("variable", "trust"),
    ]  # fmt: skip


def test_a_text_on_several_lines_has_its_names_where_they_are() -> None:
    text = FERRY.replace(
        "if: mood == 'calm' and visits(pier) < 3", "if: mood == 'calm'\n            and trust > 1"
    )
    assert ("variable", "trust", "trust", False) in said(text)
    story = index_story(text, "f")
    row = text.split("\n").index("            and trust > 1") + 1
    assert [o.name for o in story.occurrences if o.span.line == row] == ["trust"]


def test_a_file_that_is_not_yaml_has_no_names() -> None:
    index = index_story("beats: {a: [", "f")
    assert index.occurrences == () and index.root is None


def test_definitions_and_uses_cross_files() -> None:
    project = project_of()
    stalls = project.named["beat", "stalls"]
    assert {(o.span.file, o.defines) for o in stalls} == {
        ("ferry.branch.yaml", True), ("ferry.branch.yaml", False),
        ("ferry_night.branch.yaml", False),
    }  # fmt: skip
    (definition,) = project.definitions(stalls[-1])
    assert definition.group


def test_the_outline_has_beats_with_their_options() -> None:
    parts = {part.one.name: part for part in outline(index_story(FERRY, "f"))}
    assert [below.one.name for below in parts["pier"].parts] == ["board", "stay"]
    assert [below.one.name for below in parts["shore"].parts] == ["morning"]
    rows = FERRY.split("\n")
    assert rows[parts["pier"].last - 1].startswith("      else:")
    assert "old_mo" in parts and "trust" in parts


def test_parts_are_folded_to_their_last_line() -> None:
    assert list(folds(["a:", "  b: |", "    x", "", "    y", "# c", "d:", "  e"])) == [
        (2, 5), (1, 5), (7, 8),
    ]  # fmt: skip
