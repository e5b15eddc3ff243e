"""Where do samples come from? Files, schedules of clips and microphones, as 16 kHz mono blocks."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

import numpy as np

from xrdrama.adapters.voice.endpointing import RATE, Samples
from xrdrama.errors import DeviceError
from xrdrama.timing import NS

BLOCK: Final = 320
"""Samples a block: 20 ms."""
BLOCK_NS: Final = BLOCK * NS // RATE
TAIL: Final = 3 * NS // 2
"""How long a schedule goes on after its last clip, so that its end is heard."""
LONGEST_CLIP: Final = 120 * RATE
"""A clip of a schedule is kept in memory; anything longer is a file to be played."""

_ROOM_LEVEL = 10 ** (-50 / 20)
_ROOM_SAMPLES = 1 << 17
_SECONDS_WITHOUT_SOUND = 5.0


class Source(Protocol):
    """Blocks of float32 samples with the time of their first one, in ns."""

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """Until it ends; DeviceError when it breaks off."""

    def close(self) -> None:
        """Let files and devices go."""


class AudioFile:
    """A sound file, or the sound of a film, that starts at nanosecond `at` of the show."""

    def __init__(self, path: Path, *, at: int = 0) -> None:
        """DeviceError when the file cannot be read or holds no sound."""
        self.path = path
        self.at = at
        with closing(_decoded(path)) as parts:
            has_sound = next(parts, None) is not None
        if not has_sound:
            raise DeviceError(f"{path} holds no sound", "name a file with an audio track")

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """The file in blocks of 20 ms (the last one shorter); DeviceError where it breaks off."""
        yield from _timed(_decoded(self.path), self.at)

    def close(self) -> None:
        """Nothing is held open between blocks."""


class Schedule:
    """Clips at times of the show over low room noise, from nanosecond 0 until the last is over.

    The noise depends on `seed` alone. Clips that overlap are heard together.
    """

    def __init__(self, clips: Sequence[tuple[Path, int]], *, seed: int = 0) -> None:
        """DeviceError when a clip cannot be read, holds no sound or is very long."""
        self._clips = [(at * RATE // NS, clip_samples(path)) for path, at in clips]
        self._room = room_noise(_ROOM_SAMPLES, seed) * np.float32(_ROOM_LEVEL)
        ends = [first + len(samples) for first, samples in self._clips]
        self._length = max(ends, default=0) + TAIL * RATE // NS

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """The mix in blocks of 20 ms."""
        for first in range(0, self._length, BLOCK):
            mixed = self._room.take(range(first, first + BLOCK), mode="wrap")
            for start, samples in self._clips:
                low, high = max(first, start), min(first + BLOCK, start + len(samples))
                if low < high:
                    mixed[low - first : high - first] += samples[low - start : high - start]
            yield first * NS // RATE, mixed.clip(-1.0, 1.0)

    def close(self) -> None:
        """Nothing is held open."""


class Microphone:
    """A microphone, by the name or number that sounddevice gives it; `default` is the system's.

    Its times are those of this machine's monotonic clock.
    """

    _stream: Any = None

    def __init__(self, device: str | int = "default") -> None:
        """DeviceError when PortAudio or the device is missing, or cannot record 16 kHz mono."""
        try:
            import sounddevice
        except (ImportError, OSError) as error:
            raise DeviceError(
                f"microphones cannot be used: {error}",
                "pip install 'xrdrama[voice]' and apt-get install libportaudio2",
            ) from error
        numbered = isinstance(device, str) and device.isdecimal()
        self._device = None if device == "default" else int(device) if numbered else device
        self._sounddevice: Any = sounddevice
        try:
            sounddevice.check_input_settings(self._device, channels=1, samplerate=RATE)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceError(
                f"the microphone {device!r} cannot record 16 kHz mono: {error}",
                "python -m sounddevice lists the devices of this machine",
            ) from error

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """What is recorded, without end; DeviceError when no sound comes any more."""
        heard: SimpleQueue[tuple[int, Samples]] = SimpleQueue()

        def take(block: Samples, *_: object) -> None:
            heard.put((time.monotonic_ns() - len(block) * NS // RATE, block[:, 0].copy()))

        try:
            self._stream = self._sounddevice.InputStream(
                RATE, BLOCK, self._device, 1, "float32", callback=take
            )
            self._stream.start()
        except self._sounddevice.PortAudioError as error:
            raise DeviceError(f"the microphone does not start: {error}", "is it in use?") from error
        while True:
            try:
                yield heard.get(timeout=_SECONDS_WITHOUT_SOUND)
            except Empty:
                raise DeviceError("the microphone fell silent", "is it still plugged in?") from None

    def close(self) -> None:
        """Stop recording."""
        if self._stream is not None:
            self._stream.close()


def clip_samples(path: Path) -> Samples:
    """A whole clip as float32 samples at 16 kHz mono; DeviceError when it is none."""
    parts: list[Samples] = []
    for part in _decoded(path):
        parts.append(part)
        if sum(map(len, parts)) > LONGEST_CLIP:
            raise DeviceError(
                f"{path} is longer than two minutes", "cut it, or play it with file instead"
            )
    if not parts:
        raise DeviceError(f"{path} holds no sound", "name a file with an audio track")
    return np.concatenate(parts)


def room_noise(samples: int, seed: int) -> Samples:
    """Noise like an empty room's, falling 3 dB an octave, RMS 1; it can be played round and round.

    Made from raw generator bits, which numpy keeps the same between versions.
    """
    bits = np.random.PCG64(seed).random_raw(samples)
    white = (bits >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0
    frequencies = np.fft.rfftfreq(samples, 1.0 / RATE)
    shape = np.where(frequencies < 60.0, 0.0, 1.0 / np.sqrt(np.maximum(frequencies, 60.0)))
    noise = np.fft.irfft(np.fft.rfft(white) * shape, samples)
    level = float(np.sqrt(np.mean(noise * noise)))
    return np.asarray(noise / level, np.float32)


def _timed(parts: Iterator[Samples], at: int) -> Iterator[tuple[int, Samples]]:
    """Parts of any length as blocks with their times."""
    rest: Samples = np.zeros(0, np.float32)
    first = 0
    for part in parts:
        rest = np.concatenate((rest, part))
        while len(rest) >= BLOCK:
            yield at + first * NS // RATE, rest[:BLOCK]
            first, rest = first + BLOCK, rest[BLOCK:]
    if len(rest):
        yield at + first * NS // RATE, rest


def _decoded(path: Path) -> Generator[Samples]:
    """The first audio track of a file as 16 kHz mono, part by part."""
    try:
        import av
    except ImportError as error:
        raise DeviceError(
            f"{path} cannot be read: {error}", "pip install 'xrdrama[voice]'"
        ) from error
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return
            for frame in container.decode(audio=0):
                for resampled in resampler.resample(frame):
                    yield resampled.to_ndarray()[0].copy()
            for resampled in resampler.resample(None):
                yield resampled.to_ndarray()[0].copy()
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DeviceError(
            f"{path} cannot be read as sound: {getattr(error, 'strerror', None) or error}",
            "is it there, and a file that ffmpeg plays?",
        ) from error
