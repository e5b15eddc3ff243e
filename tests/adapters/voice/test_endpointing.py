"""Where speech begins and ends, on signals of which that is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.adapters.voice.endpointing import (
    FRAME,
    FRAME_NS,
    LONGEST,
    ONSET,
    PRE_ROLL,
    RATE,
    TRAILING_SILENCE,
    Began,
    Endpointer,
    Samples,
    Utterance,
)
from xrdrama.adapters.voice.sources import room_noise
from xrdrama.timing import NS

Events = list[Began | Utterance]


def speech(seconds: float, level: float = -26.0) -> Samples:
    """Something like speech: a voice of 140 Hz, five syllables a second."""
    t = np.arange(int(seconds * RATE)) / RATE
    voice = sum(np.sin(2 * np.pi * 140 * n * t) / n for n in range(1, 20))
    syllables = 0.25 + 0.75 * np.abs(np.sin(2 * np.pi * 2.5 * t + 0.5))
    sound = voice * syllables
    return np.asarray(sound / np.sqrt(np.mean(sound**2)) * 10 ** (level / 20), np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)


def in_noise(*parts: Samples, level: float = -46.0, seed: int = 1) -> Samples:
    joined = np.concatenate(parts)
    noise = room_noise(len(joined), seed) * np.float32(10 ** (level / 20))
    return np.asarray(joined + noise, np.float32)


def listen(samples: Samples, block: int = 320) -> Events:
    endpointer = Endpointer()
    events: Events = []
    for first in range(0, len(samples), block):
        events += endpointer.feed(samples[first : first + block])
    return events + endpointer.flush()


def spans(events: Events) -> list[tuple[float, float]]:
    return [(u.began / NS, u.ended / NS) for u in events if isinstance(u, Utterance)]


@pytest.mark.parametrize("level", [-90.0, -56.0, -46.0, -41.0])
def test_beginning_and_end_are_found_in_silence_and_in_noise(level: float) -> None:
    events = listen(in_noise(silence(1), speech(1.3), silence(1), level=level))
    assert [type(event) for event in events] == [Began, Utterance]
    (began, ended), = spans(events)  # fmt: skip
    assert began == pytest.approx(1.0, abs=0.06)
    assert ended == pytest.approx(2.3, abs=0.06)


def test_an_utterance_comes_with_pre_roll_and_trailing_silence() -> None:
    (utterance,) = [u for u in listen(in_noise(silence(1), speech(1), silence(1)))
                    if isinstance(u, Utterance)]  # fmt: skip
    around = len(utterance.samples) * NS // RATE - (utterance.ended - utterance.began)
    assert around == PRE_ROLL + TRAILING_SILENCE


def test_it_is_known_in_time_for_the_declared_latency() -> None:
    samples = in_noise(silence(1), speech(1), silence(1))
    endpointer = Endpointer()
    for first in range(0, len(samples), FRAME):
        for event in endpointer.feed(samples[first : first + FRAME]):
            if isinstance(event, Began):
                assert endpointer.now <= event.began + ONSET
            else:
                assert endpointer.now == event.ended + TRAILING_SILENCE


@pytest.mark.parametrize(("pause", "utterances"), [(0.25, 1), (0.50, 2)])
def test_short_pause_does_not_end_an_utterance_but_a_longer_one_does(
    pause: float, utterances: int
) -> None:
    events = listen(in_noise(silence(1), speech(1), silence(pause), speech(1), silence(1)))
    assert len(spans(events)) == utterances


def test_click_is_not_speech() -> None:
    click = speech(0.1, level=-10.0)
    assert listen(in_noise(silence(1), click, silence(1))) == []
    # The control: a little more of the same is.
    assert len(listen(in_noise(silence(1), speech(0.3, level=-10.0), silence(1)))) == 2


@pytest.mark.parametrize("level", [-60.0, -40.0, -25.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_steady_room_is_never_speech(level: float, seed: int) -> None:
    assert listen(in_noise(silence(10), level=level, seed=seed)) == []


def test_hum_and_rumble_are_never_speech() -> None:
    t = np.arange(10 * RATE) / RATE
    swell = 1 + 0.9 * np.sin(2 * np.pi * 0.7 * t)
    hum = 0.05 * swell * (np.sin(2 * np.pi * 50 * t) + np.sin(2 * np.pi * 20 * t))
    assert listen(in_noise(hum.astype(np.float32))) == []
    # The control: the same swell at 500 Hz is loud enough to be somebody.
    howl = 0.05 * swell * np.sin(2 * np.pi * 500 * t)
    assert listen(in_noise(howl.astype(np.float32))) != []


def test_ventilator_noise_is_adapted_to_within_a_second() -> None:
    quiet, loud = in_noise(silence(5), level=-56.0), in_noise(silence(2), level=-36.0, seed=2)
    events = listen(np.concatenate((quiet, loud, in_noise(speech(1), silence(1), level=-36.0))))
    found = spans(events)
    assert all(ended - began < 1.0 for began, ended in found[:-1])
    assert found[-1] == pytest.approx((7.0, 8.0), abs=0.1)


def test_endless_speech_is_cut_and_continues() -> None:
    events = listen(in_noise(silence(1), speech(10), silence(1)))
    (first, cut), (second, ended) = spans(events)
    assert cut - first == pytest.approx(LONGEST / NS, abs=FRAME_NS / NS)
    assert second == pytest.approx(cut, abs=0.02)
    assert ended == pytest.approx(11.0, abs=0.1)


def test_the_end_of_the_media_ends_what_was_being_said() -> None:
    events = listen(in_noise(silence(1), speech(1)))
    assert spans(events)[0] == pytest.approx((1.0, 2.0), abs=0.06)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 4000), min_size=1, max_size=30))
def test_the_size_of_the_blocks_changes_nothing(sizes: list[int]) -> None:
    samples = in_noise(silence(0.7), speech(0.8), silence(0.5))
    endpointer = Endpointer()
    events: Events = []
    at = 0
    while at < len(samples):
        for size in sizes:
            events += endpointer.feed(samples[at : at + size])
            at += size
    events += endpointer.flush()
    wanted = listen(samples)
    assert spans(events) == spans(wanted)
    (one,), (other,) = (
        [u.samples for u in x if isinstance(u, Utterance)] for x in (events, wanted)
    )
    assert np.array_equal(one, other)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=1, max_size=3 * FRAME
    ),
    st.integers(1, 30),
)
def test_any_samples_are_taken(numbers: list[float], times: int) -> None:
    samples = np.array(numbers * times, np.float32)
    for event in listen(samples):
        assert event.began >= 0
        if isinstance(event, Utterance):
            assert event.began < event.ended
            assert np.isfinite(event.samples).all()
