"""What three performers cost: frames of the demo with them, against the same without."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from xrdrama import content
from xrdrama.saving import save
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.tools.bench.advance import SHOW
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    from xrdrama.adapters.panda.pictures import StagePictures

DEAREST: Final = 1.25
_PAIRS: Final = 30
_PERFORMERS: Final = """
performers:
  lan: {mark: girl}
  grandmother: {mark: grandmother}
  stand_in: {mark: gate}
"""
_VISEMES: Final = 15


def bench_performers() -> list[BenchResult]:
    """A frame of the demo with three performers who breathe, look and speak, against without."""
    loaded = with_performers()
    production = content.produce(loaded)
    frames = _frames(production, 2 * _PAIRS + 2)
    empty = [replace(frame, performers=()) for frame in frames]
    full, bare = _pictures(loaded, production), _pictures(loaded, replace(production, cast={}))
    turns = {"full": iter(frames), "bare": iter(empty)}
    try:
        return [compared(
            "frame_performers", lambda: full.present(next(turns["full"])),
            lambda: bare.present(next(turns["bare"])), goal=DEAREST, pairs=_PAIRS,
        )]  # fmt: skip
    finally:
        full.close()
        bare.close()


def _pictures(loaded: content.Loaded, production: Production) -> StagePictures:
    from xrdrama.run.outputs.pictures import stage_pictures

    # Reading a picture back ends with all drawing of its frame done, and not in the next one.
    return stage_pictures(loaded, production, quality="draft", lens_sink=lambda picture: None)


def with_performers() -> content.Loaded:
    """The demo with three performers of ours, whatever it has itself."""
    path = content.find("show", SHOW)
    text = content.read_text(path).partition("\nperformers:\n")
    rest = text[2].splitlines(keepends=True)
    while rest and rest[0].startswith((" ", "#")):
        rest.pop(0)
    with tempfile.TemporaryDirectory() as folder:
        show = Path(folder) / path.name
        save(show, text[0].rstrip() + _PERFORMERS + "".join(rest))
        return content.load_show(str(show))


def _frames(production: Production, count: int) -> list[Frame]:
    """Frames in which everybody is there and speaks."""
    show, made = opening(production), []
    for number in range(count):
        time = FrameTime.of(number, production.rate)
        show, frame = advance(show, Tick(time, ()))
        mouth = (number % _VISEMES, 200, (number + 3) % _VISEMES, 55)
        there = tuple(replace(one, presence=1.0, mouth=mouth) for one in frame.performers)
        made.append(replace(frame, performers=there))
    return made
