"""What a light is under its params: scaled, blended, turned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.scene.lights import light_under
from xrdrama.scene.model import Light, LightAfter
from xrdrama.spatial import Vec3

SUN = Light(
    "sun", "directional", "", Vec3(1.0, 0.5, 0.25), 4.0, "sun", direction=Vec3(-1.0, 0.0, 0.0),
    turned_by="hour", after=LightAfter(Vec3(0.5, 0.5, 0.5), 2.0, Vec3(0.0, -1.0, 0.0)),
)  # fmt: skip


def test_light_is_itself_at_0_and_what_it_becomes_at_1() -> None:
    assert light_under(SUN, {"sun": 1.0, "hour": 0.0}) == (
        Vec3(4.0, 2.0, 1.0),
        Vec3(-1.0, 0.0, 0.0),
    )
    assert light_under(SUN, {"sun": 0.5, "hour": 1.0}) == (
        Vec3(0.5, 0.5, 0.5),
        Vec3(0.0, -1.0, 0.0),
    )


@given(st.floats(-1, 2), st.floats(0, 3))
def test_light_travels_in_a_unit_direction_between_the_two(hour: float, sun: float) -> None:
    colour, way = light_under(SUN, {"sun": sun, "hour": hour})
    assert way is not None
    assert way.length() == pytest.approx(1.0)
    assert -1.0 <= way.x <= 0.0 and -1.0 <= way.y <= 0.0
    assert sun - 1e-9 <= colour.x <= 4.0 * sun + 1e-9


def test_missing_params_and_words_scale_by_one() -> None:
    assert light_under(SUN, {}) == light_under(SUN, {"sun": 1.0, "hour": 0.0})
    assert light_under(SUN, {"sun": "bright", "hour": "late"}) == light_under(SUN, {})


def test_lamp_without_a_second_state_ignores_the_hour() -> None:
    lamp = Light("lamp", "baked", "", Vec3(1.0, 1.0, 1.0), 3.0, "lamp")
    assert light_under(lamp, {"lamp": 0.5, "hour": 1.0}) == (Vec3(1.5, 1.5, 1.5), None)
