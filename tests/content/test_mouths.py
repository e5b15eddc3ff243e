"""The mouth tracks of our own story fit its audio: when vowels sound the jaw is open, and the
hiss of sibilants is where the track says."""

from __future__ import annotations

from functools import cache

import numpy as np

from xrdrama import content
from xrdrama.adapters.audio.files import read_sound
from xrdrama.performer.mouth import Mouths, MouthTrack, mouth_at, parse_mouths, segments, shapes_of
from xrdrama.performer.mouth.visemes import VOWELS

RATE, HOP = 48_000, 480
STORY = content.find("story", "one_lantern_too_many")
FOLDER = content.sounds_folder(STORY)
NS = 1_000_000_000


@cache
def tracks() -> Mouths:
    file = content.mouths_file(STORY)
    assert file is not None
    mouths, problems = parse_mouths(content.read_text(file), str(file))
    assert mouths is not None, problems
    return mouths


@cache
def samples(line: str) -> np.ndarray:
    path = content.sound_file(FOLDER, f"line/{line}")
    assert path is not None
    return read_sound(path)[:, 0]


def band(line: str, low: float, high: float) -> np.ndarray:
    """Log energy of a band every 10 ms, mean 0."""
    x = np.pad(samples(line), (HOP, HOP))
    frames = np.lib.stride_tricks.sliding_window_view(x, 2 * HOP)[::HOP] * np.hanning(2 * HOP)
    hertz = np.fft.rfftfreq(2 * HOP, 1 / RATE)
    power = (np.abs(np.fft.rfft(frames)) ** 2)[:, (hertz > low) & (hertz < high)].sum(axis=1)
    level = np.log(power + 1e-6 * power.max())
    return level - level.mean()


def loudness(line: str) -> np.ndarray:
    """0 to 1 over the uppermost 30 dB, every 10 ms."""
    x = samples(line)
    blocks = x[: len(x) // HOP * HOP].reshape(-1, HOP)
    decibels = 20 * np.log10(np.sqrt((blocks**2).mean(axis=1)) + 1e-6)
    return np.clip((decibels - decibels.max() + 30) / 30, 0, 1)


def jaw(track: MouthTrack, count: int, late_ms: int = 0) -> np.ndarray:
    times = ((i * 10 + 5 - late_ms) * 1_000_000 for i in range(count))
    return np.array([shapes_of(mouth_at(track, at)).get("jawOpen", 0.0) for at in times])


def during(track: MouthTrack, visemes: frozenset[str], count: int) -> np.ndarray:
    """1 while one of the visemes is spoken, every 10 ms, mean 0."""
    found = np.zeros(count)
    for one in segments(track):
        if one.viseme in visemes:
            found[one.start // 10_000_000 : one.end // 10_000_000] = 1.0
    return found - found.mean()


def lag_ms(first: np.ndarray, second: np.ndarray) -> tuple[int, float]:
    """How much later the second is, and how well they agree then."""
    found = {
        lag: float(np.corrcoef(first[30:-30], np.roll(second, -lag)[30:-30])[0, 1])
        for lag in range(-30, 31)
    }
    best = max(found, key=found.__getitem__)
    return best * 10, found[best]


def test_every_line_has_a_track_that_was_made_for_its_audio() -> None:
    story, _ = content.load_story_file(str(STORY))
    lines = content.line_lengths(STORY)
    assert set(tracks().lines) == set(lines)
    for line, track in tracks().lines.items():
        path = content.sound_file(FOLDER, f"line/{line}")
        assert path is not None and content.audio_hash(path) == track.audio
        assert track.source == "synthesised" and track.phones[-1].end <= lines[line]
    assert tracks().language == story.language and "hibari" in tracks().voice


def test_the_jaw_opens_with_the_sound_of_its_own_line_and_not_with_another() -> None:
    lines = sorted(tracks().lines)
    own, other = [], []
    for number, line in enumerate(lines):
        track = tracks().track(line)
        assert track is not None
        heard, wrong = loudness(line), loudness(lines[(number + 5) % len(lines)])
        opened = jaw(track, max(len(heard), len(wrong)))
        own.append(np.corrcoef(opened[: len(heard)], heard)[0, 1])
        other.append(np.corrcoef(opened[: len(wrong)], wrong)[0, 1])
    assert np.median(own) > 0.55, np.median(own)
    assert np.median(other) < 0.3, np.median(other)


def test_vowels_and_sibilants_are_heard_when_the_track_says() -> None:
    for visemes, low, high in ((VOWELS, 150, 900), (frozenset(("SS", "CH")), 4500, 20_000)):
        heard, spoken, late = [], [], []
        for line in sorted(tracks().lines):
            track = tracks().track(line)
            assert track is not None
            level = band(line, low, high)
            when = during(track, visemes, len(level))
            heard.append(level)
            spoken.append(when)
            late.append(np.roll(when, 20))
        lag, likeness = lag_ms(np.concatenate(heard), np.concatenate(spoken))
        assert abs(lag) <= 40, lag
        assert likeness > 0.35
        # The control: a track that is 200 ms late is reported as that.
        shifted, _ = lag_ms(np.concatenate(heard), np.concatenate(late))
        assert abs(shifted - lag - 200) <= 10


def test_lips_are_closed_at_every_p_b_and_m() -> None:
    closed = total = 0
    for line in tracks().lines:
        track = tracks().track(line)
        assert track is not None
        widest = max(jaw(track, track.lasts // 10_000_000))
        for phone in track.phones:
            if phone.name in ("p", "b", "m"):
                opened = shapes_of(mouth_at(track, (phone.start + phone.end) // 2))
                total += 1
                closed += opened.get("jawOpen", 0.0) <= 0.05 * widest
    assert total > 40 and closed / total >= 0.95
