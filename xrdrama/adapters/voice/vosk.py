"""Recognise a known set of phrases with Vosk and a model of the user.

For Vosk a grammar is a set of words, not of phrases: it also recognises mixtures, and it silently
drops words that the model does not have. So each word is looked up when the model is loaded, and
only a text that is exactly one of the phrases counts. Its confidence is not reliable: it is unused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from xrdrama.adapters.voice.endpointing import RATE, Samples
from xrdrama.errors import DeviceError
from xrdrama.speech import normalise, split

UNKNOWN: Final = "[unk]"
"""The word of most models for anything else; some have none."""
_CHUNK = RATE // 5


def find_model(model: Path | None) -> Path:
    """The folder of a Vosk model; DeviceError if none is given or it has no model."""
    if model is None:
        raise DeviceError(
            "the recogniser vosk needs a model",
            "write its folder, as in model: vosk-model-small-en-us",
        )
    if not (model / "am" / "final.mdl").is_file():
        raise DeviceError(
            f"{model} does not contain a Vosk model",
            "unpack a model there with: xrdrama models get vosk --from FILE",
        )
    return model


class Vosk:
    """A recogniser of given phrases. Without phrases it recognises free speech, badly."""

    def __init__(self, model: Path | None, phrases: Iterable[str] = ()) -> None:
        """Load the model (seconds, half a gigabyte). DeviceError when it lacks a word."""
        folder = find_model(model)
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise DeviceError(
                f"the recogniser vosk cannot be imported ({error})", "pip install 'xrdrama[voice]'"
            ) from error
        vosk.SetLogLevel(-1)
        self._vosk: Any = vosk
        try:
            # By path only: by name or language it would ask the network.
            self._model: Any = vosk.Model(model_path=str(folder))
        except Exception as error:
            raise DeviceError(
                f"the Vosk model in {folder} cannot be loaded: {error}", "unpack it again"
            ) from error
        self._phrases = self._spelled(phrases, folder)

    def transcribe(self, samples: Samples) -> str:
        """The phrase that was said, normalised, or empty: 16 kHz mono float32 samples."""
        # A new recogniser for each utterance (2 ms), since a used one adapts to earlier speech.
        recogniser = self._recogniser()
        pcm = (samples.clip(-1.0, 1.0) * 32767.0).astype("<i2")
        texts = []
        for first in range(0, len(pcm), _CHUNK):
            if recogniser.AcceptWaveform(pcm[first : first + _CHUNK].tobytes()):
                texts.append(json.loads(recogniser.Result())["text"])
        texts.append(json.loads(recogniser.FinalResult())["text"])
        text = " ".join(" ".join(texts).split())
        return self._phrases.get(text, "") if self._phrases else text

    def _recogniser(self) -> Any:
        if self._phrases:
            grammar = [*self._phrases, *([UNKNOWN] if self._knows(UNKNOWN) else [])]
            recogniser = self._vosk.KaldiRecognizer(
                self._model, RATE, json.dumps(grammar, ensure_ascii=False)
            )
        else:
            recogniser = self._vosk.KaldiRecognizer(self._model, RATE)
        recogniser.SetWords(True)
        recogniser.SetPartialWords(False)
        return recogniser

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _spelled(self, phrases: Iterable[str], folder: Path) -> dict[str, str]:
        """Each phrase under the words of the model that it is made of."""
        found: dict[str, str] = {}
        missing: list[str] = []
        for phrase in dict.fromkeys(part for authored in phrases for part in split(authored)):
            tokens = [tokenise(word, self._knows) for word in phrase.split()]
            missing += [
                f"{word!r} in {phrase!r}"
                for word, parts in zip(phrase.split(), tokens, strict=True)
                if not parts
            ]
            found[" ".join(part for parts in tokens for part in parts)] = normalise(phrase)
        if missing:
            raise DeviceError(
                f"the Vosk model in {folder} does not know {', '.join(missing[:8])}",
                "use other words in the story, or the engine moonshine",
            )
        return found


def tokenise(word: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """A word as words of the model, each as long as can be; empty when it cannot be made of them.

    Korean and Chinese models know shorter words than are written: `문을` is `문`, `을`.
    """
    tokens: list[str] = []
    at = 0
    while at < len(word):
        ends = range(len(word), at, -1)
        end = next((end for end in ends if knows(word[at:end])), None)
        if end is None:
            return ()
        tokens.append(word[at:end])
        at = end
    return tuple(tokens)
