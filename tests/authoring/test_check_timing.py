"""Windows, lines, pauses, phrases and flashes: what is reported, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from xrdrama.authoring.check_flashes import check_scene_flashes, check_story_flashes
from xrdrama.authoring.check_timing import check_timing, check_translation
from xrdrama.authoring.check_triggers import check_triggers
from xrdrama.document import compose
from xrdrama.errors import Problem
from xrdrama.scene.model import Cue, Move, Param, Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.story import Story, load_story
from xrdrama.story.strings import Entry, StringTable

STORY = """\
xrdrama: 1
id: night
scene: lane
cast: {lan: {name: Lan}}
beats:
  door:
    script: |
      LAN: Stay.  #laaaaa
    choice:
      window: {lasts: 6s}
      options:
        stay: {text: I remember you, to: home, on: [voice: I remember you]}
        go: {text: Let her go, to: home, on: [voice: let her go]}
      else: home
  home: {ending: home}
"""


def story_of(old: str = "", new: str = "") -> Story:
    assert not old or STORY.count(old) == 1
    return load_story(STORY.replace(old, new) if old else STORY, "night.branch.yaml")


def found(old: str = "", new: str = "") -> list[Problem]:
    story = story_of(old, new)
    return [*check_timing(story), *check_triggers(story)]


def codes(old: str, new: str) -> list[str]:
    return [problem.code for problem in found(old, new)]


def test_a_story_with_enough_time_has_no_problems() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("{lasts: 600ms}", ["S136"]),
        ("{lasts: 1500ms}", ["S136"]),
        ("{lasts: 2s, grace: 200ms}", ["S136"]),  # read, but not said
        ("{lasts: 2s, grace: 1s}", []),
        ("{lasts: 3s, grace: 0s}", []),
        ("{closes: 2s}", ["S136"]),  # the script lasts longer
        ("{opens: 1s, closes: 8s}", []),
    ],
)
def test_windows(window: str, expected: list[str]) -> None:
    assert codes("{lasts: 6s}", window) == expected


def test_a_window_without_a_limit_is_never_too_short() -> None:
    text = STORY.replace("      window: {lasts: 6s}\n", "").replace("      else: home\n", "")
    assert check_timing(load_story(text, "night.branch.yaml")) == []


def test_a_window_that_is_too_short_in_one_language_names_it() -> None:
    long = "我一直记得你站在灯下的样子" * 3
    table = StringTable("zh", {"door.stay": Entry("", long), "door.go": Entry("", "让她走")})
    (problem,) = check_translation(story_of(), table, "night.zh.csv")
    assert problem.code == "S136"
    assert "in zh people need" in problem.message
    short = StringTable("zh", {"door.stay": Entry("", "我记得你"), "door.go": Entry("", "让她走")})
    assert check_translation(story_of(), short, "night.zh.csv") == []


def test_a_translated_line_that_is_too_long_is_reported_in_its_table() -> None:
    table = StringTable("zh", {"laaaaa": Entry("", "留" * 37, line=5)})
    (problem,) = check_translation(story_of(), table, "night.zh.csv")
    assert (problem.code, problem.file, problem.line) == ("S227", "night.zh.csv", 5)
    table = StringTable("zh", {"laaaaa": Entry("", "留" * 36, line=5)})
    assert check_translation(story_of(), table, "night.zh.csv") == []


@pytest.mark.parametrize(("length", "expected"), [(84, []), (85, ["S227"])])
def test_lines_of_two_rows_fit(length: int, expected: list[str]) -> None:
    assert codes("LAN: Stay.  ", f"LAN: {'x' * length}  ") == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["@wait 20s"], []),
        (["@wait 21s"], ["S228"]),
        (["@wait 11s", "She waits.", "@wait 11s"], ["S228"]),
        (["@wait 11s", "LAN: Yes?  #lbbbbb", "@wait 11s"], []),
        (["@wait 11s", "@snow_begins", "@wait 11s"], []),
    ],
)
def test_pauses(rows: list[str], expected: list[str]) -> None:
    assert codes("LAN: Stay.  #laaaaa", "\n      ".join(rows)) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("go", ["V002"]), ("yes", ["V002"]), ("remember", []), ("go home", []), ("好", ["V002"]),
     ("好的", [])],
)  # fmt: skip
def test_one_short_word_is_misheard(phrase: str, expected: list[str]) -> None:
    assert codes("on: [voice: I remember you]", f"on: [voice: {phrase}]") == expected


def test_one_marker_for_an_option_and_a_hidden_plot() -> None:
    plot = "  print: {return: true}\nhidden:\n  - {id: print, on: {marker: m}, to: print}\n"
    text = STORY.replace("[voice: let her go]", "[voice: let her go, marker: m]") + plot
    (problem,) = check_triggers(load_story(text, "night.branch.yaml"))
    assert (problem.code, problem.severity) == ("S142", "error")
    assert check_triggers(load_story(STORY + plot, "night.branch.yaml")) == []


# -- flashes ------------------------------------------------------------------------------------

LAMP = Param("lamp", "real", 0.0, "The lamp.")


@pytest.fixture(scope="module")
def lane() -> Scene:
    """A set with one lamp and three cues."""
    file = Path(__file__).parents[2] / "scenes" / "lantern_street" / "scene.yaml"
    scene, problems = parse_scene(file.read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    values = {"on": 1.0, "off": 0.0, "dim": 0.05}
    cues = {name: Cue(name, name, (Move("lamp", to),)) for name, to in values.items()}
    return structs.replace(scene, id="lane", params={"lamp": LAMP}, cues=cues)


def flashes(lane: Scene, *rows: str) -> list[str]:
    story = story_of("LAN: Stay.  #laaaaa", "\n      ".join(rows))
    return [problem.code for problem in check_story_flashes(story, {"lane": lane})]


def test_four_flashes_in_a_second_are_reported_and_three_are_not(lane: Scene) -> None:
    rows = [f"@{'off' if n % 2 else 'on'} at={n * 100}ms" for n in range(8)]
    assert flashes(lane, *rows) == ["C014"]
    assert flashes(lane, *rows[:6]) == []


def test_slow_or_small_changes_do_not_flash(lane: Scene) -> None:
    assert flashes(lane, *(f"@{'off' if n % 2 else 'on'} at={n * 400}ms" for n in range(12))) == []
    assert flashes(lane, *(f"@{'off' if n % 2 else 'dim'} at={n * 50}ms" for n in range(12))) == []
    rows = [f"@{'off' if n % 2 else 'on'}\n      @wait 1s" for n in range(8)]
    assert flashes(lane, *rows) == []


def test_a_cue_of_a_set_that_flashes_by_itself(lane: Scene) -> None:
    moves = tuple(Move("lamp", float(n % 2 == 0), delay=n * 100_000_000) for n in range(8))
    root = compose("cues:\n  strobe: {doc: x}\n", "scene.yaml", [])
    assert root is not None
    strobe = structs.replace(lane, cues={"strobe": Cue("strobe", "x", moves)})
    (problem,) = check_scene_flashes(strobe, root)
    assert (problem.code, problem.line) == ("S033", 2)
    calm = structs.replace(lane, cues={"strobe": Cue("strobe", "x", moves[:6])})
    assert check_scene_flashes(calm, root) == []


@given(st.text("ab留 |/*[]()", max_size=40))
def test_any_phrase_and_any_text_is_checked(text: str) -> None:
    story = story_of()
    table = StringTable("zh", {"door.stay": Entry("", text), "laaaaa": Entry("", text)})
    assert all(p.severity for p in check_translation(story, table, "night.zh.csv"))
