"""Every problem code is explained, and every example of a story has the problem that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xrdrama.authoring.check import check_story
from xrdrama.authoring.check_plan import check_plan
from xrdrama.authoring.explaining import Explanation, areas, explanation_of
from xrdrama.authoring.explaining.frames import FRAMES, PLAYED, framed
from xrdrama.errors import Problem
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.story import draft_story, load_story, parse_story
from xrdrama.story.strings import parse_strings
from xrdrama.story.testplan import parse_plan

REPOSITORY = Path(__file__).parents[2]
STREET = REPOSITORY / "scenes" / "lantern_street" / "scene.yaml"
CODE = re.compile(r'"([A-Z][0-9]{3})"')
EXPLAINED = [one for area in areas() for one in area.explanations]
IN_STORIES = [one for one in EXPLAINED if one.inside in FRAMES]
BESIDE = [one for one in EXPLAINED if one.inside in ("a table", "a test plan")]
OF_STORIES = ("stories", "scripts", "graphs", "values", "documents", "tables")
WITHOUT_EXAMPLE = {
    "C006", "C008", "C009", "P001", "P002",  # sounds, mouth tracks and fonts
    "L011", "L012", "L015", "L016", "L017",  # tests/story/test_string_tables.py has these
    "L018",  # two files: tests/tools/test_string_tables.py has them
    "V003",  # a package that is missing
    "F009", "Q001",  # no value of a story has this form
    "F011", "Y000",  # a file that is too long, or cannot be read
    "Y014",  # a fault of xrdrama
    "F020", "S118",  # the name or the kind of the file: test_mistakes.py has both
}  # fmt: skip
"""Codes of stories whose example is not checked here."""


def names(explanation: Explanation) -> str:
    return explanation.code


@pytest.fixture(scope="module")
def street() -> Scene:
    scene, problems = parse_scene(STREET.read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    return scene


def used_codes() -> set[str]:
    found: set[str] = set()
    for file in sorted((REPOSITORY / "xrdrama").rglob("*.py")):
        if "explaining" not in file.parts:
            found |= set(CODE.findall(file.read_text("utf-8")))
    return found


def test_every_code_that_the_package_uses_is_explained_and_no_other() -> None:
    explained, used = {one.code for one in EXPLAINED}, used_codes()
    assert sorted(used - explained) == [], "explain these codes in xrdrama/authoring/explaining"
    assert sorted(explained - used) == [], "delete the explanations of these codes"


def test_every_code_is_explained_once() -> None:
    codes = [one.code for one in EXPLAINED]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("explanation", EXPLAINED, ids=names)
def test_an_explanation_is_short_and_complete(explanation: Explanation) -> None:
    assert explanation.title
    assert not explanation.title.endswith(".")
    assert 1 <= len(explanation.why.splitlines()) <= 4
    assert explanation.why.endswith(".") or ":" in explanation.why
    assert bool(explanation.wrong) == bool(explanation.right) == bool(explanation.inside)
    assert explanation.wrong != explanation.right or not explanation.wrong
    assert explanation_of(explanation.code) == explanation


def problems_of(example: str, inside: str, street: Scene) -> list[Problem]:
    """What `check` reports for an example of a story."""
    text = framed(example, inside)
    story, problems, _ = draft_story(text, "night.branch.yaml")
    if story is None or any(problem.severity == "error" for problem in problems):
        return problems
    return [*problems, *check_story(story, {"lantern_street": street}, ("bell",))]


def test_every_code_of_stories_has_an_example_that_is_checked() -> None:
    of_stories = {one.code for a in areas() if a.id in OF_STORIES for one in a.explanations}
    assert of_stories - {one.code for one in (*IN_STORIES, *BESIDE)} == WITHOUT_EXAMPLE


@pytest.mark.parametrize("explanation", IN_STORIES, ids=names)
def test_a_wrong_example_has_its_problem_and_the_repaired_one_has_none(
    explanation: Explanation, street: Scene
) -> None:
    wrong = problems_of(explanation.wrong, explanation.inside, street)
    reported = [problem for problem in wrong if problem.code == explanation.code]
    assert reported, [str(problem) for problem in wrong]
    assert {problem.severity for problem in reported} <= set(explanation.severity.split(" or "))
    right = problems_of(explanation.right, explanation.inside, street)
    unused = {"vars": "S119", "cast": "S109"}.get(explanation.inside)
    assert [str(problem) for problem in right if problem.code != unused] == []


@pytest.mark.parametrize("explanation", BESIDE, ids=names)
def test_a_wrong_file_beside_a_story_has_its_problem(explanation: Explanation) -> None:
    def found(text: str) -> list[Problem]:
        story = load_story(PLAYED, "night.branch.yaml")
        if explanation.inside == "a table":
            return parse_strings(text, "night.zh.csv", "zh", story)[1]
        runs, problems = parse_plan(text, "night.testplan")
        return [*problems, *check_plan(story, runs)]

    assert explanation.code in {problem.code for problem in found(explanation.wrong)}
    assert found(explanation.right) == []


def test_the_example_of_a_problem_that_does_not_occur_fails(street: Scene) -> None:
    """The control of the tests above: another example does not have the problem."""
    other = explanation_of("S120")
    assert other is not None
    assert "S201" not in {p.code for p in problems_of(other.wrong, other.inside, street)}


def test_frames_are_sound_stories(street: Scene) -> None:
    assert parse_story(PLAYED)[1] == []
    assert problems_of("next: home", "beat", street) == []
