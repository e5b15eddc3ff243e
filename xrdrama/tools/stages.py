"""The work of the `stage` commands."""

from __future__ import annotations

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.verify import WallProof, verify_wall
from xrdrama.errors import Problem
from xrdrama.stage import load_stage, parse_stage
from xrdrama.stage.model import Inner
from xrdrama.tools.checking.contents import check_stage_file


def verify_stage(name: str) -> dict[str, WallProof]:
    """Verify each wall of a stage."""
    path = content.find("stage", name)
    stage = load_stage(content.read_text(path), str(path))
    graphics = open_graphics()
    try:
        return {wall.id: verify_wall(graphics, stage, wall.id) for wall in stage.walls}
    finally:
        graphics.close()


def drawn_inner(name: str) -> Inner | None:
    """The size of the inner frustum's picture; None for a stage that cannot be read."""
    path = content.find("stage", name)
    stage, _ = parse_stage(content.read_text(path), str(path))
    return stage.inner if stage else None


def check_stage(name: str) -> list[Problem]:
    """The problems of a stage file."""
    path = content.find("stage", name)
    return check_stage_file(path, content.read_text(path))
