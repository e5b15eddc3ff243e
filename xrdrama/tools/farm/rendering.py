"""Renders a take in slices: those that are in the store are used, the others are drawn."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.adapters.objects.store import Objects, digest_of
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.video.files import join
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.drawing import DrawnPart, draw_parts
from xrdrama.processes.stopping import Stopped
from xrdrama.processes.supervisor import Command
from xrdrama.show.filming import AS_SEEN, Filming
from xrdrama.show.ports import Stop
from xrdrama.tools.farm.slices import MOST_MANIFEST, Manifest, Slice, disagreements, slices_of
from xrdrama.tools.takes.instead import AS_TAKEN, Instead, Opened, open_instead
from xrdrama.tools.takes.rendering import LENS, WALL, Progress, part_file, pixels_of, sound_of

SIZE: Final = 240
"""Frames of a slice: starting a process costs about as much as drawing a few dozens."""


class Farmed(msgspec.Struct, frozen=True):
    """The result: the videos, the slices, and how many of them were drawn now."""

    lens: Path
    wall: Path
    frames: int
    slices: int
    drawn: int
    """Slices that were drawn now; the others were in the store."""
    seconds: float
    different: int
    """Frames that differ from those of the take."""
    pixels: str
    """The SHA-256 of all pictures of the wall, as in `xrdrama render --json`."""
    missing: tuple[str, ...] = ()
    """Sounds of the take whose files are missing."""


def farm_take(
    path: Path,
    out: Path,
    store: Objects,
    *,
    workers: int,
    size: int = SIZE,
    instead: Instead = AS_TAKEN,
    filming: Filming = AS_SEEN,
    quality: Quality = "full",
    progress: Progress = lambda done, total: None,
    on_notice: Callable[[str], None] = lambda text: None,
    stop: Stop | None = None,
) -> Farmed:
    """Render both videos of a take into the folder `out`, `workers` slices at a time.

    UsageError for a take that cannot be drawn; DeviceError when a slice cannot be drawn or kept, or
    when two slices disagree about a frame that both have drawn. Stopped when `stop` is set: what
    is drawn by then stays in the store.
    """
    began = time.monotonic()
    opened = open_instead(path, instead, notice=on_notice)
    if opened.production.stage is None:
        raise UsageError(
            f"the show {opened.production.id!r} has no stage", "choose a take of a show with one"
        )
    frames = [frame for _, frame, _ in opened.frames()]
    if not frames:
        raise UsageError(f"{path} has no frames", "choose another take")
    whole = Slice(digest_of(path), 0, len(frames), quality, instead, filming)
    slices = slices_of(whole, size)
    known = {index: kept(store, one, on_notice) for index, one in enumerate(slices)}
    done = {index: one for index, one in known.items() if one is not None}
    rest = [index for index in range(len(slices)) if index not in done]
    if done:
        on_notice(f"{len(done)} of {len(slices)} slices are in {store.place} already")
    work = Work(path, store, slices, len(frames), progress, on_notice, stop or threading.Event())
    done |= work.draw(rest, workers)
    manifests = [done[index] for index in range(len(slices))]
    _refuse_disagreements(manifests, store)
    missing = _joined(manifests, store, out, opened)
    drawn = [DrawnPart(one.different, one.pixels) for one in manifests]
    return Farmed(
        out / LENS, out / WALL, len(frames), len(slices), len(rest), time.monotonic() - began,
        sum(one.different for one in manifests), pixels_of(drawn), missing,
    )  # fmt: skip


def kept(store: Objects, wanted: Slice, on_notice: Callable[[str], None]) -> Manifest | None:
    """The manifest of a slice in the store; None, with a notice, for a wrong one."""
    data = store.read(wanted.name, MOST_MANIFEST)
    if data is None:
        return None
    try:
        found = msgspec.json.decode(data, type=Manifest)
        fault = found.fault(wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        fault = str(error)
    if not fault:
        return found
    on_notice(f"{wanted.name} in {store.place} is not used: {fault}; its frames are drawn")
    return None


class Work:
    """The drawing of slices of one take, with a process for each."""

    def __init__(
        self,
        path: Path,
        store: Objects,
        slices: list[Slice],
        frames: int,
        progress: Progress,
        on_notice: Callable[[str], None],
        stop: Stop,
    ) -> None:
        self._path, self._store, self._slices, self._frames = path, store, slices, frames
        self._progress, self._on_notice, self._stop = progress, on_notice, stop

    def draw(self, wanted: list[int], workers: int) -> dict[int, Manifest]:
        """Draw the slices with these indices and keep each as soon as it is drawn."""
        found: dict[int, Manifest] = {}
        before = self._frames - sum(len(self._range(index)) for index in wanted)
        with tempfile.TemporaryDirectory(prefix="xrdrama-farm-") as name:
            folder = Path(name)
            threads = max(1, (os.cpu_count() or 1) // workers)
            environment = {"LP_NUM_THREADS": str(threads), **os.environ}

            def keep(position: int, part: DrawnPart) -> None:
                index = wanted[position]
                found[index] = self._keep(self._slices[index], part, folder)

            draw_parts(
                [Command(self._line(index, folder), environment=environment) for index in wanted],
                lambda count: self._progress(before + count, self._frames),
                self._on_notice,
                self._stop,
                at_once=workers,
                on_part=keep,
            )
        if self._stop.is_set():
            raise Stopped(self._path)
        return found

    def _range(self, index: int) -> range:
        return range(self._slices[index].first, self._slices[index].last)

    def _line(self, index: int, folder: Path) -> list[str]:
        one = self._slices[index]
        how = [msgspec.json.encode(value).decode() for value in (one.instead, one.filming)]
        line = [sys.executable, "-m", "xrdrama", "draw", str(self._path), str(folder)]
        line += [str(one.first), str(one.last), one.quality, *how]
        return [*line, "--beyond"] if one.last < self._frames else line

    def _keep(self, one: Slice, part: DrawnPart, folder: Path) -> Manifest:
        """The videos first, then the manifest: what has a manifest is whole."""
        files = {}
        for name in (LENS, WALL):
            file = part_file(folder, name, one.first)
            files[name] = self._store.put_file(file)
            file.unlink()
        found = Manifest(one, part.different, part.pixels, part.beyond, files)
        if fault := found.fault(one):
            raise DeviceError(f"the frames {one.first} to {one.last} were not drawn: {fault}", "")
        self._store.put(one.name, msgspec.json.encode(found))
        return found


def _refuse_disagreements(manifests: list[Manifest], store: Objects) -> None:
    """DeviceError where two slices have drawn the same frame differently."""
    for index in disagreements(manifests):
        one, other = manifests[index - 1].slice, manifests[index].slice
        raise DeviceError(
            f"the slices {one.first} to {one.last} and {other.first} to {other.last} have different"
            f" pictures of the wall in frame {other.first}: they were drawn with other contents,"
            " drivers or graphics cards",
            f"delete {one.name} and {other.name} in {store.place}, and render again with one kind"
            " of machine",
        )


def _joined(
    manifests: list[Manifest], store: Objects, out: Path, opened: Opened
) -> tuple[str, ...]:
    """Write the videos, with sound; the sounds that have no file."""
    sound, missing = sound_of(
        [frame for _, frame, _ in opened.frames()], opened.loaded, opened.production
    )
    with tempfile.TemporaryDirectory(prefix="xrdrama-farm-") as folder:
        for name in (LENS, WALL):
            files = [Path(folder) / f"{index:06}.{name}" for index in range(len(manifests))]
            for file, one in zip(files, manifests, strict=True):
                store.fetch(one.files[name], file)
            join(files, sound, out / name, opened.production.rate)
            for file in files:
                file.unlink()
    return missing
