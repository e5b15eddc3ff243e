"""Every request answers in a file that is cut off, garbled or not a story at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.editing.stories import FERRY, NAMES, TEXTS, indexed
from xrdrama.authoring.editing.completing import complete_plan, complete_story
from xrdrama.authoring.editing.fixing import problem_span, replacement
from xrdrama.authoring.editing.hovering import hover, line_at
from xrdrama.authoring.editing.outlining import folds, outline
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.renaming import renames
from xrdrama.authoring.editing.spans import Rows
from xrdrama.errors import UsageError
from xrdrama.story import draft_story

STORIES = {path.name: path.read_text("utf-8") for path in NAMES}
SIGNS = "{}[]:-|>'\"@#\n\t &*!?,=() 船😀\u0301x1"
FILES = st.sampled_from([*TEXTS])


def everything(text: str, file: str, line: int, column: int) -> None:
    """Every request at a position of a text."""
    story, problems, _ = draft_story(text, file) if file.endswith(".branch.yaml") else (None, [], 0)
    index = indexed(text, file)
    project = Project(file, {file: index}, story=story)
    rows = Rows(text)
    line = min(line, len(rows.rows))
    assert rows.position(*rows.units(line, 1))[0] == line
    complete = complete_plan if file.endswith(".testplan") else complete_story
    complete(project, file, line, min(column, len(rows.rows[line - 1]) + 1))
    list(folds(rows.rows))
    outline(index)
    for problem in problems:
        span = problem_span(rows.rows, problem)
        assert 1 <= span.line <= len(rows.rows) and span.start <= span.end
        replacement(rows.rows, problem)
    one = index.at(line, column) or line_at(project, file, line)
    if one:
        hover(project, one)
        project.definitions(one)
        try:
            changes = renames(project, one, "zz", {})
            assert all(change.span.line <= len(rows.rows) for change in changes)
        except UsageError as error:
            assert str(error)


@settings(max_examples=150)
@given(st.sampled_from([*STORIES]), st.floats(0, 1), st.floats(0, 1))
def test_a_story_that_is_cut_off_anywhere(name: str, cut: float, where: float) -> None:
    text = STORIES[name][: int(cut * len(STORIES[name]))]
    before = text[: int(where * len(text))]
    everything(text, name, before.count("\n") + 1, len(before) - before.rfind("\n"))


@settings(max_examples=150)
@given(
    FILES, st.floats(0, 1), st.text(alphabet="{}[]:-|>'\"@#\n\t &*!?,=() 船😀\u0301x1", max_size=12)
)
def test_a_file_with_signs_typed_anywhere(file: str, where: float, typed: str) -> None:
    text = TEXTS[file]
    index = int(where * len(text))
    before = text[:index] + typed
    everything(
        before + text[index:], file, before.count("\n") + 1, len(before) - before.rfind("\n")
    )


@settings(max_examples=80)
@given(FILES, st.text(max_size=200), st.integers(1, 20), st.integers(1, 90))
def test_a_file_of_anything(file: str, text: str, line: int, column: int) -> None:
    everything(text.replace("\r", "\n"), file, line, column)


@pytest.mark.parametrize("text", ["", "\n", "[" * 1000, "a: " * 1000, "- " * 3000, "x:\n" * 2000])
def test_odd_shapes(text: str) -> None:
    everything(text, "f.branch.yaml", text.count("\n") + 1, 3)


def test_every_position_of_a_small_story() -> None:
    rows = FERRY.split("\n")
    for line in range(1, len(rows) + 1, 3):
        for column in range(1, len(rows[line - 1]) + 2, 5):
            everything(FERRY, "ferry.branch.yaml", line, column)


def test_the_stories_are_there() -> None:
    assert len(NAMES) >= 4 and all(isinstance(path, Path) for path in NAMES)
