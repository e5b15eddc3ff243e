"""Finds the axes of a tracker from its packets while an operator moves it, one step after another.

Sans-IO: `feed` gets every sample, and says what it found. A step waits until the tracker is at
rest, then until it has moved and rests again, and takes the value that changed most. Values and
signs are those that `xrdrama track decode` prints.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec

from xrdrama.timing import NS
from xrdrama.tracking.axes import NAMES, Axes
from xrdrama.tracking.sample import TrackingSample

REST: Final = NS // 2
"""How long the values must stand still to be at rest, nanoseconds."""
TURNED: Final = 8.0
"""Degrees that a turn must have at least."""
MOVED: Final = 0.15
"""Metres that a shift must have at least."""
STILL: Final = (0.02, 0.02, 0.02, 0.6, 0.6, 0.6)
"""How far each value may vary at rest: metres, degrees."""
CLEAR: Final = 2.0
"""The value that moved must have changed this many times as much as each other one."""


class Step(msgspec.Struct, frozen=True):
    """A request to the operator: the axis of ours that it moves, its sign, and the words."""

    axis: str
    sign: float
    ask: str


STEPS: Final = (
    Step("pan", -1.0, "turn the camera about 20 degrees to the right (pan right)"),
    Step("tilt", 1.0, "turn the camera about 20 degrees up (tilt up)"),
    Step("roll", 1.0, "roll the camera about 20 degrees clockwise, seen from behind it"),
    Step("x", 1.0, "move the camera about half a metre to the right, seen by a person who faces the"
         " wall"),
    Step("y", 1.0, "move the camera about half a metre towards the wall"),
    Step("z", 1.0, "move the camera about half a metre up"),
)  # fmt: skip


class Found(msgspec.Struct, frozen=True):
    """The result of a step: which value of the tracker moved and by how much, or "" if skipped."""

    axis: str
    moved: str
    by: float
    line: str
    """The value for the stage file, such as -pan."""


class Wizard:
    """Goes through `STEPS`. For one thread."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self._recent: deque[tuple[int, tuple[float, ...]]] = deque(maxlen=4096)
        self._base: tuple[float, ...] | None = None
        self._moving = False

    @property
    def step(self) -> Step | None:
        """The step that is waited for; None at the end."""
        return STEPS[len(self.found)] if len(self.found) < len(STEPS) else None

    def skip(self) -> str:
        """Leave the present step out: its axis stays as it is."""
        step = self.step
        if step is None:
            return ""
        self.found.append(Found(step.axis, "", 0.0, step.axis))
        self._begin()
        return f"{step.axis}: skipped"

    def feed(self, sample: TrackingSample, at: int) -> str:
        """Take the next sample, which arrived at nanosecond `at`; what was found, or ""."""
        step = self.step
        if step is None:
            return ""
        p = sample.pose.position
        values = (p.x, p.y, p.z, *sample.pan_tilt_roll())
        self._recent.append((at, values))
        while at - self._recent[0][0] > REST:
            self._recent.popleft()
        if not self._is_still(at):
            return ""
        if self._base is None:
            self._base = values
            return ""
        return self._judged(step, values)

    def _begin(self) -> None:
        self._base = None
        self._recent.clear()

    def _is_still(self, at: int) -> bool:
        if at - self._recent[0][0] < REST * 9 // 10:
            return False
        for index, most in enumerate(STILL):
            column = [values[index] for _, values in self._recent]
            spread = max(column) - min(column)
            if min(spread, abs(360.0 - spread) if index > 2 else spread) > most:
                return False
        return True

    def _judged(self, step: Step, values: tuple[float, ...]) -> str:
        """What the change since the step began means; "" if nothing has moved yet."""
        assert self._base is not None
        turns = step.axis in NAMES[3:]
        group = range(3, 6) if turns else range(3)
        least, unit = (TURNED, "degrees") if turns else (MOVED, "m")
        changes = {
            index: _turn(values[index] - self._base[index])
            if turns
            else values[index] - self._base[index]
            for index in group
        }
        most = max(changes, key=lambda index: abs(changes[index]))
        change = changes[most]
        if abs(change) < least:
            return ""
        others = [abs(other) for index, other in changes.items() if index != most]
        if max(others) * CLEAR > abs(change):
            self._begin()
            seen = ", ".join(f"{NAMES[index]} {by:+.2f}" for index, by in changes.items())
            return f"unclear: several values changed ({seen} {unit}); do only this movement, again"
        name = NAMES[most]
        taken = next((one for one in self.found if one.moved == name), None)
        if taken is not None:
            self._begin()
            return f"unclear: {name} changed, which already moved for {taken.axis}; again"
        line = name if change * step.sign > 0 else f"-{name}"
        self.found.append(Found(step.axis, name, change, line))
        self._begin()
        said = "as expected" if line == step.axis else f"write {step.axis}: {line}"
        return f"{step.axis}: the tracker's {name} changed by {change:+.2f} {unit}: {said}"

    def axes(self) -> Axes | None:
        """The map of axes; None if skipped steps leave it ambiguous."""
        lines = {one.axis: one.line for one in self.found}
        try:
            return Axes.of(tuple(lines.get(name, name) for name in NAMES))
        except ValueError:
            return None

    def lines(self) -> str:
        """The lines for the stage file; "" if the axes are those of the stage, or ambiguous."""
        axes = self.axes()
        if axes is None or axes.is_same:
            return ""
        pairs = zip(NAMES, axes.written, strict=True)
        changed = ", ".join(f"{name}: {line}" for name, line in pairs if name != line)
        return f"tracking:\n  axes: {{{changed}}}\n"


def _turn(degrees: float) -> float:
    """An angle as a turn of at most half a circle."""
    return (degrees + 180.0) % 360.0 - 180.0
