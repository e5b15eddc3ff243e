"""Shows a show in a headset: the set around the viewer, captions, options to look or aim at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from xrdrama.adapters.openxr.headset import Headset
from xrdrama.adapters.openxr.runtime import Blend, LeftError, hung, is_there
from xrdrama.adapters.openxr.scaling import Scaling
from xrdrama.adapters.openxr.watchdog import OPENING_TIMEOUT_S, Watchdog
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.processes.statuses import Report
from xrdrama.show.ports import Stop
from xrdrama.viewers.following import Follower, Turn, end_process, say
from xrdrama.viewers.surroundings import Surroundings

LEAVING: Final = 2.0
"""Seconds that a runtime has to end the session."""
DEPTHLESS: Final = (
    "this headset's runtime takes no depth of pictures: late ones are only turned with the head"
)
LOOK: Final = 3.0
"""Seconds between two searches for a headset; each takes some milliseconds."""


def show_in_headset(
    show: str,
    said: Mapping[str, str],
    follower: Follower,
    stop: Stop,
    turn: Turn | None,
    on_report: Callable[[Report], None],
) -> None:
    """Show a show in a headset until `stop` is set; `on_report` is called at the end, also after an
    error, and before the runtime is closed, which may hang or crash. `said` is what a command line
    says of the viewer.

    DeviceError when no headset is available or it is lost; LeftError when its wearer quits. The
    process exits with `NO_DEVICE` when the runtime hangs. With a `turn` it searches until a headset
    is available, and starts when its turn comes.
    """
    if turn and not look_for_headset(stop):
        return
    graphics = open_graphics()
    first = graphics.target("context", 8, 8)
    graphics.render()  # a picture drawn once makes the context current in this thread
    first.set_active(False)

    def runtime_hangs(seconds: float) -> None:
        if watched:
            # The drawing thread is in the hung call.
            on_report(_report(watched[0], follower, pictures=None))
        _end_process(seconds)

    watched: list[Headset] = []
    headset = Headset("xrdrama", runtime_hangs)
    try:
        pictures = Surroundings(
            graphics, headset.size, show, follower, turn, headset.pacing.budget,
            depth=headset.takes_depth, said=said,
        )  # fmt: skip
        if not headset.takes_depth:
            say(DEPTHLESS)
        watched.append(headset)
        try:
            _loop(headset, pictures, stop)
        finally:
            on_report(_report(headset, follower, pictures))
    finally:
        headset.close()


def blend_words(wanted: str, granted: str) -> str:
    """What is printed about the blend mode that a show asked for, and got."""
    if wanted == granted:
        return f"the headset's pictures are {granted}"
    return (
        f"the show asks for {wanted} pictures over the room; this headset offers none, so they are"
        f" {granted}"
    )


def _report(
    headset: Headset,
    follower: Follower,
    pictures: Surroundings | None,
) -> Report:
    """What was shown; without `pictures` what they do not count."""
    scaling = pictures.scaling if pictures else Scaling()
    return Report(
        "headset",
        follower.presented,
        follower.unsaid,
        **msgspec.structs.asdict(headset.pacing.counts),
        budget=headset.pacing.budget.medians(),
        size_changes=scaling.changes,
        small=scaling.small,
        smallest=scaling.smallest,
        blend=headset.blend,
        depth=headset.takes_depth,
        steps=tuple(headset.pacing.steps),
        eyes=tuple(eye.projection for eye in headset.eyes),
        late=pictures.late() if pictures else {},
        plates_late=pictures.plates_late() if pictures else {},
        dimmed=pictures.dimmed if pictures else 0,
    )


def _loop(headset: Headset, pictures: Surroundings, stop: Stop) -> None:
    leaving: float | None = None
    wanted: Blend = "opaque"
    while headset.follow_events():
        if stop.is_set():
            if leaving is None:
                leaving = time.monotonic()
                headset.ask_to_leave()
            if not headset.life.runs or time.monotonic() - leaving > LEAVING:
                return
        if headset.life.runs:
            headset.frame(pictures)
            if pictures.rule.blend != wanted:
                wanted = pictures.rule.blend
                granted = headset.blend_as(wanted)
                pictures.open_sky(granted != "opaque")
                say(blend_words(wanted, granted))
        else:
            time.sleep(0.01)
    if not stop.is_set():
        raise LeftError("the headset's session was ended from outside", "restart the show")


def look_for_headset(stop: Stop) -> bool:
    """Search for a headset until one is available (True) or `stop` is set (False)."""
    watchdog = Watchdog(_end_process, OPENING_TIMEOUT_S)
    while not stop.is_set():
        with watchdog:
            found = is_there()
        if found:
            break
        stop.wait(LOOK)
    watchdog.close()
    return not stop.is_set()


def _end_process(seconds: float) -> None:
    end_process(hung(seconds))
