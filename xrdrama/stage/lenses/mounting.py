"""The lens files of a stage's cameras: read, and checked against the camera that has the lens."""

from __future__ import annotations

from math import ceil
from typing import Final

import msgspec

from xrdrama.document import Place, Reading
from xrdrama.errors import UsageError
from xrdrama.stage.lenses.model import LensFile, Setting
from xrdrama.stage.lenses.optics import Fold, fold_in, needed_overscan
from xrdrama.stage.lenses.parse import parse_lens, settings
from xrdrama.stage.surfaces.files import Files

_LARGER: Final = 1.001


class Mount(msgspec.Struct, frozen=True):
    """A camera that has a lens file: its name, its sensor (mm), the overscan of its inner frustum
    and its soft edge; and the places of these in the stage file."""

    lens: str
    sensor_mm: tuple[float, float]
    overscan: float
    feather: float
    lens_place: Place
    sensor_place: Place
    overscan_place: Place


def mounted(mount: Mount, reading: Reading, files: Files) -> LensFile | None:
    """The lens file of a camera; None, and problems, if it cannot be used on this camera."""
    place = mount.lens_place
    try:
        text = files(mount.lens).decode("utf-8-sig")
    except UsageError as error:
        reading.note(place, "W043", error.message, error.remedy)
        return None
    except UnicodeDecodeError:
        reading.note(place, "W043", f"{mount.lens} is not a text file", "name a .lens.yaml file")
        return None
    folder = reading.file.rpartition("/")[0]
    lens, problems = parse_lens(text, f"{folder}/{mount.lens}" if folder else mount.lens)
    reading.problems.extend(problems)
    if lens is not None and _fits(lens, mount, reading):
        _check_overscan(lens, mount, reading)
        return lens
    return None


def _fits(lens: LensFile, mount: Mount, reading: Reading) -> bool:
    """Whether the distortion can be used on the whole sensor of the camera."""
    if _is_covered(lens, mount.sensor_mm):
        return True
    w, h = mount.sensor_mm
    message = (
        f"the sensor of the camera ({w:g} x {h:g} mm) is larger than the part for which the lens "
        f"{lens.id!r} was calibrated ({lens.sensor_mm[0]:g} x {lens.sensor_mm[1]:g} mm)"
    )
    fold = misfit(lens, mount.sensor_mm)
    if fold is not None:
        hint = "write the used part of the sensor, or calibrate the lens on this camera"
        text = f"{message}, and {fold.reason} at a radius of {fold.radius:.2f} mm"
        reading.note(mount.sensor_place, "W044", text, hint)
        return False
    hint = "distortion near the edges is extrapolated: calibrate the lens on this camera"
    reading.note(mount.sensor_place, "W044", message, hint, "warning")
    return True


def _is_covered(lens: LensFile, sensor_mm: tuple[float, float]) -> bool:
    """Whether the lens was calibrated for the whole sensor."""
    return all(a <= b * _LARGER for a, b in zip(sensor_mm, lens.sensor_mm, strict=True))


def misfit(lens: LensFile, sensor_mm: tuple[float, float]) -> Fold | None:
    """Where the distortion of a lens cannot be used on a sensor (mm) that is larger than the one it
    was calibrated for; None if it fits."""
    if _is_covered(lens, sensor_mm):
        return None
    folds = (fold_in(lens.optics(setting), sensor_mm) for setting, _ in settings(lens))
    return next((fold for fold in folds if fold is not None), None)


def most_overscan(lens: LensFile, sensor_mm: tuple[float, float]) -> tuple[float, Setting]:
    """The largest overscan that the lens needs on a sensor, over its settings, and the setting."""
    found = [(needed_overscan(lens.optics(s), sensor_mm), s) for s, _ in settings(lens)]
    return max(found, key=lambda one: one[0])


def _check_overscan(lens: LensFile, mount: Mount, reading: Reading) -> None:
    needed, setting = most_overscan(lens, mount.sensor_mm)
    within = 1.0 - 2.0 * mount.feather
    if needed <= mount.overscan * within:
        return
    enough = ceil(needed / within * 100) / 100
    message = (
        f"the overscan of {mount.overscan:g} does not cover what the lens {lens.id!r} sees at "
        f"{setting.zoom:g} mm: its distortion needs {needed:.3f} inside the soft edge"
    )
    hint = f"write overscan: {enough:g} or more; latency of the tracker needs more still"
    reading.note(mount.overscan_place, "W045", message, hint, "warning")
