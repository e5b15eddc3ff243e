"""What reaches both ears from a source at a known place, in the samples that are mixed."""

from __future__ import annotations

from math import cos, log10, radians, sin

import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama.adapters.audio.ears import RADIUS, SAMPLE_RATE, SOUND, filtered
from xrdrama.adapters.audio.mixing import FADE, Mixer
from xrdrama.spatial import Vec3
from xrdrama.wire.frame import Sound

Samples = NDArray[np.float32]
SECOND = 12_000
NOISE = np.random.default_rng(3).standard_normal(SECOND).astype(np.float32) * 0.02
STEREO = np.stack([NOISE, NOISE], axis=1)


def heard_from(at: Vec3 | None, samples: Samples = STEREO) -> Samples:
    """The samples that a mixer gives for a sound at one place, in blocks of a device."""
    mixer = Mixer(lambda name: samples, lambda name: at)
    mixer.hear([Sound("bell", "effect", 0)])
    return np.concatenate([mixer.mix(first, 480) for first in range(0, SECOND, 480)])


def at_degrees(right: float, away: float = 2.0) -> Vec3:
    """A place so many degrees to the right."""
    return Vec3(away * sin(radians(right)), away * cos(radians(right)), 0.0)


def later_left(samples: Samples) -> float:
    """Seconds by which the left ear hears it later than the right one (the best correlation)."""
    size = 4 * len(samples)
    left, right = (np.fft.rfft(samples[:, ear], size) for ear in (0, 1))
    found = np.fft.irfft(left * np.conj(right), size)
    return (int(np.argmax(np.concatenate([found[-96:], found[:96]]))) - 96) / SAMPLE_RATE


def louder_right(samples: Samples) -> float:
    """Decibels by which the right ear hears it louder."""
    left, right = (samples**2).sum(axis=0)
    return 10.0 * log10(right / left)


@pytest.mark.parametrize("degrees", [-90.0, -45.0, 20.0, 60.0, 90.0, 135.0])
def test_a_source_aside_is_earlier_and_louder_in_its_ear(degrees: float) -> None:
    samples = heard_from(at_degrees(degrees))
    side = radians(min(abs(degrees), 180.0 - abs(degrees)))
    expected = RADIUS / SOUND * (side + sin(side)) * (1 if degrees > 0 else -1)
    assert later_left(samples) == pytest.approx(expected, abs=1.1 / SAMPLE_RATE)
    assert louder_right(samples) * degrees > 0.0
    assert 6.0 < abs(louder_right(samples)) < 20.0


@pytest.mark.parametrize("at", [at_degrees(0.0), at_degrees(180.0), Vec3(0.0, 0.0, 2.0), Vec3()])
def test_the_control_a_source_in_the_middle_is_equal_in_both_ears(at: Vec3) -> None:
    samples = heard_from(at)
    assert later_left(samples) == 0.0
    assert louder_right(samples) == pytest.approx(0.0, abs=1e-6)
    assert np.abs(samples).max() > 0.01


def test_a_sound_without_a_place_is_heard_as_it_was_recorded() -> None:
    only_left = np.stack([NOISE, 0.0 * NOISE], axis=1)
    assert np.abs(heard_from(None, only_left) - only_left).max() < 1e-7


def test_it_falls_by_six_decibels_with_twice_the_distance_within_bounds() -> None:
    levels = {away: float((heard_from(at_degrees(0.0, away)) ** 2).mean()) for away in
              (0.3, 1.0, 2.0, 4.0, 8.0, 90.0)}  # fmt: skip

    def fall(near: float, far: float) -> float:
        return 10.0 * log10(levels[near] / levels[far])

    assert fall(2.0, 4.0) == pytest.approx(6.02, abs=0.01)
    assert fall(1.0, 8.0) == pytest.approx(18.06, abs=0.01)
    assert fall(0.3, 1.0) == pytest.approx(0.0, abs=0.01)
    assert fall(8.0, 90.0) == pytest.approx(0.0, abs=0.01)


def test_low_tones_go_round_the_head_and_high_ones_do_not() -> None:
    times = np.arange(SECOND) / SAMPLE_RATE

    def louder(hertz: float) -> float:
        tone = (0.02 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)
        return louder_right(heard_from(at_degrees(60.0), np.stack([tone, tone], axis=1)))

    assert 0.0 < louder(200.0) < 3.0
    assert louder(6000.0) > 12.0


def test_a_head_that_turns_makes_no_click() -> None:
    tone = 0.1 * np.sin(2 * np.pi * 300.0 * np.arange(SECOND) / SAMPLE_RATE)
    samples = np.stack([tone, tone], axis=1).astype(np.float32)
    turned = [0.0]
    mixer = Mixer(lambda name: samples, lambda name: at_degrees(turned[0]))
    mixer.hear([Sound("hum", "effect", 0)])
    blocks = []
    for first in range(0, SECOND, 480):
        turned[0] += 7.0
        blocks.append(mixer.mix(first, 480))
    steps = np.abs(np.diff(np.concatenate(blocks)[480:], axis=0)).max()
    most = np.abs(np.diff(heard_from(at_degrees(90.0), samples)[480:], axis=0)).max()
    assert steps < 1.2 * most


def test_blocks_of_any_size_give_the_same_samples() -> None:
    whole = Mixer(lambda name: STEREO, lambda name: at_degrees(30.0))
    whole.hear([Sound("bell", "effect", 100)])
    expected = whole.mix(0, SECOND)
    parts = Mixer(lambda name: STEREO, lambda name: at_degrees(30.0))
    parts.hear([Sound("bell", "effect", 100)])
    found = np.concatenate([parts.mix(first, 750) for first in range(0, SECOND, 750)])
    assert np.abs(found - expected).max() < 1e-6
    assert np.abs(expected[:100]).max() == 0.0


def test_a_loop_and_a_stop_are_heard_from_their_place_too() -> None:
    mixer = Mixer(lambda name: STEREO, lambda name: at_degrees(-70.0))
    mixer.hear([Sound("wind", "ambience", 0, loop=True)])
    mixer.mix(0, SECOND)
    looped = mixer.mix(SECOND, SECOND)
    assert louder_right(looped) < -6.0
    mixer.hear([Sound("wind", "stop", 2 * SECOND)])
    ended = mixer.mix(2 * SECOND, 2 * FADE)
    assert np.abs(ended[: FADE // 2]).max() > 0.0 and np.abs(ended[FADE:]).max() == 0.0


def test_the_filters_have_the_length_that_they_need() -> None:
    click = np.zeros(4000, np.float32)
    click[2000] = 1.0
    found = filtered(click, at_degrees(90.0))
    assert found.sum(axis=0) == pytest.approx([1.0, 1.0], abs=1e-3)  # low tones pass unchanged
