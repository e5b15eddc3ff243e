"""What `check` calls an error, `run` and `play` refuse before they start, with the same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.authoring.test_mistakes import CASES, STORY, Case
from xrdrama import content
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.playable import refuse_unplayable
from xrdrama.tools.playing import Request, play_story
from xrdrama.tools.playing.plain import Plain

SHOW = "xrdrama: 1\nid: night\ntitle: A night\nstory: story\nlanguages: [en]\n"
FEWEST_REFUSED = 120
Refused = list[Problem]


def files(folder: Path, text: str) -> tuple[Path, Path]:
    """A story with its sounds, and a show of it."""
    story, show = folder / "story.branch.yaml", folder / "night.show.yaml"
    sounds = folder / "story.sounds"
    sounds.mkdir()
    (sounds / "index.json").write_text(json.dumps({"bell": 1_000_000_000}))
    story.write_text(text, "utf-8")
    show.write_text(SHOW, "utf-8")
    return story, show


def load_for_run(show: Path) -> None:
    loaded = content.load_show(str(show))
    refuse_unplayable(loaded, content.produce(loaded))


def play(story: Path) -> None:
    play_story(Request(str(story), ""), Plain())


def refused(does: Callable[[Path], None], file: Path) -> Refused:
    try:
        does(file)
    except AuthoringError as error:
        return list(error.problems)
    except UsageError as error:
        return [Problem(str(file), 1, 1, "Y000", "error", error.message, error.remedy)]
    return []


def errors(problems: list[Problem]) -> list[tuple[int, str, str]]:
    """Errors without the names of files, which a usage error has in its message."""
    return sorted({(p.line, p.code, p.message) for p in problems if p.severity == "error"})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_run_and_play_refuse_what_check_calls_an_error(case: Case, tmp_path: Path) -> None:
    story, show = files(tmp_path, case.text)
    found = errors(check_file(story))
    assert errors(refused(load_for_run, show)) == found
    assert errors(refused(play, story)) == found


def test_many_of_the_mistakes_are_errors(tmp_path: Path) -> None:
    """The control: the test above compares errors, not empty lists."""
    from xrdrama.story import draft_story

    assert sum(_is_an_error(draft_story(case.text, "s")[1]) for case in CASES) >= FEWEST_REFUSED


def _is_an_error(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def test_the_story_without_mistakes_is_not_refused(tmp_path: Path) -> None:
    story, show = files(tmp_path, STORY)
    assert refused(load_for_run, show) == [] and refused(play, story) == []
