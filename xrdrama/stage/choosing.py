"""A camera of a stage by the id that a person wrote."""

from __future__ import annotations

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.stage.model import Camera, Stage


def chosen_camera(stage: Stage, name: str) -> Camera:
    """The camera with an id, or the first one for ""; UsageError if there is no such camera."""
    ids = [camera.id for camera in stage.cameras]
    if name and name not in ids:
        raise UsageError(f"the stage {stage.id!r} has no camera {name!r}", suggestion(name, ids))
    return stage.camera_named(name) if name else stage.camera


def led_by(stage: Stage, name: str) -> Stage:
    """The stage with the chosen camera as its first; UsageError as for `chosen_camera`."""
    chosen = chosen_camera(stage, name)
    others = (camera for camera in stage.cameras if camera.id != chosen.id)
    return msgspec.structs.replace(stage, cameras=(chosen, *others))
