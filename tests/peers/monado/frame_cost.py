"""Processor time of our Python in a headset's frame, against a bare loop of the same session.

    run python frame_cost.py ENDPOINT SHOW FRAMES

Bare: wait, begin, read both hands, locate, draw, copy both eyes' pictures, end, by pyopenxr's own
calls: what any program must do in which hands can pick. Ours: the same through `Headset` and
`Surroundings`, with the show's state, gaze, words, depth, and poses sent back. Both draw and copy
the same pictures, and the time of that, the graphics driver's, is left out of both. The two
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

from xrdrama.adapters.openxr.headset import Headset
from xrdrama.adapters.openxr.pictures.gl import Copying
from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics
from xrdrama.viewers.following import Follower
from xrdrama.viewers.surroundings import Surroundings


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


def bare(headset: Any, graphics: Graphics, eyes: list[Target]) -> None:
    """A frame as short as OpenXR allows that shows two pictures."""
    session, chains = headset._session, [headset._layers.chains[name] for name in ("left", "right")]
    state = xr.wait_frame(session)
    xr.begin_frame(session)
    layers: list[Any] = []
    if state.should_render:
        read_hands(session, headset, state.predicted_display_time)
        found = xr.ViewLocateInfo(
            xr.ViewConfigurationType.PRIMARY_STEREO, state.predicted_display_time, headset._stage
        )
        _, views = xr.locate_views(session, found)
        graphics.render()
        projected = (xr.CompositionLayerProjectionView * 2)()
        for side, chain in enumerate(chains):
            index = xr.acquire_swapchain_image(chain._chain, xr.SwapchainImageAcquireInfo())
            wait = xr.SwapchainImageWaitInfo(timeout=xr.INFINITE_DURATION)
            xr.wait_swapchain_image(chain._chain, wait)
            with headset._layers.copying as copying:
                texture = graphics.driver_name(eyes[side])
                copying.copy(texture, chain._images[index], (0, 0, *chain.size), chain.size)
            xr.release_swapchain_image(chain._chain, xr.SwapchainImageReleaseInfo())
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


def read_hands(session: Any, headset: Any, time: int) -> None:
    """Where both hands aim, and whether they pull."""
    actions = headset._actions
    try:
        xr.sync_actions(session, actions._sync)
    except xr.exception.SessionNotFocused:
        return
    for side in ("left", "right"):
        xr.locate_space(actions.aims[side], headset._stage, time)
        xr.get_action_state_boolean(session, actions._asked["pick", side])


def main(endpoint: str, show: str, frames: int) -> None:
    clock = Clock()
    for owner, name in (
        (Graphics, "render"),
        (Copying, "copy"),
        (Copying, "copy_depth"),
        (Copying, "fill"),
        (Copying, "__enter__"),
        (Copying, "__exit__"),
    ):
        setattr(owner, name, clock.apart(getattr(owner, name)))
    graphics = open_graphics()
    graphics.target("context", 8, 8)
    graphics.render()
    headset = Headset("frame cost")
    follower = Follower(endpoint, "viewer")
    depth = headset.takes_depth
    pictures = Surroundings(graphics, headset.size, show, follower, depth=depth)
    costs: dict[str, list[float]] = {"bare": [], "ours": []}
    count = 0
    while count < frames and headset.follow_events():
        if not headset.life.runs:
            time.sleep(0.01)  # the poll interval
            continue
        if follower.presented < 20:  # until the set is there and drawn
            headset.frame(pictures)
            continue
        costs["bare"].append(clock.spent(lambda: bare(headset, graphics, pictures._eyes)))
        costs["ours"].append(clock.spent(lambda: headset.frame(pictures)))
        count += 1
    headset.close()
    follower.close()
    found = {name: statistics.median(values) * 1e6 for name, values in costs.items()}
    sys.stdout.write(msgspec.json.encode(found | {"frames": count}).decode() + "\n")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
