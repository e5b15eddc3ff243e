"""Typical mistakes of authors, from mistakes/mistakes.txt: reported at their line, with the remedy.

Each case changes a sound story. At least 97 % must be reported, and no remedy may be a wrong one: a
case without its message is listed as `! nothing`, and there may be only a few of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from xrdrama.authoring.check import check_draft, check_story
from xrdrama.errors import Problem
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.story import draft_story

HERE = Path(__file__).parent / "mistakes"
STREET = Path(__file__).parents[2] / "scenes" / "lantern_street" / "scene.yaml"
STORY = (HERE / "story.branch.yaml").read_text("utf-8")
FEWEST = 150
LEAST_REPORTED = 0.97


class Case(msgspec.Struct, frozen=True):
    """A mistake: the text with it, the line where it is made, and what must be reported."""

    name: str
    text: str
    line: int
    code: str
    anywhere: bool
    phrase: str


def cases() -> Iterator[Case]:
    for part in (HERE / "mistakes.txt").read_text("utf-8").split("\n== ")[1:]:
        name, *rows = part.rstrip("\n").split("\n")
        old = [row[2:] for row in rows if row.startswith("- ")]
        new = [row[2:] for row in rows if row.startswith("+ ")]
        whole = [row[2:] for row in rows if row.startswith("* ")]
        (expected,) = (row[2:] for row in rows if row.startswith("! "))
        text, line = "\n".join(whole) + "\n", 1
        if not whole:
            lines = STORY.split("\n")
            line = next(n for n in range(len(lines)) if lines[n : n + len(old)] == old) + 1
            lines[line - 1 : line - 1 + len(old)] = new
            text = "\n".join(lines)
        code, _, phrase = expected.partition(" ")
        anywhere = phrase.startswith("?") or bool(whole)
        if re.match(r"@-?[0-9]", phrase):
            offset, _, phrase = phrase[1:].partition(" ")
            line += int(offset)
        yield Case(name, text, line, code, anywhere, phrase.removeprefix("?").strip())


CASES = list(cases())


@pytest.fixture(scope="module")
def street() -> Scene:
    scene, problems = parse_scene(STREET.read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    return scene


def problems_of(text: str, street: Scene) -> list[Problem]:
    """What `xrdrama check` reports for a story."""
    scenes = {"lantern_street": street}
    story, problems, _ = draft_story(text, "story.branch.yaml")
    if story is None:
        return problems
    if any(problem.severity == "error" for problem in problems):
        return [*problems, *check_draft(story, scenes, ("bell",))]
    return [*problems, *check_story(story, scenes, ("bell",))]


def test_the_story_without_mistakes_has_no_problems(street: Scene) -> None:
    assert [str(problem) for problem in problems_of(STORY, street)] == []


def test_there_are_enough_cases_and_enough_of_them_are_reported() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= FEWEST
    reported = sum(case.code != "nothing" for case in CASES)
    assert reported / len(CASES) >= LEAST_REPORTED


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_a_mistake_is_reported_at_its_line_with_the_remedy(case: Case, street: Scene) -> None:
    found = problems_of(case.text, street)
    listed = [str(problem) for problem in found]
    if case.code == "nothing":
        assert found == [], f"this case is reported now; list it: {listed}"
        return
    same = [problem for problem in found if problem.code == case.code]
    assert same, f"line {case.line}: {listed}"
    here = [problem for problem in same if case.anywhere or problem.line == case.line]
    assert here, f"line {case.line}: {listed}"
    assert any(case.phrase in f"{one.message} ({one.hint})" for one in here), listed
