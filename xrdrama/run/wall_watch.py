"""Alarms for cameras whose frame leaves the LED walls, or will within a second.

They are added to the frames that are sent, like those about the take's file: a replay does not have
them, so they may be improved without changing what a take replays to, and cost `advance` nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.show import Show
from xrdrama.show.lenses import optics_at
from xrdrama.stage import Stage
from xrdrama.stage.advice.course import Course
from xrdrama.stage.advice.outlook import Outlook, Warned
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.model import Camera
from xrdrama.wire.frame import Alarm, Frame

EVERY = 2
"""A look ahead takes a third of a millisecond or more: it is taken in every second frame. A look at
a camera that is off the walls takes less, and its return must be seen at once."""
WILL, MAY = "off_wall", "off_wall_possible"
"""The codes of the alarms: the frame is off the walls or will be, or it may be if the camera
continues as now."""


class WallWatch:
    """Watches the cameras of a running show. `stage` is None for a show without walls."""

    def __init__(self, stage: Stage | None) -> None:
        self._stage = stage
        self._outlook = Outlook.on(surfaces_of(stage)) if stage else None
        self._alarms: dict[str, Alarm] = {}
        self._warned: dict[str, Warned] = {}
        self._looked = -EVERY

    def shown(self, frame: Frame, show: Show) -> Frame:
        """The frame with an alarm for each tracked camera that is off the walls or will be; the
        same frame without alarms."""
        stage, outlook = self._stage, self._outlook
        off = any(not warned.seconds for warned in self._warned.values())
        if stage and outlook and abs(frame.number - self._looked) >= (1 if off else EVERY):
            self._looked = frame.number
            self._look(stage, outlook, frame, show)
        if not self._alarms:
            return frame
        return replace(frame, alarms=(*frame.alarms, *self._alarms.values()))

    def _look(self, stage: Stage, outlook: Outlook, frame: Frame, show: Show) -> None:
        at, found, before = frame.time.shows_at, {}, self._warned
        self._warned = {}
        for tracked, known, camera in zip(frame.cameras, show.cameras, stage.cameras, strict=False):
            if tracked.state not in ("live", "predicted"):
                continue
            optics = optics_at(stage, camera, known.rings, at)
            now = camera.with_optics(optics) if optics is not None else camera
            pose = now.tracker(tracked.camera)
            warned = outlook.warned(
                now, pose, Course.of(known.track.samples), before.get(camera.id)
            )
            if warned is not None:
                self._warned[camera.id] = warned
                code = WILL if warned.sure else MAY
                last = self._alarms.get(camera.id)
                since = last.since if last and last.code == code else at
                found[camera.id] = Alarm(code, _text(camera, warned, len(stage.cameras)), since)
        self._alarms = found


def _text(camera: Camera, warned: Warned, cameras: int) -> str:
    seconds, side = warned.seconds, warned.side
    whose = f"camera {camera.id}" if cameras > 1 else "the camera"
    if not seconds:
        return f"{whose} sees beyond the LED walls at the {side} edge of its picture"
    verb = "will" if warned.sure else "may"
    return f"{whose} {verb} see beyond the LED walls in {seconds:g} s at the {side} edge"
