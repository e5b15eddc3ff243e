"""The warm-up: everything that takes long the first time is done before the show's clock starts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import msgspec
from rich.console import Console

from xrdrama.run.outputs.outputs import Outputs
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.ports import Stop
from xrdrama.show.rehearsal import rehearsal_of
from xrdrama.timing import FrameTime
from xrdrama.wire.codec import encode

TICKS = 24
"""Frames that are made and dropped, so that modules are imported and caches are filled."""


SELDOM = 2.0
"""Seconds between two lines about progress, if there is no terminal for a progress bar."""


class Late(msgspec.Struct, frozen=True):
    """What was compiled or uploaded after the clock had started; all zero after a full warm-up."""

    shaders_compiled_late: int = 0
    textures_uploaded_late: int = 0
    meshes_uploaded_late: int = 0
    """Vertex and index buffers."""
    driver_code_late_kb: int | None = None
    """Growth of the driver's own compiled code, where this machine's processor draws."""


class WarmUp:
    """The warm-up of some outputs, and the count of what they compile or upload later.

    `on_step(text)` is called with the name of each step.
    """

    def __init__(
        self, outputs: Outputs, on_step: Callable[[str], None] = lambda text: None
    ) -> None:
        self.seconds = 0.0
        self._outputs = outputs
        self._on_step = on_step
        self._prepared: Counter[str] = Counter()

    def run(self, production: Production, stop: Stop) -> None:
        """Warm up, until done or `stop` is set."""
        began = time.monotonic()
        show = opening(production)
        for number in range(TICKS):
            at = FrameTime.of(number, production.rate, start=production.start_timecode)
            show, frame = advance(show, Tick(at, ()))
            encode(frame)
        if self._outputs.can_warm_up():
            for step in self._outputs.warm_up(rehearsal_of(production)):
                if stop.is_set():
                    return
                self._on_step(f"warming up: {step}")
        self.seconds = time.monotonic() - began

    def begin(self) -> None:
        """The clock starts: what is compiled or uploaded from now on is late."""
        self._prepared = self._so_far()

    def late(self) -> Late:
        """What was compiled or uploaded since `begin`."""
        now = self._so_far()
        shaders, textures, buffers, code = (
            now[name] - self._prepared[name]
            for name in ("shaders", "textures", "buffers", "driver_code_kb")
        )
        return Late(shaders, textures, buffers, code if "driver_code_kb" in now else None)

    def _so_far(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for prepared in self._outputs.prepared():
            total.update(prepared)
        return total


class Preparing:
    """Prints the steps of the preparation: in the progress bar of a terminal, or else in a line
    every few seconds. The first line is printed at once."""

    def __init__(self, console: Console, show: Callable[[str], None]) -> None:
        self._console, self._show = console, show
        self._said_at = -SELDOM

    def __call__(self, text: str) -> None:
        """Print the next step."""
        self._show(text)
        now = time.monotonic()
        if not self._console.is_terminal and now - self._said_at >= SELDOM:
            self._said_at = now
            self._console.print(text, highlight=False)
