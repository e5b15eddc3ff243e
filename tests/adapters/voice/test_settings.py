"""The settings of a voice input, and the errors for invalid ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.voice.settings import LATENCY, LEAST_LATENCY, Clip, read
from xrdrama.errors import UsageError
from xrdrama.timing import NS


def test_what_is_left_out_has_a_sensible_value() -> None:
    settings = read("viewer", {"file": Path("a.wav")})
    assert (settings.engine, settings.file, settings.at) == ("moonshine", "a.wav", 0)
    assert (settings.latency, settings.slow, settings.model_path) == (LATENCY, 1.0, None)


def test_clips_and_text_from_a_show_file() -> None:
    settings = read(
        "viewer",
        {"clips": [{"file": Path("a.opus"), "at": 3 * NS}], "slow": "5", "seed": "7",
         "engine": "vosk", "model": "ko", "phrases": ["yes|i did"]},
    )  # fmt: skip
    assert settings.clips == (Clip("a.opus", 3 * NS),)
    assert (settings.slow, settings.seed, settings.model_path) == (5.0, 7, Path("ko"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "needs exactly one source"),
        ({"file": "a", "microphone": "default"}, "needs exactly one source"),
        ({"file": "a", "lateny": 3}, "lateny"),
        ({"file": "a", "engine": "whisper"}, "whisper"),
        ({"file": 3.5}, "file"),
        ({"file": "a", "at": -1}, "at"),
        ({"file": "a", "slow": 0.5}, "slow"),
        ({"clips": []}, "clips"),
        ({"microphone": "default", "at": 5}, "at is only for a file"),
        ({"file": "a", "latency": LEAST_LATENCY - 1}, "370 ms of silence"),
    ],
)
def test_invalid_settings_are_reported_by_name(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as raised:
        read("viewer", settings)
    assert "viewer" in raised.value.message
    assert words in raised.value.message
    assert raised.value.remedy


def test_the_shortest_latency_is_what_the_endpointer_needs() -> None:
    assert read("viewer", {"file": "a", "latency": LEAST_LATENCY}).latency == 370_000_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["engine", "model", "phrases", "file", "clips", "microphone", "at", "latency", "slow", "seed"]
)


@given(st.dictionaries(KEYS | st.text(max_size=6), JSON, max_size=5))
def test_any_settings_are_read_or_refused(settings: dict[str, Any]) -> None:
    try:
        read("viewer", settings)
    except UsageError as error:
        assert error.remedy
