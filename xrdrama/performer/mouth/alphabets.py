"""The phones of each alphabet as visemes: English (ARPAbet, misaki), Mandarin (pinyin), IPA.

A phone of two visemes moves from one to the other: the diphthong of "house" from aa to ou. Marks
of stress, length and tone have no viseme; `phones.joined` gives their time to a phone beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

Visemes = tuple[str, ...]


def _table(*rows: tuple[str, str]) -> dict[str, Visemes]:
    """From rows of visemes and phones, both separated by spaces."""
    return {phone: tuple(visemes.split()) for visemes, phones in rows for phone in phones.split()}


_REST: Final = "sil"
# ARPAbet, as in the CMU Pronouncing Dictionary, without the digits of stress.
_ARPABET: Final = _table(
    ("sil", "sil sp spn"), ("PP", "P B M"), ("FF", "F V"), ("TH", "TH DH"), ("DD", "T D"),
    ("kk", "K G NG HH"), ("CH", "CH JH SH ZH"), ("SS", "S Z"), ("nn", "N L"), ("RR", "R"),
    ("aa", "AA AH"), ("E", "EH AE"), ("ih", "IH IY Y"), ("oh", "AO"), ("ou", "UH UW W"),
    ("RR", "ER AXR"), ("E", "AX"), ("aa ih", "AY"), ("aa ou", "AW"), ("E ih", "EY"),
    ("oh ou", "OW"), ("oh ih", "OY"),
)  # fmt: skip
# The International Phonetic Alphabet, one sign a phone, as espeak-ng writes it.
_IPA: Final = _table(
    ("sil", "sil ʔ"), ("PP", "p b m ɓ ɸ β"), ("FF", "f v ʋ"), ("TH", "θ ð"),
    ("DD", "t d ɾ ɖ ʈ ɗ"), ("kk", "k ɡ g ŋ x h ɣ q χ ħ ɦ ʁ ɟ c ç"),
    ("CH", "ʃ ʒ tʃ dʒ ʧ ʤ ɕ ʑ ʂ ʐ tɕ dʑ tʂ ʨ ʥ ꭧ"), ("SS", "s z ts dz ʦ ʣ"),
    ("nn", "n l ɲ ɳ ɴ ʎ ɭ ɫ"), ("RR", "r ɹ ɻ ʀ ɽ ɚ ɝ ɜ"), ("aa", "a ɑ ɐ ʌ ɒ"),
    ("E", "e ɛ æ ə ɘ ɤ ɞ ᵊ"), ("ih", "i ɪ ɨ j y ʏ ᵻ"), ("oh", "o ɔ ø œ ɵ"),
    ("ou", "u ʊ w ɯ ʉ ɥ ᵝ ʍ"),
    ("aa ih", "aɪ ai"), ("aa ou", "aʊ au ɑu"), ("E ih", "eɪ ei"), ("oh ou", "oʊ əʊ ou"),
    ("oh ih", "ɔɪ"),
)  # fmt: skip
# hibari-tts and other voices of the Kokoro family: IPA with capitals for diphthongs (misaki).
_MISAKI: Final = {
    **_IPA,
    **_table(
        ("E ih", "A"), ("aa ih", "I"), ("oh ou", "O Q"), ("aa ou", "W"), ("oh ih", "Y"),
        ("E", "S"), ("nn", "T"),
    ),
}  # fmt: skip
# Pinyin as initials and finals without tones: ü is v, the vowels of zi and zhi are ii and iii.
_PINYIN: Final = _table(
    ("sil", "sil"), ("PP", "b p m"), ("FF", "f"), ("DD", "d t"), ("kk", "g k h"),
    ("CH", "zh ch sh j q x"), ("SS", "z c s"), ("nn", "n l"), ("RR", "r"),
    ("aa", "a ang"), ("aa ih", "ai"), ("aa nn", "an"), ("aa ou", "ao"),
    ("E", "e"), ("E ih", "ei"), ("E nn", "en"), ("E kk", "eng"), ("E RR", "er"),
    ("ih", "i"), ("ih aa", "ia iang"), ("ih E", "ie"), ("ih E nn", "ian"), ("ih aa ou", "iao"),
    ("ih nn", "in"), ("ih kk", "ing"), ("ih oh", "iong"), ("ih oh ou", "iou iu"),
    ("SS", "ii"), ("CH", "iii"), ("oh", "o"), ("ou kk", "ong"), ("oh ou", "ou"),
    ("ou", "u"), ("ou aa", "ua uang"), ("ou aa ih", "uai"), ("ou aa nn", "uan"),
    ("ou E ih", "uei ui"), ("ou E nn", "uen un"), ("ou E kk", "ueng"), ("ou oh", "uo"),
    ("ou", "v"), ("ou E", "ve"), ("ou E nn", "van"), ("ou nn", "vn"),
)  # fmt: skip

ALPHABETS: Final[Mapping[str, Mapping[str, Visemes]]] = {
    "arpabet": _ARPABET,
    "ipa": _IPA,
    "misaki": _MISAKI,
    "pinyin": _PINYIN,
}
"""The visemes of each phone, by alphabet; `sil` is silence in all of them."""


def unknown_phones(alphabet: str, names: Iterable[str]) -> tuple[str, ...]:
    """The phones that an alphabet does not have, each once, in their order."""
    known = ALPHABETS[alphabet]
    return tuple(dict.fromkeys(name for name in names if name not in known))
