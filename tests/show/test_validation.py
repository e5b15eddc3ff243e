"""Invalid settings of plug-ins are explained in plain words, without types of Python or msgspec."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from xrdrama.adapters.gesture.input import Settings as Gesture
from xrdrama.adapters.voice.settings import Settings as Voice
from xrdrama.adapters.voice.settings import read
from xrdrama.errors import UsageError
from xrdrama.show.settings import Nothing, record_of
from xrdrama.show.validation import explained


@pytest.mark.parametrize(
    ("declared", "settings", "message", "remedy"),
    [
        (Voice, {"fil": "a.wav"}, "unknown setting 'fil'", "did you mean 'file'?"),
        (Voice, {"clips": [{"fil": "a"}]}, "clips[0]: unknown setting 'fil'", "remove it"),
        (Voice, {"clips": [{}]}, "clips[0]: the setting 'file' is missing", "add file"),
        (Voice, {"file": "a", "engine": "moonshin"},
         "engine: 'moonshin' is not one of: moonshine, vosk", "did you mean 'moonshine'?"),
        (Voice, {"file": "a", "slow": 0.1}, "slow: expected a number >= 1.0",
         "write a value within this limit"),
        (Voice, {"clips": []}, "clips: expected a list of length >= 1",
         "write a value within this limit"),
        (Voice, {"microphone": [1]}, "microphone: expected a whole number or text, not a list",
         "write for example 3"),
        (Gesture, {"camera": "zero"}, "camera: expected a whole number, not text",
         "write for example 3"),
        (Gesture, {"file": "a", "loop": "maybe"}, "loop: expected true or false, not text",
         "write for example true"),
        (Nothing, {"file": "a"}, "unknown setting 'file'", "remove it: there are no settings"),
    ],
)  # fmt: skip
def test_invalid_settings_are_explained_in_plain_words(
    declared: type[msgspec.Struct], settings: dict[str, Any], message: str, remedy: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(settings, declared, strict=False)
    assert explained(caught.value, record_of(declared).fields) == (message, remedy)


def test_input_names_itself_and_the_setting() -> None:
    with pytest.raises(UsageError) as caught:
        read("viewer", {"file": "a.wav", "seed": "many"})
    assert str(caught.value) == (
        "the voice input viewer: seed: expected a whole number, not text: write for example 3"
    )
