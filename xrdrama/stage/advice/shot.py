"""The numbers of one frame: what a director of photography reads beside the picture.

All of them are simulated: they follow from the stage file, the lens and the poses of the camera.
"""

from __future__ import annotations

from functools import lru_cache
from math import dist, hypot, inf

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice import moire
from xrdrama.stage.advice.coverage import Coverage, Grazing, coverage, grazing
from xrdrama.stage.advice.footprint import along
from xrdrama.stage.advice.overscan import overscan_for
from xrdrama.stage.advice.slip import content_slip
from xrdrama.stage.advice.surfaces import Axes, Surface, grazing_of, hit
from xrdrama.stage.model import Camera

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
    surfaces: tuple[Surface, ...],
    camera: Camera,
    seen: Pose,
    shown: Pose,
    focus_m: float | None = None,
) -> Shot:
    """The numbers of a frame that is seen from the pose `seen` of the entrance pupil, while the
    walls show what was drawn for `shown`."""
    axes = Axes.of(seen)
    edges = camera.lens.edges
    ray = axes.ray((edges[0] + edges[1]) / 2, (edges[2] + edges[3]) / 2)
    met = hit(surfaces, axes.eye, ray)
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
        slip_wall_px=_on_wall(surfaces, seen, shown, ray),
        overscan_needed=overscan_for(surfaces, camera.lens, shown, seen),
    )


def wall_ahead(surfaces: tuple[Surface, ...], camera: Camera, pose: Pose) -> float | None:
    """The distance of the wall in the middle of the frame, metres; None without one."""
    axes, edges = Axes.of(pose), camera.lens.edges
    met = hit(surfaces, axes.eye, axes.ray((edges[0] + edges[1]) / 2, (edges[2] + edges[3]) / 2))
    return met[0] if met else None


def _on_wall(
    surfaces: tuple[Surface, ...], seen: Pose, shown: Pose, ray: tuple[float, float, float]
) -> float | None:
    """How far apart a distant object is on the wall for two eyes, in pixels of the wall."""
    places = []
    for pose in (seen, shown):
        eye = Axes.of(pose).eye
        met = hit(surfaces, eye, ray)
        if met is None:
            return None
        places.append(along(eye, ray, met[0]))
        pitch = met[1].pitch
    return dist(*places) / pitch


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
    surfaces: tuple[Surface, ...],
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
    middle = hit(surfaces, axes.eye, axes.ray((left + right) / 2, (bottom + top) / 2))
    focus = focus_m if focus_m is not None else middle[0] if middle else inf
    across, down = cells
    rows = []
    for row in range(down):
        y = top - (row + 0.5) / down * (top - bottom)
        line: list[float | None] = []
        for column in range(across):
            ray = axes.ray(left + (column + 0.5) / across * (right - left), y)
            met = hit(surfaces, axes.eye, ray)
            if met is None:
                line.append(None)
                continue
            angle = grazing_of(met[1], ray)
            line.append(risk_at(camera, met[1].pitch, met[0], angle, min(focus, 1e6)).risk)
        rows.append(tuple(line))
    return tuple(rows)
