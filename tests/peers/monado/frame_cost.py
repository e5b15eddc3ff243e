"""Processor time of our Python in a headset's frame, against a bare loop of the same session.

    run python frame_cost.py ENDPOINT SHOW FRAMES

Bare: wait, begin, locate, acquire and release both eyes' pictures, end; what any program must do.
Ours: the same through `Headset` and `Surroundings`, hands, gaze, words, poses sent back; without
Panda3D's drawing and without copying pictures, which are the graphics driver's time. The two
alternate, frame by frame. Prints JSON: medians in microseconds.
"""

from __future__ import annotations

import ctypes
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
import xr

from xrdrama.adapters.openxr.gl import Copying
from xrdrama.adapters.openxr.headset import Headset
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.app.headset import Surroundings
from xrdrama.app.viewing import Follower


class Clock:
    """Processor time of this thread, without what runs `apart`."""

    def __init__(self) -> None:
        self.without = 0.0

    def apart(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return call(*arguments, **named)
            finally:
                self.without += time.thread_time() - began

        return timed

    def spent(self, call: Callable[[], object]) -> float:
        self.without, began = 0.0, time.thread_time()
        call()
        return time.thread_time() - began - self.without


def bare(headset: Any) -> None:
    """A frame as short as OpenXR allows that shows two pictures."""
    session, chains = headset._session, [headset._chains[name] for name in ("left", "right")]
    state = xr.wait_frame(session)
    xr.begin_frame(session)
    layers: list[Any] = []
    if state.should_render:
        found = xr.ViewLocateInfo(
            xr.ViewConfigurationType.PRIMARY_STEREO, state.predicted_display_time, headset._stage
        )
        _, views = xr.locate_views(session, found)
        projected = (xr.CompositionLayerProjectionView * 2)()
        for side, chain in enumerate(chains):
            chain._next()
            chain._done()
            projected[side] = xr.CompositionLayerProjectionView(
                pose=views[side].pose, fov=views[side].fov, sub_image=chain.part(*chain.size)
            )
        layers.append(xr.CompositionLayerProjection(space=headset._stage, views=projected))
    xr.end_frame(
        session,
        xr.FrameEndInfo(
            state.predicted_display_time,
            xr.EnvironmentBlendMode.OPAQUE,
            layers=[ctypes.byref(layer) for layer in layers],
        ),
    )


def main(endpoint: str, show: str, frames: int) -> None:
    clock = Clock()
    for owner, name in ((Graphics, "render"), (Copying, "copy"), (Copying, "fill")):
        setattr(owner, name, clock.apart(getattr(owner, name)))
    graphics = open_graphics()
    graphics.target("context", 8, 8)
    graphics.render()
    headset = Headset("frame cost")
    follower = Follower(endpoint, "viewer")
    pictures = Surroundings(graphics, headset.size, show, follower)
    costs: dict[str, list[float]] = {"bare": [], "ours": []}
    count = 0
    while count < frames and headset.follow_events():
        if not headset.life.runs:
            time.sleep(0.01)
            continue
        if follower.presented < 20:  # until the set is there and drawn
            headset.frame(pictures)
            continue
        costs["bare"].append(clock.spent(lambda: bare(headset)))
        costs["ours"].append(clock.spent(lambda: headset.frame(pictures)))
        count += 1
    headset.close()
    follower.close()
    found = {name: statistics.median(values) * 1e6 for name, values in costs.items()}
    sys.stdout.write(msgspec.json.encode(found | {"frames": count}).decode() + "\n")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
