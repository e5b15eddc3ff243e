"""What the frame of a cut costs, against the median of the 48 frames before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

from xrdrama import content
from xrdrama.scene.parse import parse_scene
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.story import Story, parse_story
from xrdrama.timing import FrameTime
from xrdrama.tools.bench.advance import SHOW
from xrdrama.tools.bench.comparing import BenchResult
from xrdrama.wire.frame import Frame

BEFORE: Final = 48
"""Frames before a cut, whose median is the reference."""
AFTER: Final = 2
"""Frames from a cut on that are measured, the cut itself among them."""
PASSES: Final = 3
"""How often the same frames are drawn; the median of the passes counts for each frame."""
DEAREST: Final = 1.5
_SETS: Final = ("lantern_street", "tea_room", "ridge_road")
_STORY: Final = """\
xrdrama: 1
id: cuts
title: Cuts between our sets
beats:
  a: {scene: lantern_street, script: "@wait 2s", next: b}
  b: {scene: tea_room, script: "@wait 2s", next: c}
  c: {scene: ridge_road, script: "@wait 2s", next: d}
  d: {scene: lantern_street, script: "@wait 2s", next: e}
  e: {scene: ridge_road, script: "@wait 2s", next: f}
  f: {scene: tea_room, script: "@wait 2s", next: g}
  g: {scene: lantern_street, script: "@wait 1s", ending: done}
"""


def bench_cuts() -> list[BenchResult]:
    """CPU time of the dearest frame at each cut between our sets, on the stage of the demo."""
    from xrdrama.run.outputs.outputs import Outputs
    from xrdrama.run.outputs.pictures import stage_pictures
    from xrdrama.run.outputs.warming import WarmUp

    loaded = content.load_show(SHOW)
    production = _with_all_sets(content.produce(loaded))
    frames = _frames(production)
    cuts = [later.number for frame, later in pairwise(frames) if frame.scene != later.scene]
    # Reading a picture back ends with all drawing of its frame done, and not in the next one.
    pictures = stage_pictures(loaded, production, quality="draft", lens_sink=lambda picture: None)
    try:
        WarmUp(Outputs.of(pictures)).run(production, threading.Event())
        passes = [_costs(frames, pictures.present) for _ in range(PASSES)]
    finally:
        pictures.close()
    costs = [median(each) for each in zip(*passes, strict=True)]
    return [_result(cut, frames, costs) for cut in cuts]


def _with_all_sets(production: Production) -> Production:
    scenes = {}
    for name in _SETS:
        file = content.find("scene", name)
        scene, _ = parse_scene(content.read_text(file), str(file))
        assert scene is not None
        scenes[name] = scene
    story, problems, *_ = parse_story(_STORY, "cuts.branch.yaml")
    assert isinstance(story, Story), problems
    return msgspec.structs.replace(
        production, story=story, scenes=scenes, look="", ambience="", looks=(), offers={},
        strings={"en": story.texts()}, languages=("en",), start="", start_values={},
    )  # fmt: skip


def _frames(production: Production) -> list[Frame]:
    show, made = opening(production), []
    count = production.rate.frame_at(12_000_000_000) + AFTER + 1
    for number in range(count):
        time_ = FrameTime.of(number, production.rate)
        show, frame = advance(show, Tick(time_, ()))
        made.append(frame)
    return made


def _costs(frames: list[Frame], present: Callable[[Frame], None]) -> list[float]:
    """CPU microseconds of each frame."""
    found = []
    for frame in frames:
        began = time.process_time()
        present(frame)
        found.append((time.process_time() - began) * 1e6)
    return found


def _result(cut: int, frames: list[Frame], costs: list[float]) -> BenchResult:
    before = median(costs[max(0, cut - BEFORE) : cut])
    dearest = max(costs[cut : cut + AFTER])
    ratio = dearest / before
    name = f"cut_{frames[cut - 1].scene}_to_{frames[cut].scene}"
    return BenchResult(name, dearest, "us", before, round(ratio, 4), DEAREST, ratio <= DEAREST)
