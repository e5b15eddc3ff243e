"""Samples and phones stay together: a click inside each phone is inside it after every change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.adapters.synthesis.spoken import Said, Spoken, joined

RATE = 8000


def clicks(*lengths: int) -> Spoken:
    """A phone of each length in samples, with a click in its middle."""
    samples, said, at = np.zeros(sum(lengths)), [], 0
    for number, length in enumerate(lengths):
        samples[at + length // 2] = 1.0
        said.append(Said(chr(97 + number), at, at + length))
        at += length
    return Spoken(samples, RATE, tuple(said))


def peaks(spoken: Spoken) -> list[int]:
    """Where the clicks are: the largest samples, each more than 100 from the next."""
    found: list[int] = []
    for place in np.argsort(-np.abs(spoken.samples)):
        if len(found) < sum(one.symbol != "sil" for one in spoken.said) and all(
            abs(place - other) > 100 for other in found
        ):
            found.append(int(place))
    return sorted(found)


def middles(spoken: Spoken) -> list[float]:
    return [(one.start + one.end) / 2 for one in spoken.said if one.symbol != "sil"]


lengths = st.lists(st.integers(300, 2000), min_size=1, max_size=5)


@settings(max_examples=25)
@given(lengths, lengths, st.sampled_from([0.8, 1.0, 1.25]), st.sampled_from([8000, 48_000, 6000]))
def test_clicks_stay_in_their_phones(
    first: list[int], second: list[int], pitch: float, rate: int
) -> None:
    spoken = joined([clicks(*first), clicks(*second)], 0.1).pitched(pitch).at_rate(rate)
    assert spoken.rate == rate
    scale = rate / RATE
    assert peaks(spoken) == pytest.approx(middles(spoken), abs=2 * scale + 1)
    assert spoken.said[-1].end == pytest.approx(len(spoken.samples), abs=2 * scale + 1)


def test_a_trim_moves_the_phones_and_cuts_what_is_outside() -> None:
    spoken = clicks(4000, 1000, 4000)
    cut = spoken.trimmed(0.05, 0.05)
    assert len(cut.samples) < len(spoken.samples) - 3000
    assert [one.symbol for one in cut.said] == ["a", "b", "c"]
    assert peaks(cut)[1] == pytest.approx((cut.said[1].start + cut.said[1].end) / 2, abs=1)
    assert cut.said[0].start == 0 and cut.said[-1].end == len(cut.samples)
    silence = Spoken(np.zeros(500), RATE, (Said("sil", 0, 500),))
    assert silence.trimmed(0.1, 0.1) is silence


def test_a_level_is_reached_without_peaks() -> None:
    tone = Spoken(np.sin(np.arange(8000) * 0.3) * 0.01, RATE, ())
    loud = tone.levelled(-20.0, -3.5).samples
    assert 20 * np.log10(np.sqrt((loud**2).mean())) == pytest.approx(-20, abs=0.3)
    assert np.abs(tone.levelled(6.0, -3.5).samples).max() <= 10 ** (-3.5 / 20)
    silence = Spoken(np.zeros(10), RATE, ())
    assert silence.levelled(-20.0, -3.5) is silence


def test_resampling_keeps_a_tone_and_removes_what_would_fold() -> None:
    time = np.arange(8000) / RATE
    tone = Spoken(np.sin(2 * np.pi * 440 * time), RATE, ())
    found = tone.at_rate(48_000).samples[2000:-2000]
    expected = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)[2000:-2000]
    assert np.abs(found - expected).max() < 0.01
    high = Spoken(np.sin(2 * np.pi * 3800 * time), RATE, ())
    assert np.abs(high.at_rate(4000).samples[100:-100]).max() < 0.01
