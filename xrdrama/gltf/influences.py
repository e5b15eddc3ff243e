"""The joints that each vertex of a skinned mesh follows, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Floats
from xrdrama.gltf.rows import Rows

MOST: Final = 4
"""Joints of a vertex that are kept."""
_SETS: Final = 8
_UNEVEN: Final = 0.02
"""Sums of weights that differ from 1 by more than this are reported; bytes round by less."""


def influences(
    source: Rows, named: Mapping[str, int], joints: int, label: str, pointer: str
) -> dict[str, Floats]:
    """JOINTS_0 and WEIGHTS_0 of a primitive in a skin of `joints` joints; each sum of weights is 1.

    The four strongest of more joints are kept, with a remark. RemoteProtocolError for joints that
    do not exist and weights that are negative.
    """
    sets = [i for i in range(_SETS) if f"JOINTS_{i}" in named and f"WEIGHTS_{i}" in named]
    if not sets:
        raise RemoteProtocolError(
            f"{label} has a skin, but no JOINTS_0 and WEIGHTS_0: export it again"
        )
    indices, shares = [], []
    for i in sets:
        rows = source.rows(named[f"JOINTS_{i}"], f"{label}: JOINTS_{i}")
        weights = source.floats(named[f"WEIGHTS_{i}"], f"{label}: WEIGHTS_{i}")
        if rows.dtype.kind != "u" or rows.shape[1] != MOST or weights.shape != rows.shape:
            raise RemoteProtocolError(
                f"{label}: JOINTS_{i} and WEIGHTS_{i} are not four numbers for each vertex: "
                "export it again"
            )
        indices.append(rows.astype(np.int64))
        shares.append(weights.astype(np.float64))
    joint, share = np.concatenate(indices, axis=1), np.concatenate(shares, axis=1)
    if share.size and float(share.min()) < 0.0:
        raise RemoteProtocolError(f"{label} has negative weights: export it again")
    joint = np.where(share > 0.0, joint, 0)
    if joint.size and int(joint.max()) >= joints:
        raise RemoteProtocolError(
            f"{label}: joint {int(joint.max())} is out of range, since its skin has {joints} "
            "joints: export it again"
        )
    if len(sets) > 1:
        joint, share = _strongest(source, joint, share, label, pointer)
    return _normalised(source, joint, share, label, pointer)


def _strongest(
    source: Rows, joint: np.ndarray, share: np.ndarray, label: str, pointer: str
) -> tuple[np.ndarray, np.ndarray]:
    """The four strongest joints of each vertex."""
    many = int(np.count_nonzero(np.count_nonzero(share > 0.0, axis=1) > MOST))
    if many:
        source.remark(
            f"{pointer}/attributes/JOINTS_1",
            f"{label}: {many:,} vertices follow more than {MOST} joints; the strongest {MOST} of "
            "each are kept",
            f"limit the joints of a vertex to {MOST} before the export",
        )
    order = np.argsort(-share, axis=1, kind="stable")[:, :MOST]
    kept = np.take_along_axis(share, order, axis=1)
    # What was left out is shared among those that are kept.
    whole = share.sum(axis=1, keepdims=True) / np.maximum(kept.sum(axis=1, keepdims=True), 1e-12)
    return np.take_along_axis(joint, order, axis=1), kept * whole


def _normalised(
    source: Rows, joint: np.ndarray, share: np.ndarray, label: str, pointer: str
) -> dict[str, Floats]:
    total = share.sum(axis=1, keepdims=True)
    none = total[:, 0] < 1e-9
    uneven = int(np.count_nonzero((np.abs(total[:, 0] - 1.0) > _UNEVEN) & ~none))
    for count, what, done in (
        (uneven, "have weights whose sum is not 1", "they are scaled"),
        (int(np.count_nonzero(none)), "have no weights", "they follow the first joint"),
    ):
        if count:
            source.remark(
                f"{pointer}/attributes/WEIGHTS_0", f"{label}: {count:,} vertices {what}; {done}",
                "normalize the weights before the export",
            )  # fmt: skip
    share = np.where(none[:, None], np.eye(1, MOST), share / np.maximum(total, 1e-9))
    return {"JOINTS_0": joint.astype(np.float32), "WEIGHTS_0": share.astype(np.float32)}
