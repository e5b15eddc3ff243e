"""Live faces in a show: held, eased out when lost, and a lamp for each that is on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.show.small import SHOW, played, small
from xrdrama.show.state.faces import (
    EASE_IN,
    EASE_OUT,
    SILENT,
    face_of,
    faced,
    radians_of,
    share_at,
    state_at,
)
from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT
from xrdrama.wire.events import DeviceFound, DeviceLost, Faced
from xrdrama.wire.frame import LiveFace

SMILE = tuple(200 if "Smile" in name else 0 for name in ARKIT)


def event(values: tuple[int, ...] = SMILE, at: int = 0, *, ended: bool = False) -> Faced:
    return Faced("cam", "lan", values, (100, 0, -50), at, ended=ended)


def test_values_are_held_and_eased_in_and_out() -> None:
    face = faced(None, event(), NS)
    assert share_at(face, NS) == 0.0
    assert share_at(face, NS + EASE_IN) == 1.0
    face = faced(face, event(at=NS + EASE_IN), NS + EASE_IN)
    lost = faced(face, event(()), 2 * NS - NS // 2)
    assert lost.values == SMILE and lost.turn == (100, 0, -50), "what was there last eases out"
    shares = [share_at(lost, lost.since + EASE_OUT * n // 10) for n in range(12)]
    assert shares[0] == 1.0 and shares[10] == shares[11] == 0.0
    assert shares == sorted(shares, reverse=True)
    assert max(a - b for a, b in pairwise(shares)) < 0.16, "no jump"


def test_a_face_that_comes_back_starts_from_what_is_left() -> None:
    face = faced(None, event(), 0)
    face = faced(face, event(at=EASE_IN), EASE_IN)
    lost = faced(face, event(()), EASE_IN)
    half = lost.since + EASE_OUT // 2
    back = faced(lost, event(), half)
    assert share_at(back, half) == pytest.approx(share_at(lost, half)) == pytest.approx(0.5)
    assert share_at(back, half + EASE_IN) == 1.0


def test_a_source_that_falls_silent_has_lost_its_face() -> None:
    face = faced(None, event(), 0)
    assert share_at(face, SILENT) == 1.0 and state_at(face, SILENT) == "live"
    assert state_at(face, SILENT + 1) == "lost"
    assert 0.0 < share_at(face, SILENT + EASE_OUT // 2) < 1.0
    assert share_at(face, SILENT + EASE_OUT) == 0.0


@pytest.mark.parametrize("values", [(), (1, 2, 3), (0,) * 51])
def test_values_that_are_not_52_are_no_face(values: tuple[int, ...]) -> None:
    assert not faced(None, event(values), 0).is_there


def test_of_two_sources_of_a_performer_one_is_used() -> None:
    first, second = faced(None, event(), 0), faced(None, event((0,) * 52), NS // 5)
    face, share = face_of({"a": first, "b": second}, "lan", NS // 4)
    assert face is first and share == 1.0
    assert face_of({"a": first}, "grandmother", NS // 4) == (None, 0.0)


def test_a_turn_is_in_radians() -> None:
    assert radians_of((450, 0, -1800)) == pytest.approx((0.785398, 0.0, -3.141593))


def test_each_live_face_has_a_lamp_until_it_ends() -> None:
    inputs = "inputs: {lan_face: {use: face, performer: lan, camera: 0}, eyes: {use: hand}}\n"
    log = [
        (NS, Faced("lan_face", "lan", SMILE, (0, 0, 0), NS, 1)),
        (NS + NS // 10, Faced("lan_face", "lan", (), (0, 0, 0), NS)),
        (2 * NS, Faced("lan_face", "lan", (), (0, 0, 0), NS, ended=True)),
    ]
    _, frames = played(log, 3.0, small(SHOW + inputs))
    lamps = [frame.faces for frame in frames]
    seen = list(dict.fromkeys(lamps))
    assert seen == [
        (LiveFace("lan_face", "lan", "waiting"),),
        (LiveFace("lan_face", "lan", "live", 1),),
        (LiveFace("lan_face", "lan", "lost"),),
        (),
    ]


def test_a_lost_input_has_no_lamp() -> None:
    inputs = "inputs: {lan_face: {use: face, settings: {performer: lan}, camera: 0}}\n"
    log = [(NS, DeviceLost("lan_face", "unplugged")), (2 * NS, DeviceFound("lan_face"))]
    _, frames = played(log, 3.0, small(SHOW + inputs))
    on = [bool(frame.faces) for frame in frames[::25]]
    assert on == [True, True, True, False, False, True, True]
