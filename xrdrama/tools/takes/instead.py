"""A take with other values than it was recorded with: another camera, lens, stage or picture size.

The poses are those of the take's tracking samples; predictions, views and pictures are computed
again for the other stage, camera or lens. The story is not changed by them, which is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.show import Production
from xrdrama.show.production import outer_views
from xrdrama.show.take import Take, replay
from xrdrama.spatial import ORIGIN, Pose, Vec3
from xrdrama.stage import Camera, Stage
from xrdrama.stage.cameras import aspects_apart
from xrdrama.stage.choosing import chosen_camera
from xrdrama.stage.lenses import LensFile, load_lens
from xrdrama.stage.lenses.mounting import misfit
from xrdrama.tools.takes.film_camera import FilmCamera
from xrdrama.tools.takes.replaying import frames_of, open_take
from xrdrama.wire.frame import Frame

LONGEST_MM = 10_000.0


class Instead(msgspec.Struct, frozen=True):
    """The values that are used instead of those of a take; "" and None are those of the take."""

    camera: str = ""
    lens: str = ""
    """A focal length in millimetres, or a lens file."""
    stage: str = ""
    """A stage, by name or file."""
    size: tuple[int, int] | None = None
    """Pixels of the camera's picture. Its inner frustum gets at least as many."""

    def __bool__(self) -> bool:
        return self != Instead()


AS_TAKEN = Instead()


class Difference(msgspec.Struct, frozen=True):
    """A value that differs from the take: its name, the value in the take, the value drawn."""

    name: str
    taken: str
    drawn: str

    def __str__(self) -> str:
        """For a person."""
        return f"{self.name}: {self.drawn} instead of {self.taken}"


class Opened(msgspec.Struct, frozen=True):
    """A take, what it was recorded with, and what it is drawn with."""

    take: Take
    loaded: content.Loaded
    recorded: Production
    production: Production
    camera: str
    """The id of the camera whose picture is drawn; "" without a stage."""
    differences: tuple[Difference, ...] = ()
    findings: tuple[str, ...] = ()
    """Messages about what the take lacks for this drawing."""

    def frames(self) -> Iterator[tuple[int, Frame, bool]]:
        """For every tick of the take: number, frame to draw, and whether the frame equals the
        recorded one, apart from what cameras and walls show if a value differs."""
        if self.production is self.recorded:
            yield from frames_of(self.take, self.recorded)
            return
        drawn = replay(self.take, self.production)
        for (number, frame, same), (other, _) in zip(
            frames_of(self.take, self.recorded), drawn, strict=True
        ):
            yield number, other, same and _story_of(frame) == _story_of(other)

    def film(self) -> FilmCamera:
        """Where the camera was."""
        return FilmCamera.of_take(self.take, self.production, self.camera)


def open_instead(
    path: Path, instead: Instead, *, notice: Callable[[str], None] = lambda text: None
) -> Opened:
    """A take to be drawn with other values. UsageError as `open_take`, and for a camera, lens or
    stage that does not exist; AuthoringError for a lens or stage file with errors."""
    take, loaded, recorded = open_take(path, notice=notice)
    before = recorded.stage
    if before is None or not instead:
        return Opened(take, loaded, recorded, recorded, before.camera.id if before else "")
    production = recorded
    if instead.stage:
        loaded = content.with_stage(loaded, content.find("stage", instead.stage))
        production = replace(content.produce(loaded), looks=recorded.looks, later=recorded.later)
    stage = production.stage
    assert stage is not None
    camera = chosen_camera(stage, instead.camera)
    changed = _with_size(with_lens(camera, instead.lens), instead.size)
    stage = stage.with_camera(changed)
    production = replace(production, stage=stage, outer_views=outer_views(stage))
    differences = _differences(before, stage)
    if camera.id != before.camera.id:
        differences.insert(0, Difference("camera", before.camera.id, camera.id))
    opened = Opened(take, loaded, recorded, production, camera.id, tuple(differences))
    return replace(opened, findings=_findings(opened, changed, instead.size))


def with_lens(camera: Camera, text: str) -> Camera:
    """The camera with another focal length (a number, millimetres) or lens file; unchanged for "".

    UsageError for a lens that does not exist or does not fit the camera's sensor.
    """
    if not text:
        return camera
    try:
        focal_mm = float(text)
    except ValueError:
        path = content.find("lens", text)
        lens_file = load_lens(content.read_text(path), str(path))
        _refuse_misfit(camera, lens_file, text)
        changed = replace(camera, lens_file=lens_file)
        return changed.with_optics(lens_file.optics(lens_file.home))
    if not 0.5 <= focal_mm <= LONGEST_MM:
        raise UsageError(
            f"--lens {text}: a focal length is 0.5 to {LONGEST_MM:g} mm", "write --lens 50"
        )
    return replace(camera, lens_file=None, lens=replace(camera.lens, focal=focal_mm / 1000))


def _refuse_misfit(camera: Camera, lens: LensFile, name: str) -> None:
    """UsageError if the distortion of a lens cannot be used on the camera's sensor."""
    fold = misfit(lens, camera.sensor_mm)
    if fold is not None:
        (w, h), (wide, high) = camera.sensor_mm, lens.sensor_mm
        raise UsageError(
            f"--lens {name}: the lens {lens.id!r} does not fit the camera {camera.id!r}: it was "
            f"calibrated for {wide:g} x {high:g} mm, the sensor has {w:g} x {h:g} mm, and "
            f"{fold.reason} at a radius of {fold.radius:.2f} mm",
            "choose another lens or camera, or calibrate the lens on this camera",
        )


def _with_size(camera: Camera, size: tuple[int, int] | None) -> Camera:
    if size is None:
        return camera
    inner = camera.inner
    if size[0] > inner.pixels[0] or size[1] > inner.pixels[1]:
        inner = replace(inner, pixels=size)
    return replace(camera, picture=size, inner=inner)


def _findings(opened: Opened, camera: Camera, size: tuple[int, int] | None) -> tuple[str, ...]:
    found = []
    apart = aspects_apart("the picture", size, camera.sensor_mm) if size else ""
    if apart and size:
        width, height = camera.sensor_mm
        fitting = f"{size[0]}x{2 * max(8, round(size[0] * height / width / 2))}"
        found.append(f"{apart}: it is stretched; use --size {fitting}")
    if not opened.film().count:
        found.append(
            f"the take has no tracking of subject {camera.subject}: the camera {camera.id!r} stays"
            " at its safe pose"
        )
    return tuple(found)


def _story_of(frame: Frame) -> Frame:
    """A frame without what cameras, walls and the tracker's state change."""
    return replace(frame, views=(), tracked=None, others=(), alarms=(), patterns={}, refused=())


def _differences(taken: Stage, drawn: Stage) -> list[Difference]:
    """The values of two stages that differ, by their names in the stage file."""
    one, other = _values(taken), _values(drawn)
    names = dict.fromkeys((*one, *other))
    return [
        Difference(name, one.get(name, "none"), other.get(name, "none"))
        for name in names
        if one.get(name) != other.get(name)
    ]


def _values(stage: Stage) -> dict[str, str]:
    """The values of a stage by name, as text."""
    found: dict[str, str] = {"stage": stage.id}
    for wall in stage.walls:
        corners = [corner for facet in wall.facets for corner in facet.corners]
        middle = sum(corners, ORIGIN) * (1 / len(corners))
        name = f"walls.{wall.id}"
        found[f"{name}.pixels"] = f"{wall.pixels[0]} x {wall.pixels[1]}"
        found[f"{name}.at"] = f"{wall.at[0]}, {wall.at[1]}"
        found[f"{name}.brightness_nits"] = f"{wall.brightness:g}"
        shape = blake2b(repr(wall.facets).encode(), digest_size=3).hexdigest()
        found[f"{name}.shape"] = f"{len(wall.facets)} parts around {_point(middle)} (shape {shape})"
    for camera in stage.cameras:
        name = f"cameras.{camera.id}"
        found[f"{name}.focal_mm"] = f"{camera.lens.focal * 1000:g}"
        found[f"{name}.lens"] = camera.lens_file.id if camera.lens_file else "none"
        rest = replace(camera, lens_file=None, lens=replace(camera.lens, focal=0.0))
        _flatten(rest, name, found)
    whole = replace(stage, walls=(), cameras=(), stand_in=None, title="")
    _flatten(whole, "", found)
    return found


_SKIPPED = ("id", "place", "title", "walls", "cameras", "stand_in", "lens_file", "focal")


def _flatten(value: Any, name: str, found: dict[str, str]) -> None:
    """Add the fields of a struct, and of the structs in it, under their names."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Pose | Vec3):
        for field in value.__struct_fields__:
            if field not in _SKIPPED:
                _flatten(getattr(value, field), f"{name}.{field}" if name else field, found)
    else:
        found[name] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Pose):
        pan, tilt, roll = value.rotation.angles()
        return f"{_text(value.position)} pan {pan:.6g} tilt {tilt:.6g} roll {roll:.6g}"
    if isinstance(value, Vec3):
        return f"{value.x:.6g}, {value.y:.6g}, {value.z:.6g}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    return str(value)


def _point(at: Vec3) -> str:
    return f"{at.x:.3f}, {at.y:.3f}, {at.z:.3f}"
