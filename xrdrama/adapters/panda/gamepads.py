"""Gamepads, as Panda3D's device manager finds them: buttons, sticks, and which came and went."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from panda3d.core import InputDevice, InputDeviceManager

DEAD: Final = 0.2
"""Sticks rest within this share of their way: many do not return to zero."""
FLICK, BACK = 0.6, 0.35
"""A stick is pushed beyond the first share of its way, and let go again within the second."""
_GAMEPAD: Any = InputDevice.DeviceClass.gamepad
_AXES: Final = InputDevice.Axis
_PAIRS: Final = {
    "left": (_AXES.left_x, _AXES.left_y),
    "right": (_AXES.right_x, _AXES.right_y),
}


class PadInput(msgspec.Struct, frozen=True):
    """Input of all gamepads since the last call.

    `pressed` are buttons that went down by Panda3D's names (`face_a`, `dpad_left`, `lshoulder`),
    and pushes of the left stick as `left`, `right`, `up` and `down`; `held` are the buttons that
    are down. `step` and `turn` are the left and right stick, -1 to 1 to the right and up, 0 at
    rest. `came` and `went` are the names of gamepads that were connected and disconnected.
    """

    pressed: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    step: tuple[float, float] = (0.0, 0.0)
    turn: tuple[float, float] = (0.0, 0.0)
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


class Gamepads:
    """All gamepads of this machine; each does the same. A `manager` may be given by tests."""

    def __init__(self, manager: Any = None) -> None:
        self._manager: Any = manager or InputDeviceManager.get_global_ptr()
        self._pads: dict[Any, _Pad] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that are connected; a second one of a name is called NAME 2."""
        return tuple(pad.name for pad in self._pads.values())

    def read(self) -> PadInput:
        """What was done with them since the last call."""
        self._manager.update()
        there = list(self._manager.get_devices(_GAMEPAD))
        went = [device for device in self._pads if device not in there or not device.connected]
        lost = tuple(self._pads.pop(device).name for device in went)
        came = []
        for device in there:
            if device not in self._pads and device.connected:
                self._pads[device] = _Pad(device, self._name(device.name))
                came.append(self._pads[device].name)
        for pad in self._pads.values():
            pad.read()
        pads = self._pads.values()
        return PadInput(
            tuple(name for pad in pads for name in pad.pressed),
            frozenset(name for pad in pads for name in pad.held),
            _furthest(pad.sticks["left"] for pad in pads),
            _furthest(pad.sticks["right"] for pad in pads),
            tuple(came),
            lost,
        )

    def _name(self, called: str) -> str:
        name = " ".join(called.split())[:60] or "gamepad"
        count, taken = 1, set(self.names)
        while (name if count == 1 else f"{name} {count}") in taken:
            count += 1
        return name if count == 1 else f"{name} {count}"


class _Pad:
    """One gamepad: what is held, and what was pressed in the last call."""

    def __init__(self, device: Any, name: str) -> None:
        self.name = name
        self._device = device
        self.held: frozenset[str] = frozenset()
        self.pressed: tuple[str, ...] = ()
        self.sticks = {"left": (0.0, 0.0), "right": (0.0, 0.0)}
        self._pushed = ""

    def read(self) -> None:
        self._device.poll()
        held = frozenset(
            button.handle.name for button in self._device.buttons if button.known and button.pressed
        )
        axes = {axis.axis: float(axis.value) for axis in self._device.axes if axis.known}
        for side, (x, y) in _PAIRS.items():
            self.sticks[side] = _beyond_dead(axes.get(x, 0.0), axes.get(y, 0.0))
        pushed = _pushed(axes.get(_AXES.left_x, 0.0), axes.get(_AXES.left_y, 0.0), self._pushed)
        news = (pushed,) if pushed and pushed != self._pushed else ()
        # Events, so that no short press between two pictures is lost, nor a second one of a button;
        # and what is down since.
        downs = self._downs()
        self.pressed = (*downs, *sorted(held - self.held - set(downs)), *news)
        self.held, self._pushed = held, pushed

    def _downs(self) -> list[str]:
        """The names of buttons that went down; an event is `button face_a down` as text."""
        texts = [str(event).split() for event in self._device.get_button_events().events]
        return [text[1] for text in texts if len(text) == 3 and text[2] == "down"]


def _pushed(x: float, y: float, before: str) -> str:
    """The direction that a stick is pushed to, or "": it leaves one later than it enters it."""
    far = max(abs(x), abs(y))
    if far < BACK:
        return ""
    if far < FLICK:
        return before
    if abs(x) >= abs(y):
        return "right" if x > 0.0 else "left"
    return "up" if y > 0.0 else "down"


def _beyond_dead(x: float, y: float) -> tuple[float, float]:
    """A stick's place with 0 at rest and 1 at its end, without a jump between."""
    far = (x * x + y * y) ** 0.5
    if not far > DEAD:
        return 0.0, 0.0
    scale = min(1.0, (far - DEAD) / (1.0 - DEAD)) / far
    return x * scale, y * scale


def _furthest(sticks: Iterable[tuple[float, float]]) -> tuple[float, float]:
    return max(sticks, key=lambda stick: abs(stick[0]) + abs(stick[1]), default=(0.0, 0.0))
