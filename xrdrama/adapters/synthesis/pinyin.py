"""Chinese text to syllables in pinyin, and syllables to initials and finals."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from xrdrama.errors import DeviceError

REMEDY: Final = "pip install 'xrdrama[voices]'"
_INITIALS: Final = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r",
    "z", "c", "s",
)  # fmt: skip
_WHOLE: Final = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in",
    "ying": "ing", "yong": "iong", "you": "iou", "yo": "iou", "yu": "v", "yuan": "van",
    "yue": "ve", "yun": "vn", "wu": "u", "wa": "ua", "wai": "uai", "wan": "uan", "wang": "uang",
    "wei": "uei", "wen": "uen", "weng": "ueng", "wo": "uo", "n": "en", "ng": "en", "m": "en",
}  # fmt: skip
"""Finals of syllables without an initial, where they are spelled with y or w."""
_SHORT: Final = {"iu": "iou", "ui": "uei", "un": "uen"}
_ROUNDED: Final = {"u": "v", "uan": "van", "ue": "ve", "un": "vn", "ü": "v", "üe": "ve"}
_PAUSES: Final = re.compile(r"[^、，。！？；：…—,.!?;:\n]+")


class Syllable(NamedTuple):
    """An initial ("" without one), a final, and the tone 1 to 5."""

    initial: str
    final: str
    tone: int

    @property
    def written(self) -> str:
        """As espeak-ng reads it: pinyin with the number of the tone."""
        return f"{self.initial}{self.final}{self.tone}"


def phrases(text: str) -> list[list[str]]:
    """The syllables of a text, such as `ni3`, in phrases between punctuation.

    DeviceError when pypinyin is missing, or when the text has something else than Chinese.
    """
    try:
        from pypinyin import Style, lazy_pinyin
    except ImportError:
        raise DeviceError("pypinyin is not installed", REMEDY) from None
    found = []
    for part in _PAUSES.findall(text):
        words = re.sub(r"[\s\"'“”‘’（）()《》「」·]", "", part)
        if not words:
            continue
        syllables = lazy_pinyin(
            words,
            style=Style.TONE3,
            neutral_tone_with_five=True,
            tone_sandhi=True,
            errors="default",
        )
        strange = [one for one in syllables if not re.fullmatch(r"[a-zü]+[1-5]", one)]
        if strange:
            raise DeviceError(
                f"a Mandarin voice cannot speak {strange[0]!r}",
                "write it in Chinese characters, numbers too",
            )
        found.append(syllables)
    return found


def split(syllable: str) -> list[Syllable]:
    """The initial and the final of a syllable with its tone; two for one that ends in r."""
    spelled, tone = syllable[:-1].replace("ü", "v"), int(syllable[-1])
    if len(spelled) > 2 and spelled.endswith("r") and spelled != "er":
        return [*split(f"{spelled[:-1]}{tone}"), Syllable("", "er", 5)]
    if spelled in _WHOLE:
        return [Syllable("", _WHOLE[spelled], tone)]
    initial = next((one for one in _INITIALS if spelled.startswith(one)), "")
    final = spelled.removeprefix(initial)
    if initial in ("j", "q", "x"):
        final = _ROUNDED.get(final, final)
    if final == "i" and initial in ("z", "c", "s"):
        final = "ii"
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        final = "iii"
    if final == "ue" and initial in ("n", "l"):
        final = "ve"
    return [Syllable(initial, _SHORT.get(final, final), tone)]
