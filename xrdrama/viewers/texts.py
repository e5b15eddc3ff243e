"""What a window writes over its picture: captions in a viewer's languages, notes, the keys."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from xrdrama.adapters.panda.gamepads import PadInput
from xrdrama.adapters.panda.lettering.notes import Notes, Style
from xrdrama.adapters.panda.window import Touched
from xrdrama.show.production import ViewerRule
from xrdrama.timing import NS
from xrdrama.viewers.boards import SIZES
from xrdrama.viewers.following import Follower, aimed_at, say
from xrdrama.viewers.keys import HELP, Help, Keys, keys_of, keys_text
from xrdrama.viewers.languages import in_languages, turns_of
from xrdrama.viewers.programme import Programme
from xrdrama.viewers.sounds import SoundCaptions
from xrdrama.wire.frame import Frame

NOTE_S: Final = 3.0
"""Seconds for which a note is shown."""
FADE_S: Final = 0.35
"""Seconds in which the picture comes back after a step with reduced motion."""
SCALES: Final = (1.0, 2.0, 4.0, None)
"""How much longer than written choices stay open, in the order of the key for it."""


def style_of(rule: ViewerRule) -> Style:
    """How the texts of a window look."""
    return Style(SIZES[rule.captions], rule.contrast, numbers=True)


class Texts:
    """The texts of one window. With `mirrors` it is a presenter's, which has a clock."""

    def __init__(self, programme: Programme, follower: Follower, *, mirrors: bool) -> None:
        self._programme, self._follower, self._mirrors = programme, follower, mirrors
        self._turns = turns_of(programme.languages)
        self._turn = 0
        self._help = Help()
        self._has_printed_keys = False
        self._note, self._note_until = "", 0.0
        self._dark_since = -math.inf
        self._sounds = SoundCaptions(programme.sounds)
        if programme.rule.sound_captions:
            follower.on_frame = self._sounds.note

    def note(self, text: str, now: float) -> None:
        """Show a note for a moment, and print it at the show's terminal."""
        self._note, self._note_until = text, now + NOTE_S
        say(text)

    def step(self, now: float) -> None:
        """The view moved at once: the picture comes back from black."""
        self._dark_since = now

    def handle(self, frame: Frame | None, touched: Touched, pad: PadInput, now: float) -> None:
        """Handle the keys that concern texts and their time."""
        for name in pad.came:
            self.note(f"gamepad connected: {name}", now)
        for name in pad.went:
            self.note(f"gamepad disconnected: {name}", now)
        pressed = {*touched.pressed, *pad.pressed}
        if {"l", "face_y"} & pressed and len(self._turns) > 1:
            self._turn = (self._turn + 1) % len(self._turns)
            self.note(f"captions: {' + '.join(self._turns[self._turn])}", now)
        if "t" in pressed and frame is not None and not self._mirrors:
            self._more_time(frame, now)

    def _more_time(self, frame: Frame, now: float) -> None:
        known = frame.time_scale in SCALES
        place = SCALES.index(frame.time_scale) if known else 0
        scale = SCALES[(place + 1) % len(SCALES)]
        self._follower.ask_for_time(scale)
        words = "no time limit" if scale is None else f"{scale:g} times the time"
        self.note(f"choices: {words}", now)

    def shown(self, frame: Frame, option: str) -> Frame:
        """The frame with the texts that this viewer reads; `option` is highlighted."""
        seen = in_languages(frame, self._turns[self._turn]) if self._turns else frame
        if self._programme.rule.sound_captions:
            heard = self._sounds.shown(self._follower.seconds(frame))
            seen = msgspec.structs.replace(seen, captions=(*heard, *seen.captions))
        return aimed_at(seen, option)

    def notes(self, frame: Frame, now: float, trouble: str) -> Notes:
        """The short texts of the program; `trouble` is shown while there is no other note."""
        text = self._note if now < self._note_until else trouble
        dark = max(0.0, 1.0 - (now - self._dark_since) / FADE_S)
        return Notes(text, clock(frame) if self._mirrors else "", dark)

    def keys(
        self, frame: Frame, touched: Touched, pad: PadInput, now: float, *, gamepad: bool
    ) -> Keys:
        """The keys to show now; when that starts, they are also printed at the terminal."""
        begins = not self._has_printed_keys
        if HELP & {*touched.pressed, *pad.pressed}:
            begins = self._help.toggle(now) or begins
        rule = self._programme.rule
        keys = keys_of(
            frame,
            languages=len(self._turns),
            gamepad=gamepad,
            scans=rule.scan > 0,
            reduced=rule.motion == "reduced",
            mirrors=self._mirrors,
        )
        if begins:
            self._has_printed_keys = True
            say(keys_text(keys))
        return keys if self._help.is_shown(now) else ()


def clock(frame: Frame) -> str:
    """The time of the show, `1:02:03` or `2:03`."""
    seconds = frame.time.shows_at // NS
    hours, minutes = divmod(seconds // 60, 60)
    rest = f"{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    return f"{hours}:{rest}" if hours else rest
