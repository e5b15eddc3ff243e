"""The transforms of USD prims that change with time, as limbs and one clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from xrdrama.gltf.meshes import Doubles
from xrdrama.gltf.rig import Channel, Clip, Limb, Path, Rig

CLIP: Final = "timeline"
_MOST_TIMES: Final = 20_000
_SHEAR: Final = 1e-4

Report = Callable[[str, str, str], None]
"""Takes the path of a prim, what is not carried over, and a hint."""


class Transforms:
    """Places prims under the limbs of those above them that move.

    `root` (4, 4) maps from the stage to glTF's frame. Transforms are sampled at every time code,
    so that what a USD rotation does between two keys is kept.
    """

    def __init__(self, stage: Any, root: Doubles, report: Report) -> None:
        self.report = report
        self.rate = float(stage.GetTimeCodesPerSecond()) or 24.0
        self.start = self._start(stage)
        self.limbs: list[Limb] = []
        self.channels: list[Channel] = []
        self._root = root
        self._places: dict[str, tuple[int, Doubles]] = {}

    def place(self, prim: Any) -> tuple[int, Doubles]:
        """The limb of a prim, -1 for none, and its matrix in the limb's or glTF's frame."""
        from pxr import UsdGeom

        path = str(prim.GetPath())
        if path not in self._places:
            if prim.IsPseudoRoot():
                self._places[path] = -1, self._root
                return -1, self._root
            limb, above = self.place(prim.GetParent())
            if prim.IsA(UsdGeom.Xformable):
                form = UsdGeom.Xformable(prim)
                if form.GetResetXformStack():
                    limb, above = -1, self._root
                moved = self.moved(form, path, limb, above)
                limb, above = moved or (limb, above @ _matrix(form, self.still(form)))
            self._places[path] = limb, above
        return self._places[path]

    def rig(self) -> Rig:
        """All that moves."""
        clips = (Clip(CLIP, tuple(self.channels)),) if self.channels else ()
        return Rig(tuple(self.limbs), clips)

    def still(self, form: Any) -> Any:
        """The time at which a transform is taken that does not move."""
        from pxr import Usd

        times = form.GetTimeSamples()
        return Usd.TimeCode(times[0]) if times else Usd.TimeCode.Default()

    def moved(
        self, form: Any, path: str, parent: int, above: Doubles
    ) -> tuple[int, Doubles] | None:
        """The limb of a prim that moves, and no matrix below it; None if it does not move."""
        from pxr import Usd

        keys = form.GetTimeSamples() if form.TransformMightBeTimeVarying() else []
        if len(keys) < 2:
            return None
        times = sorted({*keys, *np.arange(np.ceil(keys[0]), keys[-1]).tolist()})
        if len(times) > _MOST_TIMES:
            self.report(path, f"it has {len(times):,} moments and does not move", "shorten it")
            return None
        matrices = np.array([_matrix(form, Usd.TimeCode(time)) for time in times])
        places, turns, sizes, exact = decomposed(matrices)
        if not exact:
            self.report(path, "a transform that shears does not move", "animate without shear")
            return None
        index = len(self.limbs)
        one, turn, size = (tuple(rows[0].tolist()) for rows in (places, turns, sizes))
        self.limbs.append(Limb(path.rpartition("/")[2][:64], parent, above, one, turn, size))
        seconds = (np.array(times) - self.start) / self.rate
        found: tuple[tuple[Path, Doubles], ...] = (
            ("translation", places), ("rotation", turns), ("scale", sizes),
        )  # fmt: skip
        for name, rows in found:
            if np.ptp(rows, axis=0).max() > 1e-7:
                self.channels.append(Channel(index, name, "LINEAR", seconds, rows))
        return index, np.eye(4)

    def _start(self, stage: Any) -> float:
        """The time code that becomes 0 s: the first of the stage, or of its keys."""
        from pxr import UsdGeom

        first = [
            form.GetTimeSamples()[0]
            for form in map(UsdGeom.Xformable, stage.Traverse())
            if form and len(form.GetTimeSamples()) > 1
        ]
        said = [float(stage.GetStartTimeCode())] if stage.HasAuthoredTimeCodeRange() else []
        return min([*said, *first], default=0.0)


def decomposed(matrices: Doubles) -> tuple[Doubles, Doubles, Doubles, bool]:
    """Translations, unit quaternions and scales of (n, 4, 4) matrices; and False if they shear."""
    sizes = np.linalg.norm(matrices[:, :3, :3], axis=1)
    sizes[np.linalg.det(matrices[:, :3, :3]) < 0.0] *= -1.0
    turns = matrices[:, :3, :3] / np.where(np.abs(sizes) > 1e-9, sizes, 1.0)[:, None, :]
    right = np.einsum("nji,njk->nik", turns, turns)
    exact = bool(np.abs(right - np.eye(3)).max() < _SHEAR and np.abs(sizes).min() > 1e-9)
    return matrices[:, :3, 3].copy(), _quaternions(turns), sizes, exact


def _quaternions(turns: Doubles) -> Doubles:
    """(n, 4) quaternions (x, y, z, w) of rotations, each the nearer one to that before it."""
    # The quaternion is the eigenvector of the largest eigenvalue (Bar-Itzhack, 2000).
    m = turns
    k = np.zeros((len(m), 4, 4))
    k[:, 0, 0] = m[:, 0, 0] - m[:, 1, 1] - m[:, 2, 2]
    k[:, 1, 1] = m[:, 1, 1] - m[:, 0, 0] - m[:, 2, 2]
    k[:, 2, 2] = m[:, 2, 2] - m[:, 0, 0] - m[:, 1, 1]
    k[:, 3, 3] = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    k[:, 1, 0] = m[:, 1, 0] + m[:, 0, 1]
    k[:, 2, 0] = m[:, 2, 0] + m[:, 0, 2]
    k[:, 2, 1] = m[:, 2, 1] + m[:, 1, 2]
    k[:, 3, 0] = m[:, 2, 1] - m[:, 1, 2]
    k[:, 3, 1] = m[:, 0, 2] - m[:, 2, 0]
    k[:, 3, 2] = m[:, 1, 0] - m[:, 0, 1]
    found: Doubles = np.linalg.eigh(k / 3.0)[1][:, :, 3]
    for i in range(1, len(found)):
        if found[i] @ found[i - 1] < 0.0:
            found[i] *= -1.0
    return found


def _matrix(form: Any, time: Any) -> Doubles:
    return np.array(form.GetLocalTransformation(time), np.float64).T
