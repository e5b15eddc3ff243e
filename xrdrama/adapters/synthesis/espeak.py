"""Speech of espeak-ng (GPL, a Debian package; called as a shared library), with its phones.

The fall-back voice: formant synthesis, clear and plainly a machine. Mandarin is spoken from pinyin
with numbers of tones (`cmn-latn-pinyin`), because the voice for characters reads many of them as
English. Each phone's start comes as an event of the synthesiser. API: espeak-ng's speak_lib.h.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from xrdrama.adapters.synthesis import pinyin
from xrdrama.adapters.synthesis.spoken import Said, Spoken
from xrdrama.errors import DeviceError
from xrdrama.performer.mouth import ALPHABETS

REMEDY: Final = "apt-get install espeak-ng"
LIBRARY: Final = "libespeak-ng.so.1"
VOICES: Final = {"en": "en-us", "zh": "cmn-latn-pinyin"}
_SYNCHRONOUS, _PHONEME_EVENTS, _IPA = 2, 1, 2
_UTF8, _RATE_PARAMETER, _USUAL_RATE = 1, 1, 160
_DOTTED: Final = {"s.": "ʂ", "z.": "ʐ", "i.": "ɨ"}
_LIST_TERMINATED, _PHONEME = 0, 7


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("unique", ctypes.c_uint), ("position", ctypes.c_int),
        ("length", ctypes.c_int), ("audio_ms", ctypes.c_int), ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p), ("id", _Id),
    ]  # fmt: skip


_CALLBACK: Final = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class FallbackVoice:
    """Speaks a language with espeak-ng; DeviceError when it is not installed."""

    alphabet: Final = "ipa"

    def __init__(self, language: str) -> None:
        self.name = f"espeak-ng (GPL-3.0-or-later), the voice {VOICES.get(language, language)}"
        self._language = language
        try:
            self._library: Any = ctypes.CDLL(LIBRARY)
        except OSError:
            raise DeviceError("espeak-ng is not installed", REMEDY) from None
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS | _IPA)
        if rate <= 0:
            raise DeviceError("espeak-ng could not start: its data is missing", REMEDY)
        self._rate = int(rate)
        voice = VOICES.get(language, language)
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise DeviceError(f"espeak-ng has no voice {voice!r}", "espeak-ng --voices lists them")

    def speak(self, text: str, pace: float = 1.0) -> Spoken:
        """The speech of a text."""
        if self._language == "zh":
            text = ", ".join(" ".join(phrase) for phrase in pinyin.phrases(text)) + "."
        self._library.espeak_SetParameter(_RATE_PARAMETER, round(_USUAL_RATE * pace), 0)
        blocks: list[Any] = []
        starts: list[tuple[int, str]] = []
        callback = _CALLBACK(_receiver(blocks, starts))
        self._library.espeak_SetSynthCallback(callback)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        if not blocks:
            raise DeviceError(f"espeak-ng spoke nothing of {text!r}", "write words")
        samples = np.concatenate(blocks).astype(np.float64) / 32768.0
        return Spoken(samples, self._rate, _phones(starts, len(samples), self._rate))


def _receiver(blocks: list[Any], starts: list[tuple[int, str]]) -> Callable[[Any, int, Any], int]:
    def receive(sound: Any, count: int, events: Any) -> int:
        if sound and count:
            blocks.append(np.ctypeslib.as_array(sound, (count,)).copy())
        number = 0
        while events[number].type != _LIST_TERMINATED:
            event = events[number]
            if event.type == _PHONEME:
                name = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "ignore")
                starts.append((event.audio_ms, name))
            number += 1
        return 0

    return receive


def _phones(starts: list[tuple[int, str]], samples: int, rate: int) -> tuple[Said, ...]:
    """Each phone until the next one begins. Signs of length and tone after a phone are removed."""
    places = [min(at * rate / 1000.0, samples) for at, _ in starts] + [float(samples)]
    found: list[Said] = []
    for (_, written), start, end in zip(starts, places, places[1:], strict=False):
        signs = _signs(written)
        step = (end - start) / len(signs)
        found += [
            Said(sign, start + step * place, start + step * (place + 1))
            for place, sign in enumerate(signs)
        ]
    return tuple(one for one in found if one.end > one.start)


def _signs(written: str) -> list[str]:
    """A phone as signs of the alphabet: it may be written as two vowels, or with a dot."""
    name = written.strip("ˈˌːˑ˥˦˧˨˩0123456789 ")
    for dotted, sign in _DOTTED.items():
        name = name.replace(dotted, sign)
    known = ALPHABETS["ipa"]
    if name in known:
        return [name]
    return [sign for sign in name if sign in known] or ["sil"]
