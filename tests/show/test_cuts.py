"""Changes of set: fades as a function of time, and cuts that wait for the end of a hold."""

from __future__ import annotations

import pytest

from tests.show.small import MS, STORY, played, refusals, small
from xrdrama.authoring.check import check_story
from xrdrama.show import Production
from xrdrama.story.parse import parse_story
from xrdrama.timing import NS
from xrdrama.wire.commands import (
    Forced,
    HeldStory,
    Panic,
    PickedByHand,
    Rolled,
    Undone,
)
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame, WaitingCut

FADED = STORY.replace("    scene: hall\n", "    scene: hall\n    transition: {fade: 800ms}\n", 1)
ME = "director.1"


def test_a_fade_is_an_even_function_of_the_time_since_the_change() -> None:
    _, frames = played([(2 * NS, PickedByHand(ME, "stay"))], 4, small(story=FADED))
    fading = [frame for frame in frames if frame.fade]
    assert {frame.scene for frame in fading} == {"hall"}
    for frame in fading:
        assert frame.fade is not None and frame.fade.scene == "yard"
        expected = 1 - (frame.time.shows_at - 2 * NS) / (800 * MS)
        assert frame.fade.share == pytest.approx(expected, abs=1e-8)
    assert fading[0].time.shows_at == 2020 * MS and fading[-1].time.shows_at == 2780 * MS


def test_the_set_that_fades_out_keeps_moving_and_a_hold_does_not_stop_the_fade() -> None:
    log: list[tuple[int, AnyEvent]] = [
        (2 * NS, PickedByHand(ME, "stay")),
        (2100 * MS, HeldStory(ME, True)),
    ]
    _, frames = played(log, 4, small(story=FADED))
    glows = [frame.fade.params["glow"] for frame in frames if frame.fade]
    assert len(set(glows)) > 10, "the cue of the yard continues"
    assert len(glows) == 39


def test_a_cut_a_panic_and_an_undo_show_one_set() -> None:
    _, cut = played([(2 * NS, PickedByHand(ME, "stay"))], 3, small())
    assert all(frame.fade is None for frame in cut)
    log: list[tuple[int, AnyEvent]] = [(2 * NS, PickedByHand(ME, "stay"))]
    for command in (Panic(ME, True), Undone(ME)):
        _, frames = played([*log, (2200 * MS, command)], 3, small(story=FADED))
        later = [frame for frame in frames if frame.time.shows_at >= 2220 * MS]
        assert all(frame.fade is None for frame in later), command


@pytest.fixture
def production() -> Production:
    return small()


def rolled(*log: tuple[int, AnyEvent], production: Production) -> list[Frame]:
    """Frames of a show that rolls from the start and is held after 2.5 s."""
    always: list[tuple[int, AnyEvent]] = [
        (100 * MS, Rolled(ME, True)),
        (2500 * MS, HeldStory(ME, True)),
    ]
    return played([*always, *log], 7, production)[1]


def at(frames: list[Frame], ms: int) -> Frame:
    return next(frame for frame in frames if frame.time.shows_at >= ms * MS)


@pytest.mark.parametrize(
    ("command", "waits", "beat"),
    [
        (Forced(ME, "quiet"), WaitingCut("quiet", "", ME, ""), "quiet"),
        (PickedByHand(ME, "stay"), WaitingCut("", "stay", ME, ""), "stayed"),
    ],
)
def test_a_cut_asked_for_during_a_hold_in_a_roll_is_made_on_release(
    command: AnyEvent, waits: WaitingCut, beat: str, production: Production
) -> None:
    log = (3 * NS, command), (5 * NS, HeldStory(ME, False))
    frames = rolled(*log, production=production)
    during = [frame for frame in frames if 3020 * MS <= frame.time.shows_at <= 5 * NS]
    assert {frame.beat for frame in during} == {"first"}
    assert all(frame.waiting == waits and frame.held and frame.rolling for frame in during)
    changed = next(frame for frame in frames if frame.beat != "first")
    assert changed.beat == beat and changed.time.shows_at == 5020 * MS, (
        "in the frame of the release"
    )
    assert changed.picks[0].name == ME and changed.waiting is None
    assert not refusals(frames)


def test_a_held_roll_keeps_the_picture_alive(production: Production) -> None:
    frames = rolled(production=production)
    held = [frame for frame in frames if frame.held]
    glows = {frame.params["glow"] for frame in held}
    assert len(glows) > 10, "the cue that began before the hold continues"
    assert {(frame.rolling, frame.roll, frame.rolled_at) for frame in held} == {(True, 1, 100 * MS)}
    assert {frame.choice.left for frame in held if frame.choice} == {held[0].choice.left}  # type: ignore[union-attr]


def test_the_newest_cut_waits_and_undo_drops_it(production: Production) -> None:
    log: list[tuple[int, AnyEvent]] = [
        (3 * NS, Forced(ME, "quiet")),
        (3200 * MS, Forced(ME, "again")),
    ]
    release = (5 * NS, HeldStory(ME, False))
    assert at(rolled(*log, release, production=production), 5100).beat == "again"
    dropped = rolled(*log, (3500 * MS, Undone(ME)), release, production=production)
    assert at(dropped, 3600).waiting is None and at(dropped, 5100).beat == "first"


def test_without_a_roll_a_forced_beat_ends_the_hold_at_once(production: Production) -> None:
    log: list[tuple[int, AnyEvent]] = [
        (2500 * MS, HeldStory(ME, True)),
        (3 * NS, Forced(ME, "quiet")),
    ]
    _, frames = played(log, 4, production)
    assert at(frames, 3020).beat == "quiet" and not at(frames, 3020).held
    wrong = rolled((3 * NS, PickedByHand(ME, "whisper")), production=production)
    assert refusals(wrong) == ["not_offered"], "an option that is not offered does not wait"


@pytest.mark.parametrize(
    ("text", "code"),
    [("{fade: 0s}", "F005"), ("{fade: 90s}", "F005"), ("{fade: 0.8}", "F007"), ("fade", "F013"),
     ("{wipe: 1s}", "F014"), ("{}", "F015")],
)  # fmt: skip
def test_a_bad_transition_is_one_error_at_its_place(text: str, code: str) -> None:
    story = FADED.replace("{fade: 800ms}", text)
    _, problems, *_ = parse_story(story, "small.branch.yaml")
    assert problems and {problem.line for problem in problems} == {29}, problems
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize(("story", "codes"), [(FADED, []), (FADED.replace("hall", "yard"), [29])])
def test_a_transition_in_a_story_with_one_set_is_a_warning(story: str, codes: list[int]) -> None:
    made, *_ = parse_story(story, "small.branch.yaml")
    assert made is not None
    found = [one for one in check_story(made, {}, ()) if one.code == "C007"]
    assert [one.line for one in found] == codes and all(o.severity == "warning" for o in found)
