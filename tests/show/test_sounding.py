"""Where sounds come from: performers, places of the set, and what a show file says."""

from __future__ import annotations

import msgspec
import pytest

from xrdrama import content
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.production import ViewerRule
from xrdrama.show.sounding import MOUTH, STANDING, owner_of, placeless, places_in, speakers_in
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Caption, Frame

SAID = {"line/l1": "lan"}


@pytest.fixture(scope="module")
def drama() -> Production:
    return content.produce(content.load_show("lantern_headset"))


@pytest.fixture(scope="module")
def first(drama: Production) -> Frame:
    return advance(opening(drama), Tick(FrameTime.of(0, drama.rate)))[1]


def with_sources(drama: Production, **sources: str) -> Production:
    return msgspec.structs.replace(drama, viewers=ViewerRule(sounds_from=sources))


def test_a_line_comes_from_its_speaker(drama: Production, first: Frame) -> None:
    caption = Caption("l1", "lan", {"en": "Count again."})
    frame = msgspec.structs.replace(first, captions=(caption,))
    assert speakers_in(frame, drama) == SAID
    assert owner_of("line/l1", drama, SAID) == "lan"
    dubbed = msgspec.structs.replace(drama, voices="zh")
    assert speakers_in(frame, dubbed) == {"zh/line/l1": "lan"}
    assert owner_of("line/l2", drama, SAID) == ""


def test_the_show_file_says_where_a_speaker_or_a_sound_is(drama: Production) -> None:
    placed = with_sources(drama, lan="gate", bell="doorway")
    assert owner_of("line/l1", placed, SAID) == "gate"
    assert owner_of("bell", placed, SAID) == "doorway"
    assert owner_of("motif", placed, SAID) == ""


def test_a_performer_is_heard_from_its_mouth(drama: Production, first: Frame) -> None:
    performer = next(one for one in first.performers if one.id == "grandmother")
    there = msgspec.structs.replace(performer, presence=1.0)
    away = msgspec.structs.replace(performer, presence=0.0)
    height = drama.cast["grandmother"].performer.body.height
    place = places_in(msgspec.structs.replace(first, performers=(there,)), drama)["grandmother"]
    assert (place.x, place.y) == pytest.approx((there.root.at.x, there.root.at.y))
    assert place.z == pytest.approx(there.root.at.z + height - MOUTH)
    mark = places_in(msgspec.structs.replace(first, performers=(away,)), drama)["grandmother"]
    assert mark.z == STANDING  # the place of the set with that name


def test_a_mark_on_the_floor_is_heard_from_the_height_of_a_mouth(
    drama: Production, first: Frame
) -> None:
    places = places_in(first, drama)
    scene = drama.scenes[first.scene]
    assert places["gate"] == scene.places["gate"].at
    assert places["actor"].z == STANDING and scene.places["actor"].at.z == 0.0
    nowhere = msgspec.structs.replace(first, scene="no_such_set", performers=())
    assert places_in(nowhere, drama) == {}


def test_what_has_no_place_is_named(drama: Production) -> None:
    named = placeless(drama)
    assert "motif" in named and "bowl" not in named and "lan" not in named
    assert "bowl" in placeless(with_sources(drama))
    assert drama.ambience not in named
