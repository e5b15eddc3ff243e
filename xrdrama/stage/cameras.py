"""The cameras of a stage file as written, and what is wrong between them."""

from __future__ import annotations

from itertools import combinations

import msgspec

from xrdrama.document import Node, Place, Reading, place_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.lenses.model import LensFile
from xrdrama.stage.lenses.mounting import Mount, mounted
from xrdrama.stage.model import SHUTTER, Camera, Inner, Lens
from xrdrama.stage.one_or_several import OneOrSeveral, has_key
from xrdrama.stage.surfaces.files import Files

_ASPECTS_APART = 0.02


class RawPose(msgspec.Struct, frozen=True):
    """A pose as written."""

    position: Vec3 = Vec3()
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0

    def pose(self) -> Pose:
        """The pose."""
        return Pose(self.position, Quat.from_angles(pan=self.pan, tilt=self.tilt, roll=self.roll))


class RawCamera(msgspec.Struct, frozen=True):
    """A camera as written, millimetres. What is None or "" is that of the stage."""

    sensor_mm: tuple[float, float]
    focal_mm: float = 0.0
    """0 if it has a lens file."""
    lens: str = ""
    """The name of its lens file."""
    shift: tuple[float, float] = (0.0, 0.0)
    tracker_offset: RawPose = RawPose()
    entrance_pupil_mm: float = 0.0
    picture: tuple[int, int] = (1920, 1080)
    id: str = "main"
    place: Place = Place()
    subject: str = ""
    priority: int = 0
    overscan: float | None = None
    feather: float | None = None
    pixels: tuple[int, int] | None = None
    safe: RawPose | None = None
    photosites: tuple[int, int] | None = None
    aperture: float | None = None
    focus_m: float | None = None
    shutter_angle: float = SHUTTER
    offset_to: str = "mount"
    flange_mm: float | None = None

    def mounted(self) -> Pose:
        """The pose of the lens mount in the tracker's frame: where the offset leads, or the flange
        distance in front of it if it leads to the sensor."""
        forward = (self.flange_mm or 0.0) / 1000 if self.offset_to == "sensor" else 0.0
        return self.tracker_offset.pose() * Pose(Vec3(0.0, forward, 0.0))

    def inner_of(self, stage: Inner) -> Inner:
        """Its inner frustum, with the values of the stage's `inner:` where it has none."""
        return Inner(
            stage.overscan if self.overscan is None else self.overscan,
            stage.feather if self.feather is None else self.feather,
            stage.pixels if self.pixels is None else self.pixels,
        )

    def camera(
        self, subject: str, inner: Inner, safe: Pose, lens_file: LensFile | None = None
    ) -> Camera:
        """The camera, in metres; `subject`, `inner` and `safe` are those of the stage, which are
        used where the camera has none of its own. `lens_file` is the one that `lens` names."""
        w, h = self.sensor_mm
        made = Camera(
            lens=Lens((self.focal_mm or 35.0) / 1000, (w / 1000, h / 1000), self.shift),
            tracker_offset=self.mounted(),
            entrance_pupil=self.entrance_pupil_mm / 1000,
            picture=self.picture,
            id=self.id,
            subject=self.subject or subject,
            priority=self.priority,
            inner=self.inner_of(inner),
            safe=self.safe.pose() if self.safe else safe,
            photosites=self.photosites,
            aperture=self.aperture,
            focus=self.focus_m,
            shutter=self.shutter_angle,
            lens_file=lens_file,
        )
        return made.with_optics(lens_file.optics(lens_file.home)) if lens_file else made


def lens_files(
    given: tuple[RawCamera, ...], inner: Inner, root: Node, reading: Reading, files: Files
) -> dict[str, LensFile]:
    """The lens files of the cameras, by the camera's id, read through `files`; and problems of
    cameras with a focal length and a lens file, with neither, or with a lens that does not fit.

    `inner` is that of the stage, `root` is the root node of its file.
    """
    found = {}
    for camera in given:
        path = _path(camera, root)
        place = place_of(root, *path, "lens")
        if not camera.lens:
            refused = any(
                place_of(root, *path, key) != place_of(root, *path) for key in ("focal_mm", "lens")
            )  # the key is there, and its problem is reported already
            if not camera.focal_mm and not refused:
                reading.note(
                    camera.place, "F015", "the key 'focal_mm' is missing",
                    "add focal_mm: for a prime, or lens: with the name of a lens file",
                )  # fmt: skip
            continue
        others = [key for key, is_given in (
            ("focal_mm", camera.focal_mm), ("entrance_pupil_mm", camera.entrance_pupil_mm),
            ("shift", any(camera.shift)),
        ) if is_given]  # fmt: skip
        if others:
            reading.note(
                place_of(root, *path, others[0]), "W041",
                f"camera {camera.id!r} has both lens: and {others[0]}:", f"remove {others[0]}: the "
                "lens file has it",
            )  # fmt: skip
            continue
        own = camera.inner_of(inner)
        scan = (*path, "overscan") if camera.overscan is not None else ("inner", "overscan")
        mount = Mount(
            camera.lens, camera.sensor_mm, min(own.grown), own.feather, place,
            place_of(root, *path, "sensor_mm"),
            place_of(root, *scan) if camera.overscan or has_key(root, "inner") else place,
        )  # fmt: skip
        lens = mounted(mount, reading, files)
        if lens is not None:
            found[camera.id] = lens
    return found


def _path(camera: RawCamera, root: Node) -> tuple[str, ...]:
    return ("cameras", camera.id) if has_key(root, "cameras") else ("camera",)


def check_cameras(
    given: tuple[RawCamera, ...], subject: str, inner: Inner, root: Node, reading: Reading
) -> None:
    """Note problems of the cameras together: none, both forms, one subject for two cameras, equal
    priorities; and pictures whose aspect ratio differs from the sensor's.

    `subject` and `inner` are those of the stage, `root` is the root node of its file.
    """
    CAMERAS.check(root, reading)
    for one, other in combinations(given, 2):
        _check_pair(one, other, subject, root, reading)
    for camera in given:
        _check_aspects(camera, inner, root, reading)


CAMERAS = OneOrSeveral(
    "camera", "cameras", "W033",
    "add camera: with focal_mm: and sensor_mm:, or cameras: for several",
    "move the camera under cameras:, with a name",
    "cameras: {main: {focal_mm: 35, sensor_mm: [36, 20.25]}}",
)  # fmt: skip


def _check_pair(
    one: RawCamera, other: RawCamera, subject: str, root: Node, reading: Reading
) -> None:
    shared = one.subject or subject
    if shared == (other.subject or subject):
        reading.note(
            place_of(root, "cameras", other.id, "subject") if other.subject else other.place,
            "W034", f"cameras {one.id!r} and {other.id!r} have the same subject {shared!r}",
            f"write subject: with the camera id of the tracker of {other.id!r}",
        )  # fmt: skip
    if one.priority == other.priority:
        reading.note(
            place_of(root, "cameras", other.id, "priority") if other.priority else other.place,
            "W035", f"cameras {one.id!r} and {other.id!r} have the same priority "
            f"({one.priority}): where their inner frusta overlap, {one.id!r} is shown",
            f"write priority: {one.priority + 1} for the camera that is to be shown", "warning",
        )  # fmt: skip


def aspects_apart(name: str, pixels: tuple[int, int], sensor_mm: tuple[float, float]) -> str:
    """That a picture of these pixels is stretched, because its aspect ratio differs from that of
    the sensor (mm); "" if it does not differ."""
    (across, down), (width, height) = pixels, sensor_mm
    stretch = (across / down) / (width / height)
    if 1 - _ASPECTS_APART <= stretch <= 1 + _ASPECTS_APART:
        return ""
    return (
        f"the aspect ratio of {name} ({across} x {down} pixels) differs from that of the sensor "
        f"({width:g} x {height:g} mm)"
    )


def _check_aspects(camera: RawCamera, stage: Inner, root: Node, reading: Reading) -> None:
    """Add a warning for a picture whose aspect ratio differs from the sensor's."""
    width, height = camera.sensor_mm
    named: tuple[str, ...] = ("camera",)
    if has_key(root, "cameras"):
        named = ("cameras", camera.id)
    pixels = (*named, "pixels") if camera.pixels else ("inner", "pixels")
    pictures = {(*named, "picture"): camera.picture, pixels: camera.inner_of(stage).pixels}
    for path, (across, down) in pictures.items():
        message = aspects_apart(".".join(path), (across, down), camera.sensor_mm)
        if message:
            reading.note(
                place_of(root, *path), "W008", message,
                f"write [{across}, {max(1, round(across * height / width))}], "
                "or write the used part of the sensor in sensor_mm", "warning",
            )  # fmt: skip
