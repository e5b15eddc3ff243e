"""Random playthroughs: they end, can be repeated, find what is there, and report what fails."""

from __future__ import annotations

import pytest

from xrdrama.authoring.plans import random_play
from xrdrama.authoring.plans.coverage import shares, unreached
from xrdrama.authoring.plans.random_play import Failed, RandomPlays, seed_of
from xrdrama.authoring.plans.running import run_runs
from xrdrama.authoring.plans.writing import Played, plan_text
from xrdrama.story import Story, load_story
from xrdrama.story.model import Line
from xrdrama.story.testplan import parse_plan

HEAD = """\
xrdrama: 1
id: gate
scene: lane
vars:
  n: {type: int, min: 0, max: 9}
cast: {lan: {name: Lan}}
"""
STORY = load_story(
    HEAD
    + """\
beats:
  a:
    script: |
      LAN: One.
      @wakes
      {if n > 5} LAN: Never.
    choice:
      window: {lasts: 4s}
      options:
        left: {text: Left, to: b, set: {n: "random(0, 9)"}}
        right: {text: Right, to: c}
        deep: {text: Deep, to: never, if: n > 5}
      else: c
  b:
    script: |
      {if n > 5} LAN: Many.
      @dims
    next: c
  c: {ending: late}
  never:
    script: |
      LAN: Alone.
      @rain
    ending: deep
  found:
    script: |
      LAN: Found.
    return: true
hidden:
  - {id: print, on: {marker: god}, to: found, during: a}
"""
)


def failures(story: Story, plays: int = 40) -> list[Failed]:
    random = RandomPlays(story, seed=1)
    return [failed for number in range(plays) if (failed := random.play(number))]


def test_plays_end_and_count_what_was_played() -> None:
    random = RandomPlays(STORY, seed=1)
    assert [random.play(number) for number in range(200)] == [None] * 200
    coverage = random.counter.coverage()
    assert random.ended == coverage.plays == coverage.beats["a"] == coverage.beats["c"] == 200
    assert coverage.endings == {"late": 200, "deep": 0}
    assert coverage.plots == {"print": coverage.beats["found"]}
    assert 20 < coverage.plots["print"] < 180
    assert coverage.options["a/left"] == coverage.ways["a/left"] == coverage.beats["b"]
    assert coverage.ways["a/left"] + coverage.ways["a/right"] + coverage.ways["a/else"] == 200
    assert coverage.ways["b/next"] == coverage.cues["b/dims"] == coverage.beats["b"]
    assert coverage.ways["a/print"] == coverage.plots["print"]
    one, never, many = (
        coverage.lines[item.id]
        for beat in (STORY.beats["a"], STORY.beats["b"])
        for item in beat.script
        if isinstance(item, Line)
    )
    assert (one, never) == (200, 0) and 0 < many < coverage.beats["b"]


def test_what_was_never_played_has_a_position() -> None:
    random = RandomPlays(STORY, seed=1)
    for number in range(200):
        random.play(number)
    coverage = random.counter.coverage()
    missing = [(one.kind, one.name, one.place.line) for one in unreached(STORY, coverage)]
    assert missing == [
        ("beat", "never", 26),
        ("option", "a/deep", 18),
        ("line", "'LAN: Never.'", 12),
    ]
    assert shares(coverage) == [
        ("beats", 4, 5), ("options", 2, 3), ("lines", 3, 5), ("cues", 2, 3), ("plots", 1, 1),
        ("endings", 1, 2),
    ]  # fmt: skip
    nothing = RandomPlays(STORY).counter.coverage()
    assert [one.name for one in unreached(STORY, nothing)] == [*STORY.beats, "print"]


def test_a_seed_plays_the_same_again() -> None:
    def counts(seed: int, guided: bool) -> object:
        random = RandomPlays(STORY, seed=seed, guided=guided)
        for number in range(30):
            random.play(number)
        return random.counter.coverage()

    for guided in (True, False):
        assert counts(1, guided) == counts(1, guided)
        assert counts(1, guided) != counts(2, guided)
    assert len({seed_of(s, n) for s in range(50) for n in range(50)}) > 2490
    assert seed_of(3, 7) == seed_of(3, 7)


BROKEN = {
    "the story stops at beat 'b', which has no ending": """\
  a: {choice: {options: {in: {text: In, to: b}, out: {text: Out, to: c}}}}
  b:
    script: |
      LAN: Here.
    choice: {options: {on: {text: On, to: c, if: n > 5}}}
  c: {ending: out}
""",
    "the story loops at beat 'b' without a choice": """\
  a: {choice: {options: {in: {text: In, to: b}, out: {text: Out, to: c}}}}
  b:
    script: |
      LAN: For ever.
    next: b
  c: {ending: out}
""",
    "the story loops at 'b' without time passing": """\
  a: {choice: {options: {in: {text: In, to: b}, out: {text: Out, to: c}}}}
  b: {next: b}
  c: {ending: out}
""",
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_play_that_does_not_end_is_reported_and_its_plan_fails_too(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random_play, "MAX_STEPS", 500)
    story = load_story(HEAD + "beats:\n" + BROKEN[reason])
    failed = failures(story)
    assert 0 < len(failed) < 40
    assert {one.reason for one in failed} == {reason}
    assert {one.path for one in failed} == {("in",)}
    runs, problems = parse_plan(plan_text([one.played for one in failed[:2]]))
    assert problems == [] and len(runs) == 2
    assert all(run_runs(story, runs))
    assert runs[0].seed == failed[0].seed == seed_of(1, failed[0].number)


def test_the_plan_of_a_play_does_what_the_play_did() -> None:
    """With markers, silence and random numbers: every plan passes up to its last step."""
    story = STORY
    random = RandomPlays(story, seed=5)
    played = []
    for number in range(60):
        one = random_play._Play(random, seed_of(5, number))
        assert one.play() == ""
        played.append((one.plan(), seed_of(5, number)))
    assert {kind for steps, _ in played for kind, _ in steps} == {
        "line", "select", "marker", "next choice"
    }  # fmt: skip
    text = plan_text(
        Played((*steps, ("ending", "late"), ("stop", "")), seed=seed) for steps, seed in played
    )
    runs, problems = parse_plan(text)
    assert problems == [] and len(runs) == 60
    assert run_runs(story, runs) == [None] * 60


ENDLESS = """\
beats:
  a: {choice: {options: {in: {text: In, to: b}}}}
  b: {choice: {options: {out: {text: Out, to: a}, end: {text: End, to: c, if: n > 5}}}}
  c: {ending: out}
"""


def test_a_story_that_is_never_left_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_play, "MOST_PICKS", 50)
    story = load_story(HEAD + ENDLESS)
    (failed,) = failures(story, 1)
    assert failed.reason == "no ending after 50 choices" and len(failed.path) == 50
    runs, _ = parse_plan(plan_text([failed.played]))
    (found,) = run_runs(story, runs)
    assert found and (found.expected, found.got) == ("ending: *", "option: In")
    no_endings = ENDLESS.replace("  c: {ending: out}\n", "  c: {next: a}\n")
    assert failures(load_story(HEAD + no_endings), 1) == []


def test_a_fault_of_ours_is_reported_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ValueError("unexpected")

    monkeypatch.setattr(random_play, "step", broken)
    (failed,) = failures(STORY, 1)
    assert failed.reason == "ValueError: unexpected" and failed.seed == seed_of(1, 0)


def test_guided_play_reaches_a_large_story_in_fewer_plays() -> None:
    beats = ["beats:"]
    for name in ("".join(f"{n:0{d}b}" if d else "" for n in [n]) for d in range(7)
                 for n in range(2**d)):  # fmt: skip
        options = f"l: {{text: L, to: n{name}0}}, r: {{text: R, to: n{name}1}}"
        whole = f"choice: {{options: {{{options}}}}}" if len(name) < 6 else f"ending: e{name}"
        beats.append(f"  n{name}: {{{whole}}}")
    story = load_story(HEAD + "\n".join(beats) + "\n")

    def needed(guided: bool) -> int:
        random = RandomPlays(story, seed=3, guided=guided)
        for number in range(5000):
            random.play(number)
            if all(random.counter.beats):
                return number
        return 5000

    assert needed(guided=True) < needed(guided=False) < 5000
