"""What can be typed at a position: names of the right kind, in whole and in broken files."""

from __future__ import annotations

import pytest

from tests.authoring.editing.stories import FERRY, TEXTS, project_of, spot
from xrdrama.authoring.editing.completing import complete_plan, complete_story
from xrdrama.authoring.editing.occurrences import FileIndex
from xrdrama.authoring.editing.places import where_is
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.rows import script_items

MAIN = "ferry.branch.yaml"
BEATS = ["stalls", "pier", "aside", "shore", "fish"]


def offered(text: str, line: int, column: int) -> list[str]:
    """The suggestions in a text whose names are those of the last good one."""
    project = project_of()
    good = project.files[MAIN]
    rows = tuple(text.split("\n"))
    files = {**project.files, MAIN: FileIndex(MAIN, rows, good.occurrences, good.root, good.scenes)}
    typed = Project(MAIN, files, project.around, project.story)
    return [one.label for one in complete_story(typed, MAIN, line, column)]


def typed(row: str, before: str = "    next:") -> list[str]:
    """The suggestions at the end of a row that is typed above a line of the story."""
    lines = FERRY.split("\n")
    index = next(i for i, line in enumerate(lines) if line.startswith(before))
    lines.insert(index + 1, row)
    return offered("\n".join(lines), index + 2, len(row) + 1)


@pytest.mark.parametrize(
    ("row", "before", "first"),
    [
        ("          to: ", "        board", BEATS),
        ("          to: sh", "        board", ["shore"]),
        ("          detour: as", "        board", ["aside"]),
        ("      else: st", "    choice", ["stalls"]),
        ("    next: ", "  shore", BEATS),
        ("      - ", "  pier", []),
        ("    next: [aside, ", "  shore", BEATS),
        ("    next: [{to: ", "  shore", BEATS),
        ("start: ", "id:", BEATS),
        ("    storylet: ", "  shore", ["stalls"]),
        ("    scene: ", "  shore", ["lane"]),
        ("include: [", "id:", ["ferry_night"]),
        ("          if: tru", "        board", ["trust", "true"]),
        ("          if: seen(", "        board", ["pier", "aside", "shore", "fish"]),
        ("          if: mood == ", "        board", ["'calm'", "'loud'"]),
        ("          if: mood == 'c", "        board", ["calm"]),
        ("          set: {", "        board", ["trust", "mood", "rich"]),
        ("          set: {trust: trust + ra", "        board", ["random"]),
        ("          on: [gesture: ", "        board", ["open_palm", "fist", "point", "victory"]),
        ("          on: {marker: ", "        board", ["cat", "gate"]),
        ("          once: ", "        board", ["true", "false"]),
        ("  x: {type: ", "vars", ["bool", "int", "float", "enum", "text", "computed"]),
        ("  x: {type: int, m", "vars", ["min", "max"]),
        ("      window: {sho", "    choice", ["show", "shows"]),
        ("      window: {show: ", "    choice", ["ring", "bar", "none"]),
        ("  x: {choose: shu", "storylets", ["shuffle"]),
        ("    dur", "  shore", ["dur"]),
    ],
)
def test_keys_and_values_by_the_form(row: str, before: str, first: list[str]) -> None:
    found = typed(row, before)
    assert sorted(found[: len(first)]) == sorted(first)
    assert len(found) == len(first) or row.rstrip() == "-" or row[-1].isalpha()


@pytest.mark.parametrize(
    ("row", "first"),
    [
        ("@", ["snow_begins", "dark", "sound", "wait", "set", "detour", "group"]),
        ("@sn", ["snow_begins"]),
        ("@snow_begins ", ["at", "over"]),
        ("@snow_begins at=1s ", ["over"]),
        ("@sound ", ["bell"]),
        ("@sound bell g", ["gain"]),
        ("@set ", ["trust", "mood", "rich"]),
        ("@set trust = tr", ["trust", "true"]),
        ("@detour as", ["aside"]),
        ("@group cy", ["cycle"]),
        ("@wait ", []),
        ("=> @da", ["dark"]),
        ("{if trust > 1} @da", ["dark"]),
        ("{if tru", ["trust", "true"]),
        ("{once if ri", ["rich"]),
        ("{o", ["once"]),
        ("O", ["OLD MO"]),
        ("OLD MO: You have {", ["trust", "mood", "rich"]),
        ("OLD MO: {trust, ", ["plural", "select"]),
        ("OLD MO: {mood, select, ", ["calm", "loud", "other"]),
        ("OLD MO: {trust, plural, o", ["one", "two", "zero", "other"]),
        ("OLD MO: hello", []),
    ],
)
def test_rows_of_a_script(row: str, first: list[str]) -> None:
    found = typed(f"      {row}", "      EXT. PIER")
    assert sorted(found[: len(first)]) == sorted(first)
    assert len(found) == len(first) or row == "@" or row[-1].isalpha()


def test_an_empty_row_of_a_script_offers_the_cast_and_the_words_of_scripts() -> None:
    found = typed("      ", "      EXT. PIER")
    assert found[:2] == ["OLD MO", "船夫"]
    assert {"{if}", "{once}", "@", "=>"} <= set(found)


def test_keys_that_are_there_are_not_offered_again() -> None:
    found = typed("          o", "          to: stalls")
    assert "once" in found and "on" not in found and "to" not in found


def test_a_plan_offers_steps_and_names() -> None:
    project = project_of()

    def complete(row: str) -> list[str]:
        files = {**project.files, "p.testplan": FileIndex("p.testplan", (row,))}
        typed = Project(MAIN, files, project.around, project.story)
        return [one.label for one in complete_plan(typed, "p.testplan", 1, len(row) + 1)]

    assert complete("sel") == ["select"]
    assert complete("force: pi") == ["pier"]
    assert complete("select: bo") == ["board"]
    assert complete("set: tru") == ["trust"]
    assert complete("ending: ") == ["morning"]
    assert complete("gestured: f") == ["fist"]


@pytest.mark.parametrize(
    ("mark", "path"),
    [
        ("visits(pier)", ("beats", "pier", "choice", "options", "board", "if")),
        ("during: [pier", ("hidden", "-", "during", "-")),
        ("EXT. PIER", ("beats", "pier", "script")),
        ("shore, if: rich", ("beats", "pier", "choice", "else", "to")),
    ],
)
def test_the_keys_around_a_position(mark: str, path: tuple[str, ...]) -> None:
    where = where_is(FERRY.split("\n"), *spot(FERRY, mark, len(mark) - 1))
    assert where.path == path or (mark.startswith("shore") and where.path[-1] == "if")


def test_a_script_offers_nothing_for_a_beat_in_an_unknown_set() -> None:
    texts = {**TEXTS, MAIN: FERRY.replace("scene: lane", "scene: nowhere", 1)}
    project = project_of(texts)
    where = where_is(("beats:", "  pier:", "    script: |", "      @"), 4, 8)
    assert "snow_begins" not in [one.label for one in script_items(project, MAIN, where)]
