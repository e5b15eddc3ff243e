"""`xrdrama bench`: each figure is a ratio against a reference in the same run.

A and B are interleaved, CPU time is taken, and medians of 30 pairs or more are compared, so a busy
machine slows both. Absolute times are printed as information; gates are ratios.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

from xrdrama import content
from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.production import outer_views
from xrdrama.spatial import Pose, Quat, Vec3, settle
from xrdrama.stage import Stage, Wall, load_stage
from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.moves import load_move
from xrdrama.wire.codec import decode_frame, encode
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame, Light, OpenChoice, OpenOption, Projection, Tracked, View

PAIRS = 40
CHILDREN = 20
"""Pairs of new processes."""
SHOW = "lantern_demo"
FOUR_WALLS = """
xrdrama: 1
id: four
canvas: [4096, 2048]
eye_point: [0, -1.5, 1.6]
walls:
  front: {shape: flat, width: 8, height: 4, centre: [0, 5, 2], pixels: [2048, 1024]}
  left: {shape: flat, width: 6, height: 4, centre: [-4, 2, 2], pan: 90, pixels: [1024, 1024], at: [2048, 0]}
  right: {shape: flat, width: 6, height: 4, centre: [4, 2, 2], pan: -90, pixels: [1024, 1024], at: [3072, 0]}
  ceiling: {shape: flat, width: 8, height: 6, centre: [0, 2, 4.1], tilt: 90, pixels: [1024, 1024], at: [0, 1024]}
camera: {focal_mm: 38, sensor_mm: [36, 20.25]}
"""  # noqa: E501


class BenchResult(msgspec.Struct, frozen=True):
    """One figure: what was measured, against what, and the goal of the ratio."""

    name: str
    value: float
    unit: str
    reference: float
    ratio: float
    goal: float
    passed: bool = msgspec.field(name="pass")


def run_benches(names: list[str]) -> list[BenchResult]:
    """Run some benchmarks, or all; UsageError for one that there is not."""
    for name in names:
        if name not in BENCHES:
            raise UsageError(f"there is no benchmark {name!r}", suggestion(name, BENCHES))
    found: list[BenchResult] = []
    for name in names or list(BENCHES):
        found += BENCHES[name]()
    return found


def compared(
    name: str, a: Callable[[], object], b: Callable[[], object], *, goal: float, pairs: int = PAIRS
) -> BenchResult:
    """The CPU time of `a` against that of `b`, microseconds, interleaved."""
    a(), b()
    ones: list[float] = []
    others: list[float] = []
    for _ in range(pairs):
        for run, times in ((a, ones), (b, others)):
            began = time.process_time()
            run()
            times.append((time.process_time() - began) * 1e6)
    one, other = median(ones), median(others)
    ratio = one / other
    return BenchResult(name, one, "us", other, round(ratio, 4), goal, ratio <= goal)


# -- advance ------------------------------------------------------------------------------------


def production_on(stage: Stage) -> tuple[Production, list[Tick]]:
    """The demo on another stage, and ten seconds of ticks with a tracker at 60 Hz."""
    loaded = content.load_show(SHOW)
    production = content.produce(loaded)
    production = msgspec.structs.replace(production, stage=stage, outer_views=outer_views(stage))
    move = load_move(loaded.text("move") or "", "move")
    ticks, seq, sample = [], 0, 0
    for number in range(240):
        time_ = FrameTime.of(number, production.rate)
        entries = []
        while sample * 16_666_667 < time_.shows_at:
            at = sample * 16_666_667
            entries.append(Entry(seq, at, TrackingSample("op", "1", at, move.pose(at))))
            sample, seq = sample + 1, seq + 1
        ticks.append(Tick(time_, tuple(entries)))
    return production, ticks


def bench_advance() -> list[BenchResult]:
    """`advance` with four walls and the demo's story, against building its frames and as much bare
    arithmetic in Python as its views need."""
    production, ticks = production_on(load_stage(FOUR_WALLS, "four"))
    start = opening(production)
    frames: list[Frame] = []

    def play() -> Show:
        show = start
        frames.clear()
        for tick in ticks:
            show, frame = advance(show, tick)
            frames.append(frame)
        return show

    play()
    parts = [_parts(frame) for frame in frames]
    per_frame = compared("advance", play, lambda: [_reference(*given) for given in parts], goal=3.0)
    count = len(ticks)
    return [
        msgspec.structs.replace(
            per_frame, value=per_frame.value / count, reference=per_frame.reference / count
        )
    ]


Numbers = tuple[float, ...]
_TURN = Quat(0.9, 0.1, 0.2, 0.3)


def _parts(frame: Frame) -> tuple[Frame, list[tuple[View, Numbers]], list[Numbers]]:
    """The numbers of a frame, laid out so that building it again is nothing but building."""
    views: list[tuple[View, Numbers]] = []
    for view in frame.views:
        p, q, r = view.pose.position, view.pose.rotation, view.projection
        numbers = (p.x, p.y, p.z, q.w, q.x, q.y, q.z,
                   r.left, r.right, r.bottom, r.top, r.near, r.far)  # fmt: skip
        views.append((view, numbers))
    lights: list[Numbers] = [(c.x, c.y, c.z) for c in (light.colour for light in frame.lights)]
    return frame, views, lights


def _reference(frame: Frame, views: list[tuple[View, Numbers]], lights: list[Numbers]) -> Frame:
    """The frame built again, its numbers rounded, and ten rotations: a reference of construction
    in C alone would compare the processor's C with its Python, and differ by machine."""
    turned = _TURN
    for _ in range(10):
        turned = turned * _TURN
    for _, numbers in views:
        for number in numbers:
            settle(number)
    return _built(frame, views, lights)


def _built(frame: Frame, views: list[tuple[View, Numbers]], lights: list[Numbers]) -> Frame:
    """The same frame value, built from its numbers."""
    made = []
    for view, n in views:
        pose = Pose(Vec3(n[0], n[1], n[2]), Quat(n[3], n[4], n[5], n[6]))
        projection = Projection(n[7], n[8], n[9], n[10], n[11], n[12])
        made.append(View(view.id, view.target, pose, projection, view.overscan))
    choice = frame.choice
    if choice is not None:
        options = tuple(
            OpenOption(o.id, o.number, dict(o.texts), tuple(o.say), o.show, o.progress, o.heard)
            for o in choice.options
        )
        choice = OpenChoice(
            choice.id, options, choice.left, choice.show, choice.hearing, choice.numbered
        )
    t = frame.tracked
    return Frame(
        FrameTime(frame.time.number, frame.time.shows_at, frame.time.timecode),
        frame.beat,
        frame.scene,
        dict(frame.params),
        tuple(made),
        tuple(frame.captions),
        tuple(frame.sounds),
        choice,
        tuple(frame.picks),
        tuple(frame.feedback),
        tuple(
            Light(light.id, Vec3(*n), light.direction)
            for light, n in zip(frame.lights, lights, strict=True)
        ),
        tuple(frame.alarms),
        Tracked(t.source, t.subject, t.at, t.state, made[0].pose) if t else None,
        frame.ending,
        frame.held,
        frame.panic,
    )


# -- a whole frame ------------------------------------------------------------------------------


def bench_frame() -> list[BenchResult]:
    """A whole frame (log, advance, hash, journal, pictures) against node updates and drawing."""
    return [_frame_at("frame_64", (64, 36), float("inf")), _frame_at("frame_demo", None, 1.10)]


def _frame_at(name: str, size: tuple[int, int] | None, goal: float) -> BenchResult:
    from xrdrama.adapters.journal import Journal
    from xrdrama.run.ingress import IngressLog
    from xrdrama.run.pictures import stage_pictures
    from xrdrama.run.takes import header_of
    from xrdrama.show.take import Ticked
    from xrdrama.wire.frame import hash_of

    loaded = content.load_show(SHOW)
    production = content.produce(loaded)
    if size is not None:
        production = msgspec.structs.replace(production, stage=_small(production.stage, size))
    stage = production.stage
    assert stage is not None
    _, ticks = production_on(stage)
    pictures = stage_pictures(loaded, production, quality="draft", size=size)
    with tempfile.TemporaryDirectory() as folder:
        header = header_of(loaded, production)
        journal = Journal.begin(Path(folder) / "bench.take", header)
        state = {"show": opening(production), "number": 0, "upto": 0}
        drawn: list[Frame] = []

        def whole() -> None:
            tick = ticks[state["number"] % len(ticks)]  # type: ignore[operator]
            log = IngressLog(journal, fixed_rate=False)
            for entry in tick.entries:
                log.record(entry.event, entry.at)
            entries = log.before(tick.time.shows_at)
            state["show"], frame = advance(state["show"], Tick(tick.time, entries))  # type: ignore[arg-type]
            state["upto"] += len(entries)  # type: ignore[operator]
            data = encode(frame)
            journal.tick(Ticked(frame.number, state["upto"], hash_of(data)))  # type: ignore[arg-type]
            pictures.present(frame)
            drawn[:] = [*drawn[-1:], frame]
            state["number"] += 1  # type: ignore[operator]

        def bare() -> None:
            # The frame before, so that everything that moves moves again.
            pictures.draw_again(drawn[0])

        result = compared(name, whole, bare, goal=goal, pairs=PAIRS if size else 30)
        journal.close()
    pictures.close()
    return result


def _small(stage: Stage | None, size: tuple[int, int]) -> Stage:
    assert stage is not None
    inner = msgspec.structs.replace(stage.inner, pixels=size, overscan=1.0)
    outer = msgspec.structs.replace(stage.outer, density=2.0)
    camera = msgspec.structs.replace(stage.camera, picture=size)
    share = size[0] / stage.canvas[0]
    walls = tuple(_shrunk(wall, share) for wall in stage.walls)
    return msgspec.structs.replace(
        stage, inner=inner, outer=outer, camera=camera, canvas=size, walls=walls
    )


def _shrunk(wall: Wall, share: float) -> Wall:
    facets = tuple(
        msgspec.structs.replace(facet, canvas=tuple(n * share for n in facet.canvas))
        for facet in wall.facets
    )
    pixels = (max(1, round(wall.pixels[0] * share)), max(1, round(wall.pixels[1] * share)))
    return msgspec.structs.replace(wall, facets=facets, pixels=pixels)


# -- smaller things -----------------------------------------------------------------------------


def bench_import() -> list[BenchResult]:
    """`import xrdrama.story` against importing msgspec and yaml alone; CPU of new processes."""
    ours = _imports("import xrdrama.story")
    theirs = _imports("import msgspec, yaml, yaml.cyaml")
    result = compared("import_story", ours, theirs, goal=1.5, pairs=3)
    ones, others, nothing = [], [], []
    for _ in range(PAIRS):
        ones.append(ours())
        others.append(theirs())
        nothing.append(_imports("pass")())
    base = median(nothing)
    one, other = (median(ones) - base) * 1e6, (median(others) - base) * 1e6
    ratio = one / other
    return [
        msgspec.structs.replace(
            result, value=one, reference=other, ratio=round(ratio, 4), passed=ratio <= 1.5
        )
    ]


def _imports(code: str) -> Callable[[], float]:
    timed = (
        "import sys, json, time, resource\n"
        f"{code}\n"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_utime"
        " + resource.getrusage(resource.RUSAGE_SELF).ru_stime))"
    )

    def run() -> float:
        done = subprocess.run(
            [sys.executable, "-c", timed], capture_output=True, text=True, check=True
        )
        return float(json.loads(done.stdout))

    return run


def bench_check() -> list[BenchResult]:
    """CPU of `xrdrama check` of a 75-line story, against importing msgspec, PyYAML and typer; both
    in new processes, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        story = Path(folder) / "bench.branch.yaml"
        save(story, _story_of_75_lines())
        check = _child([sys.executable, "-m", "xrdrama", "check", str(story)])
        imports = _child([sys.executable, "-c", "import msgspec, yaml, typer"])
        check(), imports()  # their bytecode is there now
        ones, others = zip(*((check(), imports()) for _ in range(CHILDREN)), strict=True)
    one, other = median(ones) * 1e6, median(others) * 1e6
    ratio = one / other
    return [BenchResult("check_story", one, "us", other, round(ratio, 4), 2.0, ratio <= 2.0)]


def _story_of_75_lines() -> str:
    """A story without problems: a head, beats with a timed choice each, an ending."""
    head = (
        "xrdrama: 1\nid: bench\ntitle: The Bench\nscene: lantern_street\nvars:\n"
        "  trust: {type: int, min: 0, max: 9}\ncast:\n  mo: {name: Mo}\nbeats:\n"
    )
    beats = "".join(
        f"  b{n}:\n    script: |\n      EXT. PIER - NIGHT\n"
        f"      MO: Is this stop {n}?  #lb{n}aaa\n"
        f"      {{if trust >= {n}}} MO: You know.  #lb{n}bbb\n"
        "      @wait 1s\n    choice:\n      window: {lasts: 4s}\n      options:\n"
        f"        go: {{text: Go, to: b{n + 1}, set: {{trust: trust + 1}}, on: [voice: go on]}}\n"
        f"      else: b{n + 1}\n"
        for n in range(1, 6)
    )
    text = (
        head + beats + "  b6:\n    script: |\n      MO: Here.  #lb6aaa\n    ending: {id: there}\n"
    )
    return text + "# a comment\n" * (75 - text.count("\n"))


def _child(command: list[str]) -> Callable[[], float]:
    """Runs a command that must succeed; its CPU seconds."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return run


def bench_wire() -> list[BenchResult]:
    """A frame to bytes and back against the standard library's JSON of the same frame."""
    production, ticks = production_on(load_stage(FOUR_WALLS, "four"))
    show = opening(production)
    for tick in ticks[:60]:
        show, frame = advance(show, tick)
    plain = msgspec.to_builtins(frame)
    return [
        compared(
            "wire_frame",
            lambda: [decode_frame(encode(frame)) for _ in range(200)],
            lambda: [json.loads(json.dumps(plain)) for _ in range(200)],
            goal=0.5,
        )
    ]


def bench_freed() -> list[BenchResult]:
    """Decoding FreeD against only summing and splitting the same bytes."""
    sample = TrackingSample("op", "1", 0, Pose(Vec3(1.0, 2.0, 1.5)), zoom=100.0, focus=7.0)
    data = freed.encode(sample)

    def split() -> list[int]:
        assert (0x40 - sum(data[:-1])) & 0xFF == data[-1]
        return [int.from_bytes(data[i : i + 3], "big", signed=i < 20) for i in range(2, 26, 3)]

    return [
        compared(
            "freed_decode",
            lambda: [freed.decode(data) for _ in range(1000)],
            lambda: [split() for _ in range(1000)],
            goal=8.0,
        )
    ]


BENCHES: dict[str, Callable[[], list[BenchResult]]] = {
    "advance": bench_advance,
    "frame": bench_frame,
    "import_story": bench_import,
    "check_story": bench_check,
    "wire_frame": bench_wire,
    "freed_decode": bench_freed,
}
