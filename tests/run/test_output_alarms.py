"""Alarms of outputs in frames: since when, in which order, and gone with their cause."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.run.outputs.alarms import OutputAlarms
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Alarm, Frame

RATE = FrameRate(24)


def test_an_alarm_has_the_time_when_it_was_first_seen_and_goes_with_its_cause() -> None:
    now: dict[str, str] = {}
    alarms = OutputAlarms(lambda: now)
    frames = [Frame(FrameTime.of(number, RATE), "pier", "tea_room", {}) for number in (0, 24, 48)]
    assert alarms.shown(frames[0]) is frames[0]
    now["audience_away"] = "the audience server ended"
    first = alarms.shown(frames[1])
    since = frames[1].time.shows_at
    assert first.alarms == (Alarm("audience_away", now["audience_away"], since),)
    now["audience_away"] = "it ended again"
    own = Alarm("take_full", "the disk is full", 0)
    later = alarms.shown(replace(frames[2], alarms=(own,)))
    assert later.alarms == (own, Alarm("audience_away", "it ended again", since))
    now.clear()
    assert alarms.shown(frames[2]) is frames[2]
    now["audience_away"] = "and again"
    assert alarms.shown(frames[2]).alarms[0].since == frames[2].time.shows_at
