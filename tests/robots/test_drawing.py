"""Pictures of a simulated robot: its figure has the pose that MuJoCo computed."""

from __future__ import annotations

import threading
from pathlib import Path
from random import Random

import msgspec
import numpy as np
import pytest
from PIL import Image

from xrdrama import content
from xrdrama.adapters.mujoco.simulated import SimulatedBody
from xrdrama.adapters.panda.figure.posing import Posing
from xrdrama.errors import UsageError
from xrdrama.gltf.figures import read_figure
from xrdrama.performer import Performing, Root
from xrdrama.performer.robot.joints import JOINTS
from xrdrama.performer.robot.picturing import pose_of
from xrdrama.performer.robot.shape import HIP_HEIGHT
from xrdrama.run.options import RunOptions
from xrdrama.show import Production
from xrdrama.spatial import Vec3
from xrdrama.tools.robot.drawing import body_poses, refuse_undrawable
from xrdrama.tools.robot.simulating import Simulated, simulate
from xrdrama.tools.takes.instead import Instead
from xrdrama.tools.takes.stills import draw_stills

GLB = Path(__file__).resolve().parents[2] / "examples/performers/k1/assets/k1.glb"
LINK_OF = {
    "hips": "trunk", "neck": "neck", "head": "head",
    **{side + bone: f"{side}_{link}" for side in ("left", "right") for bone, link in (
        ("UpperArm", "shoulder"), ("LowerArm", "forearm"), ("UpperLeg", "thigh"),
        ("LowerLeg", "shin"), ("Foot", "foot"))},
}  # fmt: skip
FRAME = 70
SIZE = (320, 180)


def farthest(angles: list[float], trunk: list[float], drawn: list[float]) -> float:
    """The largest distance, metres, of a bone in the pose of `drawn` from its link in MuJoCo."""
    body = SimulatedBody()
    state, model = body._state, body._model
    state.qpos[:7], state.qpos[7:] = trunk, angles
    body._mujoco.mj_forward(model, state)
    figure = read_figure(GLB.read_bytes(), ())
    limbs = Posing(figure).limbs(pose_of(drawn, trunk, Root(), figure.at["hips"][1]))
    found = 0.0
    for bone, link in LINK_OF.items():
        left, up, ahead = limbs[figure.bones[bone]][:3, 3]
        x, y, z = state.xpos[model.body(link).id]
        found = max(found, float(np.linalg.norm((left - y, up - z, ahead - x))))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_bone_is_where_mujoco_has_its_link(seed: int) -> None:
    chance = Random(seed)
    angles = [chance.uniform(joint.low, joint.high) for joint in JOINTS]
    turn = np.array([chance.gauss(0.0, 1.0) for _ in range(4)])
    trunk = [0.3, -0.2, HIP_HEIGHT, *(turn / np.linalg.norm(turn))]
    assert farthest(angles, trunk, angles) < 1e-4
    # the control: one knee that is not as simulated
    other = [a + 0.5 if j.name == "Left_Knee_Pitch" else a
             for a, j in zip(angles, JOINTS, strict=True)]  # fmt: skip
    assert farthest(angles, trunk, other) > 0.05


def simulated(out: Path, push: float = 0.0) -> Simulated:
    options = RunOptions(show="robot_waves", out=out, fixed_rate=True, seconds=3.0, console=False)
    return simulate(options, threading.Event(), push_n=push, check=refuse_undrawable)


def picture(done: Simulated, out: Path, *, commanded: bool) -> np.ndarray:
    poses = None if commanded else {"k1": body_poses(done)}
    drawn = draw_stills(
        done.result.take, out, instead=Instead(size=SIZE), numbers=[FRAME], quality="draft",
        poses=poses,
    )  # fmt: skip
    return np.asarray(Image.open(drawn.files[0]).convert("RGB"), float)


def apart(done: Simulated, out: Path) -> float:
    """The share of pixels that differ between the simulated and the commanded pose."""
    pair = [picture(done, out / str(one), commanded=one) for one in (False, True)]
    return float((np.abs(pair[0] - pair[1]).max(axis=2) > 40).mean())


def test_fallen_robot_lies_in_the_picture_and_a_standing_one_is_as_commanded(
    tmp_path: Path,
) -> None:
    fallen, standing = simulated(tmp_path / "fallen", 150.0), simulated(tmp_path / "standing")
    assert fallen.figures.fell_s is not None and standing.figures.fell_s is None
    differs, same = apart(fallen, tmp_path / "f"), apart(standing, tmp_path / "s")
    assert differs > 0.02
    # a cue may let it walk: the simulated body stays on its mark
    away = Performing("k1", root=Root(Vec3(9.0, 9.0, 0.0)))
    at = body_poses(standing)(away, 2 * 10**9).root.at
    assert (at.x, at.y) == (0.0, 5.2)
    assert same < 0.3 * differs


def test_robot_that_cannot_be_drawn_is_refused_before_it_is_simulated() -> None:
    production: Production = content.produce(content.load_show("robot_waves"))
    refuse_undrawable(production, "k1")
    bare = msgspec.structs.replace(production, stage=None)
    with pytest.raises(UsageError, match="no stage"):
        refuse_undrawable(bare, "k1")
