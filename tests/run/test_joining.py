"""The link to join is in frames while it is shown, and never in those of the take."""

from __future__ import annotations

from tests.show.small import small
from xrdrama.adapters.web.board.memory import AudienceVitals
from xrdrama.run.outputs.joining import Joining
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime, Timecode
from xrdrama.wire.codec import encode
from xrdrama.wire.commands import JoinCodeShown, Panic
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame

LINK = "https://192.168.178.120:8443/join?token=abcd-efgh-jkmn"


def frame_after(*commands: JoinCodeShown | Panic) -> Frame:
    entries = tuple(
        Entry(seq, 0, command, "console.1", name="Mei", role="operator")
        for seq, command in enumerate(commands)
    )
    return advance(opening(small()), Tick(FrameTime(1, 1, Timecode(0, 0, 0, 1)), entries))[1]


def test_the_link_is_added_while_the_code_is_shown() -> None:
    joining = Joining(lambda: AudienceVitals(join=LINK))
    asked = frame_after(JoinCodeShown("console", True))
    assert asked.join == "" and LINK.encode() not in encode(asked)  # what the take has
    assert joining.shown(asked).join == LINK
    removed = frame_after(JoinCodeShown("console", True), JoinCodeShown("console", False))
    for frame in (removed, frame_after()):
        assert frame.join is None and joining.shown(frame) is frame


def test_panic_shows_no_code() -> None:
    assert frame_after(JoinCodeShown("console", True), Panic("console", True)).join is None


def test_without_a_link_an_alarm_says_why() -> None:
    asked = frame_after(JoinCodeShown("console", True))
    for audience in (None, AudienceVitals()):
        shown = Joining(lambda audience=audience: audience).shown(asked)  # type: ignore[misc]
        assert shown.join == ""
        assert "without --tickets" in next(a.text for a in shown.alarms if a.code == "join_code")
