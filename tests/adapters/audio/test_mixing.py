"""What is heard from one sample of the show to the next: exact starts, gains, fades, a ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.adapters.audio.mixing import (
    CEILING,
    CROSSFADE,
    FADE,
    SAMPLE_RATE,
    Mixer,
    Samples,
    limited,
    mix_all,
)
from xrdrama.wire.frame import Sound

QUIET = 0.125
"""Below the knee of the ceiling, where a mix is a plain sum."""


def flat(count: int, level: float = QUIET) -> Samples:
    return np.full((count, 2), level, np.float32)


def noise(count: int, seed: int, level: float = QUIET / 2) -> Samples:
    chance = np.random.default_rng(seed)
    return chance.uniform(-level, level, (count, 2)).astype(np.float32)


SHELF: dict[str, Samples] = {
    "short": flat(1000),
    "long": noise(30_000, 1),
    "other": noise(9_000, 2),
    "ramp": (np.arange(5000, dtype=np.float32)[:, None] / 50_000).repeat(2, 1),
    "night": flat(100_000, QUIET / 2),
    "loud": flat(5000, 0.9),
    "tick": flat(1),
    "empty": flat(0),
}


def effect(name: str, at: int = 0, gain: float = 0.0) -> Sound:
    return Sound(name, "effect", at, gain)


def stop(name: str, at: int) -> Sound:
    return Sound(name, "stop", at)


def mixed(*sounds: Sound, count: int = 20_000) -> Samples:
    return mix_all(sounds, SHELF.get, count)


# -- where a sound is ---------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 777, 18_999])
def test_a_sound_starts_and_ends_at_its_sample(at: int) -> None:
    out = mixed(effect("short", at))
    heard = np.flatnonzero(out[:, 0])
    assert (heard[0], heard[-1]) == (at, at + 999)
    assert np.array_equal(out[at : at + 1000], SHELF["short"])
    assert np.array_equal(out[:, 0], out[:, 1])


def test_a_sound_is_what_it_was_given() -> None:
    out = mixed(effect("ramp", 100))
    assert np.array_equal(out[100:5100], SHELF["ramp"])


def test_a_sound_behind_the_end_is_not_heard_and_one_over_it_is_cut() -> None:
    assert not mixed(effect("short", 20_000)).any()
    out = mixed(effect("short", 19_990))
    assert np.count_nonzero(out[:, 0]) == 10


@pytest.mark.parametrize("gain", [-60.0, -6.0, 0.0, 3.0])
def test_a_gain_is_in_decibels(gain: float) -> None:
    out = mixed(effect("short", 0, gain))
    assert 20 * np.log10(out[500, 0] / QUIET) == pytest.approx(gain, abs=1e-4)


def test_sounds_add_up() -> None:
    both = mixed(effect("long", 500), effect("other", 3000))
    alone = mixed(effect("long", 500)) + mixed(effect("other", 3000))
    assert np.allclose(both, alone, atol=1e-7)
    twice = mixed(effect("other"), effect("other"))
    assert np.allclose(twice, 2 * mixed(effect("other")), atol=1e-7)


# -- fades --------------------------------------------------------------------------------------


def test_a_stop_fades_out_from_its_sample() -> None:
    plain, cut = mixed(effect("long")), mixed(effect("long"), stop("long", 5000))
    assert np.array_equal(cut[:5000], plain[:5000])
    assert not cut[5000 + FADE :].any()
    middle = 5000 + FADE // 2
    assert np.allclose(cut[middle], plain[middle] / 2, rtol=1e-3)


def test_a_stop_is_for_its_own_sound_and_for_what_was_heard_before_it() -> None:
    out = mixed(effect("long"), effect("other"), stop("other", 1000), stop("nothing", 0))
    assert np.allclose(out[5000:], mixed(effect("long"))[5000:], atol=1e-7)
    again = mixed(effect("long"), stop("long", 2000), effect("long", 10_000))
    assert np.array_equal(again[10_000:], SHELF["long"][:10_000])


def test_stopping_twice_is_stopping_once() -> None:
    once = mixed(effect("long"), stop("long", 3000))
    assert np.array_equal(mixed(effect("long"), stop("long", 3000), stop("long", 9000)), once)


def test_a_stop_behind_the_end_changes_nothing() -> None:
    assert np.array_equal(mixed(effect("short"), stop("short", 5000)), mixed(effect("short")))


def test_an_ambience_goes_round_without_a_seam() -> None:
    ambience = Sound("night", "ambience", 0, loop=True)
    out = mixed(ambience, count=400_000)
    assert out[0, 0] == 0.0  # it fades in
    assert np.all(np.diff(out[:FADE, 0]) > -1e-6)
    steady = out[FADE:]
    assert np.abs(np.diff(steady[:, 0])).max() < 1e-3
    assert steady.min() >= QUIET / 2 - 1e-6  # never a hole where it meets itself
    assert steady.max() <= QUIET / 2 * 2**0.5 + 1e-6  # equal power over the crossfade
    length = len(SHELF["night"]) - CROSSFADE
    assert np.array_equal(out[FADE : FADE + 1000], out[FADE + length : FADE + length + 1000])


def test_an_ambience_can_be_stopped() -> None:
    ambience = Sound("night", "ambience", 0, loop=True)
    out = mixed(ambience, stop("night", 200_000), count=400_000)
    assert out[199_999, 0] > 0.05 and not out[200_000 + FADE :].any()


# -- blocks -------------------------------------------------------------------------------------

sounds = st.lists(
    st.one_of(
        st.builds(
            effect, st.sampled_from(sorted(SHELF)), st.integers(0, 30_000), st.floats(-30, 0)
        ),
        st.builds(stop, st.sampled_from(sorted(SHELF)), st.integers(0, 40_000)),
        st.integers(0, 30_000).map(lambda at: Sound("night", "ambience", at, loop=True)),
    ),
    max_size=8,
)
blocks = st.lists(st.integers(1, 9000), max_size=12)


@settings(deadline=None, max_examples=60)
@given(sounds, blocks)
def test_mixing_in_blocks_is_mixing_at_once(events: list[Sound], sizes: list[int]) -> None:
    """What a sound device pulls, block by block, is what is muxed into the file."""
    events = sorted(events, key=lambda sound: sound.start_sample)
    mixer, parts, first = Mixer(SHELF.get), [], 0
    mixer.hear(events)
    for size in [*sizes, 5000]:
        parts.append(mixer.mix(first, size))
        first += size
    assert np.array_equal(np.concatenate(parts), mix_all(events, SHELF.get, first))


def test_events_may_come_while_it_plays() -> None:
    mixer, parts = Mixer(SHELF.get), []
    events = {0: [effect("long", 100)], 4: [stop("long", 4321)], 6: [effect("short", 6500)]}
    for block in range(10):
        mixer.hear(events.get(block, ()))
        parts.append(mixer.mix(block * 1000, 1000))
    whole = mixed(*(sound for found in events.values() for sound in found), count=10_000)
    assert np.array_equal(np.concatenate(parts), whole)


def test_late_sound_starts_at_its_current_position() -> None:
    mixer = Mixer(SHELF.get)
    mixer.hear([effect("ramp", 1000)])
    assert np.array_equal(mixer.mix(1500, 100), SHELF["ramp"][500:600])


def test_finished_sound_is_removed() -> None:
    mixer = Mixer(SHELF.get)
    for number in range(500):
        mixer.hear([effect("tick", number * 10)])
        mixer.mix(number * 10, 10)
    assert len(mixer._voices) <= 1


# -- the ceiling, and what is missing -----------------------------------------------------------


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=50))
def test_nothing_is_louder_than_the_ceiling(levels: list[float]) -> None:
    samples = np.array(levels, np.float32).reshape(-1, 1).repeat(2, 1)
    out = limited(samples)
    assert np.abs(out).max() <= CEILING + 1e-6
    soft = np.abs(samples) <= CEILING / 2
    assert np.array_equal(out[soft], samples[soft])
    assert np.all(np.sign(out) == np.sign(samples))
    order = np.argsort(samples[:, 0], kind="stable")
    assert np.all(np.diff(out[order, 0]) >= -1e-7)  # louder stays louder


def test_many_loud_sounds_do_not_clip() -> None:
    out = mixed(*[effect("loud")] * 20, count=5000)
    assert CEILING * 0.98 < out.max() <= CEILING + 1e-6
    assert 20 * np.log10(out.max()) <= -2.999


def test_a_sound_that_is_not_there_is_noted_and_the_rest_is_heard() -> None:
    mixer = Mixer(SHELF.get)
    mixer.hear([effect("no_such"), effect("empty"), effect("short")])
    assert mixer.missing == {"no_such", "empty"}
    assert np.array_equal(mixer.mix(0, 1000), SHELF["short"])


def test_silence_is_silence() -> None:
    out = mixed(count=SAMPLE_RATE)
    assert out.shape == (SAMPLE_RATE, 2) and out.dtype == np.float32 and not out.any()
    assert mixed(effect("short"), count=0).shape == (0, 2)
