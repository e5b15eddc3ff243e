"""What frames show of the language of stories: the phases of a choice, values, parallel plots."""

from __future__ import annotations

from itertools import groupby

import msgspec
import pytest

from tests.show.small import MS, OPENS, SHOW, STORY, played, small, ways
from xrdrama.timing import NS
from xrdrama.wire.commands import TimeScaled
from xrdrama.wire.events import MarkerSeen, Pressed

WINDOW = "window: {lasts: 4s, grace: 1s}"
PHASES = STORY.replace(WINDOW, "window: {shows: 1s, lasts: 4s, grace: 1s, hides: 500ms}")


def phases(frames: object) -> list[str]:
    """The phases of the displayed choice, one after another."""
    seen = [frame.choice.phase if frame.choice else "" for frame in frames]  # type: ignore[attr-defined]
    return [phase for phase, _ in groupby(seen)]


def test_a_choice_is_displayed_then_open_then_shows_what_was_picked() -> None:
    log = [(OPENS + 2 * NS, Pressed("keys", "stay"))]
    _, frames = played(log, 6, small(story=PHASES))
    assert phases(frames)[:5] == ["", "shown", "open", "picked", ""]
    first_open = next(f for f in frames if f.open_choice)
    assert OPENS + NS <= first_open.time.shows_at < OPENS + NS + 40 * MS
    picked = [f.choice for f in frames if f.choice and f.choice.phase == "picked"]
    assert [o.id for o in picked[0].options] == ["stay"] and picked[0].left is None
    assert len(picked) == 25  # half a second at 50 frames a second


def test_what_is_displayed_only_cannot_be_picked() -> None:
    log = [(OPENS + 500 * MS, Pressed("keys", "stay"))]
    _, frames = played(log, 8, small(story=PHASES))
    assert ways(frames) == [("first", "else", "timeout")]


def test_viewers_can_have_twice_the_time_or_no_limit() -> None:
    slow = small(SHOW + "viewers: {time_scale: 2}\n")
    _, frames = played([], 14, slow)
    closed = next(f.time.shows_at for f in frames if f.picks)
    assert OPENS + 9 * NS <= closed <= OPENS + 9 * NS + 40 * MS  # 8 s and 1 s of grace
    _, frames = played([], 30, small(SHOW + "viewers: {time_limits: false}\n"))
    assert frames[-1].open_choice and frames[-1].open_choice.left is None


def test_a_command_gives_viewers_more_time_or_no_limit() -> None:
    log = [(OPENS + NS, TimeScaled("desk", 2.0))]
    _, frames = played(log, 14, small())
    closed = next(f.time.shows_at for f in frames if f.picks)
    assert OPENS + 9 * NS <= closed <= OPENS + 9 * NS + 40 * MS  # 8 s and 1 s of grace
    assert (frames[0].time_scale, frames[-1].time_scale) == (1.0, 2.0)
    _, frames = played([(OPENS + NS, TimeScaled("desk", None))], 30, small())
    assert frames[-1].open_choice and frames[-1].open_choice.left is None
    assert frames[-1].time_scale is None
    log = [(OPENS + NS, TimeScaled("desk", None)), (OPENS + 8 * NS, TimeScaled("desk", 1.0))]
    _, frames = played(log, 12, small())
    assert ways(frames)[0] == ("first", "else", "timeout")  # its time was over by then
    _, frames = played([], 8, small())  # the control: nobody asked for more
    assert next(f.time.shows_at for f in frames if f.picks) <= OPENS + 5 * NS + 40 * MS


@pytest.mark.parametrize("scale", [0.5, 4.5, "none", float("nan")])
def test_a_time_scale_out_of_bounds_is_no_command(scale: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(["time_scale", "desk", scale], TimeScaled)


def test_captions_and_cards_show_values() -> None:
    story = STORY.replace(
        "Will you stay with us?", "You were asked {asked, plural, =0 {never} other {#x}}."
    )
    story = story.replace("text: Let her go", 'text: "Refuse ({asked})"')
    _, frames = played([], 3, small(story=story))
    said = {f.captions[0].texts["en"] for f in frames if f.captions}
    assert said == {"You were asked never."}
    (texts,) = {
        o.texts["en"] for f in frames if f.choice for o in f.choice.options if o.id == "leave"
    }
    assert texts == "Refuse (0)"


def test_a_parallel_plot_speaks_beside_the_main_path_and_keeps_the_set() -> None:
    story = STORY.replace("to: secret}", "to: secret, parallel: true}")
    _, frames = played([(200 * MS, MarkerSeen("cam", "door_god", 200 * MS))], 3, small(story=story))
    both = [f for f in frames if len(f.captions) == 2]
    assert both and {c.line for c in both[0].captions} == {"laaaaa", "leeeee"}
    assert {f.scene for f in frames} == {"yard"} and {f.beat for f in frames} == {"first"}
    # The control: without parallel: it interrupts the beat, in its own set.
    _, frames = played([(200 * MS, MarkerSeen("cam", "door_god", 200 * MS))], 3, small())
    assert not [f for f in frames if len(f.captions) == 2] and "hall" in {f.scene for f in frames}
