"""The work of `stage verify`."""

from __future__ import annotations

import msgspec

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.cameras import CameraProof, verify_cameras
from xrdrama.adapters.panda.proof.lenses import LensProof, verify_lens
from xrdrama.adapters.panda.proof.verify import WallProof, verify_wall
from xrdrama.stage.choosing import led_by


class StageProof(msgspec.Struct, frozen=True):
    """The measurements of a stage: of each wall, of each camera where it has several, and of each
    lens with a lens file, through the first wall."""

    walls: dict[str, WallProof]
    cameras: dict[str, CameraProof]
    lenses: dict[str, LensProof]
    passed: bool = msgspec.field(name="pass")


def verify_stage(name: str) -> StageProof:
    """Verify each wall of a stage, and each camera of a stage with several in its own region."""
    stage = content.load_stage_file(content.find("stage", name))
    graphics = open_graphics()
    try:
        walls = {wall.id: verify_wall(graphics, stage, wall.id) for wall in stage.walls}
        cameras = verify_cameras(graphics, stage) if len(stage.cameras) > 1 else {}
        lenses = {
            camera.id: verify_lens(graphics, led_by(stage, camera.id), stage.walls[0].id)
            for camera in stage.cameras
            if camera.lens_file is not None
        }
    finally:
        graphics.close()
    passed = [one.passed for one in walls.values()] + [one.passed for one in cameras.values()]
    passed += [one.passed for one in lenses.values()]
    return StageProof(walls, cameras, lenses, all(passed))
