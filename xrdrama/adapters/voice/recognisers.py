"""The interface of a speech recogniser."""

from __future__ import annotations

from typing import Protocol

from xrdrama.adapters.voice.endpointing import Samples


class Recogniser(Protocol):
    """Converts utterances to text. The same samples give the same text."""

    def transcribe(self, samples: Samples) -> str:
        """The text of one utterance of float32 samples at 16 kHz mono; empty for no words."""
