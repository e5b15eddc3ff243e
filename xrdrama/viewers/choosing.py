"""What a viewer of a window picks: by mouse, keys, gamepad, or a single switch."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from xrdrama.adapters.panda.gamepads import PadInput
from xrdrama.adapters.panda.window import Touched
from xrdrama.wire.frame import Frame

By = Literal["key", "pointer", "gamepad", "switch"]
_NEXT: Final = frozenset({"arrow_right", "arrow_down", "dpad_right", "dpad_down", "right", "down"})
_BEFORE: Final = frozenset({"arrow_left", "arrow_up", "dpad_left", "dpad_up", "left", "up"})
_SHIFT: Final = frozenset({"shift", "lshift", "rshift"})
_ENTER: Final = frozenset({"enter", "space"})
_PICK, _LEAVE = "face_a", "face_b"
_FACES: Final = frozenset({_PICK, _LEAVE, "face_x", "face_y"})


class Picked(NamedTuple):
    """An option, and by what it was picked."""

    option: str
    by: By


class Chooser:
    """Which option is highlighted, and which is picked. `scan` is the time in seconds that a
    single switch has on each option; 0 without one."""

    def __init__(self, scan: float = 0.0) -> None:
        self.scan = scan
        self.option = ""
        """The highlighted option; "" for none."""
        self._of = ""
        self._since = 0.0
        self._mouse: tuple[float, float] | None = None

    def turn(
        self, frame: Frame, touched: Touched, pad: PadInput, aimed: str, now: float
    ) -> Picked | None:
        """The pick of this turn, if any. `aimed` is the option whose card is under the mouse, `now`
        in seconds."""
        choice = frame.open_choice
        name = f"{frame.beat}/{choice.id}" if choice else ""
        if name != self._of:
            self._of, self.option, self._since = name, "", now
        moved, self._mouse = touched.mouse != self._mouse, touched.mouse
        if choice is None:
            return None
        ids = [option.id for option in choice.options]
        numbered = {str(option.number): option.id for option in choice.options}
        for key in touched.pressed:
            if key in numbered:
                return Picked(numbered[key], "key")
        if touched.clicked and aimed and not self.scan:
            return Picked(aimed, "pointer")
        self._scanned(ids, now)
        if moved and aimed and not self.scan:
            self.option = aimed
        for name in (*touched.pressed, *pad.pressed):
            self._step(ids, _way(name, touched), now)
        if _LEAVE in pad.pressed and not self.scan:
            self.option = ""
        by = self._trigger(touched, pad) if self.option in ids else None
        return Picked(self.option, by) if by else None

    def _trigger(self, touched: Touched, pad: PadInput) -> By | None:
        """By what the highlighted option is picked now; None when it is not."""
        if self.scan:  # one switch: whatever button it is wired to
            pressed = _ENTER & set(touched.pressed) or _FACES & set(pad.pressed)
            return "switch" if pressed or touched.clicked else None
        if _ENTER & set(touched.pressed):
            return "key"
        return "gamepad" if _PICK in pad.pressed else None

    def _scanned(self, ids: list[str], now: float) -> None:
        """Highlight the next option when its time has come; a new choice rests on its first."""
        if not self.scan or not ids:
            return
        if self.option not in ids:
            self.option, self._since = ids[0], now
        elif now - self._since >= self.scan:
            self._step(ids, 1, now)

    def _step(self, ids: list[str], way: int, now: float) -> None:
        if not way or not ids:
            return
        self._since = now
        if self.option in ids:
            self.option = ids[(ids.index(self.option) + way) % len(ids)]
        else:
            self.option = ids[0] if way > 0 else ids[-1]


def _way(name: str, touched: Touched) -> int:
    """1 for a key or button that highlights the next option, -1 for the one before, else 0."""
    if name in ("tab", "shift-tab"):
        return -1 if name == "shift-tab" or _SHIFT & touched.held else 1
    if name in _NEXT:
        return 1
    return -1 if name in _BEFORE else 0
