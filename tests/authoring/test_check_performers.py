"""Warnings of `check` about performers that a set does not have, or that nobody sees."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.performer.bodies import figure
from tests.show.small import STORY, small
from xrdrama.authoring.check_performers import check_performers
from xrdrama.document import Place, Sequence
from xrdrama.errors import Problem
from xrdrama.performer import Performer
from xrdrama.performer.robot.kind import K1
from xrdrama.show import Production
from xrdrama.show.cast import Member, PerformerSpec, undrawn_text


def show(spec: PerformerSpec, performer: Performer, story: str = STORY) -> Production:
    """The small show with one performer; its mark `well` is in the yard only."""
    production = small(story=story)
    yard = production.scenes["yard"]
    places = {**yard.places, "well": yard.places["gate"]}
    scenes = {**production.scenes, "yard": replace(yard, places=places)}
    return replace(production, scenes=scenes, cast={"bob": Member(spec, performer)})


def problems(production: Production) -> list[Problem]:
    return check_performers(Sequence((), Place()), production)


ROBOT = replace(figure(), body=K1)


@pytest.mark.parametrize(
    ("on", "performer", "code", "text"),
    [
        ("set", figure(), "", ""),
        ("stage", figure(), "H027", "bob (on: stage)"),
        ("set", ROBOT, "H027", "bob (its performer file has no figure)"),
        ("stage", ROBOT, "", "bob (on: stage)"),
    ],
)
def test_performer_that_nobody_sees_is_named(
    on: str, performer: Performer, code: str, text: str
) -> None:
    made = show(PerformerSpec("bob", Place(), mark="well", on=on), performer)  # type: ignore[arg-type]
    found = problems(made)
    assert [(one.code, one.severity) for one in found] == ([(code, "warning")] if code else [])
    assert all(one.hint and "bob" in one.message for one in found)
    assert undrawn_text(made.cast) == (f"not drawn in the sets: {text}" if text else "")


def test_cues_in_a_set_without_the_mark_are_a_warning_once() -> None:
    story = STORY.replace("      @dims over=0s\n", "      @bob.rest\n      @bob.rest\n")
    spec = PerformerSpec("bob", Place(), mark="well")
    (found,) = problems(show(spec, figure(), story))
    assert (found.code, found.severity) == ("C013", "warning")
    assert "'hall'" in found.message and "well" in found.hint
    # The control: the mark is in both sets, or nothing is cued in the hall.
    assert not problems(show(replace(spec, mark="gate"), figure(), story))
    assert not problems(show(spec, figure()))
