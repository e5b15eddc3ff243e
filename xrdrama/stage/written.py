"""The values of a stage file as written, before angles and positions become poses."""

from __future__ import annotations

import msgspec

from xrdrama.document import Place
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.cameras import RawCamera, RawPose
from xrdrama.stage.canvases import RawCanvas
from xrdrama.stage.delays import RawLatency
from xrdrama.stage.facets import Piece, Triangle, arc_facets, flat_facets, on_canvas
from xrdrama.stage.model import VIEWING_ANGLE, Inner, Ladder, Outer, StandIn, Tracking, Wall
from xrdrama.stage.surfaces import Surface

LEAST_AREA = 1e-9
"""Triangles that are smaller (square metres) have no direction and no LEDs."""


class RawPanel(msgspec.Struct, frozen=True):
    """An LED panel as written: metres, and pixels."""

    size: tuple[float, float]
    pixels: tuple[int, int]


class RawWall(msgspec.Struct, frozen=True):
    """A wall as written: the keys of its shape and those that every wall has.

    `pixels` is (0, 0) if the count follows from `panel` or `pitch` (millimetres).
    """

    id: str
    place: Place
    shape: str
    pixels: tuple[int, int] = (0, 0)
    panel: RawPanel | None = None
    pitch: float = 0.0
    at: tuple[int, int] = (0, 0)
    brightness: float = 1500.0
    viewing_angle: tuple[float, float, float] = VIEWING_ANGLE
    centre: Vec3 = Vec3()
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    width: float = 0.0
    height: float = 0.0
    radius: float = 0.0
    angle: float = 0.0
    segments: int = 1
    turned: str = "0"
    mirrored: bool = False
    file: str = ""
    part: str = ""
    region: str = ""
    scale: float = 1.0
    up: str = "y"
    canvas: str = ""
    survey: str = ""
    survey_fit: str = "rigid"
    plinth: bool = False

    @property
    def area(self) -> tuple[int, int]:
        """Width and height on the canvas, pixels."""
        across, down = self.pixels
        return (down, across) if self.turned in ("90", "270") else (across, down)

    def wall(self, surface: Surface | None = None) -> Wall:
        """The wall with its facets; `surface` is that of the wall's file."""
        turn = Quat.from_angles(pan=self.pan, tilt=self.tilt, roll=self.roll)
        pose, turned = Pose(self.centre, turn), int(self.turned)
        facets: tuple[Piece, ...]
        if surface is not None:
            facets = self._triangles(pose, surface)
        elif self.shape == "flat":
            facets = flat_facets(
                pose, self.width, self.height, at=self.at, pixels=self.pixels,
                turned=turned, mirrored=self.mirrored,
            )  # fmt: skip
        else:
            facets = arc_facets(
                pose,
                radius=self.radius,
                angle=self.angle,
                height=self.height,
                segments=self.segments,
                at=self.at,
                pixels=self.pixels,
                turned=turned,
                mirrored=self.mirrored,
            )
        return Wall(
            self.id, facets, self.pixels, self.at, self.brightness, turned, self.mirrored,
            self.place, canvas=self.canvas, viewing=self.viewing_angle, plinth=self.plinth,
        )  # fmt: skip

    def _triangles(self, pose: Pose, surface: Surface) -> tuple[Triangle, ...]:
        """The triangles of a file in the stage; those without area are left out."""
        placed = on_canvas(self.at, self.pixels, int(self.turned), self.mirrored)
        stood = {
            corner.point: pose.apply(self._upright(corner.point))
            for corners in surface.triangles
            for corner in corners
        }
        made = []
        for a, b, c in surface.triangles:
            triangle = Triangle(
                (stood[a.point], stood[b.point], stood[c.point]),
                tuple(placed(_inside(p.u), _inside(p.v)) for p in (a, b, c)),
            )
            if triangle.area > LEAST_AREA:
                made.append(triangle)
        return tuple(made)

    def _upright(self, point: Vec3) -> Vec3:
        """A point of the file in metres, with z up."""
        p = point * self.scale
        return p if self.up == "z" else Vec3(p.x, -p.z, p.y)


def _inside(share: float) -> float:
    """A position on the wall without the rounding error of an exporter."""
    return min(1.0, max(0.0, share))


class RawAxes(msgspec.Struct, frozen=True):
    """The axes of a tracker as written: which of its values is each of ours."""

    x: str = "x"
    y: str = "y"
    z: str = "z"
    pan: str = "pan"
    tilt: str = "tilt"
    roll: str = "roll"

    def axes(self) -> tuple[str, ...]:
        """The six names."""
        return self.x, self.y, self.z, self.pan, self.tilt, self.roll


class RawTracking(msgspec.Struct, frozen=True):
    """Tracking as written."""

    protocol: str = "freed"
    subject: str = "1"
    port: int = 40_000
    address: str = "127.0.0.1"
    origin: RawPose = RawPose()
    latency: int = 0
    interface: str = ""
    profile: str = ""
    axes: RawAxes = RawAxes()
    osc_address: str = ""
    smooth: int = 0

    def tracking(self) -> Tracking:
        """The tracking."""
        return Tracking(
            self.protocol,
            self.subject,
            self.port,
            self.address,
            self.origin.pose(),
            self.latency,
            self.interface,
            self.profile,
            self.axes.axes(),
            self.osc_address,
            self.smooth,
        )


class RawStage(msgspec.Struct, frozen=True):
    """A stage file as written."""

    version: int
    id: str
    walls: dict[str, RawWall]
    eye_point: Vec3
    place: Place
    canvas: tuple[int, int] | None = None
    canvases: dict[str, RawCanvas] = {}
    camera: RawCamera | None = None
    cameras: dict[str, RawCamera] = {}
    title: str = ""
    safe: RawPose | None = None
    tracking: RawTracking = RawTracking()
    ladder: Ladder = Ladder()
    inner: Inner = Inner()
    outer: Outer = Outer()
    near: float = 0.1
    far: float = 500.0
    stand_in: StandIn | None = None

    def all_cameras(self) -> tuple[RawCamera, ...]:
        """Those of `cameras:`, or the one of `camera:`."""
        return tuple(self.cameras.values()) or ((self.camera,) if self.camera else ())

    # CHECK
    latency: RawLatency | None = None
