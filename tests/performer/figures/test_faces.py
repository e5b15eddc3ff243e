"""Faces of the digital actors: all of ARKit's shapes, mirrored, closing what they are to close."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PERFORMERS = Path(__file__).parents[3] / "examples" / "performers"
SCENES = Path(__file__).parents[3] / "scenes"

# The modules are scripts' own: another process has their folders on its path.
_MEASURES = """
import hashlib
import sys
sys.path[:0] = sys.argv[2:4]
import numpy as np
from making import mouth
from making.arkit import NAMES, other_side
from making.face_shapes import face_shapes, mirrored
from making.heads import LOOKS, carved

head = carved(sys.argv[1])
shapes = face_shapes(head)
tongue = mouth.tongue(head, 1.0, np.zeros(3)).morphs
names = sorted({**shapes, **tongue})
assert names == sorted(NAMES), set(names) ^ set(NAMES)
for name in names:
    size = max(np.abs(m[name]).max() for m in (shapes, tongue) if name in m)
    assert size > 0.004, (name, size)
    if name in shapes:
        other = shapes[other_side(name)]
        assert np.allclose(mirrored(head, shapes[name]), other, atol=1e-12), name
        assert np.isfinite(shapes[name]).all()
        moved = head.points + shapes[name]
        assert np.allclose(moved[head.grid.weld], moved, atol=1e-9), f"open behind: {name}"

def gap(edge, upper):
    return np.linalg.norm(edge[1:14] - edge[27:14:-1], axis=1)

grid = head.grid
for side, name in ((0, "eyeBlinkLeft"), (1, "eyeBlinkRight")):
    edge = head.points[grid.eyes[side][0]]
    shut = edge + shapes[name][grid.eyes[side][0]]
    assert gap(shut, 0).max() < 0.02 * gap(edge, 0).max(), (name, gap(shut, 0))
    assert np.abs(shapes[name][grid.eyes[1 - side][0]]).max() < 1e-9, "the other eye moves"
    # Lids never enter the ball, halfway included.
    eye = head.form.eye
    centre = eye.centre * [1 - 2 * side, 1, 1]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        far = np.linalg.norm(edge + share * shapes[name][grid.eyes[side][0]] - centre, axis=1)
        assert far.min() > eye.radius, (share, far.min() / eye.radius)

lips = grid.mouth[0]
rest = head.points[lips]
opened = rest + shapes["jawOpen"][lips]
closed = opened + shapes["mouthClose"][lips]
assert gap(rest, 0).max() < 1e-6
assert gap(opened, 0).max() > 0.08
assert gap(closed, 0).max() < 0.02 * gap(opened, 0).max(), gap(closed, 0)
chin = head.points[:, 1].argmin()
low = np.flatnonzero((head.points[:, 2] > 0.2) & (head.points[:, 1] < -0.34))
drop = (shapes["jawOpen"] + shapes["mouthClose"])[low, 1].min()
assert drop < -0.06, "the jaw stays open when the mouth closes"
total = hashlib.sha256(head.points.tobytes())
for name in sorted(shapes):
    total.update(shapes[name].tobytes())
print(total.hexdigest(), len(head.triangles))
"""


def _measured(name: str) -> tuple[str, int]:
    command = [sys.executable, "-c", _MEASURES, name, str(SCENES), str(PERFORMERS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    digest, triangles = done.stdout.split()
    return digest, int(triangles)


@pytest.mark.parametrize("name", ["lan", "grandmother", "stand_in"])
def test_face_shapes_are_complete_mirrored_and_close(name: str) -> None:
    _, triangles = _measured(name)
    assert triangles <= 6000


def test_making_a_head_again_gives_the_same_bytes() -> None:
    assert _measured("lan")[0] == _measured("lan")[0]


@pytest.mark.peer
def test_face_model_finds_and_reads_every_head() -> None:
    """With controls: a head without features has no face, and moods exchanged are not read."""
    command = [sys.executable, str(PERFORMERS / "making" / "face_reading.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=540)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
