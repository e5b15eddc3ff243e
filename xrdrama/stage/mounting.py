"""How a tracker is mounted and which way its axes go: what is wrong in the stage file."""

from __future__ import annotations

from xrdrama.document import Mapping, Node, Reading, place_of
from xrdrama.stage.cameras import RawCamera
from xrdrama.stage.written import RawTracking

MOST_SMOOTH = 200_000_000
"""A longer time constant is reported: the wall would visibly trail the camera."""


def check_mounting(
    cameras: tuple[RawCamera, ...], tracking: RawTracking, root: Node, reading: Reading
) -> None:
    """Note axes that are used twice, long smoothing, and offsets to the sensor without a flange
    distance. `root` is the root node of the stage file."""
    written = tracking.axes.axes()
    for names in (written[:3], written[3:]):
        used = [name.removeprefix("-") for name in names]
        twice = next((name for name in used if used.count(name) > 1), "")
        if twice:
            reading.note(
                place_of(root, "tracking", "axes"), "W050",
                f"axes: the tracker's {twice} is used more than once ({', '.join(names)})",
                "use each axis of the tracker once; xrdrama track wizard finds the lines",
            )  # fmt: skip
    if tracking.smooth > MOST_SMOOTH:
        reading.note(
            place_of(root, "tracking", "smooth"), "W051",
            f"smoothing of {tracking.smooth // 1_000_000} ms makes the wall lag behind the camera "
            "by the same time",
            "write smooth: 50ms or less, or remove it and make the tracker steadier", "warning",
        )  # fmt: skip
    several = isinstance(root, Mapping) and root.get("cameras") is not None
    for camera in cameras:
        path = ("cameras", camera.id) if several else ("camera",)
        if camera.offset_to == "sensor" and camera.flange_mm is None:
            reading.note(
                place_of(root, *path, "offset_to"), "W052",
                "tracker_offset is given to the sensor; flange_mm is missing",
                "write flange_mm: with the distance from the mount to the sensor: 52 for PL, 44 "
                "for LPL and EF, 18 for E",
            )  # fmt: skip
        if camera.offset_to == "mount" and camera.flange_mm is not None:
            reading.note(
                place_of(root, *path, "flange_mm"), "W053",
                "flange_mm has no effect: tracker_offset is given to the mount",
                "write offset_to: sensor, or remove flange_mm", "warning",
            )  # fmt: skip
