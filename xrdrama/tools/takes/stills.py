"""Still pictures of a take, through one lens or several, and contact sheets of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from xrdrama.adapters.panda.figure.figures import PoseAt
from xrdrama.adapters.panda.lettering.contact_sheet import contact_sheet
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.video.stills import Picture, save_picture
from xrdrama.errors import UsageError
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show.filming import AS_SEEN, Filming
from xrdrama.timing import FrameTime
from xrdrama.tools.takes.effects import Filmed, simulated
from xrdrama.tools.takes.instead import Difference, Instead, Opened, open_instead
from xrdrama.tools.takes.rendering import needed
from xrdrama.tools.takes.replaying import findings_of

SHEET = "sheet.png"
ON_A_SHEET = 4
"""Stills in a row of a contact sheet, unless the frames are named."""
CELL = (480, 270)
"""Pixels of a still on a contact sheet, unless a size is given."""


class Stills(msgspec.Struct, frozen=True):
    """The result: the files, the frames, the seconds it took, and what differs from the take."""

    files: tuple[Path, ...]
    frames: tuple[int, ...]
    seconds: float
    differences: dict[str, tuple[Difference, ...]]
    """By lens; "" is the lens of the take."""
    findings: tuple[str, ...] = ()
    """Messages about problems of the take's file, or of what it lacks for these pictures."""
    simulated: dict[str, str] = {}
    """The effects that were simulated: their values and models."""
    torn: bool = False
    """The take contains data that cannot be read."""


def draw_stills(
    path: Path,
    out: Path,
    *,
    instead: Instead,
    filming: Filming = AS_SEEN,
    lenses: Sequence[str] = (),
    numbers: Sequence[int] = (),
    sheet: bool = False,
    quality: Quality = "full",
    poses: Mapping[str, PoseAt] | None = None,
    on_notice: Callable[[str], None] = lambda text: None,
) -> Stills:
    """Draw frames of a take, by their numbers, through each of some lenses, into the folder `out`:
    a picture for each, or with `sheet` one contact sheet, a row for each lens.

    `poses` decides the poses of some performers, instead of what the take says.

    Without `numbers`, a contact sheet has frames from the whole take. UsageError as `open_instead`
    and for a frame that the take does not have. Of a damaged take, the frames before the damage are
    drawn; findings name the others.
    """
    began = time.monotonic()
    if sheet and instead.size is None:
        instead = replace(instead, size=CELL)
    rows: list[tuple[str, list[Picture]]] = []
    differences, findings = {}, {}
    effects: dict[str, dict[str, str]] = {}
    for lens in lenses or ("",):
        opened = open_instead(path, replace(instead, lens=lens), notice=on_notice)
        numbers, lost = _readable(opened, tuple(numbers) or _spread(opened))
        findings.update(dict.fromkeys(lost))
        name = _named(lens, opened)
        rows.append((name, _drawn(opened, numbers, quality, filming, poses)))
        effects[name] = simulated(opened, filming) if filming.effects else {}
        differences[lens] = opened.differences
        findings.update(dict.fromkeys((*findings_of(opened.take, path), *opened.findings)))
        if not numbers:
            break
    files = []
    if sheet and numbers:
        rate = opened.production.rate
        times = [FrameTime.of(number, rate).timecode for number in numbers]
        heads = [f"frame {number}, {at}" for number, at in zip(numbers, times, strict=True)]
        save_picture(contact_sheet(rows, heads), out / SHEET)
        files.append(out / SHEET)
    else:
        for name, pictures in rows:
            for number, picture in zip(numbers, pictures, strict=True):
                ending = f"_{name.replace(' ', '_')}" if len(rows) > 1 else ""
                file = out / f"still_{number:06}{ending}.png"
                save_picture(picture, file)
                files.append(file)
    seconds = round(time.monotonic() - began, 1)
    return Stills(
        tuple(files), tuple(numbers), seconds, differences, tuple(findings), of_all(effects),
        opened.take.torn,
    )  # fmt: skip


def of_all(effects: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is simulated through several lenses, by effect: the one text of all of them, or the text
    of each after the lens's name."""
    found = {}
    for name in dict.fromkeys(name for of in effects.values() for name in of):
        texts = {lens: of[name] for lens, of in effects.items()}
        same = len(set(texts.values())) == 1
        lines = [text if same else f"{lens}: {text}" for lens, text in texts.items()]
        found[name] = "; ".join(dict.fromkeys(lines))
    return found


def _named(lens: str, opened: Opened) -> str:
    """What a lens is called beside its pictures."""
    stage = opened.production.stage
    assert stage is not None
    camera = stage.camera_named(opened.camera)
    name = camera.lens_file.id if camera.lens_file else f"{camera.lens.focal * 1000:g} mm"
    return f"{camera.id} {name}" if len(stage.cameras) > 1 else name


def _spread(opened: Opened) -> tuple[int, ...]:
    """The numbers of frames from the whole take, at even distances."""
    ticks = opened.take.ticks
    places = [(2 * index + 1) * len(ticks) // (2 * ON_A_SHEET) for index in range(ON_A_SHEET)]
    return tuple(dict.fromkeys(ticks[place].number for place in places if place < len(ticks)))


def _readable(opened: Opened, numbers: Sequence[int]) -> tuple[tuple[int, ...], list[str]]:
    """The frames that can be drawn, and messages about those that a damaged take has lost."""
    if not opened.take.torn:
        return tuple(numbers), []
    known = {ticked.number for ticked in opened.take.ticks}
    lost = [number for number in numbers if number not in known]
    said = [f"frame {number} is not among those before the damage: it is not drawn"
            for number in lost]  # fmt: skip
    if not known and not lost:
        said = ["no frame can be read before the damage: nothing is drawn"]
    return tuple(number for number in numbers if number in known), said


def _drawn(
    opened: Opened,
    numbers: Sequence[int],
    quality: Quality,
    filming: Filming,
    poses: Mapping[str, PoseAt] | None,
) -> list[Picture]:
    """The pictures of some frames of a take, in the order of `numbers`."""
    if not numbers:
        return []
    indices = {ticked.number: index for index, ticked in enumerate(opened.take.ticks)}
    for number in numbers:
        if number not in indices:
            known = f"{min(indices)} to {max(indices)}" if indices else "none"
            raise UsageError(f"the take has no frame {number}", f"its frames: {known}")
    stage = opened.production.stage
    if stage is None:
        raise UsageError("the show of the take has no stage", "use a take of a show with a stage")
    Filmed(opened, filming)  # refuses what is missing before anything is drawn
    pictures = stage_pictures(
        opened.loaded,
        opened.production,
        quality=quality,
        camera=opened.camera,
        lens_sink=lambda picture: None,
        poses=poses,
    )
    found: dict[int, Picture] = {}
    try:
        for number in sorted(set(numbers)):
            index, filmed = indices[number], Filmed(opened, filming)
            filmed.begin(pictures)
            every = stage.outer.every + filmed.early
            for at, frame, _ in needed(opened, index, index + 1, every):
                if at < index:
                    filmed.draw_outer(pictures, frame)
                else:
                    filmed.present(pictures, frame)
            found[number] = pictures.newest("lens")
    finally:
        pictures.close()
    return [found[number] for number in numbers]
