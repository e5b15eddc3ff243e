"""The axes of a tracker that differ from the stage's: swapped, or of the other sign.

A map names, for each of our x, y, z, pan, tilt and roll, which value of the tracker it is, with a
minus for the other sign: ("x", "-z", "y", "-pan", "tilt", "roll"). The values of the tracker are
those that `xrdrama track decode` prints: metres, degrees, in the signs of `xrdrama.spatial`.
"""

from __future__ import annotations

import msgspec

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.sample import TrackingSample

NAMES = ("x", "y", "z", "pan", "tilt", "roll")
SAME = NAMES


class Axes(msgspec.Struct, frozen=True):
    """A map of axes; `terms` has an index and a sign for each of `NAMES`."""

    terms: tuple[tuple[int, float], ...] = tuple((index, 1.0) for index in range(6))

    @classmethod
    def of(cls, written: tuple[str, ...]) -> Axes:
        """The map of six names; ValueError if an axis is missing or used twice, or if a position
        is mapped to an angle."""
        if len(written) != len(NAMES):
            raise ValueError(f"{len(written)} axes; expected {len(NAMES)}")
        terms = []
        for name in written:
            bare = name.removeprefix("-")
            if bare not in NAMES:
                raise ValueError(f"{name!r} is not an axis: {', '.join(NAMES)}")
            terms.append((NAMES.index(bare), -1.0 if name != bare else 1.0))
        for group in (range(3), range(3, 6)):
            if sorted(terms[index][0] for index in group) != list(group):
                names = ", ".join(NAMES[index] for index in group)
                raise ValueError(f"each of {names} must be used exactly once")
        return cls(tuple(terms))

    @property
    def is_same(self) -> bool:
        """True when nothing is changed."""
        return all(term == (index, 1.0) for index, term in enumerate(self.terms))

    @property
    def written(self) -> tuple[str, ...]:
        """The map as six names."""
        return tuple(("-" if sign < 0 else "") + NAMES[index] for index, sign in self.terms)

    def inverse(self) -> Axes:
        """The map back, from our axes to the tracker's."""
        terms = [(0, 1.0)] * len(NAMES)
        for index, (source, sign) in enumerate(self.terms):
            terms[source] = (index, sign)
        return Axes(tuple(terms))

    def apply(self, sample: TrackingSample) -> TrackingSample:
        """The sample in our axes; the same object if nothing is changed."""
        if self.is_same:
            return sample
        p = sample.pose.position
        values = (p.x, p.y, p.z, *sample.pan_tilt_roll())
        x, y, z, pan, tilt, roll = (sign * values[index] + 0.0 for index, sign in self.terms)
        pose = Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
        return msgspec.structs.replace(sample, pose=pose, angles=(pan, tilt, roll))
