"""Lines, voices and rooms: what the clips of this folder are made of (needs espeak-ng)."""

from __future__ import annotations

import io
import subprocess
from typing import NamedTuple
from zlib import crc32

import av
import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.voice.endpointing import RATE
from xrdrama.adapters.voice.sources import room_noise

Samples = NDArray[np.float32]

SPEECH_LEVEL = -26.0
"""dB of full scale, RMS over what is loud enough to be speech."""


class Voice(NamedTuple):
    """A voice of espeak-ng: its name, words a minute, pitch 0 to 99, further options."""

    name: str
    speed: int
    pitch: int
    options: tuple[str, ...] = ()


BAKED = {
    "tom": Voice("en-us", 150, 45),
    "ada": Voice("en-us+f2", 145, 50),
    "kit": Voice("en-gb+m3", 155, 50),
}
"""The three voices of the clips in this folder."""

JUDGED = {
    **BAKED,
    "may": Voice("en-gb-x-rp+f4", 145, 52),
    "ann": Voice("en-us+Annie", 150, 50),
    "sol": Voice("en-us+m7", 130, 42),
}
"""The six voices by which lines are measured."""

KOREAN = {"bora": Voice("ko+f2", 150, 48), "jin": Voice("ko+m3", 130, 48)}

VIEWER = Voice("en-us+Annie", 130, 42)
"""The most natural of 198 variants that were heard right three times out of three."""


def say(text: str, voice: Voice) -> Samples:
    """A line in a voice, 16 kHz mono, as loud as espeak-ng makes it."""
    command = ["espeak-ng", "-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch)]
    try:
        wav = subprocess.run(
            [*command, *voice.options, "--stdout", text], check=True, capture_output=True
        ).stdout
    except FileNotFoundError:
        raise SystemExit("espeak-ng is missing: apt-get install espeak-ng") from None
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(io.BytesIO(wav)) as container:
        frames = [*container.decode(audio=0), None]
        parts = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(parts)


def in_room(
    speech: Samples, snr: float, seed: int, *, before: float = 0.4, after: float = 0.6
) -> Samples:
    """Speech in a room whose noise is `snr` dB below it, with seconds of noise around it."""
    loud = speech[np.abs(speech) > np.abs(speech).max() * 0.05]
    gain = 10 ** (SPEECH_LEVEL / 20) / float(np.sqrt(np.mean(loud**2)))
    padded = np.pad(speech * np.float32(gain), (int(before * RATE), int(after * RATE)))
    noise = room_noise(len(padded), seed) * np.float32(10 ** ((SPEECH_LEVEL - snr) / 20))
    return np.asarray((padded + noise).clip(-1.0, 1.0), np.float32)


def seed_of(*parts: object) -> int:
    """A seed that depends on what a clip is and on nothing else."""
    return crc32(" ".join(map(str, parts)).encode())


def warmed(speech: Samples, *, seed: int) -> Samples:
    """Nearer and softer: less edge above 3 kHz, more chest, and the first 90 ms of a small room."""
    spectrum = np.fft.rfft(speech, len(speech) + RATE // 4)
    hertz = np.fft.rfftfreq(len(speech) + RATE // 4, 1.0 / RATE)
    edge = 1.0 / np.sqrt(1.0 + (hertz / 3800.0) ** 2)
    chest = 1.0 + 0.45 * np.exp(-(((hertz - 220.0) / 160.0) ** 2))
    softer = np.fft.irfft(spectrum * edge * chest)
    times = np.arange(int(0.09 * RATE)) / RATE
    echoes = room_noise(len(times), seed) * np.exp(-times / 0.025) * 0.035
    echoes[: int(0.007 * RATE)] = 0.0
    echoes[0] = 1.0
    return np.asarray(np.convolve(softer, echoes)[: len(softer)], np.float32)
