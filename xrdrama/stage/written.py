"""The values of a stage file as written, before angles and positions become poses."""

from __future__ import annotations

import msgspec

from xrdrama.document import Place
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.cameras import RawCamera, RawPose
from xrdrama.stage.delays import RawLatency
from xrdrama.stage.model import (
    Inner,
    Ladder,
    Outer,
    StandIn,
    Tracking,
    Wall,
    arc_facets,
    flat_facets,
)


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
    centre: Vec3 = Vec3()
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    width: float = 0.0
    height: float = 0.0
    radius: float = 0.0
    angle: float = 0.0
    segments: int = 1

    def wall(self) -> Wall:
        """The wall with its facets."""
        turn = Quat.from_angles(pan=self.pan, tilt=self.tilt, roll=self.roll)
        pose = Pose(self.centre, turn)
        facets = (
            flat_facets(pose, self.width, self.height, at=self.at, pixels=self.pixels)
            if self.shape == "flat"
            else arc_facets(
                pose,
                radius=self.radius,
                angle=self.angle,
                height=self.height,
                segments=self.segments,
                at=self.at,
                pixels=self.pixels,
            )
        )
        return Wall(self.id, facets, self.pixels, self.at, self.brightness)


class RawTracking(msgspec.Struct, frozen=True):
    """Tracking as written."""

    protocol: str = "freed"
    subject: str = "1"
    port: int = 40_000
    address: str = "127.0.0.1"
    origin: RawPose = RawPose()
    latency: int = 0
    interface: str = ""

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
        )


class RawStage(msgspec.Struct, frozen=True):
    """A stage file as written."""

    version: int
    id: str
    canvas: tuple[int, int]
    walls: dict[str, RawWall]
    eye_point: Vec3
    place: Place
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
