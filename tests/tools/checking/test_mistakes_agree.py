"""What `check` calls an error, `run` and `play` refuse before they start, with the same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.authoring.test_mistakes import CASES, STORY, Case
from xrdrama import content
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.tools.checking.contents import check_file, check_paths
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


def play(story: Path, language: str = "") -> None:
    play_story(Request(str(story), "buy" if language else "", language=language), Plain())


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


STREET = """\
xrdrama: 1
id: story
scene: lantern_street
beats:
  gate:
    choice:
      options:
        buy: {text: Buy, to: home, on: [voice: I am buying a lantern]}
        leave: {text: Leave, to: home, on: [voice: never mind]}
  home: {ending: home}
"""
TABLE = "id,source,text\ngate.buy.voice,I am buying a lantern,我要买东西\n"
TABLE += "gate.leave.voice,never mind,{}\n"
TABLES = {
    "phrases that are the same without tones": ("story.zh.csv", TABLE.format("我要卖东西"), "V001"),
    "a cell that cannot be read": ("story.zh.csv", TABLE.format("走 | | 来"), "L016"),
    "two tables": ("story.zh.po", 'msgctxt "gate.buy"\nmsgid "Buy"\nmsgstr "买"\n', "L018"),
    "phrases that differ": ("story.zh.csv", TABLE.format("算了吧"), ""),
}


@pytest.mark.parametrize("name", TABLES)
def test_run_and_play_refuse_what_check_calls_an_error_in_a_table(
    name: str, tmp_path: Path
) -> None:
    file, text, code = TABLES[name]
    story, show = files(tmp_path, STREET)
    show.write_text(SHOW.replace("[en]", "[en, zh]"), "utf-8")
    (tmp_path / "story.zh.csv").write_text(TABLE.format("算了吧"), "utf-8")
    (tmp_path / file).write_text(text, "utf-8")
    found = errors(check_file(story))
    assert {one for _, one, _ in found} == ({code} if code else set())
    assert errors(check_file(show)) == found
    assert errors(refused(load_for_run, show)) == found
    assert errors(refused(lambda path: play(path, "zh"), story)) == found
    # Each is reported once, at the table, although the story and the show are both checked.
    assert [one.file for one in check_paths([tmp_path])[0] if one.severity == "error"] == [
        str(tmp_path / file) for _ in found
    ]
    # A show and a rehearsal without the language do not use the phrases.
    show.write_text(SHOW, "utf-8")
    assert errors(refused(load_for_run, show)) == (found if code == "L018" else [])


def test_many_of_the_mistakes_are_errors(tmp_path: Path) -> None:
    """The control: the test above compares errors, not empty lists."""
    from xrdrama.story import draft_story

    assert sum(_is_an_error(draft_story(case.text, "s")[1]) for case in CASES) >= FEWEST_REFUSED


def _is_an_error(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def test_the_story_without_mistakes_is_not_refused(tmp_path: Path) -> None:
    story, show = files(tmp_path, STORY)
    assert refused(load_for_run, show) == [] and refused(play, story) == []
