"""The English voice: the package's own sound, with the durations of its graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.synthesis.hibari import EARLIER_S, EnglishVoice
from xrdrama.adapters.synthesis.onnx_graph import with_output
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.performer.mouth import joined


@pytest.fixture(scope="module")
def voice() -> EnglishVoice:
    return EnglishVoice()


def test_the_sound_is_that_of_the_package_and_the_phones_fill_it(voice: EnglishVoice) -> None:
    from hibari import Hibari

    spoken = voice.speak("Twelve houses. My lamp burns.", 0.9)
    own = Hibari()("Twelve houses. My lamp burns.", seed=0, speed=0.9)
    assert np.array_equal(own, spoken.samples.astype(np.float32))
    assert spoken.said[-1].end == len(spoken.samples)
    names = [phone.name for phone in joined("misaki", spoken.nanoseconds())]
    assert "".join(name for name in names if name != "sil").startswith("twɛlvhWs")
    assert names.count("m") == 2 and names.count("b") == 1


def test_a_slower_pace_is_longer_by_that(voice: EnglishVoice) -> None:
    usual, slow = (voice.speak("She took the short path home.", pace) for pace in (1.0, 0.8))
    assert len(slow.samples) / len(usual.samples) == pytest.approx(1 / 0.8, rel=0.08)
    assert 0 < EARLIER_S < 0.1


def test_what_cannot_be_spoken_is_refused(voice: EnglishVoice) -> None:
    with pytest.raises(DeviceError, match="cannot speak"):
        voice.speak("")


@given(st.binary(max_size=200))
def test_any_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        with_output(data, "Clip")


def test_a_model_that_is_cut_off_or_has_other_nodes_is_refused(voice: EnglishVoice) -> None:
    model = Path(voice._hibari.model_path).read_bytes()
    for damaged, operator in ((model[:-1], "Clip"), (model, "Clap"), (model, "Conv")):
        with pytest.raises(RemoteProtocolError):
            with_output(damaged, operator)
