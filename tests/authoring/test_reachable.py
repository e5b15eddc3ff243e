"""The values that variables can have, against stories played at random; and what is reported."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.authoring.check_values import check_values
from xrdrama.authoring.reachable import MOST_VALUES, Reachable, reachable
from xrdrama.errors import Problem
from xrdrama.story import load_story
from xrdrama.story.stepping.happenings import Due, Picked
from xrdrama.story.stepping.step import begin, next_due, step

STORY = """\
xrdrama: 1
id: night
scene: lane
vars:
  nerve: {type: int, min: 0, max: 5}
  mood: {type: enum, of: [calm, cross, lost]}
cast: {lan: {name: Lan}}
beats:
  door:
    script: |
      LAN: Stay.  #laaaaa
    choice:
      options:
        ask: {to: late, set: {nerve: 1}}
        dare: {to: late, set: {nerve: 2, mood: cross}}
  late:
    script: |
      LAN: Late.  #laaaab
    next:
      - {to: brave, if: nerve >= 3}
      - {to: cross, if: mood == 'cross'}
      - plain
  brave: {ending: brave}
  cross: {ending: cross}
  plain: {ending: plain}
"""


def of(text: str) -> Reachable:
    return reachable(load_story(text, "night.branch.yaml"))


def problems(text: str) -> list[Problem]:
    return check_values(of(text))


def changed(old: str, new: str) -> list[Problem]:
    assert STORY.count(old) == 1
    return problems(STORY.replace(old, new))


def test_values_are_those_that_effects_set() -> None:
    found = of(STORY)
    assert found.values == {"nerve": {0, 1, 2}, "mood": {"calm", "cross"}}
    assert found.beats == {"door", "late", "cross", "plain"}


def test_an_ending_behind_a_value_that_is_never_reached_is_reported_with_the_reason() -> None:
    (problem,) = problems(STORY)
    assert (problem.code, problem.severity) == ("G011", "warning")
    line = STORY.splitlines().index("      - {to: brave, if: nerve >= 3}") + 1
    assert (problem.line, problem.column) == (line, 25)
    assert problem.message == (
        "this condition is never true in play: nerve can only be 1 or 2 here, "
        "so the ending 'brave' cannot be reached"
    )


def test_an_ending_that_can_be_reached_is_not_reported() -> None:
    assert changed("{nerve: 1}", "{nerve: nerve + 3}") == []


def test_a_condition_that_is_always_true_in_play() -> None:
    found = changed("if: nerve >= 3", "if: nerve < 3")
    assert [p.code for p in found] == ["G012"]
    assert "nerve can only be 1 or 2 here" in found[0].message


def test_effects_of_beats_that_cannot_be_entered_do_not_count() -> None:
    sets = "brave: {next: {to: brave2, set: {mood: lost}}}\n  brave2: {ending: brave}"
    text = STORY.replace("brave: {ending: brave}", sets)
    text = text.replace("mood == 'cross'", "mood == 'lost'")
    assert [p.code for p in problems(text)] == ["G011", "G011"]


def test_effects_apply_only_where_their_condition_holds() -> None:
    text = STORY.replace("set: {nerve: 1}", "if: nerve > 3, set: {nerve: 5}")
    assert of(text).states["late"]["nerve"] == {2}


def test_effects_of_one_path_are_set_one_after_another() -> None:
    text = STORY.replace("{nerve: 1}", "{mood: lost, nerve: 1}").replace(
        "{nerve: 2, mood: cross}", "{nerve: 3, mood: cross}"
    )
    assert of(text).values == {"nerve": {0, 1, 3}, "mood": {"calm", "cross", "lost"}}


def test_visits_of_a_beat_that_is_never_entered_are_0() -> None:
    found = [p for p in changed("mood == 'cross'", "seen(brave)") if p.code != "S119"]
    assert [p.code for p in found] == ["G011", "G011"]
    assert "beat 'brave' was never entered before" in found[1].message


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("seen(late)", "G012"),
        ("visits(late) > 1", ""),
        ("visits(late) + 1 > 3", ""),
        ("visits(late) * 9 > 80", ""),
        ("visits(late) < 1", "G011"),
    ],
)
def test_visits_of_a_beat_in_a_loop_are_not_limited(condition: str, expected: str) -> None:
    text = STORY.replace("if: nerve >= 3", "if: nerve == 2").replace("mood == 'cross'", condition)
    text = text.replace("plain: {ending: plain}", "plain: {next: late2}\n  late2: {next: late}")
    found = [p.code for p in problems(text) if p.code != "S119"]
    assert found == ([expected] if expected else [])


def test_values_follow_the_path_and_not_the_whole_story() -> None:
    """Two beats that each add 1 to a variable make 2, not its maximum."""
    text = STORY.replace("{nerve: 1}", "{nerve: nerve + 1}").replace(
        "brave: {ending: brave}", "brave: {next: {to: late, set: {nerve: nerve + 1}}}"
    )
    found = of(text.replace("nerve: 2", "nerve: nerve + 1"))
    assert found.states["late"]["nerve"] == {1}
    assert "brave" not in found.beats


def test_values_that_a_hidden_plot_sets_come_back_to_the_beat_it_interrupted() -> None:
    plot = "hidden:\n  - {id: print, on: {marker: m}, to: aside, set: {nerve: 3}, during: [late]}"
    text = STORY.replace("beats:\n", "beats:\n  aside: {return: true}\n").replace(
        "id: night\n", "id: night\nstart: door\n"
    )
    assert of(text + plot).states["late"]["nerve"] == {1, 2, 3}
    assert of(text + plot).states["door"]["nerve"] == {0}


def test_a_counter_with_many_values_is_unknown_and_nothing_is_reported() -> None:
    text = STORY.replace("max: 5", "max: 5000").replace("{nerve: 1}", "{nerve: nerve + 1}")
    text = text.replace("to: late, set: {nerve: nerve", "to: door, set: {nerve: nerve")
    text = text.replace("nerve: 2, ", "").replace("nerve >= 3", "nerve >= 4990")
    found = of(text)
    assert found.values["nerve"] is None
    assert found.story.variables[0].kind.most > MOST_VALUES
    assert [p.code for p in problems(text)] == ["G012"]  # mood is cross wherever late begins


def test_random_numbers_reach_their_whole_range() -> None:
    text = STORY.replace("{nerve: 1}", '{nerve: "random(1, 4)"}')
    assert of(text).values["nerve"] == {0, 1, 2, 3, 4}
    assert problems(text) == []


def test_a_variable_that_only_changes_itself_is_not_read() -> None:
    text = STORY.replace("{nerve: 1}", "{nerve: nerve + 1}").replace(
        "if: nerve >= 3", "if: seen(door)"
    )
    assert [p.message for p in problems(text) if p.code == "S119"] == [
        "nothing reads the variable 'nerve'"
    ]


def test_a_role_that_never_speaks() -> None:
    found = changed("cast: {lan: {name: Lan}}", "cast: {lan: {name: Lan}, mo: {name: Mo}}")
    assert [(p.code, p.message) for p in found if p.code == "S109"] == [
        ("S109", "'mo' never speaks and has no cues")
    ]


# -- a law: no value and no beat of a playthrough is missing ------------------------------------

NAMES = ("a", "b", "c", "d")
CONDITIONS = ("x > 2", "x == y", "y < 2", "on", "not on", "seen(b)", "visits(c) > 1", "x + y > 5")
EFFECTS = ("x: x + 1", "x: y", "y: x - 1", "on: not on", "on: x > y", 'y: "random(0, 2)"', "x: 0")


def option(to: str, condition: str | None, effects: list[str]) -> str:
    asked = f", if: {condition}" if condition else ""
    kept = {one.partition(":")[0]: one for one in effects}
    return f"{{to: {to}{asked}, set: {{{', '.join(kept.values())}}}}}"


OPTIONS = st.builds(
    option,
    st.sampled_from(NAMES),
    st.none() | st.sampled_from(CONDITIONS),
    st.lists(st.sampled_from(EFFECTS), max_size=2),
)
STORIES = st.tuples(*(st.lists(OPTIONS, min_size=1, max_size=3) for _ in NAMES))


@settings(max_examples=120, deadline=None)
@given(STORIES, st.lists(st.integers(0, 2), min_size=30, max_size=30), st.integers(0, 9))
def test_no_value_of_a_playthrough_is_missing(
    options: tuple[list[str], ...], picks: list[int], seed: int
) -> None:
    text = "xrdrama: 1\nid: night\nscene: lane\nvars:\n"
    text += "  x: {type: int, min: 0, max: 4}\n"
    text += "  y: {type: int, min: -1, max: 3}\n  on: {type: bool}\n"
    text += "beats:\n"
    for name, ways in zip(NAMES, options, strict=True):
        listed = "".join(f"        o{n}: {way}\n" for n, way in enumerate(ways))
        text += f"  {name}:\n    choice:\n      options:\n{listed}"
    story = load_story(text, "night.branch.yaml")
    found = reachable(story)
    playthrough, _ = begin(story, seed=seed)
    for pick in picks:
        while (due := next_due(playthrough)) is not None:
            playthrough, _ = step(playthrough, Due(due))
        assert playthrough.beat in found.beats
        for variable, value in zip(story.variables, playthrough.values, strict=True):
            values = found.states[playthrough.beat][variable.id]
            assert values is None or value in values
        if playthrough.offered:
            chosen = playthrough.offered[pick % len(playthrough.offered)]
            option_of = story.beats[playthrough.beat].choice.option(chosen)  # type: ignore[union-attr]
            if option_of is not None and option_of.condition is not None:
                assert True in found.outcomes(option_of.condition, playthrough.beat)
            playthrough, _ = step(playthrough, Picked(chosen, at=1, by="voice"))
