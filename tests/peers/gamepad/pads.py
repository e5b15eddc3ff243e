"""Gamepads that a test plugs in, presses and pulls out: Panda3D's own code reads them.

The kernel here has no `uinput`, so `input_shim.c` answers in its place. Events are the kernel's
`struct input_event`, written to a pipe.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

_EVENT: Final = struct.Struct("qqHHi")
_SYN, _KEY, _ABS = 0, 1, 3
BUTTONS: Final = {
    "a": 0x130, "b": 0x131, "x": 0x133, "y": 0x134, "lb": 0x136, "rb": 0x137, "start": 0x13B,
}  # fmt: skip
AXES: Final = {"x": 0, "y": 1, "turn_x": 3, "turn_y": 4, "hat_x": 0x10, "hat_y": 0x11}
NAME: Final = "Microsoft X-Box 360 pad"


def shim(folder: Path) -> dict[str, str]:
    """Build the shim; the environment of a program whose gamepads are in `folder`."""
    if (compiler := shutil.which("cc")) is None:
        pytest.fail("cc is missing: apt-get install gcc libc6-dev")
    made = folder / "input_shim.so"
    source = Path(__file__).with_name("input_shim.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True, timeout=60
    )
    pads = folder / "pads"
    pads.mkdir()
    return {"LD_PRELOAD": str(made), "GAMEPADS_IN": str(pads)}


class Plugged:
    """A gamepad that is connected, until `pull`."""

    def __init__(self, environment: dict[str, str], number: int) -> None:
        self._path = Path(environment["GAMEPADS_IN"]) / f"event{number}"
        os.mkfifo(self._path)
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def _send(self, kind: int, code: int, value: int) -> None:
        events = ((kind, code, value), (_SYN, 0, 0))
        os.write(self._pipe, b"".join(_EVENT.pack(0, 0, *event) for event in events))

    def press(self, button: str, seconds: float = 0.4) -> None:
        """Press a button and let it go."""
        self._send(_KEY, BUTTONS[button], 1)
        time.sleep(seconds)  # how long the button is down
        self._send(_KEY, BUTTONS[button], 0)

    def push(self, axis: str, share: float) -> None:
        """Push a stick or the cross along an axis, -1 to 1; down is positive, as in the kernel."""
        scale = 1 if axis.startswith("hat") else 32767
        self._send(_ABS, AXES[axis], round(share * scale))

    def pull(self) -> None:
        """Disconnect it."""
        self._path.unlink()
        os.close(self._pipe)
