"""The values of a lens file as written, before they are sorted and checked."""

from __future__ import annotations

from math import inf

import msgspec

from xrdrama.document import Place
from xrdrama.stage.lenses.distortion import Distortion, Model, Point, Six
from xrdrama.stage.lenses.model import Calibrated, EncoderMap, Unit, diopters
from xrdrama.stage.lenses.optics import Optics

NO_RADIAL: Six = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class RawStop(msgspec.Struct, frozen=True):
    """A point of an encoder map as written: `at` the encoder's number, `mm` or `m` its meaning."""

    at: float
    place: Place
    mm: float = 0.0
    m: float = inf


class RawMap(msgspec.Struct, frozen=True):
    """An encoder map as written."""

    points: tuple[RawStop, ...]
    place: Place
    unit: Unit = "raw"

    def zoom(self) -> EncoderMap:
        """The map of a zoom encoder, to mm."""
        return EncoderMap(self.unit, *_columns([(stop.at, stop.mm) for stop in self.points]))

    def focus(self) -> EncoderMap:
        """The map of a focus encoder, to dioptres."""
        rows = [(stop.at, diopters(stop.m)) for stop in self.points]
        return EncoderMap(self.unit, *_columns(rows))


def _columns(rows: list[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(at for at, _ in rows), tuple(means for _, means in rows)


class RawEncoders(msgspec.Struct, frozen=True):
    """The encoder maps as written."""

    zoom: RawMap | None = None
    focus: RawMap | None = None


class RawPoint(msgspec.Struct, frozen=True):
    """A calibrated setting as written; `zoom` is `focal_mm` unless given."""

    focal_mm: float
    place: Place
    zoom: float = 0.0
    focus: float = inf
    entrance_pupil_mm: float = 0.0
    projection_offset_mm: Point = (0.0, 0.0)
    distortion_offset_mm: Point = (0.0, 0.0)
    radial: Six = NO_RADIAL
    tangential: Point = (0.0, 0.0)

    def calibrated(self, model: Model) -> Calibrated:
        """The setting with its optics."""
        distortion = Distortion(model, self.radial, self.tangential, self.distortion_offset_mm)
        optics = Optics(
            self.focal_mm,
            self.focus,
            self.entrance_pupil_mm / 1000,
            self.projection_offset_mm,
            distortion,
        )
        return Calibrated(self.zoom or self.focal_mm, diopters(self.focus), optics, self.place)


class RawLens(msgspec.Struct, frozen=True):
    """A lens file as written."""

    version: int
    id: str
    sensor_mm: Point
    calibration: tuple[RawPoint, ...]
    place: Place
    title: str = ""
    model: Model = "D-U"
    encoders: RawEncoders = RawEncoders()
