"""Recognise English speech with Moonshine's tiny model, from its wheel, offline."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from xrdrama.adapters.voice.endpointing import RATE, Samples
from xrdrama.errors import DeviceError

_REINSTALL: Final = "pip install --force-reinstall moonshine-voice==0.0.73"

# Speakers are not identified: no voice prints. Endpointing is ours, so the model's is off.
_OPTIONS: Final = {
    "identify_speakers": "false",
    "return_audio_data": "false",
    "vad_threshold": "0",
}
# Noise alone is recognised as "You", so its voice detector runs first. It keeps state, so
# a new one is made for each utterance (under a millisecond), to get the same result each time.
_GATE: Final = {**_OPTIONS, "vad_threshold": "0.3", "skip_transcription": "true"}


def find_model(model: Path | None) -> Path:
    """The folder of the model, by default that in the wheel; DeviceError if it is missing."""
    if model is None:
        wheel = find_spec("moonshine_voice")
        if wheel is None or wheel.origin is None:
            raise DeviceError(
                "the recogniser Moonshine is not installed", "pip install 'xrdrama[voice]'"
            )
        model = Path(wheel.origin).parent / "assets" / "tiny-en"
    if not all((model / part).is_file() for part in ("encoder_model.ort", "tokenizer.bin")):
        raise DeviceError(f"{model} does not contain a Moonshine model", _REINSTALL)
    return model


class Moonshine:
    """An open-vocabulary recogniser of English."""

    def __init__(self, model: Path | None = None) -> None:
        """Load the model (about half a second). DeviceError when the wheel or model is missing."""
        folder = find_model(model)
        try:
            from moonshine_voice import ModelArch, MoonshineError
            from moonshine_voice.transcriber import Transcriber
        except (ImportError, OSError) as error:
            raise DeviceError(
                f"the recogniser Moonshine cannot be imported ({error})",
                "pip install 'xrdrama[voice]'",
            ) from error
        try:
            self._open: Any = partial(Transcriber, str(folder), ModelArch.TINY)
            self._transcriber: Any = self._open(options=_OPTIONS)
        except MoonshineError as error:
            raise DeviceError(
                f"the Moonshine model in {folder} cannot be loaded: {error}", _REINSTALL
            ) from error

    def transcribe(self, samples: Samples) -> str:
        """The text of one utterance of float32 samples at 16 kHz mono; empty for no words."""
        audio = samples.tolist()
        with self._open(options=_GATE) as gate:
            if not gate.transcribe_without_streaming(audio, RATE).lines:
                return ""
        lines = self._transcriber.transcribe_without_streaming(audio, RATE).lines
        return " ".join(line.text.strip() for line in lines).strip()
