"""The switches of the simulated effects: names, several at once, and unknown ones."""

from __future__ import annotations

import pytest

from xrdrama.errors import UsageError
from xrdrama.stage.effects import EFFECTS, MODELS, NO_EFFECTS, Effects, parse_effects


def test_effects_are_off_unless_named() -> None:
    assert not NO_EFFECTS and not NO_EFFECTS.names and parse_effects(" , ") == NO_EFFECTS
    assert set(MODELS) == set(EFFECTS)


def test_effects_are_parsed_from_a_list_of_names() -> None:
    assert parse_effects("slip, motion_blur").names == ("motion_blur", "slip")
    assert parse_effects("all").names == EFFECTS


def test_an_effect_is_switched_on_and_off() -> None:
    on = NO_EFFECTS.toggled("shadow")
    assert on == Effects(shadow=True) and on.toggled("shadow") == NO_EFFECTS


@pytest.mark.parametrize(("wrong", "meant"), [("motionblur", "motion_blur"), ("dof", "shadow")])
def test_an_unknown_effect_is_refused_with_the_nearest_name(wrong: str, meant: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_effects(f"slip,{wrong}")
    assert repr(wrong) in str(error.value) and meant in str(error.value)
