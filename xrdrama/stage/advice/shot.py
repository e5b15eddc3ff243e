"""The numbers of one frame: what a director of photography reads beside the picture.

All of them are simulated: they follow from the stage file, the lens and the poses of the camera.
"""

from __future__ import annotations

from functools import lru_cache
from math import dist, hypot, inf

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice import moire
from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.advice.coverage import Coverage, Grazing, coverage, grazing
from xrdrama.stage.advice.footprint import along
from xrdrama.stage.advice.overscan import overscan_for
from xrdrama.stage.advice.slip import content_slip
from xrdrama.stage.advice.surfaces import Axes, Surface, grazing_of
from xrdrama.stage.advice.tree import Walls
from xrdrama.stage.model import Camera

Met = tuple[float, Surface] | None
"""A distance in lengths of a ray, and the piece of a wall there; None if there is no wall."""
ASSUMED_PHOTOSITES = 3840
ASSUMED_APERTURE = 2.8


class Shot(msgspec.Struct, frozen=True):
    """What a camera sees at one pose. Lengths in metres, slip in pixels, None where no wall is."""

    focal_mm: float
    aperture: float | None
    """None if the stage file does not have it."""
    focus_m: float | None
    """The focus of the lens; None if it is not known, inf for infinity."""
    distance_m: float | None
    """From the entrance pupil to the wall in the middle of the frame, along the optical axis."""
    seen: Coverage
    grazing: Grazing | None
    moire_wall: moire.At | None
    """With the focus on the wall."""
    moire_focus: moire.At | None
    """With the focus of the lens; None if it is not known."""
    slip_px: float | None
    """How far a distant object in the middle of the frame is from its place, pixels of the camera's
    picture."""
    slip_wall_px: float | None
    """The same in pixels of the wall."""
    overscan_needed: float
    """The overscan with which the inner frustum would cover the whole frame; inf if none does."""


def optics_for(camera: Camera) -> tuple[moire.Optics, tuple[str, ...]]:
    """The optics for the risk of moire, in focus at 1 m, and what the stage file does not say."""
    assumed = []
    if camera.photosites is None:
        assumed.append(
            f"{ASSUMED_PHOTOSITES} photosites across (write photosites: [4096, 2304] for the "
            "camera)"
        )
    if camera.aperture is None:
        assumed.append(f"f/{ASSUMED_APERTURE} (write aperture: 4 for the camera)")
    across = camera.photosites[0] if camera.photosites else ASSUMED_PHOTOSITES
    aperture = camera.aperture or ASSUMED_APERTURE
    photosite = camera.lens.sensor[0] / across
    return moire.Optics(camera.lens.focal, aperture, 1.0, photosite), tuple(assumed)


def shot_of(
    walls: Walls,
    camera: Camera,
    seen: Pose,
    shown: Pose,
    met: Met,
    focus_m: float | None = None,
) -> Shot:
    """The numbers of a frame that is seen from the pose `seen` of the entrance pupil, while the
    walls show what was drawn for `shown`; `met` is the wall ahead of `seen`."""
    surfaces, edges = walls.surfaces, camera.lens.edges
    ray = _middle(Axes.of(seen), camera)
    distance = met[0] if met else None
    slip = content_slip(surfaces, camera, shown, seen) if met else None
    on_wall = in_focus = None
    if met is not None and distance is not None:
        angle = grazing_of(met[1], ray)
        on_wall = risk_at(camera, met[1].pitch, distance, angle, distance)
        if focus_m is not None:
            in_focus = risk_at(camera, met[1].pitch, distance, angle, min(focus_m, 1e6))
    return Shot(
        focal_mm=camera.lens.focal * 1000,
        aperture=camera.aperture,
        focus_m=focus_m,
        distance_m=distance,
        seen=coverage(surfaces, seen, edges),
        grazing=grazing(surfaces, seen, edges),
        moire_wall=on_wall,
        moire_focus=in_focus,
        slip_px=hypot(*slip) if slip else None,
        slip_wall_px=_on_wall(walls, met, seen, shown, ray),
        overscan_needed=overscan_for(surfaces, camera.lens, shown, seen),
    )


def wall_ahead(walls: Walls, camera: Camera, pose: Pose) -> Met:
    """The wall in the middle of the frame, and its distance along the optical axis, metres."""
    axes = Axes.of(pose)
    return walls.hit(axes.eye, _middle(axes, camera))


def _middle(axes: Axes, camera: Camera) -> Point:
    """The ray to the middle of the frame, with 1 m along the optical axis."""
    left, right, bottom, top = camera.lens.edges
    return axes.ray((left + right) / 2, (bottom + top) / 2)


def _on_wall(walls: Walls, met: Met, seen: Pose, shown: Pose, ray: Point) -> float | None:
    """How far apart a distant object is on the wall for two eyes, in pixels of the wall that the
    second one sees; `met` is what the first one's ray meets."""
    here, there = Axes.of(seen).eye, Axes.of(shown).eye
    other = walls.hit(there, ray)
    if met is None or other is None:
        return None
    return dist(along(here, ray, met[0]), along(there, ray, other[0])) / other[1].pitch


def risk_at(
    camera: Camera, pitch: float, distance: float, grazing: float, focus: float
) -> moire.At:
    """The risk of moire for a wall with a pitch at a distance, metres, seen at an angle, degrees,
    with the focus at a distance. Distances are rounded to 2 cm and angles to 2 degrees."""
    optics, _ = optics_for(camera)
    rounded = round(grazing / 2) * 2.0
    on_wall = abs(focus - distance) < 0.01
    near = round(distance / 0.02) * 0.02
    return _risk(optics, pitch, near, rounded, near if on_wall else round(focus / 0.02) * 0.02)


@lru_cache(maxsize=20_000)
def _risk(
    optics: moire.Optics, pitch: float, distance: float, grazing: float, focus: float
) -> moire.At:
    in_focus = msgspec.structs.replace(optics, focus=focus)
    return moire.at(pitch, max(0.02, distance), in_focus, grazing=grazing)


def risk_map(
    walls: Walls,
    camera: Camera,
    seen: Pose,
    focus_m: float | None,
    cells: tuple[int, int],
) -> tuple[tuple[float | None, ...], ...]:
    """The risk of moire over the frame, 0 to 1, in rows from the top: for each of `cells` across
    and down the risk in its middle, None beside the walls. Without a focus, the wall in the middle
    of the frame is in focus. What hides the walls (the stand-in) is not considered."""
    axes = Axes.of(seen)
    left, right, bottom, top = camera.lens.edges
    focus = focus_m
    if focus is None:
        middle = wall_ahead(walls, camera, seen)
        focus = middle[0] if middle else inf
    across, down = cells
    rows = []
    for row in range(down):
        y = top - (row + 0.5) / down * (top - bottom)
        line: list[float | None] = []
        for column in range(across):
            ray = axes.ray(left + (column + 0.5) / across * (right - left), y)
            met = walls.hit(axes.eye, ray)
            if met is None:
                line.append(None)
                continue
            angle = grazing_of(met[1], ray)
            line.append(risk_at(camera, met[1].pitch, met[0], angle, min(focus, 1e6)).risk)
        rows.append(tuple(line))
    return tuple(rows)
