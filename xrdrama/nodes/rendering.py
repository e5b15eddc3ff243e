"""`xrdrama render --peer URL --name NODE`: what a node loads, and what it keeps of its pictures."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from xrdrama import content
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.node_pictures import NodePictures, Picture, canvases_of
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.video.stills import save_picture
from xrdrama.content.drawn import drawn_files
from xrdrama.document.filenames import name_fault
from xrdrama.errors import DeviceError, UsageError
from xrdrama.nodes.link import Link
from xrdrama.nodes.node import Done, run_node
from xrdrama.processes.figures import figures_of
from xrdrama.processes.plates import open_plates
from xrdrama.processes.sets import compiled_scene, near_of
from xrdrama.run.outputs.displays import desktop, places
from xrdrama.run.outputs.pictures import graphics_for, safe_plates_of
from xrdrama.saving import unwritable
from xrdrama.show.ports import Stop
from xrdrama.show.rehearsal import rehearsal_of
from xrdrama.stage import Stage
from xrdrama.wire.frame import Frame
from xrdrama.wire.nodes import NodeContent

MOST_WAITING: Final = 200
"""Shown frames that wait to be written down."""
LOG: Final = "shown.jsonl"
"""The file with a line for each frame that was shown."""


class Wishes(msgspec.Struct, frozen=True):
    """What the command line says of a node."""

    displays: tuple[str, ...] = ()
    """Where its canvases are shown, as `run --wall` has it."""
    out: Path | None = None
    """The folder for pictures of frames, and for the list of those that were shown."""
    every: int = 24
    """Frames between two kept pictures."""
    quality: Quality = "full"
    marks: bool = False
    stays: bool = False
    real_time: bool = False
    pair: Pair | None = None
    """The keys for a show on another machine."""


class Shown(msgspec.Struct, frozen=True):
    """A line of the list of shown frames. Times in nanoseconds of this machine's clock."""

    frame: int
    at: int
    late_ms: float
    samples: tuple[int, ...]
    kept: bool = False
    """Its pictures were kept."""


def render_node(
    endpoint: str,
    name: str,
    folder: Path | None,
    wishes: Wishes,
    stop: Stop,
    notice: Callable[[str], None],
) -> Done | None:
    """Draw the walls of a node until the run ends; None if `stop` was set before it began.

    `folder` has the show's files, if they are not found by name as usual. UsageError when they are
    not those of the core; DeviceError when the core refuses the node.
    """
    real_time = wishes.real_time and has_real_time(notice)
    link = Link(endpoint, name, real_time=real_time, pair=wishes.pair)
    link.connect()
    try:
        wanted = link.content(stop)
        if wanted is None:
            return None
        if name not in wanted.nodes:
            known = ", ".join(wanted.nodes)
            raise UsageError(
                f"the show {wanted.show!r} has no node {name!r}", f"its nodes: {known}"
            )
        loaded = _loaded(wanted.show, folder)
        files = {file: one.hash for file, one in drawn_files(loaded).items()}
        if different := first_difference(wanted, files):
            link.differs(different)
            raise UsageError(
                f"{different} is not that of the show {wanted.show!r} that runs at {endpoint}",
                f"run xrdrama nodes push {wanted.show} --to FOLDER where the show runs, and give"
                " this node the folder with --content",
            )
        pictures = node_pictures(loaded, wanted.nodes[name], wishes, notice)
        try:
            for step in pictures.warm_up(rehearsal_of(content.produce(loaded))):
                if stop.is_set():
                    return None
                notice(f"warming up: {step}")
            link.join(files)
            notice(f"the node {name} draws {', '.join(wanted.nodes[name])}")
            with _Keeping(pictures, wishes, notice) as keeping:
                return run_node(link, pictures, stop, stays=wishes.stays, on_shown=keeping.shown)
        finally:
            pictures.close()
    finally:
        link.close()


def _loaded(show: str, folder: Path | None) -> content.Loaded:
    if folder is None:
        return content.load_show(show)
    file = folder / "shows" / f"{show}.show.yaml"
    if name_fault(show)[0] or not file.is_file():
        raise UsageError(
            f"{folder} does not have the show {show!r}",
            f"run xrdrama nodes push {show} --to FOLDER where the show runs",
        )
    content.enter_project(file)
    return content.load_show(str(file))


def first_difference(wanted: NodeContent, files: Mapping[str, str]) -> str:
    """The first file that differs from the core's, or that only one side has; "" if none does."""
    names = sorted(wanted.files.keys() | files.keys())
    return next((name for name in names if wanted.files.get(name) != files.get(name)), "")


def node_pictures(
    loaded: content.Loaded,
    walls: tuple[str, ...],
    wishes: Wishes,
    notice: Callable[[str], None],
) -> NodePictures:
    """The pictures of some walls of a show; UsageError for a show without a stage."""
    production = content.produce(loaded)
    stage = production.stage
    if stage is None:
        raise UsageError(f"the show {production.id!r} has no stage", "add stage: to the show file")
    near = near_of(loaded)
    compiled = {name: compiled_scene(name, near) for name in production.scenes}
    plates = {name: open_plates(made, name, near, live=True) for name, made in compiled.items()}
    displays = _displays(stage, walls, wishes.displays)
    graphics = graphics_for(stage, displays)
    figures = figures_of(loaded, production)
    performers = {id: member.performer for id, member in production.cast.items()}
    visiting = Figures(figures, performers, graphics, wishes.quality) if figures else None
    return NodePictures(
        graphics,
        stage,
        walls,
        compiled,
        quality=wishes.quality,
        plates=plates,
        displays=displays,
        fades=production.story.has_fades,
        safe_plates=safe_plates_of(loaded, production, notice),
        visiting=visiting,
        marks=wishes.marks,
    )


def _displays(
    stage: Stage, walls: tuple[str, ...], texts: tuple[str, ...]
) -> dict[str, tuple[int, int]]:
    """Where a node's canvases are shown: `all` are its own."""
    if not texts:
        return {}
    own = replace(stage, canvases=canvases_of(stage, walls)) if stage.canvases else stage
    return places(own, texts, desktop())


class _Keeping:
    """Keeps pictures of some frames, and the list of those that were shown. Files are written by a
    thread, so that drawing does not wait."""

    def __init__(
        self, pictures: NodePictures, wishes: Wishes, notice: Callable[[str], None]
    ) -> None:
        self._notice, self._lost, self._failure = notice, 0, ""
        self._pictures, self._every, self._folder = pictures, wishes.every, wishes.out
        self._last = -1
        self._waiting = queue.Queue[tuple[bytes, dict[Path, Picture]] | None](MOST_WAITING)
        self._thread = threading.Thread(target=self._write, name="keeping")

    def __enter__(self) -> _Keeping:
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise unwritable(self._folder, error) from error
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._folder is not None:
            if self._thread.is_alive():
                self._waiting.put(None)
                self._thread.join()
            if self._failure:
                self._notice(f"pictures and frames were not kept any more: {self._failure}")
            if self._lost:
                self._notice(f"{self._lost} shown frames are not in {self._folder / LOG}")

    def shown(self, frame: Frame, at: int, due: int) -> None:
        """A frame was shown at `at` and should have been at `due`."""
        if self._folder is None:
            return
        kept: dict[Path, Picture] = {}
        turn = frame.number // self._every
        if turn != self._last and not self._waiting.full():
            self._last = turn
            for canvas in self._pictures.canvases:
                file = self._folder / f"{canvas.id or 'canvas'}_{frame.number:06}.png"
                kept[file] = self._pictures.picture(canvas)
        samples = tuple(one.at for one in frame.cameras)
        line = Shown(frame.number, at, round((at - due) / 1e6, 3), samples, bool(kept))
        try:
            self._waiting.put_nowait((msgspec.json.encode(line) + b"\n", kept))
        except queue.Full:
            self._lost += 1

    def _write(self) -> None:
        try:
            self._write_all()
        except (OSError, DeviceError) as error:
            self._failure = str(error)

    def _write_all(self) -> None:
        assert self._folder is not None
        with (self._folder / LOG).open("wb", buffering=0) as log:
            while (one := self._waiting.get()) is not None:
                line, pictures = one
                for file, picture in pictures.items():
                    save_picture(picture, file)
                log.write(line)


def has_real_time(notice: Callable[[str], None]) -> bool:
    """Ask for real-time scheduling (SCHED_FIFO); False with a notice if this user may not."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(40))
    except (AttributeError, OSError):
        notice("no real-time priority: this user may not have it (limits.conf: rtprio)")
        return False
    return True
