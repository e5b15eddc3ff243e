"""The work of the `lens` commands: import, export, check."""

from __future__ import annotations

from math import inf, isclose
from pathlib import Path
from typing import Any, Final, Literal, cast

import msgspec

from xrdrama import content
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.saving import save
from xrdrama.stage.lenses import LensFile, Optics, OutsideDomain, Setting, fold_in, needed_overscan
from xrdrama.stage.lenses.formats.opencv import read_opencv
from xrdrama.stage.lenses.formats.opentrackio import (
    WITHOUT_FLANGE,
    opentrackio_sample,
    read_opentrackio,
)
from xrdrama.stage.lenses.formats.writing import FoundLens, lens_text
from xrdrama.stage.lenses.model import diopters, metres
from xrdrama.stage.lenses.mounting import most_overscan
from xrdrama.stage.lenses.parse import parse_lens

SUFFIX: Final = ".lens.yaml"
FORMATS: Final = ("opencv", "opentrackio", "stmap")
Size = tuple[float, float]
Way = Literal["redistort", "undistort"]


class ImportOptions(msgspec.Struct, frozen=True):
    """What a file of another tool may lack: the sensor and the focal length in mm, the size of its
    pictures in pixels, what kind of map it is; and how its numbers are to be understood."""

    sensor_mm: Size | None = None
    size: tuple[int, int] | None = None
    focal_mm: float | None = None
    flange_mm: float | None = None
    way: str = ""
    overscan: float | None = None
    from_middle: bool = False


class ImportedLens(msgspec.Struct, frozen=True):
    """What an import brought: the number of settings, and notes."""

    settings: int
    notes: tuple[str, ...]


class SettingReport(msgspec.Struct, frozen=True):
    """A calibrated setting: mm, m (None for infinity), mm, factor, mm (None without a limit)."""

    zoom_mm: float
    focus_m: float | None
    focal_mm: float
    needed_overscan: float
    domain_mm: float | None


def import_lens(file: Path, out: Path, kind: str, options: ImportOptions) -> ImportedLens:
    """Write the lens of another tool's file as the lens file `out`.

    UsageError for a file that cannot be read, or whose lens cannot be used, and an `out` that
    exists; DeviceError when `out` cannot be written.
    """
    if not out.name.endswith(SUFFIX):
        raise UsageError(f"{out} is not the name of a lens file", f"write --out NAME{SUFFIX}")
    if out.exists():
        raise UsageError(f"{out} exists already", "name another file with --out, or delete it")
    path = content.find_file(str(file), "there is no file")
    kind = kind or _kind_of(path)
    if kind not in FORMATS:
        raise UsageError(f"there is no lens format {kind!r}", f"use one of {', '.join(FORMATS)}")
    found = _read(path, kind, options)
    text = lens_text(out.name.removesuffix(SUFFIX), found)
    lens, problems = parse_lens(text, str(out))
    if lens is None:
        first = next(problem for problem in problems if problem.severity == "error")
        raise UsageError(f"the lens in {file} cannot be used: {first.message}", first.hint)
    warned = tuple(f"{problem.message} ({problem.hint})" for problem in problems)
    save(out, text)
    return ImportedLens(len(found.points), found.notes + warned)


def _kind_of(path: Path) -> str:
    if path.suffix.lower() == ".exr":
        return "stmap"
    if path.suffix.lower() == ".xml":
        raise UsageError(f"{path.name}: XML is not read", "save the calibration as .yaml or .json")
    text = content.read_text(path)
    if any(word in text for word in ("pinholeFocalLength", "activeSensorPhysicalDimensions")):
        return "opentrackio"
    if path.suffix.lower() in (".yml", ".yaml", ".json"):
        return "opencv"
    raise UsageError(f"no importer reads {path.name}",
                     "if it has one of these formats, add --from opencv, opentrackio or stmap",
                     )  # fmt: skip


def _read(path: Path, kind: str, options: ImportOptions) -> FoundLens:
    if kind == "stmap":
        return _read_map(path, options)
    text = content.read_text(path)
    if kind == "opentrackio":
        return read_opentrackio(text, path.name, options.sensor_mm, flange_mm=options.flange_mm)
    if options.sensor_mm is None:
        raise UsageError("an OpenCV calibration does not say how large the sensor is",
                         "add --sensor 36x20.25 (width and height of its used part, mm)",
                         )  # fmt: skip
    return read_opencv(text, path.name, options.sensor_mm, size=options.size,
                       from_middle=options.from_middle)  # fmt: skip


def _read_map(path: Path, options: ImportOptions) -> FoundLens:
    # Imported late: maps need numpy and the EXR library.
    from xrdrama.adapters.stmaps.exr import read_exr
    from xrdrama.adapters.stmaps.mapping import lens_of

    values, notes = read_exr(path)
    way = options.way or str(notes.get("map", ""))
    if way not in ("redistort", "undistort"):
        raise UsageError(f"{path.name} does not say which way it maps",
                         "add --map redistort or --map undistort")  # fmt: skip
    w, h, focal = (notes.get(name) for name in ("sensor_width", "sensor_height", "focal_mm"))
    sensor = options.sensor_mm or ((float(w), float(h)) if w and h else None)
    focal_mm = options.focal_mm or (float(focal) if focal else None)
    if sensor is None or focal_mm is None:
        raise UsageError(f"{path.name} does not say which sensor and focal length it is for",
                         "add --sensor 36x20.25 and --focal 24.2 (mm)")  # fmt: skip
    across, down = (float(notes.get(f"overscan_{side}", 1.0)) for side in ("across", "down"))
    over = (options.overscan,) * 2 if options.overscan else (across, down)
    found = lens_of(values, cast(Way, way), sensor, focal_mm, (over[0], over[1]))
    if w and h and not all(map(_alike, sensor, (float(w), float(h)))):
        note = (f"{path.name} says that it is for a sensor of {float(w):g} x {float(h):g} mm; "
                f"--sensor {sensor[0]:g}x{sensor[1]:g} is used instead")  # fmt: skip
        return msgspec.structs.replace(found, notes=(*found.notes, note))
    return found


def _alike(one: float, other: float) -> bool:
    """Whether two lengths of a sensor are the same, as far as headers of files are exact."""
    return isclose(one, other, rel_tol=1e-3)


def load(name: str) -> LensFile:
    """The lens of a name or path; AuthoringError with all problems if it has an error."""
    path = content.find("lens", name)
    lens, problems = parse_lens(content.read_text(path), str(path))
    if lens is None:
        raise AuthoringError(problems)
    return lens


def setting_of(lens: LensFile, zoom_mm: float | None, focus_m: float | None) -> Setting:
    """The setting that options name: by default the widest zoom, at the farthest focus.

    UsageError for one that is not calibrated.
    """
    home = lens.home
    setting = Setting(
        home.zoom if zoom_mm is None else zoom_mm,
        home.diopter if focus_m is None else diopters(focus_m),
    )
    if not lens.calibrated(setting):
        near = min(point.optics.focus_m for point in lens.points)
        raise UsageError(
            f"the lens {lens.id!r} is not calibrated at {setting.zoom:g} mm and "
            f"{metres(setting.diopter):g} m",
            f"use --zoom {lens.zooms[0]:g} to {lens.zooms[-1]:g} and --focus {near:g} or more",
        )
    return setting


def lens_to_opentrackio(
    name: str, zoom_mm: float | None, focus_m: float | None, flange_mm: float | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The lens at a setting as the parts of an OpenTrackIO sample, and notes about it."""
    lens = load(name)
    setting = setting_of(lens, zoom_mm, focus_m)
    sample = opentrackio_sample(lens, setting, lens.sensor_mm, flange_mm=flange_mm or 0.0)
    unmeasured = flange_mm is None and "entrancePupilOffset" in sample["lens"]
    return sample, (WITHOUT_FLANGE,) if unmeasured else ()


def save_json(out: Path, sample: dict[str, Any]) -> None:
    """Write a sample as JSON; UsageError for a file that exists, DeviceError if it fails."""
    if out.exists():
        raise UsageError(f"{out} exists already", "name another file with --out, or delete it")
    save(out, msgspec.json.format(msgspec.json.encode(sample), indent=2) + b"\n")


class WrittenMap(msgspec.Struct, frozen=True):
    """A map that was written: its size in pixels, the overscan of the rectilinear picture across
    and down, and how many of its pixels are outside the domain of the distortion."""

    size: tuple[int, int]
    overscan: Size
    outside: int


def lens_to_map(
    name: str,
    out: Path,
    way: Way,
    zoom_mm: float | None,
    focus_m: float | None,
    size: tuple[int, int],
    overscan: float | None,
) -> WrittenMap:
    """Write the ST map of a lens at a setting; the overscan is what the lens needs unless given.

    UsageError for an `out` that exists; DeviceError when it cannot be written.
    """
    from xrdrama.adapters.stmaps.exr import write_exr
    from xrdrama.adapters.stmaps.mapping import OUTSIDE, grown, st_map

    if out.exists():
        raise UsageError(f"{out} exists already", "name another file with --out, or delete it")
    lens = load(name)
    setting = setting_of(lens, zoom_mm, focus_m)
    optics = lens.optics(setting)
    if overscan is None:
        overscan = _needed(optics, lens.sensor_mm)
    across, down = grown(size, overscan)
    if max(across, down) > 16_384:
        raise UsageError(f"the map would have {across} x {down} pixels", "use a smaller --size")
    values = st_map(optics, lens.sensor_mm, size, overscan, way)
    scales = (across / size[0], down / size[1])
    notes: dict[str, float | str] = {
        "map": way, "lens": lens.id, "zoom_mm": setting.zoom, "focal_mm": optics.focal_mm,
        "sensor_width": float(lens.sensor_mm[0]), "sensor_height": float(lens.sensor_mm[1]),
        "overscan_across": scales[0], "overscan_down": scales[1],
    }  # fmt: skip
    write_exr(out, values, notes)
    shape = (values.shape[1], values.shape[0])
    return WrittenMap(shape, scales, int((values == OUTSIDE).all(-1).sum()))


def _needed(optics: Optics, sensor_mm: Size) -> float:
    try:
        return needed_overscan(optics, sensor_mm)
    except OutsideDomain:
        return inf


def check_lens(
    name: str, overscan: float
) -> tuple[list[Problem], list[SettingReport], tuple[float, float] | None]:
    """The problems of a lens file, its settings, and the largest overscan that it needs with the
    zoom that needs it (None for a file with errors).

    A distortion that folds only in a frame that is larger by `overscan` is a warning (K010).
    """
    path = content.find("lens", name)
    lens, problems = parse_lens(content.read_text(path), str(path))
    if lens is None:
        return problems, [], None
    reports = []
    for point in lens.points:
        o = point.optics
        fold = fold_in(o, lens.sensor_mm, overscan)
        if fold is not None:
            message = (
                f"{fold.reason} at a radius of {fold.radius:.2f} mm: outside the frame, but inside "
                f"one with an overscan of {overscan:g} (its corner is at {fold.corner:.2f} mm)"
            )
            hint = "maps and pictures with this overscan have no values there; use less"
            p = point.place
            problems.append(Problem(p.file, p.line, p.column, "K010", "warning", message, hint))
        limit = o.distortion.limit
        domain = limit.radius if o.distortion.model == "D-U" else limit.image
        reports.append(
            SettingReport(
                point.zoom,
                None if o.focus_m == inf else o.focus_m,
                o.focal_mm,
                round(_needed(o, lens.sensor_mm), 6),
                None if domain == inf else round(domain, 4),
            )
        )
    most, setting = most_overscan(lens, lens.sensor_mm)
    return problems, reports, (round(most, 6), setting.zoom)
