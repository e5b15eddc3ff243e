"""Drawing takes no more and more memory, however long a show runs."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from statistics import median

import msgspec
import pytest
from panda3d.core import RenderState, TransformState

from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import NS, FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import AnyEvent, Entry
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer  # one at a time, as those are: minutes of drawing

FPS = 24
SMALL = (96, 54)
SOAK_MINUTES = float(os.environ.get("SOAK_MINUTES", "20"))
MOST_KB_A_MINUTE = 1024.0
ONE_THREAD = {"LP_NUM_THREADS": "0"}
"""For Mesa's llvmpipe: rasterise in the thread that draws."""
MOST_STATES = 2000
"""A show with one set needs some hundred; before they were collected, each frame added ten."""


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return moving_frames()


def moving_frames() -> list[Frame]:
    """24 s of the demo's story, with a camera that never stands still and a fader that moves."""
    production = content.produce(content.load_show("lantern_demo"))
    show, found = opening(production), []
    for number in range(24 * FPS):
        at = FrameTime.of(number, production.rate)
        turned = production.stage.parked if production.stage else None
        assert turned is not None
        step = msgspec.structs.replace(turned.position, x=turned.position.x + number * 1e-3)
        pose = msgspec.structs.replace(turned, position=step)
        events: list[AnyEvent] = [
            TrackingSample("test", "1", at.shows_at - NS // 100, pose),
            ParamSet("director", "lantern_glow", (number % 97) / 97),
        ]
        entries = tuple(Entry(2 * number + i, at.shows_at - 1, e) for i, e in enumerate(events))
        show, frame = advance(show, Tick(at, entries if number else ()))
        found.append(frame)
    return found


@pytest.fixture
def pictures() -> Iterator[StagePictures]:
    made = small_pictures()
    yield made
    made.close()


def small_pictures() -> StagePictures:
    """The stage in pictures so small that drawing them costs little."""
    loaded = content.load_show("lantern_demo")
    production = content.produce(loaded)
    stage = production.stage
    assert stage is not None
    outer = msgspec.structs.replace(stage.outer, density=2.0)
    stage = msgspec.structs.replace(stage.with_pictures(SMALL), outer=outer)
    return stage_pictures(loaded, msgspec.structs.replace(production, stage=stage), quality="draft")


def anonymous_kb() -> int:
    """Memory of this process that is not mapped from a file, kilobytes."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1])
    raise AssertionError("this kernel does not report Pss_Anon")


class _Mallinfo(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


def in_use_kb() -> float:
    """Memory that is allocated and not freed, whatever the heap keeps in reserve beside it."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = _Mallinfo
    found = libc.mallinfo2()
    return float(found.uordblks + found.hblkhd) / 1024


def kb_a_frame(samples: list[tuple[int, float]]) -> float:
    """The median of all slopes between two samples (Theil and Sen): single steps do not count."""
    return median(
        (b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(samples) for b in samples[i + 1 :]
    )


def drawn(
    pictures: StagePictures,
    frames: list[Frame],
    count: int,
    every: int,
    beside: Callable[[], None] = lambda: None,
    *,
    kilobytes: Callable[[], float] = anonymous_kb,
) -> list[tuple[int, float]]:
    """Frames drawn and kilobytes, after every `every` frames."""
    samples: list[tuple[int, float]] = []
    for number, frame in zip(range(count), cycle(frames), strict=False):
        pictures.present(frame)
        beside()
        if number % every == every - 1:
            gc.collect()
            samples.append((number, kilobytes()))
    return samples


def test_drawing_keeps_no_states_of_frames_that_are_gone(
    pictures: StagePictures, frames: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = frames[::24]
    drawn(pictures, some, len(some), len(some))
    first = RenderState.get_num_states() + TransformState.get_num_states()
    drawn(pictures, some, 2 * len(some), len(some))
    then = RenderState.get_num_states() + TransformState.get_num_states()
    assert then <= first + 50
    assert then < MOST_STATES
    # The negative control: as it was before they were collected.
    monkeypatch.setattr("xrdrama.adapters.panda.graphics.collect_states", lambda: None)
    drawn(pictures, some, 2 * len(some), len(some))
    kept = RenderState.get_num_states() + TransformState.get_num_states()
    assert kept > then + 5 * len(some)


def measured() -> dict[str, float]:
    """Kilobytes a frame that drawing keeps, and the same with 4 kB a frame kept on purpose.

    To be called with `ONE_THREAD`: with threads, llvmpipe keeps as many scenes of some megabytes as
    were ever under way at once, so a busy machine seems to leak.
    """
    pictures, some = small_pictures(), moving_frames()[::96]
    loop = len(some)
    drawn(pictures, some, 8 * loop, loop)
    plain = kb_a_frame(drawn(pictures, some, 40 * loop, loop, kilobytes=in_use_kb))
    kept: list[bytes] = []
    planted = drawn(
        pictures, some, 20 * loop, loop, lambda: kept.append(os.urandom(4096)), kilobytes=in_use_kb
    )
    pictures.close()
    return {"plain": plain, "planted": kb_a_frame(planted)}


def test_memory_does_not_grow_with_the_frames_that_are_drawn() -> None:
    """In a process of its own: what other tests leave to be freed is more than what is measured."""
    code = (
        "import json; from tests.adapters.panda.test_memory import measured;"
        "print(json.dumps(measured()))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, **ONE_THREAD},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["plain"] * FPS * 60 < MOST_KB_A_MINUTE, found
    assert found["planted"] * FPS * 60 > 4 * MOST_KB_A_MINUTE, found  # the negative control


@pytest.mark.soak
def test_twenty_minutes_of_drawing_take_less_than_a_megabyte_a_minute(
    pictures: StagePictures, frames: list[Frame]
) -> None:
    """As many frames as 20 minutes at 24 a second have, or as 20 minutes suffice for."""
    drawn(pictures, frames, len(frames), len(frames))
    samples: list[tuple[int, float]] = []
    ends, number = time.monotonic() + SOAK_MINUTES * 60, 0
    while time.monotonic() < ends and number < SOAK_MINUTES * 60 * FPS:
        part = drawn(pictures, frames[number % len(frames) :] + frames, 96, 96)
        number += 96
        samples.append((number, part[0][1]))
    slope = kb_a_frame(samples)
    figures = (
        f"{number} frames, {slope * 1024:.0f} bytes a frame, {slope * FPS * 60:.0f} kB a minute"
    )
    sys.stderr.write(figures + "\n")
    assert slope * FPS * 60 < MOST_KB_A_MINUTE
