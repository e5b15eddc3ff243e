"""Faces as they are recorded: names, limits, pace."""

from __future__ import annotations

import random
from math import inf, nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT, RATE, Face, Pace, shapes_by_name


def test_there_are_52_shapes_in_alphabetical_order() -> None:
    assert len(ARKIT) == 52 and list(ARKIT) == sorted(ARKIT)


@given(st.dictionaries(st.one_of(st.sampled_from(ARKIT), st.text(max_size=4)), st.floats()))
def test_any_values_become_52_levels(given: dict[str, float]) -> None:
    shapes, faults = shapes_by_name(given)
    assert all(0 <= level <= 255 for level in Face("f", "s", 0, shapes).values())
    assert {f"shapes.{name}" for name in given.keys() - set(ARKIT)} <= {f.path for f in faults}


def test_faults_are_named() -> None:
    shapes, faults = shapes_by_name({"jawOpen": nan, "cheekPuff": inf, "jawLeft": 2.0, "smile": 1})
    assert [fault.path for fault in faults] == [
        "shapes.cheekPuff", "shapes.jawLeft", "shapes.jawOpen", "shapes.smile",
    ]  # fmt: skip
    assert shapes[ARKIT.index("jawLeft")] == 1.0 and sum(shapes) == 1.0
    assert shapes_by_name({"jawOpen": 1.0005})[1] == ()  # a device rounds


def test_angles_are_tenths_of_a_degree() -> None:
    assert Face("f", "s", 0, (), (pi / 4, -pi / 180, 9.0)).turn() == (450, -10, 1800)
    assert Face("f", "s", 0).turn() == (0, 0, 0)


def face(at: int, *, there: bool = True) -> Face:
    return Face("f", "lan", at, (0.5,) * len(ARKIT) if there else ())


@pytest.mark.parametrize("rate", [24, 25, 30, 60, 120])
@pytest.mark.parametrize("jitter_ms", [0, 6])
def test_events_come_at_24_hertz_at_most(rate: int, jitter_ms: int) -> None:
    chance, pace = random.Random(1), Pace()
    times = (n * NS // rate + chance.randrange(jitter_ms + 1) * 1_000_000 for n in range(10 * rate))
    events = sum(pace.is_news(face(at)) for at in times)
    assert 10 * RATE - 8 <= events <= 10 * RATE + 1


def test_a_lost_face_is_one_event_and_no_face_is_none() -> None:
    pace = Pace()
    there = [False, False, True, False, False, True]
    news = [pace.is_news(face(n * NS // 10, there=is_there)) for n, is_there in enumerate(there)]
    assert news == [False, False, True, True, False, True]
    nobody = Pace()
    assert not any(nobody.is_news(face(n * NS // 30, there=False)) for n in range(100))
    assert not nobody.said_anything
