"""The lens block of OpenTrackIO 1.0 (JSON), to a lens and back.

Entrance pupils of OpenTrackIO are measured from the sensor, in metres; those of a lens file from
the mount, in millimetres. `flange_mm` is the distance between the two (52 for PL, 44 for EF).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite
from typing import Any, cast

import msgspec

from xrdrama.errors import UsageError
from xrdrama.stage.lenses.distortion import Model, Point, Six
from xrdrama.stage.lenses.formats.writing import FoundLens, FoundPoint
from xrdrama.stage.lenses.model import LensFile, Setting, diopters, metres
from xrdrama.stage.lenses.mounting import most_overscan
from xrdrama.stage.lenses.optics import needed_overscan

NAMES: dict[str, Model] = {"Brown-Conrady D-U": "D-U", "Brown-Conrady U-D": "U-D"}
_MOST = 100_000
WITHOUT_FLANGE = (
    "entrancePupilOffset is written from the mount, as if the sensor were there, but OpenTrackIO "
    "measures from the sensor: add --flange with the distance from mount to sensor in mm"
)
"""What is said of a sample with an entrance pupil that is made without a flange distance."""
_FLANGE = (
    "entrancePupilOffset is measured from the sensor and is written as if the mount were there: "
    "add --flange with the distance from mount to sensor in mm"
)


class _Read(msgspec.Struct):
    """A lens block as read: the point, the encoders, the model."""

    point: FoundPoint
    encoders: dict[str, float]
    unit: str
    model: Model


def read_opentrackio(
    text: str, file: str, sensor_mm: Point | None = None, *, flange_mm: float | None = None
) -> FoundLens:
    """The lens of one sample, a list of samples or JSON lines; a lens block alone is read, too.

    UsageError with the reason if it cannot be used. With samples at several settings, the encoders
    of the samples make the maps.
    """
    samples = list(_samples(text, file))
    notes: dict[str, None] = {}
    sensor = sensor_mm or next((s for s in map(_sensor, samples) if s), None)
    if sensor is None:
        raise UsageError(f"{file} does not say how large the sensor is (static.camera."
                         "activeSensorPhysicalDimensions)", "add --sensor 36x20.25")  # fmt: skip
    found = [_block(sample, file, number, flange_mm, notes)
             for number, sample in enumerate(samples, 1)]  # fmt: skip
    reads = [read for read in found if read is not None]
    if not reads:
        raise UsageError(f"{file} has no lens block with pinholeFocalLength",
                         "use a sample with its lens block, or the block alone")  # fmt: skip
    models = {read.model for read in reads}
    if len(models) > 1:
        raise UsageError(f"{file} has samples of both distortion models",
                         "import those of one model")  # fmt: skip
    title = next((t for t in map(_title, samples) if t), "")
    return _merged(reads, sensor, title, models.pop(), notes)


def _samples(text: str, file: str) -> Iterator[dict[str, Any]]:
    try:
        root = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as first:
        try:
            root = [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
        except (msgspec.DecodeError, RecursionError):
            raise UsageError(f"{file} is not valid JSON: {first}",
                             "save one sample, a list, or one sample a line") from None  # fmt: skip
    items = root if isinstance(root, list) else [root]
    if len(items) > _MOST:
        raise UsageError(f"{file} has {len(items)} samples; at most {_MOST} are read",
                         "use a shorter log")  # fmt: skip
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise UsageError(f"{file}: sample {number} is not an object", "save it again")
        yield item if "lens" in item or "static" in item else {"lens": item}


def _number(block: Any, *path: str) -> float | None:
    for key in path:
        block = block.get(key) if isinstance(block, dict) else None
    if isinstance(block, bool) or not isinstance(block, (int, float)) or not isfinite(block):
        return None
    return float(block)


def _sensor(sample: dict[str, Any]) -> Point | None:
    place = ("static", "camera", "activeSensorPhysicalDimensions")
    w, h = (_number(sample, *place, side) for side in ("width", "height"))
    return (w, h) if w and h else None


def _title(sample: dict[str, Any]) -> str:
    static = sample.get("static")
    lens = static.get("lens") if isinstance(static, dict) else None
    parts = [lens.get(key) for key in ("make", "model")] if isinstance(lens, dict) else []
    return " ".join(part for part in parts if isinstance(part, str))


def _block(
    sample: dict[str, Any], file: str, number: int, flange_mm: float | None, notes: dict[str, None]
) -> _Read | None:
    lens = sample.get("lens")
    focal = _number(lens, "pinholeFocalLength")
    if not isinstance(lens, dict) or not focal:
        return None
    for key, what in (("exposureFalloff", " (vignetting)"), ("custom", "")):
        if key in lens:
            notes[f"not carried over: lens.{key}{what}"] = None
    model, radial, tangential = _distortion(lens.get("distortion"), f"{file}: sample {number}",
                                            notes)  # fmt: skip
    pupil = (_number(lens, "entrancePupilOffset") or 0.0) * 1000
    if pupil and flange_mm is None:
        notes[_FLANGE] = None
    focus = _number(lens, "focusDistance")
    point = FoundPoint(
        focal,
        focus if focus and focus < 1e5 else inf,
        entrance_pupil_mm=pupil - (flange_mm or 0.0) if pupil else 0.0,
        projection_offset_mm=_offset(lens, "projectionOffset"),
        distortion_offset_mm=_offset(lens, "distortionOffset"),
        radial=radial,
        tangential=tangential,
    )
    raw = isinstance(lens.get("rawEncoders"), dict)
    group = "rawEncoders" if raw else "encoders"
    encoders = {ring: _number(lens, group, ring) for ring in ("zoom", "focus")}
    known = {ring: at for ring, at in encoders.items() if at is not None}
    return _Read(point, known, "raw" if raw else "normalised", model)


def _offset(lens: dict[str, Any], key: str) -> Point:
    return _number(lens, key, "x") or 0.0, _number(lens, key, "y") or 0.0


def _distortion(found: Any, where: str, notes: dict[str, None]) -> tuple[Model, Six, Point]:
    none: tuple[Model, Six, Point] = "D-U", (0.0,) * 6, (0.0, 0.0)
    if not isinstance(found, list) or not found:
        return none
    for item in found:
        name = item.get("model", "Brown-Conrady D-U") if isinstance(item, dict) else None
        if name not in NAMES:
            notes[f"not carried over: the distortion model {name!r}"] = None
            continue
        radial, tangential = ([] if item.get(key) is None else item[key]
                              for key in ("radial", "tangential"))  # fmt: skip
        for values, most in ((radial, 6), (tangential, 2)):
            ok = isinstance(values, list) and all(_number({"": v}, "") is not None for v in values)
            if not ok or len(values) > most:
                raise UsageError(
                    f"{where}: its distortion has more than {most} coefficients, or one that is "
                    "not a number", "OpenLensIO has k1 to k6 and p1, p2",
                )  # fmt: skip
        if len(found) > 1:
            notes[f"of {len(found)} distortion models, {name} is used"] = None
        six = cast(Six, tuple([*map(float, radial), *[0.0] * 6][:6]))
        return NAMES[name], six, cast(Point, tuple([*map(float, tangential), 0.0, 0.0][:2]))
    return none


def _merged(
    reads: list[_Read], sensor: Point, title: str, model: Model, notes: dict[str, None]
) -> FoundLens:
    """The settings of all samples, each once, and the maps of the encoders where they vary."""
    zoomed = _zooms(reads)
    points: dict[tuple[float, float], FoundPoint] = {}
    zoom_map: dict[float, float] = {}
    focus_map: dict[float, float] = {}
    for read, zoom in zip(reads, zoomed, strict=True):
        point = msgspec.structs.replace(read.point, zoom=zoom)
        points.setdefault((round(zoom, 4), round(diopters(point.focus_m), 4)), point)
        if "zoom" in read.encoders:
            zoom_map.setdefault(read.encoders["zoom"], zoom)
        if "focus" in read.encoders:
            focus_map.setdefault(read.encoders["focus"], point.focus_m)
    several_zooms = len({key[0] for key in points}) > 1
    several = len({key[1] for key in points}) > 1
    if not several_zooms:
        points = {key: msgspec.structs.replace(p, zoom=0.0) for key, p in points.items()}
        if len({p.focal_mm for p in points.values()}) > 1:  # breathing of one ring position
            points = {k: msgspec.structs.replace(p, zoom=k[0]) for k, p in points.items()}
    return FoundLens(
        sensor,
        tuple(point for _, point in sorted(points.items())),
        model,
        title,
        tuple(sorted(zoom_map.items())) if several_zooms else (),
        tuple(sorted(focus_map.items())) if several else (),
        reads[0].unit,
        tuple(notes),
    )


def _zooms(reads: list[_Read]) -> list[float]:
    """The zoom of each sample, mm: for one number of the zoom encoder the focal length at the
    farthest focus, so that breathing is not read as zoom."""
    farthest: dict[float, tuple[float, float]] = {}
    for read in reads:
        at = read.encoders.get("zoom")
        if at is not None:
            one = (read.point.focus_m, read.point.focal_mm)
            farthest[at] = max(farthest.get(at, one), one)
    found = []
    for read in reads:
        at = read.encoders.get("zoom")
        found.append(round(read.point.focal_mm if at is None else farthest[at][1], 4))
    return found


def opentrackio_sample(
    lens: LensFile, setting: Setting, sensor_mm: Point, *, flange_mm: float = 0.0
) -> dict[str, Any]:
    """The parts of an OpenTrackIO sample that describe a lens at a setting: `static` and `lens`."""
    optics = lens.optics(setting)
    d = optics.distortion
    block: dict[str, Any] = {"pinholeFocalLength": optics.focal_mm}
    if setting.diopter > 0.0:
        block["focusDistance"] = metres(setting.diopter)
    if optics.entrance_pupil or flange_mm:
        block["entrancePupilOffset"] = optics.entrance_pupil + flange_mm / 1000
    for key, (x, y) in (("projectionOffset", optics.projection_offset),
                        ("distortionOffset", d.centre)):  # fmt: skip
        if x or y:
            block[key] = {"x": x, "y": y}
    if not d.is_none:
        length = max((n for n, k in enumerate(d.radial, 1) if k), default=1)
        name = next(name for name, model in NAMES.items() if model == d.model)
        distortion: dict[str, Any] = {"model": name, "radial": list(d.radial[:length])}
        if any(d.tangential):
            distortion["tangential"] = list(d.tangential)
        distortion["overscan"] = round(needed_overscan(optics, sensor_mm), 6)
        block["distortion"] = [distortion]
    most, _ = most_overscan(lens, sensor_mm)
    size = {"width": sensor_mm[0], "height": sensor_mm[1]}
    static_lens: dict[str, Any] = {"model": lens.title, "distortionOverscanMax": round(most, 6)}
    if len(lens.zooms) == 1:
        static_lens["nominalFocalLength"] = lens.zooms[0]
    return {
        "static": {"camera": {"activeSensorPhysicalDimensions": size}, "lens": static_lens},
        "lens": block,
    }
