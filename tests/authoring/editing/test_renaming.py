"""Renaming: what a story means stays, in all its files; invalid and taken names are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.authoring.editing.stories import (
    FERRY,
    NAMES,
    PLAN,
    TEXTS,
    applied,
    project_of,
    spot,
)  # fmt: skip
from xrdrama.authoring.editing.occurrences import Occurrence
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.renaming import renames
from xrdrama.authoring.plans.picks import picks_of
from xrdrama.errors import UsageError
from xrdrama.story import draft_story
from xrdrama.story.testplan import parse_plan

MAIN = "ferry.branch.yaml"


def name_at(project: Project, mark: str, offset: int = 0, file: str = MAIN) -> Occurrence:
    found = project.files[file].at(*spot(TEXTS[file], mark, offset))
    assert found is not None, mark
    return found


def picked(project: Project) -> dict[tuple[str, int], str]:
    assert project.story is not None
    runs, problems = parse_plan(PLAN, "ferry.testplan")
    assert problems == []
    return {("ferry.testplan", line): b for line, b in picks_of(project.story, runs).items()}


def renamed(mark: str, new: str, offset: int = 0, file: str = MAIN) -> dict[str, str]:
    project = project_of()
    changes = renames(project, name_at(project, mark, offset, file), new, picked(project))
    return applied(TEXTS, changes)


def problems_of(texts: dict[str, str]) -> list[str]:
    """The errors of the story of texts, which parse with their included file."""
    found = draft_story(
        texts[MAIN], MAIN, files=lambda name: (f"{name}.branch.yaml", texts[f"{name}.branch.yaml"])
    )[1]
    return [str(problem) for problem in found if problem.severity == "error"]


def test_the_stories_of_these_tests_are_valid() -> None:
    assert problems_of(TEXTS) == []


@pytest.mark.parametrize(
    ("mark", "offset", "old", "new"),
    [
        ("  pier:", 2, "pier", "quay"),
        ("to: shore", 4, "shore", "beach"),
        ("  stalls:", 2, "stalls", "booths"),
        ("trust >= 2", 0, "trust", "faith"),
        ("mood == 'calm'", 0, "mood", "temper"),
        ("{once if rich}", 10, "rich", "wealthy"),
        ("id: morning", 4, "morning", "dawn"),
    ],
)
def test_a_renamed_name_is_left_nowhere_and_renamed_back_gives_the_same_files(
    mark: str, offset: int, old: str, new: str
) -> None:
    texts = renamed(mark, new, offset)
    assert problems_of(texts) == []
    for file, text in texts.items():
        said = re.findall(rf"\b{old}\b", text)
        assert said == [], file
    project = project_of(texts)
    definition = next(o for o in project.named[name_at(project_of(), mark, offset).kind, new])
    assert applied(texts, renames(project, definition, old, {})) == TEXTS


def test_a_role_is_renamed_in_capitals_where_scripts_and_plans_write_it_so() -> None:
    texts = renamed("  old_mo:", "ferryman", 2)
    assert problems_of(texts) == []
    assert "FERRYMAN (softly): One seat" in texts[MAIN] and "OLD MO" not in texts[MAIN]
    assert "line: FERRYMAN: One seat" in texts["ferry.testplan"]
    assert "cast.ferryman,1,name,,ferryman,,,Old Mo,老莫" in texts["ferry.zh.csv"]
    assert "#. line, beat pier, speaker ferryman, manner" in texts["ferry.fr.po"]
    assert "ferryman: {name: Old Mo}" in texts[MAIN]  # the displayed name is another thing


def test_a_role_can_be_typed_as_in_a_script() -> None:
    assert "  the_boatman: {name" in renamed("  old_mo:", "THE BOATMAN", 2)[MAIN]


def test_a_role_without_capitals_is_renamed() -> None:
    texts = renamed("船夫：上船", "摆渡人")
    assert "摆渡人：上船吧" in texts[MAIN] and "  摆渡人: {name: 船夫}" in texts[MAIN]


def test_an_option_is_renamed_in_its_beat_only_also_in_plans_and_tables() -> None:
    texts = renamed("        board:", "enter", 8)
    assert problems_of(texts) == []
    assert "        enter:" in texts[MAIN]
    assert "board: {text: Buy" in texts["ferry_night.branch.yaml"]
    assert texts["ferry.testplan"] == PLAN.replace("select: board", "select: enter", 1)
    assert "pier.enter,3" in texts["ferry.zh.csv"] and "fish.board,5" in texts["ferry.zh.csv"]
    assert "pier.enter.voice,4" in texts["ferry.zh.csv"]
    assert 'msgctxt "pier.enter"' in texts["ferry.fr.po"]


def test_an_option_is_renamed_from_the_step_of_a_plan_that_picks_it() -> None:
    mark = "start: fish\nnext choice\nselect: board"
    texts = renamed(mark, "buy", len(mark) - 2, "ferry.testplan")
    assert "buy: {text: Buy" in texts["ferry_night.branch.yaml"]
    assert texts["ferry.testplan"].count("select: buy") == 1 and "board:" in texts[MAIN]


def test_an_option_of_a_plan_that_fails_is_not_guessed() -> None:
    project = project_of()
    with pytest.raises(UsageError, match="cannot be found out: correct this test plan first"):
        renames(project, name_at(project, "        board:", 8), "enter", {})


@pytest.mark.parametrize(
    ("mark", "offset", "new", "said"),
    [
        ("  pier:", 2, "shore", "the beat 'shore' exists already"),
        ("  pier:", 2, "stalls", "the storylet group 'stalls' exists already"),
        ("  pier:", 2, "The Pier", "not a name.*write the_pier"),
        ("  pier:", 2, "", "not a name"),
        ("  pier:", 2, "a" * 65, "not a name"),
        ("trust >= 2", 0, "mood", "the variable 'mood' exists already"),
        ("trust >= 2", 0, "not", "reserved word"),
        ("trust >= 2", 0, "true", "reserved word"),
        ("        board:", 8, "stay", "the option 'stay' exists already"),
        ("        board:", 8, "else", "reserved word"),
        ("  old_mo:", 2, "船夫", "the role '船夫' exists already"),
        ("@snow_begins", 2, "rain", "defined in the file of the set"),
        ("scene: lane", 8, "street", "named after its folder"),
        ("#laaaa1", 2, "lcccc1", "line ids are never changed"),
        ("marker: cat", 9, "dog", "markers are printed"),
    ],
)
def test_invalid_taken_and_foreign_names_are_refused(
    mark: str, offset: int, new: str, said: str
) -> None:
    project = project_of()
    with pytest.raises(UsageError, match=said):
        renames(project, name_at(project, mark, offset), new, picked(project))


def test_a_role_with_the_name_of_a_performer_is_refused() -> None:
    texts = {**TEXTS, MAIN: FERRY.replace("@snow_begins at=1s", "@old_mo.wave")}
    project = project_of(texts)
    with pytest.raises(UsageError, match="also the name of a performer"):
        renames(project, project.defined("role")["old_mo"], "mo", {})


def test_nothing_is_renamed_while_a_file_cannot_be_read() -> None:
    texts = {**TEXTS, "ferry_night.branch.yaml": "beats: {fish: ["}
    project = project_of(texts)
    with pytest.raises(UsageError, match=r"ferry_night\.branch\.yaml cannot be read"):
        renames(project, project.defined("beat")["pier"], "quay", {})


@pytest.mark.parametrize("path", NAMES, ids=lambda path: path.name)
def test_every_name_of_our_stories_can_be_renamed(path: Path) -> None:
    """A renamed story parses with the same number of beats, options and lines as before."""
    texts = {f.name: f.read_text("utf-8") for f in (path, *path.parent.glob(f"{path.name[:12]}*"))
             if f.is_file() and f.name.endswith(".branch.yaml")}  # fmt: skip
    project = project_of(texts)
    before = project.story
    assert before is not None
    for (kind, name), ones in project.named.items():
        if kind not in ("beat", "variable", "role", "option", "ending"):
            continue
        definition = next((one for one in ones if one.defines), None)
        if definition is None or project.named.get(("performer", name)):
            continue
        after = project_of(applied(texts, renames(project, definition, "zz_renamed", {}))).story
        assert after is not None
        assert len(after.beats) == len(before.beats), (kind, name)
        ways = [[len(b.choice.options) if b.choice else 0, len(b.script)] for b in before.order]
        assert ways == [
            [len(b.choice.options) if b.choice else 0, len(b.script)] for b in after.order
        ]
        if kind == "beat" and name in before.beats:
            assert list(after.beats) == [
                "zz_renamed" if beat == name else beat for beat in before.beats
            ]
