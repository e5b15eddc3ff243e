"""What a previsualisation shows: a show with its stage, camera, lens, moves and latency."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from xrdrama import content
from xrdrama.adapters.charts.board import places
from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.show import Production
from xrdrama.show.filming import Filming
from xrdrama.show.production import outer_views
from xrdrama.stage import Stage
from xrdrama.stage.advice.overscan import ASSUMED_FRAMES
from xrdrama.stage.choosing import chosen_camera
from xrdrama.stage.delays import Delay
from xrdrama.stage.effects import Effects
from xrdrama.timing import NS, FrameRate
from xrdrama.tools.checking.playable import refuse_unplayable
from xrdrama.tools.previs.moves import length_s, of_take, operated
from xrdrama.tools.takes.instead import with_lens
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
    latency: Delay | None = None
    """How old the pose is that the walls were drawn for; None for the delay line of the stage."""
    shutter: float | None = None
    """Shutter angle, degrees."""
    aperture: float | None = None
    """f-number."""
    focus: float | None = None
    """Distance in focus, metres."""
    size: tuple[int, int] | None = None
    """Pixels of the whole picture; None for the usual size."""


class Latency(msgspec.Struct, frozen=True):
    """How late the walls are."""

    total_frames: float
    """From the tracker's exposure to the film camera's."""
    total_ms: float
    lag_ns: int
    """From the time of the frame on the walls to the film camera's exposure."""
    source: Literal["stage file", "option", "assumed"]
    """Where it is from; `ASSUMED_FRAMES` are assumed."""


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
    if wanted.stage and production.stage is not None:
        loaded = _without_strangers(loaded, production.stage, notices)
    refuse_unplayable(loaded, production)
    if production.stage is None:
        raise UsageError(
            f"the show {production.id!r} has no stage, so there are no walls to simulate",
            "add stage: to the show file, or name one with --stage arc_volume",
        )
    camera = with_lens(chosen_camera(production.stage, wanted.camera), wanted.lens)
    stage = production.stage.with_camera(camera)
    production = replace(production, stage=stage, outer_views=outer_views(stage))
    moves, recorded = _moves(loaded, stage, wanted.move, camera.id)
    chosen = moves.get(_key(stage, camera.id), "")
    seconds = _seconds(wanted, content.show_file(loaded).seconds, moves, chosen, recorded)
    if seconds > LONGEST_S:
        notices.append(f"only the first {LONGEST_S:g} s of {seconds:g} s are shown")
        seconds = LONGEST_S
    samples = [*operated(stage, moves, seconds + AFTER_MOVE_S), *recorded]
    if not any(one.subject == camera.subject for one in samples):
        notices.append(
            f"the camera {camera.id!r} has no move and stays at its safe pose: add --move FILE"
        )
    latency = latency_of(stage, production.rate, wanted.latency)
    if latency.source == "assumed":
        notices.append(
            f"the stage file declares no latency: {ASSUMED_FRAMES} frames are assumed; write "
            "latency: with what each device adds"
        )
    return Previs(
        wanted, loaded, production, camera.id, tuple(samples), seconds, latency, tuple(notices)
    )


def latency_of(stage: Stage, rate: FrameRate, given: Delay | None = None) -> Latency:
    """How late the walls of a stage are at a frame rate; `given` replaces what the stage says."""
    delays, late = stage.delays, Effects(slip=True)
    if given is None and delays.is_declared and delays.total(rate) > 0:
        total, lag = delays.total(rate), Filming(late).lag(stage, rate)
        return Latency(total / NS / rate.period, total / NS * 1000, lag, "stage file")
    delay = Delay(frames=ASSUMED_FRAMES) if given is None else given
    total, lag = delay.at(rate), Filming(late, latency=delay).lag(stage, rate)
    source: Literal["option", "assumed"] = "assumed" if given is None else "option"
    return Latency(total / NS / rate.period, total / NS * 1000, lag, source)


def _without_strangers(loaded: content.Loaded, stage: Stage, notices: list[str]) -> content.Loaded:
    """The files of a show without the moves of cameras that another stage does not have."""
    ids = ["", *(camera.id for camera in stage.cameras)]
    strangers = [camera for camera in loaded.moves() if camera not in ids]
    notices += [
        f"the stage {stage.id!r} has no camera {camera!r}: its move is left out"
        for camera in strangers
    ]
    return loaded.without_moves(strangers)


def _key(stage: Stage, camera: str) -> str:
    """The key of a camera's move: "" for the first camera."""
    return "" if camera == stage.camera.id else camera


def _moves(
    loaded: content.Loaded, stage: Stage, name: str, camera: str
) -> tuple[dict[str, str], list[TrackingSample]]:
    """The texts of the moves by camera ("" for the first), and the samples of a take that replaces
    the move of `camera`."""
    moves = {_key(stage, of): text for of, text in loaded.moves().items()}
    if not name:
        return moves, []
    key = _key(stage, camera)
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
    chosen: str,
    recorded: list[TrackingSample],
) -> float:
    """How long it is: as asked, else as long as the move that was named (`chosen`, or recorded in a
    take), else the show's length, else as long as the longest of the show's moves."""
    if wanted.seconds:
        return wanted.seconds
    if recorded:
        return recorded[-1].at / NS
    if wanted.move:
        return length_s([chosen]) + AFTER_MOVE_S
    return show or (length_s(moves.values()) + AFTER_MOVE_S if moves else WITHOUT_MOVE_S)


def unknown_choice(choice: str, options: list[str]) -> str:
    """A message about an option that was never open."""
    hint = suggestion(choice, options) if options else ""
    return f"the option {choice!r} was never open" + (f": {hint}" if hint else "")
