"""Alarms for cameras whose frame leaves the LED walls, or will within a second.

They are added to the frames that are sent, like those about the take's file: a replay does not have
them, so they may be improved without changing what a take replays to, and cost `advance` nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.show import Show
from xrdrama.show.lenses import optics_at
from xrdrama.stage import Stage
from xrdrama.stage.advice.leaving import Course, Outlook
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.model import Camera
from xrdrama.wire.frame import Alarm, Frame

EVERY = 2
"""A look ahead takes a third of a millisecond or more: it is taken in every second frame."""


class WallWatch:
    """Watches the cameras of a running show. `stage` is None for a show without walls."""

    def __init__(self, stage: Stage | None) -> None:
        self._stage = stage
        self._outlook = Outlook(surfaces_of(stage)) if stage else None
        self._alarms: dict[str, Alarm] = {}
        self._looked = -EVERY

    def shown(self, frame: Frame, show: Show) -> Frame:
        """The frame with an alarm for each tracked camera that is off the walls or will be; the
        same frame without alarms."""
        stage, outlook = self._stage, self._outlook
        if stage and outlook and abs(frame.number - self._looked) >= EVERY:
            self._looked = frame.number
            self._look(stage, outlook, frame, show)
        if not self._alarms:
            return frame
        return replace(frame, alarms=(*frame.alarms, *self._alarms.values()))

    def _look(self, stage: Stage, outlook: Outlook, frame: Frame, show: Show) -> None:
        at, found = frame.time.shows_at, {}
        for tracked, known, camera in zip(frame.cameras, show.cameras, stage.cameras, strict=False):
            if tracked.state not in ("live", "predicted"):
                continue
            optics = optics_at(stage, camera, known.rings, at)
            now = camera.with_optics(optics) if optics is not None else camera
            pose = now.tracker(tracked.camera)
            due = outlook.due(now, pose, Course.of(known.track.samples))
            if due is not None:
                before = self._alarms.get(camera.id)
                since = before.since if before else at
                text = _text(camera, due, len(stage.cameras))
                found[camera.id] = Alarm("off_wall", text, since)
        self._alarms = found


def _text(camera: Camera, due: tuple[float, str], cameras: int) -> str:
    seconds, side = due
    whose = f"camera {camera.id}" if cameras > 1 else "the camera"
    if not seconds:
        return f"{whose} sees beyond the LED walls at the {side} edge of its picture"
    return f"{whose} will see beyond the LED walls in {seconds:g} s at the {side} edge"
