"""A whole frame (log, advance, hash, journal, pictures) against node updates and drawing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.show import Tick, advance, opening
from xrdrama.stage import Stage, Wall
from xrdrama.tools.bench.advance import SHOW, production_on
from xrdrama.tools.bench.comparing import PAIRS, BenchResult, compared
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame


def bench_frame() -> list[BenchResult]:
    """A whole frame (log, advance, hash, journal, pictures) against node updates and drawing."""
    return [_frame_at("frame_64", (64, 36), float("inf")), _frame_at("frame_demo", None, 1.10)]


def _frame_at(name: str, size: tuple[int, int] | None, goal: float) -> BenchResult:
    from xrdrama.adapters.journal import Journal
    from xrdrama.run.ingress import IngressLog
    from xrdrama.run.outputs.pictures import stage_pictures
    from xrdrama.run.take.starting import header_of
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
            # The previous frame, so that everything that moves has to be moved again.
            pictures.draw_again(drawn[0])

        result = compared(name, whole, bare, goal=goal, pairs=PAIRS if size else 30)
        journal.close()
    pictures.close()
    return result


def _small(stage: Stage | None, size: tuple[int, int]) -> Stage:
    assert stage is not None
    inner = msgspec.structs.replace(stage.camera.inner, pixels=size, overscan=1.0)
    outer = msgspec.structs.replace(stage.outer, density=2.0)
    camera = msgspec.structs.replace(stage.camera, picture=size, inner=inner)
    share = size[0] / stage.canvas[0]
    walls = tuple(_shrunk(wall, share) for wall in stage.walls)
    return msgspec.structs.replace(stage, outer=outer, cameras=(camera,), canvas=size, walls=walls)


def _shrunk(wall: Wall, share: float) -> Wall:
    facets = tuple(facet.placed(0.0, 0.0, share) for facet in wall.facets)
    pixels = (max(1, round(wall.pixels[0] * share)), max(1, round(wall.pixels[1] * share)))
    return msgspec.structs.replace(wall, facets=facets, pixels=pixels)
