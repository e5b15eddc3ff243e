"""Gamepads: what is made of Panda3D's devices. How Panda3D finds real ones is a test of peers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from panda3d.core import GamepadButton, InputDevice

from xrdrama.adapters.panda.gamepads import Gamepads

AXIS = InputDevice.Axis
BUTTONS = {
    "face_a": GamepadButton.face_a(),
    "dpad_left": GamepadButton.dpad_left(),
    "lshoulder": GamepadButton.lshoulder(),
}


class Pad:
    """A device as Panda3D's manager lists it."""

    def __init__(self, name: str = "Pad") -> None:
        self.name, self.connected = name, True
        self.events: list[str] = []
        self.axes = [
            SimpleNamespace(axis=axis, value=0.0, known=True)
            for axis in (AXIS.left_x, AXIS.left_y, AXIS.right_x, AXIS.right_y)
        ]
        self.buttons = [
            SimpleNamespace(handle=handle, pressed=False, known=True) for handle in BUTTONS.values()
        ]

    def poll(self) -> None:
        """Panda3D reads the device here."""

    def get_button_events(self) -> Any:
        """The events since the last call: presses between two calls too."""
        events, self.events = self.events, []
        return SimpleNamespace(events=events)

    def press(self, *names: str) -> None:
        for name, button in zip(BUTTONS, self.buttons, strict=True):
            button.pressed = name in names

    def push(self, *values: float) -> None:
        for axis, value in zip(self.axes, values, strict=False):
            axis.value = value


class Manager:
    def __init__(self, *pads: Pad) -> None:
        self.pads = list(pads)

    def update(self) -> None:
        """Panda3D looks for devices here."""

    def get_devices(self, kind: Any) -> list[Pad]:
        assert kind == InputDevice.DeviceClass.gamepad
        return self.pads


def test_buttons_are_pressed_once_and_held_until_they_are_let_go() -> None:
    pad = Pad()
    pads = Gamepads(Manager(pad))
    assert pads.read().pressed == ()
    pad.press("face_a", "lshoulder")
    assert pads.read().pressed == ("face_a", "lshoulder")
    again = pads.read()
    assert again.pressed == () and again.held == {"face_a", "lshoulder"}
    pad.press()
    assert pads.read().held == frozenset()
    pad.events = ["button face_a down", "button face_a up"]
    short = pads.read()
    assert short.pressed == ("face_a",) and short.held == frozenset()
    pad.events = 2 * ["button dpad_left down", "button dpad_left up"]
    assert pads.read().pressed == ("dpad_left", "dpad_left"), "a slow picture loses none"


def test_a_stick_rests_pushes_once_and_leaves_a_direction_late() -> None:
    pad = Pad()
    pads = Gamepads(Manager(pad))
    pad.push(0.15, -0.1, 0.0, 0.0)
    assert pads.read().step == (0.0, 0.0), "many sticks do not return to zero"
    pad.push(0.7, 0.1)
    assert pads.read().pressed == ("right",)
    pad.push(0.5, 0.1)
    assert pads.read().pressed == ()
    pad.push(0.65, 0.1)
    assert pads.read().pressed == (), "it was not let go"
    pad.push(0.0, 0.0)
    pads.read()
    pad.push(0.1, -0.9)
    assert pads.read().pressed == ("down",)
    pad.push(0.0, 0.0, 1.0, 0.0)
    assert pads.read().turn == pytest.approx((1.0, 0.0))


def test_gamepads_come_and_go_by_name_and_all_are_used() -> None:
    one, other = Pad("Pad\n  One"), Pad("Pad One")
    manager = Manager(one)
    pads = Gamepads(manager)
    assert pads.read().came == ("Pad One",)
    manager.pads.append(other)
    assert pads.read().came == ("Pad One 2",) and pads.names == ("Pad One", "Pad One 2")
    other.press("dpad_left")
    one.press("face_a")
    assert set(pads.read().pressed) == {"dpad_left", "face_a"}
    other.connected = False
    gone = pads.read()
    assert gone.went == ("Pad One 2",) and gone.held == {"face_a"}
    manager.pads.clear()
    assert pads.read().went == ("Pad One",) and pads.names == ()
    manager.pads.append(Pad(" "))
    assert pads.read().came == ("gamepad",)
