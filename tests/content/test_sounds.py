"""The sounds of our own stories: all there, none left over, right lengths, levels and edges."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.audio.mixing import CROSSFADE, mix_all
from xrdrama.story import Line
from xrdrama.story.model import SoundCall
from xrdrama.timing import NS
from xrdrama.wire.frame import Sound

RATE = 48_000
STORY, STORY_FILE = content.load_story_file("one_lantern_too_many")
FOLDER = content.sounds_folder(STORY_FILE)
LENGTHS = content.sound_lengths((FOLDER / "index.json").read_text("utf-8"))
LINES = sorted(name for name in LENGTHS if name.startswith("line/"))


def samples(name: str) -> np.ndarray:
    path = content.sound_file(FOLDER, name)
    assert path is not None, name
    return read_sound(path)


def rms(x: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(x**2)) + 1e-9))


def test_every_line_and_every_sound_of_the_story_is_there_and_nothing_else() -> None:
    items = [item for beat in STORY.order for item in beat.script]
    lines = {f"line/{item.id}" for item in items if isinstance(item, Line)}
    calls = {item.name for item in items if isinstance(item, SoundCall)}
    assert set(LENGTHS) == lines | calls | {"lane_night"}
    files = {p.relative_to(FOLDER).with_suffix("").as_posix() for p in FOLDER.rglob("*.ogg")}
    assert files == set(LENGTHS)


@pytest.mark.parametrize("name", sorted(LENGTHS))
def test_the_index_tells_the_length_that_is_decoded(name: str) -> None:
    assert len(samples(name)) / RATE == pytest.approx(LENGTHS[name] / NS, abs=0.001)


@pytest.mark.parametrize("name", LINES)
def test_lines_are_at_one_level_without_clipping_and_begin_and_end_in_silence(name: str) -> None:
    x = samples(name)
    loud = x[np.abs(x).max(axis=1) > 0.01]
    assert -28 < rms(loud) < -17
    assert np.abs(x).max() < 10 ** (-1 / 20)
    assert rms(x[:96]) < -50 and rms(x[-96:]) < -50
    assert abs(float(x.mean())) < 0.002


def test_a_line_lasts_as_long_as_its_sound() -> None:
    line = next(i for beat in STORY.order for i in beat.script if isinstance(i, Line))
    assert line.lasts == LENGTHS[f"line/{line.id}"]


def test_the_ambience_has_no_seam() -> None:
    length = len(samples("lane_night"))
    sound = Sound("lane_night", "ambience", 0, loop=True)
    mixed = mix_all([sound], samples, 2 * length)
    period = length - min(CROSSFADE, length // 3)
    levels = [rms(mixed[i : i + 4800]) for i in range(period - 24_000, period + 24_000, 4800)]
    # Gusts rise and fall; a seam is a step from one tenth of a second to the next.
    assert max(abs(b - a) for a, b in pairwise(levels)) < 4
    steps = np.abs(np.diff(mixed[:, 0]))
    assert steps[period - 50 : period + 50].max() <= steps.max()
    assert steps[period - 50 : period + 50].max() < 0.02


def test_the_folder_stays_small() -> None:
    sizes = {path: path.stat().st_size for path in Path(FOLDER).rglob("*.ogg")}
    spoken = [size for path, size in sizes.items() if path.parent.name == "line"]
    seconds = sum(LENGTHS[name] for name in LINES) / NS
    assert sum(sizes.values()) < 2_500_000
    assert sum(spoken) / seconds < 4_000  # bytes a second of speech
