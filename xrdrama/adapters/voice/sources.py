"""Sources of samples: files, schedules of clips and microphones, as 16 kHz mono blocks."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

import msgspec
import numpy as np

from xrdrama.adapters.voice.endpointing import RATE, Samples
from xrdrama.errors import DeviceError
from xrdrama.timing import NS

BLOCK: Final = 320
"""Samples per block: 20 ms."""
BLOCK_NS: Final = BLOCK * NS // RATE
TAIL: Final = 3 * NS // 2
"""How long a schedule continues after its last clip, so that the end of speech is found, ns."""
LONGEST_CLIP: Final = 120 * RATE
"""Most samples of a clip, which is kept in memory; a longer sound must be played as a file."""

CHECKED: Final = 60.0
"""Seconds of a file in which its channels are checked for cancelling each other."""
CANCELLED: Final = 0.25
"""A mix 12 dB below its louder channel is cancelled; with one silent channel it is at -6 dB."""
LEAST_GAP: Final = RATE // 25
"""The shortest gap of timestamps, samples (40 ms): smaller ones are rounding errors."""
LONGEST_GAP: Final = 60.0
"""Seconds; a longer gap is a wrong timestamp."""
LATEST_START: Final = 30.0
"""Seconds; a file whose first track starts later was cut out of a longer recording."""

_ROOM_LEVEL = 10 ** (-50 / 20)
_ROOM_SAMPLES = 1 << 17
_SECONDS_WITHOUT_SOUND = 5.0


class Source(Protocol):
    """Blocks of float32 samples with the time of their first one, in ns."""

    notes: tuple[str, ...]
    """Notices for a person."""

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """All blocks; DeviceError if the source fails before its end."""

    def close(self) -> None:
        """Close files and devices."""


class AudioFile:
    """A sound file, or the sound of a film, that starts at nanosecond `at` of the show."""

    def __init__(self, path: Path, *, at: int = 0) -> None:
        """DeviceError if the file cannot be read or has no audio."""
        self.path = path
        self.at = at
        self._track = _heard(path)
        self.notes: tuple[str, ...] = (self._track.note,) if self._track.note else ()

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        """The file in blocks of 20 ms (the last one shorter); DeviceError if it is truncated."""
        yield from _timed(_decoded(self.path, self._track), self.at)

    def close(self) -> None:
        """Nothing is held open between blocks."""


class Schedule:
    """Clips at times of the show over low room noise, from nanosecond 0 until the last is over.

    The noise depends on `seed` alone. Clips that overlap are heard together.
    """

    def __init__(self, clips: Sequence[tuple[Path, int]], *, seed: int = 0) -> None:
        """DeviceError if a clip cannot be read, has no audio or is too long."""
        tracks = {path: _heard(path) for path, _ in clips}
        self.notes = tuple(track.note for track in tracks.values() if track.note)
        self._clips = [(at * RATE // NS, clip_samples(path, tracks[path])) for path, at in clips]
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


def microphones() -> list[str]:
    """The names of the devices that can record. ImportError or OSError without PortAudio."""
    import sounddevice

    return [d["name"] for d in sounddevice.query_devices() if d["max_input_channels"] > 0]


class Microphone:
    """A microphone, by the name or number that sounddevice gives it; `default` is the system's.

    Its times are those of this machine's monotonic clock.
    """

    _stream: Any = None
    notes: tuple[str, ...] = ()

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
            raise DeviceError(
                f"the microphone cannot be started: {error}", "close other programs that use it"
            ) from error
        while True:
            try:
                yield heard.get(timeout=_SECONDS_WITHOUT_SOUND)
            except Empty:
                raise DeviceError(
                    "the microphone stopped sending sound", "check that it is connected"
                ) from None

    def close(self) -> None:
        """Stop recording."""
        if self._stream is not None:
            self._stream.close()


def _heard(path: Path) -> Track:
    track = track_of(path)
    if track is None:
        raise DeviceError(f"{path} has no audio track", "write a file with an audio track")
    return track


def clip_samples(path: Path, track: Track | None = None) -> Samples:
    """A whole clip as float32 samples at 16 kHz mono; DeviceError if it cannot be read."""
    parts: list[Samples] = []
    for part in _decoded(path, track or _heard(path)):
        parts.append(part)
        if sum(map(len, parts)) > LONGEST_CLIP:
            raise DeviceError(
                f"{path} is longer than two minutes", "cut it, or use file: instead of clips:"
            )
    if not parts:
        raise DeviceError(f"{path} has no audio track", "write a file with an audio track")
    return np.concatenate(parts)


def room_noise(samples: int, seed: int) -> Samples:
    """Noise like an empty room's: -3 dB per octave, RMS 1; it can be played in a loop.

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


class Track(msgspec.Struct, frozen=True):
    """How the first audio track of a file is read: its channel, from 0, or None for the mean of
    all;
    and a notice for a person."""

    channel: int | None = None
    note: str = ""


def track_of(path: Path) -> Track | None:
    """How to read the first audio track of a file, by its first minute; None without a track.

    Channels with opposite polarity (a microphone that is wired wrongly) cancel each other when they
    are mixed, so the louder one is used instead. DeviceError as in `_decoded`.
    """
    energy = np.zeros(3)
    heard = False
    try:
        for _, pair in _frames(path, "stereo", until=CHECKED):
            heard = True
            mean = (pair[0] + pair[1]) / 2
            energy += [float(np.dot(one, one)) for one in (pair[0], pair[1], mean)]
    except DeviceError:
        if not heard:  # else it is truncated, which `blocks` reports
            raise
    if not heard:
        return None
    left, right, mixed = energy
    if mixed >= CANCELLED**2 * max(left, right) or max(left, right) == 0.0:
        return Track()
    channel = 0 if left >= right else 1
    name = "left" if channel == 0 else "right"
    return Track(
        channel,
        f"the channels of {path.name} cancel each other, so only the {name} one is used; "
        "record it again in mono, or invert one channel",
    )


def _decoded(path: Path, track: Track) -> Generator[Samples]:
    """The first audio track of a file as 16 kHz mono from the file's own time 0, part by part.

    Where the track starts late or has a gap, there is silence; what is before 0 is left out.
    """
    layout = "mono" if track.channel is None else "stereo"
    position: int | None = None
    for start, part in _frames(path, layout):
        at = 0 if start is None else round(start * RATE)
        if position is None:
            position = min(at, 0)
        while position < at:
            silence = min(at - position, RATE)
            yield np.zeros(silence, np.float32)
            position += silence
        samples = part[track.channel or 0]
        early = min(len(samples), max(0, -position))
        position += len(samples)
        if early < len(samples):
            yield samples[early:].copy()


def _frames(
    path: Path, layout: str, *, until: float = float("inf")
) -> Generator[tuple[float | None, Samples]]:
    """The first audio track as float32 (channels, n) at 16 kHz. Each part has the second at which
    it starts if the file's timestamps do not continue from the part before, else None."""
    try:
        import av
    except ImportError as error:
        raise DeviceError(
            f"{path} cannot be read: {error}", "pip install 'xrdrama[voice]'"
        ) from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return
            zero = _zero(container.format.name, container.start_time)
            yield from _resampled(container.decode(audio=0), zero, layout, until)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DeviceError(
            f"{path} cannot be read as audio: {getattr(error, 'strerror', None) or error}",
            "check that it exists and that ffmpeg can play it",
        ) from error


def _resampled(
    frames: Iterable[Any], zero: float, layout: str, until: float
) -> Generator[tuple[float | None, Samples]]:
    import av

    resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
    start: float | None = None
    expected: float | None = None
    for frame in frames:
        at = None if frame.time is None else frame.time - zero
        if expected is None:
            start, expected = at or 0.0, at or 0.0
        elif at is not None and LEAST_GAP / RATE <= at - expected <= LONGEST_GAP:
            for part in resampler.resample(None):
                yield start, np.asarray(part.to_ndarray(), np.float32)
                start = None
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
            start, expected = at, at
        expected += frame.samples / frame.sample_rate
        for part in resampler.resample(frame):
            yield start, np.asarray(part.to_ndarray(), np.float32)
            start = None
        if expected > until:
            return
    for part in resampler.resample(None):
        yield start, np.asarray(part.to_ndarray(), np.float32)
        start = None


def _zero(container: str, start: int | None) -> float:
    """The timestamp of a file's beginning, seconds.

    MP4 and Matroska count from 0, and a track may start later. Others (MPEG-TS) count from
    anywhere, as does what was cut out of a long recording: there it is the first timestamp.
    """
    first = (start or 0) / 1_000_000
    counts_from_0 = any(name in ("mp4", "matroska") for name in container.split(","))
    return 0.0 if counts_from_0 and first <= LATEST_START else first
