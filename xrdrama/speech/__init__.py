"""Text and sound of speech, without a recogniser: phrases, pronunciation, distance, matching.

- `phrases`: normalises the text of authors and recognisers.
- `pronunciation`: text to phones (ARPAbet without stress).
- `distance`: the distance between two phone sequences or two phrases of an author.
- `matching`: the option that an utterance picks, if the match is certain enough.

Pure: no dictionary, model or device. The recognisers are in adapters.voice.
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
