"""Speech as text and sound, without a recogniser: phrases, how they are said, how alike they are.

- `phrases`: what an author typed and what a recogniser wrote, in one spelling.
- `pronunciation`: text to phones (ARPAbet without stress).
- `distance`: how far apart two phone sequences, or two phrases of an author, sound.
- `matching`: which of the open options an utterance picks, and whether that is sure enough.

Pure: no dictionary, model or device. What listens is adapters.voice.
"""

from xrdrama.speech.distance import SOUNDS_ALIKE, SOUNDS_THE_SAME, confusability, distance, within
from xrdrama.speech.matching import (
    Acceptance,
    Match,
    Offer,
    Outcome,
    contradicts,
    judge,
    match,
)
from xrdrama.speech.phrases import normalise, split, words
from xrdrama.speech.pronunciation import pronounce

__all__ = [
    "SOUNDS_ALIKE",
    "SOUNDS_THE_SAME",
    "Acceptance",
    "Match",
    "Offer",
    "Outcome",
    "confusability",
    "contradicts",
    "distance",
    "judge",
    "match",
    "normalise",
    "pronounce",
    "split",
    "within",
    "words",
]
