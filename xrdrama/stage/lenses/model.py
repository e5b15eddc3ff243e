"""A lens file: encoder maps, and the optics of a lens at the settings where it was calibrated."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import inf
from typing import Final, Literal, cast

import msgspec

from xrdrama.document import Place
from xrdrama.stage.lenses.distortion import Distortion, Model, Six
from xrdrama.stage.lenses.optics import Optics

Unit = Literal["raw", "normalised"]


def diopters(distance: float) -> float:
    """The inverse of a focus distance in metres, in which focus is interpolated; infinity is 0."""
    return 0.0 if distance == inf else 1.0 / distance


def metres(diopter: float) -> float:
    """The focus distance of an inverse distance."""
    return inf if diopter <= 0.0 else 1.0 / diopter


class EncoderMap(msgspec.Struct, frozen=True):
    """Numbers of an encoder, increasing, and what each means: zoom in mm, or focus in dioptres."""

    unit: Unit
    encoder: tuple[float, ...]
    means: tuple[float, ...]

    def meaning(self, encoder: float) -> tuple[float, bool]:
        """What a number of the encoder means, by linear interpolation, and whether it is on the
        map; outside, it means what the nearest end means."""
        first, last = self.encoder[0], self.encoder[-1]
        at = min(max(encoder, first), last)
        after = max(1, bisect_left(self.encoder, at))
        a, b = self.encoder[after - 1], self.encoder[after]
        share = (at - a) / (b - a)
        one, other = self.means[after - 1], self.means[after]
        return one + (other - one) * share, first <= encoder <= last


class Calibrated(msgspec.Struct, frozen=True):
    """The optics at one zoom (mm of the ring) and focus (dioptres)."""

    zoom: float
    diopter: float
    optics: Optics
    place: Place = Place()


class Setting(msgspec.Struct, frozen=True):
    """A setting of the lens: zoom in mm of the ring, focus in dioptres."""

    zoom: float
    diopter: float


class LensFile(msgspec.Struct, frozen=True):
    """A lens: `points` are sorted by zoom, then by dioptre, so that infinity comes first."""

    id: str
    title: str
    sensor_mm: tuple[float, float]
    points: tuple[Calibrated, ...]
    zoom: EncoderMap | None = None
    focus: EncoderMap | None = None
    model: Model = "D-U"

    @property
    def zooms(self) -> tuple[float, ...]:
        """The zoom settings, in order."""
        return tuple(dict.fromkeys(point.zoom for point in self.points))

    @property
    def home(self) -> Setting:
        """The setting without encoders: the widest zoom, at the farthest focus."""
        return Setting(self.points[0].zoom, self.points[0].diopter)

    def optics(self, setting: Setting) -> Optics:
        """The optics at a setting, by linear interpolation over zoom and dioptres. Outside of the
        calibrated settings they are those of the nearest one: see `calibrated`."""
        return _optics(self, setting)

    def calibrated(self, setting: Setting) -> bool:
        """True for a setting inside the calibrated ones."""
        zooms = self.zooms
        diopter_ranges = [self._diopters(zoom) for zoom in _around(zooms, setting.zoom)]
        return zooms[0] - 1e-9 <= setting.zoom <= zooms[-1] + 1e-9 and all(
            low - 1e-9 <= setting.diopter <= high + 1e-9 for low, high in diopter_ranges
        )

    def _diopters(self, zoom: float) -> tuple[float, float]:
        found = [point.diopter for point in self.points if point.zoom == zoom]
        return found[0], found[-1]


def _around(stops: tuple[float, ...], at: float) -> tuple[float, ...]:
    """The one or two stops between which `at` is."""
    after = bisect_left(stops, at)
    if after == len(stops):
        return stops[-1:]
    return (
        stops[after : after + 1]
        if after == 0 or stops[after] == at
        else stops[after - 1 : after + 1]
    )


@lru_cache(maxsize=256)
def _optics(lens: LensFile, setting: Setting) -> Optics:
    rings = []
    for zoom in _around(lens.zooms, setting.zoom):
        ring = [point for point in lens.points if point.zoom == zoom]
        stops = tuple(point.diopter for point in ring)
        near = _around(stops, setting.diopter)
        ends = [point.optics for point in ring if point.diopter in near]
        share = (setting.diopter - near[0]) / (near[1] - near[0]) if len(near) > 1 else 0.0
        rings.append((zoom, _mixed(ends[0], ends[-1], share)))
    (low, one), (high, other) = rings[0], rings[-1]
    mixed = _mixed(one, other, (setting.zoom - low) / (high - low) if high > low else 0.0)
    return msgspec.structs.replace(mixed, focus_m=metres(setting.diopter))


_EXACT: Final = 1e-12


def _mixed(one: Optics, other: Optics, share: float) -> Optics:
    if share <= _EXACT or one == other:
        return one

    def mix(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))

    a, b = one.distortion, other.distortion
    focal, pupil = mix((one.focal_mm, one.entrance_pupil), (other.focal_mm, other.entrance_pupil))
    pair = tuple[float, float]
    return Optics(
        focal,
        one.focus_m,
        pupil,
        cast(pair, mix(one.projection_offset, other.projection_offset)),
        Distortion(
            a.model,
            cast(Six, mix(a.radial, b.radial)),
            cast(pair, mix(a.tangential, b.tangential)),
            cast(pair, mix(a.centre, b.centre)),
        ),
    )
