"""Each example of a wrong show, stage, lens or camera move has the problem that it explains."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.checking.files_of_examples import BASES, MORE, WHERE, placed, write
from xrdrama.authoring.explaining import Explanation, areas
from xrdrama.errors import Problem
from xrdrama.tools.checking.contents import check_file

UNCHECKED = {
    "H013": "a package that is not installed: tests/conformance/test_unusable.py",
    "H027": "needs a set without the performer: tests/authoring/test_check_performers.py",
    "H031": "needs a story with weights: tests/authoring/test_check_show.py",
    "H035": "needs a story without phrases: tests/authoring/test_check_show.py",
    "W045": "needs a lens with distortion: tests/stage/lenses",
}
"""Codes whose example is not run, and why."""
ONLY_WRONG = {
    "H018": "the repaired example names a picture of the author",
    "H022": "the repaired example needs recordings",
    "W014": "the repaired example names a model of the author",
    "W020": "the repaired example names a model of the author",
    "W033": "both examples show only one key of each camera",
}
"""Codes whose repaired example cannot be without problems here, and why."""
OTHER_KINDS = {
    "a set": "fragments with models: tests/scene, tests/tools/checking/test_model_checks.py",
    "a performer": "needs figures: tests/authoring/test_performer_codes.py",
    "a gesture file": "tests/authoring/test_performer_codes.py",
    "a script in a show": "tests/authoring/test_check_performers.py",
    "a survey": "rows of a survey of one wall: tests/stage/surveys",
    "a Yarn file": "tests/authoring/yarn",
    "compiled ink": "tests/authoring/ink, tests/tools/ink",
    "ink source": "needs a compiler: tests/peers/test_ink.py",
}
"""Kinds of files whose examples are not run here, and which tests have their codes."""
OF_THE_BASE = {"C010"}
"""The show around the examples has no performers: loading them takes seconds."""
OF_FILES = [one for area in areas() for one in area.explanations if one.inside in BASES]
CHECKED = [one for one in OF_FILES if one.code not in UNCHECKED]


def names(explanation: Explanation) -> str:
    return explanation.code


def problems(explanation: Explanation, example: str, folder: Path) -> list[Problem]:
    where, more = WHERE.get(explanation.code, ""), MORE.get(explanation.code, {})
    folder.mkdir()
    return check_file(write(folder, explanation.inside, placed(explanation, example, where, more)))


@pytest.mark.parametrize("explanation", CHECKED, ids=names)
def test_a_wrong_example_has_its_problem_and_the_repaired_one_has_none(
    explanation: Explanation, tmp_path: Path
) -> None:
    wrong = problems(explanation, explanation.wrong, tmp_path / "wrong")
    reported = [problem for problem in wrong if problem.code == explanation.code]
    assert reported, [str(problem) for problem in wrong]
    assert {one.severity for one in reported} <= set(explanation.severity.split(" or "))
    if explanation.code not in ONLY_WRONG:
        right = problems(explanation, explanation.right, tmp_path / "right")
        assert [str(problem) for problem in right if problem.code not in OF_THE_BASE] == []


@pytest.mark.parametrize("inside", BASES)
def test_the_files_around_the_examples_are_sound(inside: str, tmp_path: Path) -> None:
    """The control: the problems are those of the examples."""
    folder = tmp_path / "base"
    folder.mkdir()
    found = check_file(write(folder, inside, BASES[inside][1]))
    assert [str(problem) for problem in found if problem.code not in OF_THE_BASE] == []


def test_examples_that_are_not_run_are_known() -> None:
    codes = {one.code for one in OF_FILES}
    assert codes >= UNCHECKED.keys() | ONLY_WRONG.keys() and len(CHECKED) >= 60
    stories = {"file", "bare", "vars", "cast", "beats", "beat", "script", "choice", "options"}
    stories |= {"a script", "a story", "a file", "a table", "a row", "a header", "a test plan"}
    stories |= {"a command", "an option", ""}  # tests/authoring/test_explaining.py
    kinds = {one.inside for area in areas() for one in area.explanations}
    assert kinds - stories - BASES.keys() == OTHER_KINDS.keys()
