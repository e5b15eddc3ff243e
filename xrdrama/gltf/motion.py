"""The positions of a model's limbs at a time: the formulas of glTF 2.0 (Appendix C), in numpy.

    motion = Motion(model.rig)
    matrices = motion.matrices([Play(0, seconds=1.5)])

Nothing is kept from one call to the next, so any time can be computed in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xrdrama.gltf.rig import Channel, Doubles, Interpolation, Rig, Skin

_SLOTS: Final = {"translation": 0, "rotation": 1, "scale": 2}
_REACHED, _ROUNDED = 1e-6, 1.2e-7
"""Seconds, and a share: a step counts as reached this much before its time, since times of keys
are rounded to 32 bits."""


class Play(NamedTuple):
    """A clip at a time (seconds, kept within the clip), blended over those before it by `share`."""

    clip: int
    seconds: float
    share: float = 1.0


class _Tracks:
    """All channels of a clip with one kind of value and interpolation, evaluated together."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self.slot = _SLOTS[channels[0].path]
        self.interpolation: Interpolation = channels[0].interpolation
        self.limbs = np.array([channel.limb for channel in channels])
        counts = np.array([len(channel.times) for channel in channels])
        self.last = np.cumsum(counts) - 1
        self.first = self.last - counts + 1
        # Channels lie one behind the other on one axis of time, so that one search finds all keys.
        times = np.concatenate([channel.times for channel in channels])
        self.start = np.arange(len(channels)) * (2.0 * float(times.max()) + 1.0)
        self.times, self.axis = times, times + np.repeat(self.start, counts)
        rows = np.concatenate([channel.values for channel in channels])
        self.values = rows if self.slot == 1 else np.concatenate(
            [rows, np.zeros((*rows.shape[:-1], 1))], axis=-1
        )  # fmt: skip

    def at(self, seconds: float) -> Doubles:
        """(n, 4) values, the fourth number only for rotations."""
        step = self.interpolation == "STEP"
        sought = seconds * (1.0 + _ROUNDED) + _REACHED if step else seconds
        found = np.searchsorted(self.axis, self.start + sought, side="right") - 1
        low = np.clip(found, self.first, self.last)
        if step:
            return self.values[low]
        high = np.minimum(low + 1, self.last)
        span = self.times[high] - self.times[low]
        share = np.clip((seconds - self.times[low]) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
        s = share[:, None]
        if self.interpolation == "CUBICSPLINE":
            mixed = self.spline(low, high, s, span[:, None])
            return _unit(mixed) if self.slot == 1 else mixed
        one, other = self.values[low], self.values[high]
        return slerp(one, other, s) if self.slot == 1 else one + (other - one) * s

    def spline(
        self, low: NDArray[np.int64], high: NDArray[np.int64], s: Doubles, span: Doubles
    ) -> Doubles:
        value, leaves = self.values[low, 1], self.values[low, 2]
        arrives, next_value = self.values[high, 0], self.values[high, 1]
        s2, s3 = s * s, s * s * s
        mixed: Doubles = (
            (2.0 * s3 - 3.0 * s2 + 1.0) * value
            + span * (s3 - 2.0 * s2 + s) * leaves
            + (3.0 * s2 - 2.0 * s3) * next_value
            + span * (s3 - s2) * arrives
        )
        return mixed


class Motion:
    """The clips of a rig, ready to be evaluated."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        limbs = rig.limbs
        self._clips = [
            [_Tracks(list(group)) for _, group in groupby(
                sorted(clip.channels, key=_kind), key=_kind
            )] for clip in rig.clips
        ]  # fmt: skip
        four = [(*limb.translation, 0.0) for limb in limbs]
        sizes = [(*limb.scale, 0.0) for limb in limbs]
        rest = np.array([four, [limb.rotation for limb in limbs], sizes], np.float64)
        self._rest = rest.reshape(3, len(limbs), 4)
        self._above = np.array([limb.above for limb in limbs], np.float64).reshape(-1, 4, 4)
        depths: list[int] = []
        for limb in limbs:
            depths.append(depths[limb.parent] + 1 if limb.parent >= 0 else 0)
        parents = np.array([limb.parent for limb in limbs], np.int64)
        at = np.array(depths, np.int64)
        levels = [np.flatnonzero(at == depth) for depth in range(1, max(depths, default=0) + 1)]
        self._levels = [(level, parents[level]) for level in levels]

    def matrices(self, plays: Iterable[Play] = ()) -> Doubles:
        """(n, 4, 4) matrices of the limbs in the model's frame; at rest where nothing plays."""
        values = self._rest.copy()
        for play in plays:
            if play.share <= 0.0:
                continue
            seconds = min(max(play.seconds, 0.0), self.rig.clips[play.clip].duration)
            for tracks in self._clips[play.clip]:
                new = tracks.at(seconds)
                if play.share < 1.0:
                    old, share = values[tracks.slot, tracks.limbs], np.full((1, 1), play.share)
                    new = slerp(old, new, share) if tracks.slot == 1 else old + (new - old) * share
                values[tracks.slot, tracks.limbs] = new
        found: Doubles = self._above @ _local(*values)
        for level, parents in self._levels:
            found[level] = found[parents] @ found[level]
        return found

    def moving(self) -> NDArray[np.bool_]:
        """(n,) whether some clip moves a limb, or one above it."""
        moved = np.zeros(len(self.rig.limbs), np.bool_)
        for clip in self.rig.clips:
            moved[[channel.limb for channel in clip.channels]] = True
        for level, parents in self._levels:
            moved[level] |= moved[parents]
        return moved


def joint_matrices(skin: Skin, limbs: Doubles) -> Doubles:
    """(n, 4, 4) matrices of a skin's joints: from the mesh at binding to the model's frame."""
    found: Doubles = limbs[list(skin.joints)] @ skin.binds
    return found


def slerp(one: Doubles, other: Doubles, share: Doubles) -> Doubles:
    """(n, 4) unit quaternions between two, by the shorter way; `share` is (n, 1)."""
    cosine = np.sum(one * other, axis=1, keepdims=True)
    other = np.where(cosine < 0.0, -other, other)
    cosine = np.minimum(np.abs(cosine), 1.0)
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    first = np.where(near, 1.0 - share, np.sin((1.0 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    return _unit(first * one + second * other)


def _kind(channel: Channel) -> tuple[str, str]:
    return channel.path, channel.interpolation


def _unit(rows: Doubles) -> Doubles:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    still = np.array([[0.0, 0.0, 0.0, 1.0]])
    return np.where(length > 1e-12, rows / np.maximum(length, 1e-12), still)


def _local(translation: Doubles, rotation: Doubles, scale: Doubles) -> Doubles:
    """(n, 4, 4) matrices of translations, unit quaternions and scales."""
    x, y, z, w = rotation.T
    found = np.zeros((len(rotation), 4, 4))
    found[:, 0, 0], found[:, 0, 1], found[:, 0, 2] = (
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y))  # fmt: skip
    found[:, 1, 0], found[:, 1, 1], found[:, 1, 2] = (
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x))  # fmt: skip
    found[:, 2, 0], found[:, 2, 1], found[:, 2, 2] = (
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))  # fmt: skip
    found[:, :3, :3] *= scale[:, None, :3]
    found[:, :3, 3] = translation[:, :3]
    found[:, 3, 3] = 1.0
    return found
