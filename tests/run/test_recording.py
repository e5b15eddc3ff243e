"""Alarms about the take: in the frames that are shown, not in the value that is hashed."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.adapters.journal.test_journal import HEADER, pressed
from tests.waiting import wait_until
from xrdrama.adapters.journal import Journal
from xrdrama.run.take.recording import RecordingWatch
from xrdrama.tools.schemas import golden_messages
from xrdrama.wire.frame import Frame, frame_hash

FRAME: Frame = golden_messages()["frame"]


def test_frame_has_the_alarm_first_and_the_terminal_one_notice(tmp_path: Path) -> None:
    path = tmp_path / "night.take"
    journal = Journal.begin(path, HEADER)
    noticed: list[str] = []
    watch = RecordingWatch(journal, noticed.append)
    assert watch.shown(FRAME) is FRAME and noticed == []
    journal.append(0, pressed(0))
    path.unlink()
    wait_until(lambda: path.exists() and len(journal.troubles()) == 1)
    wait_until(lambda: "written again to" in journal.troubles()[0].text)
    for number in range(3):
        time = replace(FRAME.time, number=FRAME.number + number)
        shown = watch.shown(replace(FRAME, time=time))
        assert [alarm.code for alarm in shown.alarms] == ["take_gone", "tracking_held"]
        assert shown.alarms[0].since == FRAME.time.shows_at
    assert len(noticed) == 1 and "was deleted" in noticed[0]
    assert frame_hash(replace(shown, alarms=FRAME.alarms, time=FRAME.time)) == frame_hash(FRAME)
    journal.close()
