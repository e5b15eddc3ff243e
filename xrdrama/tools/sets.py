"""The work of the `scene` commands."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

from xrdrama import content
from xrdrama.adapters.panda.graphics import LARGEST, open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.video.stills import save_picture
from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.processes.plates import open_plates
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.cues import length
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.show.lamps import lights_of
from xrdrama.show.state.cue_stack import call, stack_for
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Lens, inner_frustum
from xrdrama.timing import NS
from xrdrama.tools.checking.sets import check_scene_file
from xrdrama.wire.frame import Projection

# Where a film camera usually stands on a stage, and its lens (look-and-drama.md, "Camera").
STANDPOINT = Pose(Vec3(0.0, -2.5, 1.55), Quat())
LENS = Lens(0.038, (0.036, 0.02025))
LONGEST = 86400.0
"""Seconds of a show."""


def load_scene(name: str) -> tuple[Scene, Path]:
    """Load a set's scene by name; AuthoringError with every problem."""
    path = content.find("scene", name)
    scene, problems = parse_scene(content.read_text(path), str(path))
    if scene is None:
        raise AuthoringError(problems)
    return scene, path


def check_scene(name: str) -> tuple[list[Problem], dict[str, int]]:
    """The problems of a set, and its size if it has no problems."""
    return check_scene_file(content.find("scene", name))


def draw_still(
    name: str, out: Path, *, place: str, look: str, cue: str, size: str, seconds: float = 2.0
) -> None:
    """Draw a picture of a set from one of its places or from where a film camera usually is.

    `seconds` is the time of the show; the cue begins then, and its end is drawn.
    """
    if not (isfinite(seconds) and 0.0 <= seconds <= LONGEST):
        raise UsageError(f"--seconds {seconds:g} is not valid", f"write 0 to {LONGEST:g}")
    scene, path = load_scene(name)
    width, _, height = size.partition("x")
    if not all(one.isdecimal() and 1 <= int(one) <= LARGEST for one in (width, height)):
        raise UsageError(
            f"--size {size!r} is not valid",
            f"write WIDTHxHEIGHT in pixels, each at most {LARGEST}, such as 1280x720",
        )
    for key, chosen, known in (
        ("place", place, scene.places),
        ("cue", cue, scene.cues),
        ("look", look, scene.looks),
    ):
        if chosen and chosen not in known:
            hint = suggestion(chosen, known) or f"add it under {key}s:"
            raise UsageError(f"{path} has no {key} {chosen!r}", hint)
    stack, at = stack_for(scene, look), round(seconds * NS)
    if cue:
        stack = call(stack, scene.cues[cue], at)
        at += length(scene.cues[cue])
    params = stack.values(at)
    frustum = inner_frustum(
        scene.places[place].pose if place else STANDPOINT, LENS, near=0.1, far=500.0
    )
    graphics = open_graphics()
    target = graphics.target("still", int(width), int(height), "srgb8", sort=10)
    compiled = compiled_scene(str(path))
    plates = open_plates(compiled, str(path), live=False)
    virtual = VirtualSet(graphics, compiled, plates=plates)
    f = frustum
    virtual.add_view(target).place(
        f.pose, Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)
    )
    virtual.update(params, lights_of(scene, params), at / NS)
    graphics.render()
    still = graphics.picture(target)
    graphics.close()
    virtual.plates.close()
    save_picture(still, out)
