"""The work of `track wizard`: asks for one movement after another and watches the packets."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from xrdrama import content
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.run.listening import protocol_of
from xrdrama.stage.choosing import chosen_camera
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.edge import UNCHANGED
from xrdrama.tracking.wizard import STEPS, Wizard

Event = TrackingSample | str | None
"""A sample, a line that the operator typed (s: skip, q: quit), or None while nothing happens."""


def asked(
    events: Iterable[Event], subject: str, say: Callable[[str], None], timeout: float
) -> dict[str, Any]:
    """Go through the wizard's steps with the events of a tracker and an operator.

    `say` gets each question and finding. Seconds are counted by the samples' times of arrival and
    by the None events, which are a tenth of a second apart; a step without a movement for
    `timeout` seconds ends the wizard. The machine form: `axes`, `lines`, `steps`, `complete`.
    """
    wizard, idle, asking, reason = Wizard(), 0.0, -1, ""
    for event in events:
        step = wizard.step
        if step is None:
            break
        if asking != len(wizard.found):
            asking, idle = len(wizard.found), 0.0
            say(f"{asking + 1} of {len(STEPS)}: {step.ask}, then hold it still (s: skip, q: quit)")
        if event is None:
            idle += 0.1
        elif isinstance(event, str):
            if event.strip().lower() in ("q", "quit"):
                reason = "stopped by the operator"
                break
            if event.strip().lower() in ("s", "skip"):
                say(wizard.skip())
        elif event.subject == subject and (text := wizard.feed(event, event.at)):
            say(text)
        if idle > timeout:
            reason = f"no movement was found within {timeout:g} s"
            break
    return _result(wizard, reason)


def _result(wizard: Wizard, reason: str) -> dict[str, Any]:
    axes = wizard.axes()
    if wizard.step is None and axes is None:
        reason = "the skipped steps leave the axes ambiguous: run it again and skip fewer"
    elif wizard.step is not None and not reason:
        reason = "the packets ended before the last step"
    return {
        "complete": wizard.step is None and axes is not None,
        "axes": dict(zip(("x", "y", "z", "pan", "tilt", "roll"), axes.written, strict=True))
        if axes
        else None,
        "lines": wizard.lines(),
        "steps": [msgspec.to_builtins(one) for one in wizard.found],
        "reason": reason,
    }


def run_wizard(
    name: str,
    answers: Iterable[str],
    say: Callable[[str], None],
    timeout: float,
    camera: str = "",
) -> dict[str, Any]:
    """The wizard on the tracker of a stage; `answers` are the operator's lines as they come.

    It watches the packets of a `camera` of the stage, "" for the first one.

    The packets are watched as they are sent, without the axes of the stage file. Errors as for
    `content.find`, `plugins.tracker` and UdpTracker.
    """
    stage = content.load_stage_file(content.find("stage", name))
    watched = chosen_camera(stage, camera)
    tracking = stage.tracking
    protocol = protocol_of(tracking)
    coming: queue.Queue[Event] = queue.Queue(maxsize=10_000)
    tracker = UdpTracker(
        protocol,
        tracking.address,
        tracking.port,
        interface=tracking.interface,
        edge=UNCHANGED,
        on_sample=lambda sample: _offer(coming, sample),
    )

    def read_answers() -> None:
        for line in answers:
            _offer(coming, line)

    threading.Thread(target=read_answers, name="answers", daemon=True).start()
    whose = f", camera {watched.id}" if len(stage.cameras) > 1 else ""
    say(f"listening on {tracker.where} ({tracking.protocol}) for subject {watched.subject}{whose}")
    try:
        return asked(_events(coming), watched.subject, say, timeout)
    finally:
        tracker.close()


def _offer(coming: queue.Queue[Event], event: Event) -> None:
    try:
        coming.put_nowait(event)
    except queue.Full:  # the wizard needs the newest movement only
        return


def _events(coming: queue.Queue[Event]) -> Iterator[Event]:
    """The events as they come, and a None after each tenth of a second."""
    due = time.monotonic() + 0.1
    while True:
        with suppress(queue.Empty):
            yield coming.get(timeout=max(0.001, due - time.monotonic()))
        if time.monotonic() >= due:
            due += 0.1
            yield None
