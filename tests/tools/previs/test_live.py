"""The live camera's picture: a video at its times, its end, a damaged file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from xrdrama.adapters.video.files import VideoWriter
from xrdrama.errors import DeviceError, UsageError
from xrdrama.timing import NS, FrameRate
from xrdrama.tools.previs.live import open_live


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Eight frames at 10 per second, each brighter than the one before."""
    path = tmp_path / "live.mp4"
    with VideoWriter(path, (64, 48), FrameRate(10)) as writer:
        for number in range(8):
            writer.write(np.full((48, 64, 3), 20 + 25 * number, np.uint8))
    return path


def test_pictures_are_those_that_are_due(video: Path) -> None:
    live = open_live(f"file:{video}")
    levels = []
    for at in (0, 100, 160, 300, 700):
        picture = live.at(at * NS // 1000)
        assert picture is not None
        levels.append(round(float(picture.mean() - 20) / 25))
    assert levels == [0, 1, 1, 3, 7] and live.fault == ""
    last = live.at(3 * NS)
    assert last is not None and "ended at 0.80 s" in live.fault, "its last picture stays"
    live.restart()
    first = live.at(0)
    assert first is not None and first.mean() < 40 and live.fault == ""
    live.close()


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no video", "utf-8")
    for source in (str(text), f"file:{tmp_path / 'nothing.mp4'}", "camera:97"):
        with pytest.raises(DeviceError):
            open_live(source)
    for source in ("camera:front", "file:"):
        with pytest.raises(UsageError):
            open_live(source)
