"""Performers in a cross-fade: those of the set that fades out stay until it has gone."""

from __future__ import annotations

from msgspec.structs import replace

from tests.performer.bodies import figure
from tests.show.small import STORY, played, small
from tests.show.test_cuts import FADED, ME
from xrdrama.document import Place
from xrdrama.show import Production
from xrdrama.show.cast import Member, PerformerSpec
from xrdrama.spatial import Vec3
from xrdrama.timing import NS
from xrdrama.wire.commands import PickedByHand
from xrdrama.wire.frame import Frame

WELL = Vec3(4.0, 5.0, 0.0)


def with_two(story: str, fog_in_hall: float = 0.25) -> Production:
    """Lan has a mark in both sets and is there as much as fog is; Bob has one in the yard only."""
    production = small(story=story)
    yard, hall = production.scenes["yard"], production.scenes["hall"]
    yard = replace(yard, places={**yard.places, "well": replace(yard.places["gate"], at=WELL)})
    hall = replace(
        hall, params={**hall.params, "fog": replace(hall.params["fog"], default=fog_in_hall)}
    )
    lan = PerformerSpec("lan", Place(), mark="gate", presence="fog")
    cast = {"lan": lan, "bob": PerformerSpec("bob", Place(), mark="well")}
    return replace(
        production,
        scenes={"yard": yard, "hall": hall},
        cast={name: Member(spec, figure()) for name, spec in cast.items()},
    )


def fading(production: Production) -> list[Frame]:
    _, frames = played([(2 * NS, PickedByHand(ME, "stay"))], 3, production)
    assert [one.id for one in frames[0].performers] == ["lan", "bob"]
    assert [one.id for one in frames[-1].performers] == ["lan"]
    return [frame for frame in frames if frame.fade]


def names(frame: Frame) -> list[str]:
    assert frame.fade is not None
    return [one.id for one in frame.fade.performers]


def test_who_is_only_in_the_set_that_fades_out_stays_in_it() -> None:
    frames = fading(with_two(FADED))
    assert len(frames) == 39 and {tuple(names(frame)) for frame in frames} == {("bob",)}
    for frame in frames:
        assert frame.fade is not None
        assert frame.fade.performers[0].root.at == WELL and frame.fade.performers[0].presence == 1.0
        assert [one.id for one in frame.performers] == ["lan"]


def test_who_is_not_present_in_the_new_set_stays_in_the_old_one() -> None:
    frames = fading(with_two(FADED, fog_in_hall=0.0))
    assert {tuple(names(frame)) for frame in frames} == {("lan", "bob")}


def test_a_cut_carries_nobody_over() -> None:
    assert fading(with_two(STORY)) == []
