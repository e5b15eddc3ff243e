"""Sound files are heard from their own time 0: late starts and gaps are silence."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from xrdrama.adapters.audio.files import SAMPLE_RATE, read_sound
from xrdrama.errors import DeviceError

BLOCK = 960


def written(path: Path, kind: str, codec: str, starts: list[float]) -> Path:
    """A tone of half a second at each of the `starts`, in seconds."""
    with av.open(str(path), "w", format=kind) as file:
        stream = file.add_stream(codec, rate=SAMPLE_RATE, layout="stereo")
        for start in starts:
            for n in range(25):
                tone = np.full((1, BLOCK * 2), 8000, np.int16)
                frame = av.AudioFrame.from_ndarray(tone, "s16", "stereo")
                frame.sample_rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
                frame.pts = round(start * SAMPLE_RATE) + n * BLOCK
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def loud_from(path: Path) -> list[float]:
    """The seconds at which it gets loud."""
    loud = np.abs(read_sound(path)).max(axis=1) > 0.1
    return [round(float(n) / SAMPLE_RATE, 2) for n in np.flatnonzero(np.diff(loud, prepend=False))]


def test_a_sound_that_starts_at_0_is_heard_at_0(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", "matroska", "pcm_s16le", [0.0])
    assert loud_from(path) == [0.0] and len(read_sound(path)) == 24_000


def test_a_sound_that_starts_late_is_heard_late(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ogg", "matroska", "pcm_s16le", [1.5])
    assert loud_from(path) == [1.5] and len(read_sound(path)) == 96_000


def test_a_gap_is_silence(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ogg", "matroska", "pcm_s16le", [0.0, 2.0])
    assert loud_from(path) == [0.0, 0.5, 2.0]


def test_empty_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.ogg").write_bytes(b"")
    with pytest.raises(DeviceError, match="cannot be decoded"):
        read_sound(tmp_path / "empty.ogg")
    with wave.open(str(tmp_path / "none.wav"), "wb") as file:
        file.setparams((2, 2, SAMPLE_RATE, 0, "NONE", ""))
    with pytest.raises(DeviceError, match=r"is empty|cannot be decoded"):
        read_sound(tmp_path / "none.wav")
