"""Each step beyond lines and options: a plan where it comes true and one where it does not."""

from __future__ import annotations

import pytest

from xrdrama.authoring.check_plan import check_plan
from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.story import Story, load_story
from xrdrama.story.testplan import parse_plan

STORY = load_story(
    """\
xrdrama: 1
id: gate
scene: lane
vars:
  trust: {type: int, min: 0, max: 9}
  open_gate: {type: bool}
cast: {lan: {name: Lan Yue}}
beats:
  a:
    script: |
      LAN: One.
      @sound bell
      LAN: Two.
      @lan.look at=gate
      LAN: Three.
    choice:
      window: {lasts: 4s}
      options:
        stay:
          text: I remember you
          to: b
          on: [voice: "i remember you", gesture: open_palm, gaze: gate]
        key: {text: Show the key, to: c, on: [marker: key, voice: "here is the key"]}
        deep: {text: Trust her, to: c, if: trust > 2}
      else: c
  b:
    script: |
      LAN: Stay.
    director: {force: [a], hold: false}
    choice: {options: {again: {text: Again, to: a}}}
  c:
    script: |
      {if trust > 2} LAN: You came.
      LAN: The end.
    ending: late
  found:
    script: |
      LAN: Found.
    return: true
hidden:
  - {id: print, on: {marker: god}, to: found, during: a}
"""
)


def outcomes(plan: str, story: Story = STORY, *, yarn: bool = False) -> list[Failure | None]:
    runs, problems = parse_plan(plan, "gate.testplan", yarn=yarn)
    assert problems == [] and (yarn or check_plan(story, runs) == [])
    return run_runs(story, runs)


def got(plan: str) -> str:
    found = outcomes(plan)[-1]
    assert found is not None, "the plan passed"
    assert found.step == plan.count("\n")
    return found.got


@pytest.mark.parametrize(
    "plan",
    [
        "line: Lan Yue: One.\nline: LAN: Two.\nline: *\noption: I remember you\n",
        "next choice\nheard: \"i remember you\"\n",
        "next choice\nheard: um, i remember you, yes\nline: Stay.\n",
        "next choice\nheard: here is the key\nline: The end.\nending: late\n",
        "next choice\ngestured: open_palm\nline: Stay.\n",
        "next choice\ngazed: gate\nline: Stay.\n",
        "next choice\nmarker: key\nline: The end.\n",
        "line: One.\nmarker: god\nline: Found.\nline: Two.\nline: Three.\n",
        "next choice\nmarker: god\nline: Found.\noption: I remember you\noption: Show the key\n",
        "next choice\nselect: Show the key\nline: The end.\n",
        "next choice\nselect: 2\nnext choice\nending: late\n",
        "next choice\nwait: 3s\nselect: stay\nline: Stay.\n",
        "next choice\nwait: 6s\nline: The end.\nending: late\n",
        "next choice\nhold\nwait: 1m\nresume\nselect: stay\nline: Stay.\n",
        "sound: bell\nline: One.\n",
        "cue: lan.look\n",
        "cue: lan.look at=gate\n",
        "line: One.\nset: trust = 3\nnext choice\noption:\noption:\noption: Trust her\n",
        "var: trust = 0\nset: trust = 3\nvar: trust = 3\nvar: open_gate = false\n",
        "next choice\noption: I remember you\noption [closed]: Trust her\noption: Show the key\n",
        "next choice\noption [closed]: deep\noption:\noption:\nselect: 2\nline: The end.\n",
        "line: One.\nforce: c\nline: The end.\nending: late\n",
        "line: One.\njump: c\nset: trust = 3\nline: You came.\nline: The end.\nending: late\n",
        "jump: b\nline: Stay.\nforce: a\nline: One.\n",
        "jump: c\nnext choice\nending: late\nstop\n",
    ],
)  # fmt: skip
def test_steps_that_come_true(plan: str) -> None:
    assert outcomes(plan) == [None]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("line: LAN: Two.\n", "line: LAN: One."),
        ("heard: i remember you\n", "line: LAN: One."),
        ("next choice\nheard: good evening everybody\n",
         "no phrase that is offered sounds like this; nearest: "),
        ("next choice\nheard: i don\'t remember you\n", "the show would ask again; nearest: "),
        ("jump: b\nnext choice\nheard: i remember you\n",
         "no option that is open has a phrase"),
        ("jump: b\nnext choice\ngestured: open_palm\n", "no option that is open is picked by it"),
        ("jump: b\nnext choice\ngazed: gate\n", "no option that is open is picked by it"),
        ("jump: c\nnext choice\nheard: i remember you\n", "ending: late"),
        ("jump: c\nmarker: god\n", "no hidden plot can be opened here now"),
        ("next choice\nwait: 6s\nselect: stay\n", "line: LAN: The end."),
        ("next choice\nhold\nselect: stay\n", "the story is held"),
        ("jump: b\nhold\n", "\'b\' may not be held"),
        ("jump: b\nforce: c\n", "\'c\' may not be forced from \'b\'"),
        ("sound: bell\nsound: bell\n", "sounds: none"),
        ("cue: lan.look\ncue: lan.look\n", "cues: none"),
        ("set: trust = 3\nvar: trust = 2\n", "var: trust = 3"),
        ("var: open_gate = true\n", "var: open_gate = false"),
        ("next choice\noption [closed]: Show the key\n", "option: Show the key"),
        ("set: trust = 3\nnext choice\noption [closed]: I remember you\n",
         "option: I remember you"),
        ("next choice\nselect: Trust her\n", "\'Trust her\' is not offered; offered: stay, key"),
        ("hold\nwait: 1m\nline: One.\nline: Two.\n", "the story is held"),
        ("jump: b\nselect: Again\n", "line: LAN: Stay."),
    ],
)  # fmt: skip
def test_the_step_that_fails_says_what_was_there(plan: str, said: str) -> None:
    assert got(plan).startswith(said)


def test_runs_are_independent_unless_they_continue() -> None:
    first = "set: trust = 3\nnext choice\nselect: deep\nline: You came.\n---\n"
    second = "next choice\nvar: trust = 3\n"
    assert [found is None for found in outcomes(first + second)] == [True, False]
    assert outcomes(first + "continue\n" + second) == [None, None]
    fresh, after = outcomes("line: Two.\n---\ncontinue\nline:\n")
    assert fresh and fresh.got == "line: LAN: One."
    assert after and after.got == "the run cannot start: the run that it continues failed"


def test_a_plan_of_yarn_lists_closed_options_and_ends_where_it_stops() -> None:
    options = "line:\nline:\nline:\noption: `I remember you`\noption: `Show the key`\n"
    closed = "option: `Trust her` [disabled]\n"
    picked = "select: 2\nline: `Lan Yue: The end.`\nstop\nline: `never checked`\n"
    assert outcomes(options + closed + picked, yarn=True) == [None]

    def wrong(plan: str) -> str:
        found = outcomes(plan, yarn=True)[-1]
        assert found is not None
        return found.got

    assert wrong(options + picked) == "option: Trust her"
    assert wrong(options + closed.replace(" [disabled]", "")) == "option: Trust her [closed]"
    assert wrong(options.replace("key`", "key` [disabled]")) == "option: Show the key"
    assert wrong(options + closed + "select: 3\n").startswith("'3' is not offered")
    assert wrong(options + closed + "stop\n") == "option: I remember you"
    assert wrong("set: $trust = 3\nline:\n---\nline:\nline:\nline:\n" + "option:\n" * 2
                 + closed) == "option: Trust her"  # fmt: skip


FALLS = load_story(
    """\
xrdrama: 1
id: falls
scene: lane
cast: {lan: {name: Lan}}
vars: {has_seen: {type: bool}}
beats:
  start:
    choice:
      options:
        one: {text: One, to: never, if: has_seen}
        two: {text: Two, to: never, if: has_seen}
      else: after
  never: {ending: never}
  after:
    script: |
      LAN: After.
    ending: after
"""
)


def test_a_choice_of_yarn_without_an_open_option_is_named_and_passed() -> None:
    plan = "option: `One` [disabled]\noption: `Two` [disabled]\nselect: 0\nline: `Lan: After.`\n"
    assert outcomes(plan, FALLS, yarn=True) == [None]
    for old, new in (("Two", "Three"), ("select: 0", "select: 1"), ("select: 0\n", "")):
        assert outcomes(plan.replace(old, new), FALLS, yarn=True) != [None]
    assert outcomes(plan.replace("option: `Two` [disabled]\n", ""), FALLS, yarn=True) != [None]
    assert outcomes("line: After.\n", FALLS) == [None]


def test_names_of_yarn_are_found_in_the_story() -> None:
    assert outcomes("set: $hasSeen = true\nnode: Never\nstop\n", FALLS, yarn=True) == [None]
    (found,) = outcomes("node: Nowhere\nstop\n", FALLS, yarn=True)
    assert found and found.got.startswith("the run cannot start: there is no beat 'Nowhere'")
