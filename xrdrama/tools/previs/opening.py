"""What a previsualisation shows: a show with its stage, camera, lens, moves and latency."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from xrdrama import content
from xrdrama.adapters.charts.board import places
from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.show import Production
from xrdrama.show.production import outer_views
from xrdrama.stage import Stage
from xrdrama.stage.advice.overscan import ASSUMED_FRAMES
from xrdrama.timing import NS, FrameRate
from xrdrama.tools.checking.playable import refuse_unplayable
from xrdrama.tools.instead import chosen_camera, with_lens
from xrdrama.tools.previs.moves import length_s, of_take, operated
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move

LONGEST_S = 1800.0
WITHOUT_MOVE_S = 10.0
"""Seconds that are shown if neither the show nor a move has a length."""
AFTER_MOVE_S = 1.0
SIZE = (1280, 720)
"""Pixels of the whole picture, unless another size is wanted."""


class Wanted(msgspec.Struct, frozen=True):
    """What the caller chose; "" and None are the show's own."""

    show: str
    camera: str = ""
    lens: str = ""
    stage: str = ""
    move: str = ""
    seconds: float | None = None
    choices: tuple[str, ...] = ()
    live: str = ""
    layers: frozenset[str] = frozenset()
    size: tuple[int, int] | None = None
    """Pixels of the whole picture; None for the usual size."""


class Latency(msgspec.Struct, frozen=True):
    """How late the walls are: all of the delay line, and the part after the frame's own time."""

    total_frames: float
    total_ms: float
    late_frames: int
    """Frames that the walls are behind, rounded."""
    declared: bool
    """False if the stage file declares no latency, and `ASSUMED_FRAMES` are assumed."""


class Previs(msgspec.Struct, frozen=True):
    """An opened previsualisation."""

    wanted: Wanted
    loaded: content.Loaded
    production: Production
    camera: str
    samples: tuple[TrackingSample, ...]
    seconds: float
    latency: Latency
    notices: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the whole picture."""
        return self.wanted.size or SIZE

    @property
    def stage(self) -> Stage:
        """The stage; its cameras have the pictures of the stage file."""
        assert self.production.stage is not None
        return self.production.stage

    def drawn(self, production: Production) -> Production:
        """A production whose cameras' pictures fit into their part of the whole picture."""
        stage = production.stage
        assert stage is not None
        for camera in stage.cameras:
            aspect = camera.picture[0] / camera.picture[1]
            lens = places(self.size, aspect, live=bool(self.wanted.live)).lens
            stage = stage.with_camera(replace(camera, picture=(lens.width, lens.height)))
        return replace(production, stage=stage)


def open_previs(wanted: Wanted) -> Previs:
    """The show as it is to be shown. AuthoringError for files with errors; UsageError for a show
    without a stage, and for a camera, lens, move or stage that does not exist or fit."""
    loaded = content.load_show(wanted.show)
    notices: list[str] = []
    if wanted.stage:
        loaded = content.with_stage(loaded, content.find("stage", wanted.stage))
    production = content.produce(loaded)
    refuse_unplayable(loaded, production)
    if production.stage is None:
        raise UsageError(
            f"the show {production.id!r} has no stage, so there are no walls to simulate",
            "add stage: to the show file, or name one with --stage arc_volume",
        )
    camera = with_lens(chosen_camera(production.stage, wanted.camera), wanted.lens)
    stage = production.stage.with_camera(camera)
    production = replace(production, stage=stage, outer_views=outer_views(stage))
    moves, recorded = _moves(loaded, stage, wanted.move, camera.id, notices)
    seconds = _seconds(wanted, content.show_file(loaded).seconds, moves, recorded)
    samples = [*operated(stage, moves, seconds + AFTER_MOVE_S), *recorded]
    if not any(one.subject == camera.subject for one in samples):
        notices.append(
            f"the camera {camera.id!r} has no move and stays at its safe pose: add --move FILE"
        )
    latency = latency_of(stage, production.rate)
    if not latency.declared:
        notices.append(
            f"the stage file declares no latency: {ASSUMED_FRAMES} frames are assumed; write "
            "latency: with what each device adds"
        )
    return Previs(
        wanted, loaded, production, camera.id, tuple(samples), seconds, latency, tuple(notices)
    )


def latency_of(stage: Stage, rate: FrameRate) -> Latency:
    """How late the walls of a stage are at a frame rate."""
    delays, period = stage.delays, rate.period * NS
    declared = delays.is_declared and delays.total(rate) > 0
    total = delays.total(rate) if declared else round(ASSUMED_FRAMES * period)
    after = max(0, total - delays.upstream(rate))
    return Latency(total / period, total / NS * 1000, round(after / period), declared)


def _moves(
    loaded: content.Loaded, stage: Stage, name: str, camera: str, notices: list[str]
) -> tuple[dict[str, str], list[TrackingSample]]:
    """The texts of the moves by camera ("" for the first), and the samples of a take that replaces
    the move of `camera`."""
    ids = [one.id for one in stage.cameras]
    moves = {}
    for of, text in loaded.moves().items():
        if of and of not in ids:
            notices.append(f"the stage {stage.id!r} has no camera {of!r}: its move is left out")
        else:
            moves["" if of == ids[0] else of] = text
    if not name:
        return moves, []
    key = "" if camera == ids[0] else camera
    moves.pop(key, None)
    if name.endswith(".take"):
        return moves, of_take(Path(name), stage.camera_named(camera))
    path = content.find("move", name)
    text = content.read_text(path)
    load_move(text, str(path))
    return {key: text, **moves}, []


def _seconds(
    wanted: Wanted,
    show: float,
    moves: Mapping[str, str],
    recorded: list[TrackingSample],
) -> float:
    """How long it is: as asked, else as long as the move that was named, else the show's length."""
    if wanted.seconds:
        return min(wanted.seconds, LONGEST_S)
    if recorded:
        return min(recorded[-1].at / NS, LONGEST_S)
    moved = length_s(moves)
    if wanted.move and moved:
        return min(moved + AFTER_MOVE_S, LONGEST_S)
    return min(show or (moved + AFTER_MOVE_S if moved else WITHOUT_MOVE_S), LONGEST_S)


def unknown_choice(choice: str, options: list[str]) -> str:
    """A message about an option that was never open."""
    hint = suggestion(choice, options) if options else ""
    return f"the option {choice!r} was never open" + (f": {hint}" if hint else "")
