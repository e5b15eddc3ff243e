"""LED walls and the tracked camera, as surveyed: canvas, sensor, offsets."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, sqrt

import msgspec

from xrdrama.document import Place
from xrdrama.spatial import ORIGIN, Pose, Vec3
from xrdrama.stage.canvases import Canvas
from xrdrama.stage.delays import DelayLine
from xrdrama.stage.facets import Facet, Piece
from xrdrama.stage.lenses.model import LensFile
from xrdrama.stage.lenses.optics import Optics
from xrdrama.stage.measured import Survey
from xrdrama.timing import NS

SHUTTER = 180.0
"""The usual shutter angle of a film camera, degrees."""
VIEWING_ANGLE = (150.0, 160.0, 160.0)
"""Of red, green and blue LEDs where a stage file has none, degrees: of no device in particular."""


class Wall(msgspec.Struct, frozen=True):
    """An LED wall, floor or ceiling.

    A flat wall or an arc has rectangles (`Facet`), a mesh has triangles (`Triangle`); no wall has
    both.
    """

    id: str
    facets: tuple[Piece, ...]
    pixels: tuple[int, int]
    """Across and down as the audience sees the wall."""
    at: tuple[int, int]
    """Left and top on the processor canvas, or in the picture of all canvases."""
    brightness: float = 1500.0
    """Peak, nits."""
    turned: int = 0
    """Clockwise rotation of the picture on the canvas: 0, 90, 180 or 270 degrees."""
    mirrored: bool = False
    """True if left and right are exchanged on the canvas, before it is turned."""
    place: Place = Place()
    """Where the stage file describes it."""
    canvas: str = ""
    """The canvas that it is on; "" in a stage with only one."""
    survey: Survey | None = None
    """The survey that its position is from; None for one that is where the file says."""
    viewing: tuple[float, float, float] = VIEWING_ANGLE
    """The viewing angles of its red, green and blue LEDs, degrees: between the two directions in
    which the luminance is half of that straight on."""
    plinth: bool = False
    """True if what is below its lower edge is dressed down to the floor."""

    @property
    def area(self) -> tuple[int, int]:
        """Width and height on the canvas, pixels: `pixels`, exchanged for a quarter turn."""
        across, down = self.pixels
        return (down, across) if self.turned % 180 else (across, down)

    @property
    def pitch(self) -> float:
        """Pixel pitch along the width, metres; for a mesh, the mean of both directions."""
        if any(not isinstance(f, Facet) for f in self.facets):
            lit = sum(f.area for f in self.facets)
            return sqrt(lit / max(1e-9, sum(f.canvas_area for f in self.facets)))
        width = sum((f.corners[1] - f.corners[0]).length() for f in self.facets)
        return width / self.pixels[0]

    @property
    def centre(self) -> Vec3:
        """The mean of all corners."""
        corners = [c for facet in self.facets for c in facet.corners]
        total = ORIGIN
        for corner in corners:
            total = total + corner
        return total * (1.0 / len(corners))


class Lens(msgspec.Struct, frozen=True):
    """A rectilinear lens on a sensor; metres. `shift` moves the image centre, in sensor widths."""

    focal: float
    sensor: tuple[float, float]
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Tangents of the left, right, bottom and top edge of the frame."""
        half_w, half_h = self.sensor[0] / 2 / self.focal, self.sensor[1] / 2 / self.focal
        x, y = (s * self.sensor[0] / self.focal for s in self.shift)
        return x - half_w, x + half_w, y - half_h, y + half_h


class Inner(msgspec.Struct, frozen=True):
    """The inner frustum: least overscan, feather, and resolution without overscan.

    `feather` is the soft edge as a fraction of the width, outside the camera's own frame.
    """

    overscan: float = 1.2
    feather: float = 0.03
    pixels: tuple[int, int] = (1280, 720)

    @property
    def drawn(self) -> tuple[int, int]:
        """Pixels that are drawn, across and down, with at least the overscan.

        The same whole number of pixels is added on both sides of the camera's frame, so that the
        camera's pixels stay on their grid.
        """
        across, down = (n + 2 * ceil(n * (self.overscan - 1.0) / 2 - 1e-9) for n in self.pixels)
        return across, down

    def overscan_notice(self) -> str:
        """A notice that the drawn overscan was rounded up; "" if it is the one in the file."""
        if all(abs(grown - self.overscan) <= 5e-5 for grown in self.grown):
            return ""
        (across, down), (wide, high) = self.grown, self.drawn
        return (
            f"the stage's overscan of {self.overscan:g} is drawn as {across:.4f} x {down:.4f} "
            f"({wide} x {high} pixels): it is rounded up to whole pixels"
        )

    @property
    def grown(self) -> tuple[float, float]:
        """The overscan that is drawn, across and down."""
        return self.drawn[0] / self.pixels[0], self.drawn[1] / self.pixels[1]


class Camera(msgspec.Struct, frozen=True):
    """A film camera: its lens, where its tracker is mounted, and its inner frustum.

    `tracker_offset` is the pose of the lens mount in the tracker's frame; `entrance_pupil` is the
    distance of the perspective centre in front of the mount, metres along the optical axis.
    """

    lens: Lens
    tracker_offset: Pose = Pose()
    entrance_pupil: float = 0.0
    picture: tuple[int, int] = (1920, 1080)
    id: str = "main"
    subject: str = "1"
    """Its camera id in the tracker's packets."""
    priority: int = 0
    """Where inner frusta overlap, the wall shows the camera with the highest number."""
    inner: Inner = Inner()
    safe: Pose = Pose()
    """The assumed pose of the entrance pupil when tracking stays lost."""
    photosites: tuple[int, int] | None = None
    """Photosites of the used part of the sensor, across and down; None if not in the file."""
    aperture: float | None = None
    """The f-number; None if not in the file."""
    focus: float | None = None
    """The distance in focus of a lens without a lens file, metres; None if not in the file."""
    shutter: float = SHUTTER
    """The shutter angle, degrees: the exposure takes this share of 360 of a frame."""
    lens_file: LensFile | None = None
    """`lens` and `entrance_pupil` are then those of its home setting, until encoders are read."""

    @property
    def sensor_mm(self) -> tuple[float, float]:
        """Width and height of the used part of the sensor, millimetres."""
        width, height = self.lens.sensor
        return round(width * 1000.0, 9), round(height * 1000.0, 9)

    def with_optics(self, optics: Optics) -> Camera:
        """The camera with its lens at another setting; `lens` has no distortion."""
        lens = Lens(optics.focal_mm / 1000, self.lens.sensor, optics.shift(self.sensor_mm))
        return msgspec.structs.replace(self, lens=lens, entrance_pupil=optics.entrance_pupil)

    @property
    def parked(self) -> Pose:
        """The pose of the tracker when the camera is at `safe`."""
        return self.tracker(self.safe)

    def perspective_centre(self, tracker: Pose) -> Pose:
        """The pose of the entrance pupil, the origin of every frustum, for a pose of the
        tracker."""
        return tracker * _mounted(self.tracker_offset, self.entrance_pupil)

    def tracker(self, centre: Pose) -> Pose:
        """The pose of the tracker for a pose of the entrance pupil: inverse of
        perspective_centre."""
        return _unmounted(centre, self.tracker_offset, self.entrance_pupil)


# Both depend only on the stage file and are needed for every sample and frame.
@lru_cache(maxsize=16)
def _mounted(offset: Pose, pupil: float) -> Pose:
    return offset * Pose(Vec3(0.0, pupil, 0.0))


@lru_cache(maxsize=16)
def _unmounted(centre: Pose, offset: Pose, pupil: float) -> Pose:
    return centre * _mounted(offset, pupil).inverse()


class Tracking(msgspec.Struct, frozen=True):
    """Where the camera's pose comes from.

    `origin` is the pose of the tracker's own frame in the stage; `latency` is nanoseconds from
    exposure of the tracker to arrival of its packet. `address` may be a multicast group, which is
    joined on `interface` (a name or an address of this machine), or on every one. `subject` is
    that of the first camera; each camera has its own.
    """

    protocol: str = "freed"
    subject: str = "1"
    port: int = 40_000
    address: str = "127.0.0.1"
    origin: Pose = Pose()
    latency: int = 0
    interface: str = ""
    profile: str = ""
    """The vendor profile of the protocol, such as panasonic of freed; "" for none."""
    axes: tuple[str, ...] = ("x", "y", "z", "pan", "tilt", "roll")
    """Which value of the tracker is our x, y, z, pan, tilt and roll; -x is the other sign."""
    osc_address: str = ""
    """The address of poses in OSC, such as /vp/{subject}/xyz; "" for the default."""
    smooth: int = 0
    """Time constant of the smoothing, nanoseconds; 0 switches it off. The lag is as long."""


class Ladder(msgspec.Struct, frozen=True):
    """What happens when a tracker stops sending: predict, hold, then ease to the safe pose.

    `predict` and `hold` are nanoseconds since the last packet arrived; `ease` is a duration.
    """

    predict: int = 100_000_000
    hold: int = NS
    ease: int = 2 * NS
    jump: float = 0.5
    """A larger jump is not followed at once, metres."""
    doubt: int = 150_000_000
    """How long a jump must last to be accepted, nanoseconds; the camera is then eased to it."""


class Outer(msgspec.Struct, frozen=True):
    """The outer frustum: pixels per metre of wall, and it is redrawn every `every` frames."""

    density: float = 100.0
    every: int = 1


class Stance(msgspec.Struct, frozen=True):
    """The stance of a stand-in: degrees, positive to the left and up."""

    turn: float = 0.0
    """The trunk, about the vertical axis."""
    head: float = 0.0
    """The head, relative to the trunk."""
    nod: float = 0.0
    arm: float = 0.0
    """The right forearm."""


class StandIn(msgspec.Struct, frozen=True):
    """The stand-in actor of the through-the-lens view: model file, position (metres), pan
    (degrees).

    `holds` is its stance at rest. `acts` has, by parameter of the set, the stance that is added
    when the parameter is 1; those of several parameters add up.
    """

    model: str
    at: Vec3 = ORIGIN
    pan: float = 0.0
    holds: Stance = Stance()
    acts: dict[str, Stance] = {}


class Stage(msgspec.Struct, frozen=True):
    """A stage file, parsed and checked; metres, nanoseconds, poses in the stage's frame."""

    id: str
    canvas: tuple[int, int]
    """Size of the picture that is drawn, pixels: the processor canvas, or all of them."""
    walls: tuple[Wall, ...]
    cameras: tuple[Camera, ...]
    """At least one, in the order of the file, each with its own id and subject."""
    eye_point: Vec3
    place: Place = Place()
    title: str = ""
    tracking: Tracking = Tracking()
    ladder: Ladder = Ladder()
    outer: Outer = Outer()
    near: float = 0.1
    far: float = 500.0
    stand_in: StandIn | None = None
    delays: DelayLine = DelayLine()
    canvases: tuple[Canvas, ...] = ()
    """The parts of `canvas` that LED processors receive; () if all of it is for one of them."""

    @property
    def outputs(self) -> tuple[Canvas, ...]:
        """What LED processors receive: the canvases, or the one canvas, whose id is ""."""
        return self.canvases or (Canvas("", self.canvas),)

    @property
    def camera(self) -> Camera:
        """The first camera."""
        return self.cameras[0]

    @property
    def inner(self) -> Inner:
        """The inner frustum of the first camera."""
        return self.camera.inner

    @property
    def safe(self) -> Pose:
        """The safe pose of the first camera."""
        return self.camera.safe

    @property
    def parked(self) -> Pose:
        """The pose of the first camera's tracker when that camera is at its safe pose."""
        return self.camera.parked

    def camera_named(self, name: str) -> Camera:
        """The camera with the id `name`; KeyError if the stage has no such camera."""
        for camera in self.cameras:
            if camera.id == name:
                return camera
        raise KeyError(name)

    def with_camera(self, camera: Camera) -> Stage:
        """The stage with `camera` in the place of its camera that has the same id."""
        cameras = tuple(camera if one.id == camera.id else one for one in self.cameras)
        return msgspec.structs.replace(self, cameras=cameras)

    def with_pictures(self, size: tuple[int, int]) -> Stage:
        """The stage with every camera's recorded and inner picture in `size` pixels."""
        replaced = msgspec.structs.replace
        cameras = tuple(
            replaced(one, picture=size, inner=replaced(one.inner, pixels=size))
            for one in self.cameras
        )
        return replaced(self, cameras=cameras)

    def by_priority(self) -> tuple[Camera, ...]:
        """The cameras from the lowest priority to the highest: of equal ones the first in the
        file is on top."""
        return tuple(sorted(reversed(self.cameras), key=lambda camera: camera.priority))

    def wall(self, name: str) -> Wall:
        """The wall with the id `name`; KeyError if the stage has no such wall."""
        for wall in self.walls:
            if wall.id == name:
                return wall
        raise KeyError(name)
