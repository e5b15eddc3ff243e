"""Bytes of the wire: what is sent is read, garbage is one error, evolution is append-only."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wire.values import EVENTS, MESSAGES, SIDES, Path, holds, leaves, replaced, values_of
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tools.schemas import golden_messages
from xrdrama.tracking import TrackingSample
from xrdrama.wire.codec import (
    MAX_COMMAND,
    MAX_STATE,
    checked,
    decode_frame,
    decode_from_core,
    decode_from_peer,
    encode,
)
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import Entry, Heard, Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Bye, Hello, Promise, Record, Snapshot

law = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
DECODERS: dict[str, Any] = {
    "peer": decode_from_peer,
    "core": decode_from_core,
    "frame": decode_frame,
}
ids = [f"{side}-{kind.__name__}" for side, kind in MESSAGES]


def raw(plain: Any) -> bytes:
    return msgspec.msgpack.encode(plain)


def untyped(data: bytes) -> Any:
    return msgspec.msgpack.decode(data)


# -- round trips --------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "kind"), MESSAGES, ids=ids)
@given(data=st.data())
@law
def test_every_message_is_read_as_it_was_sent(side: str, kind: Any, data: st.DataObject) -> None:
    message = data.draw(values_of(kind))
    sent = encode(message)
    found = DECODERS[side](sent)
    assert found == message and type(found) is kind
    assert encode(found) == sent
    assert holds(found, kind)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@law
def test_every_event_is_logged_and_recorded(kind: Any, data: st.DataObject) -> None:
    event = data.draw(values_of(kind))
    entry = Entry(7, 9, event, "peer", 3, "an-instance")
    assert msgspec.msgpack.decode(encode(entry), type=Entry) == entry
    record = Record(3, 9, event)
    assert decode_from_peer(checked(record)) == record


def test_maps_are_written_in_one_order() -> None:
    one, other = {"a": 1.0, "b": 2.0, "c": "x"}, {"c": "x", "b": 2.0, "a": 1.0}
    assert list(one) != list(other)
    assert encode(one) == encode(other)


# -- bounds -------------------------------------------------------------------------------------

BAD_FLOATS = (float("nan"), float("inf"), -float("inf"), 1e300, -1e300)
BAD_INTS = (2**63, 2**64 - 1, -(2**63))
NOW = 5
"""The place of a delta's new values in its array: each is a path and a value."""


def golden() -> list[tuple[str, str, Any]]:
    """A full message of every kind, by its name and the side that reads it."""
    from_core = {
        *("welcome", "refused", "started", "recorded", "frame", "keyframe", "delta"),
        *("node_content", "draw_frame", "show_frame", "time_is", "show_over", "nodes_are"),
    }
    found = [
        ("core" if name in from_core else "peer", name, untyped(encode(message)))
        for name, message in golden_messages().items()
    ]
    return [*found, ("frame", "frame_alone", untyped(encode(golden_messages()["frame"])))]


def is_free(name: str, path: Path) -> bool:
    """True for a delta's values: the frame that they make is checked, by its type and CRC-32."""
    return name == "delta" and path[0] == NOW and path[2] == 1


@pytest.mark.parametrize(("side", "name", "plain"), golden(), ids=lambda v: str(v)[:20])
def test_no_number_is_taken_that_is_none_or_huge(side: str, name: str, plain: Any) -> None:
    decode = DECODERS[side]
    decode(raw(plain))
    checked_leaves = 0
    for path, leaf in leaves(plain):
        if isinstance(leaf, bool) or not isinstance(leaf, int | float):
            continue
        if is_free(name, path):
            continue
        bad = BAD_FLOATS if isinstance(leaf, float) else (*BAD_FLOATS, *BAD_INTS)
        for value in bad:
            with pytest.raises(RemoteProtocolError):
                decode(raw(replaced(plain, path, value)))
        checked_leaves += 1
    numbers = {"bye", "snapshot", "ask_content", "ask_nodes", "node_content", "show_over"}
    assert checked_leaves or name in numbers


@pytest.mark.parametrize(("side", "name", "plain"), golden(), ids=lambda v: str(v)[:20])
def test_a_value_of_another_type_is_refused(side: str, name: str, plain: Any) -> None:
    decode = DECODERS[side]
    for path, leaf in leaves(plain):
        if is_free(name, path):
            continue
        wrong: Any = {"no": "map"} if not isinstance(leaf, dict) else 5
        with pytest.raises(RemoteProtocolError):
            decode(raw(replaced(plain, path, wrong)))


def test_names_and_texts_are_bounded() -> None:
    for event, most in (
        (lambda n: Pressed("p" * n, "o"), 64),
        (lambda n: Pressed("p", "o" * n), 64),
        (lambda n: Heard("p", "t" * n, (), 0, 0), 500),
        (lambda n: Heard("p", "t", ("AA",) * n, 0, 0), 400),
        (lambda n: Heard("p", "t", ("A" * n,), 0, 0), 3),
    ):
        decode_from_peer(encode(Record(1, 0, event(most))))
        with pytest.raises(RemoteProtocolError):
            decode_from_peer(encode(Record(1, 0, event(most + 1))))


def test_too_much_is_refused_before_it_is_read() -> None:
    for decode, most in (
        (decode_from_peer, MAX_COMMAND),
        (decode_from_core, MAX_STATE),
        (decode_frame, MAX_STATE),
    ):
        with pytest.raises(RemoteProtocolError, match=f"{most} are allowed"):
            decode(bytes(most + 1))
        with pytest.raises(RemoteProtocolError, match="not a message"):
            decode(bytes(most))


# -- garbage ------------------------------------------------------------------------------------

NASTY = [
    b"",
    b"\x90",
    b"\xc0",
    b"\x91\xa5hello",
    b"\x92\xa3bye\xc1",
    b"\xdd\xff\xff\xff\xff",  # an array that claims four thousand million items
    b"\x91" * 10_000,  # nested without end
    raw(["bye"]) + b"\0",  # something behind the message
    raw(["nobody"]),
    b"\x95\xa5hello\x01\xa0\xa2\xff\xfe\xa6engine",  # a name that is not UTF-8
    raw({"hello": 1}),
    raw([["bye"]]),
    raw([1, 2, 3]),
    raw(["record", 1, 0, ["record", 1, 0, ["bye"]]]),
    b"\xc7\x05\x01hello",  # an extension type
]


@pytest.mark.parametrize("data", NASTY, ids=lambda data: data[:12].hex())
@pytest.mark.parametrize("side", DECODERS)
def test_nasty_bytes_are_one_error(side: str, data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        DECODERS[side](data)


@pytest.mark.parametrize("side", DECODERS)
@given(data=st.binary(max_size=200))
@settings(deadline=None, max_examples=300)
def test_garbage_is_one_error_or_a_value_within_bounds(side: str, data: bytes) -> None:
    try:
        value = DECODERS[side](data)
    except RemoteProtocolError:
        return
    assert holds(value, SIDES[side])


def bent(data: bytes, chance: random.Random) -> bytes:
    """A message with a few bytes flipped, cut, doubled, or spliced with itself."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 | 1 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 2 if at < len(changed):
                changed[at] = chance.choice((0x00, 0x7F, 0x80, 0x90, 0xA0, 0xC0, 0xCB, 0xDD, 0xFF))
            case 3:
                del changed[at : at + chance.randrange(1, 9)]
            case 4:
                changed[at:at] = chance.randbytes(chance.randrange(1, 9))
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + chance.randrange(1, 30)]
    return bytes(changed)


def fuzz(count: int, seed: int) -> Counter[str]:
    """How many bent messages each decoder took; every one that it took keeps its bounds."""
    chance = random.Random(seed)
    corpus = [(side, raw(plain)) for side, _, plain in golden()]
    taken: Counter[str] = Counter()
    for _ in range(count):
        side, data = chance.choice(corpus)
        try:
            value = DECODERS[side](bent(data, chance))
        except RemoteProtocolError:
            taken["refused"] += 1
            continue
        taken[side] += 1
        assert holds(value, SIDES[side]), value
        # Bytes, because a delta's values are free, and one that is not a number equals nothing.
        assert encode(DECODERS[side](encode(value))) == encode(value)
    return taken


def test_bent_messages_are_refused_or_within_bounds() -> None:
    taken = fuzz(25_000, seed=1)
    assert taken["refused"] > 10_000
    assert all(taken[side] > 50 for side in DECODERS), taken  # the check of bounds was reached


@pytest.mark.soak
def test_a_million_bent_messages() -> None:
    taken = fuzz(1_000_000, seed=2)
    assert taken["refused"] > 500_000
    assert all(taken[side] > 2000 for side in DECODERS), taken


def test_the_check_of_bounds_can_fail() -> None:
    """The control of the two above."""
    assert holds(Promise("a", 5), Promise)
    assert not holds(Promise("a" * 65, 5), Promise)
    assert not holds(Promise("a", 2**62), Promise)
    assert not holds(ParamSet("a", "b", float("nan")), ParamSet)
    assert not holds(TrackingSample("a", "1", 0, Pose(Vec3(1e7, 0.0, 0.0))), TrackingSample)


# -- evolution ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "name", "plain"), golden(), ids=lambda v: str(v)[:20])
def test_what_a_newer_peer_appends_is_ignored(side: str, name: str, plain: Any) -> None:
    decode = DECODERS[side]
    known = decode(raw(plain))
    for more in ([None], ["new", 7], [{"k": [1, [2, [3]]]}, 2**63, 1.5], [[]] * 20):
        assert decode(raw([*plain, *more])) == known
    if name.startswith("record_"):
        newer_event = [*plain[3], "appended", 7]
        assert decode(raw([*plain[:3], newer_event, *plain[4:]])) == known


@pytest.mark.parametrize(("side", "kind"), MESSAGES, ids=ids)
@given(data=st.data())
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_what_an_older_peer_leaves_out_has_its_default(
    side: str, kind: Any, data: st.DataObject
) -> None:
    message = data.draw(values_of(kind))
    plain = untyped(encode(message))
    fields = msgspec.structs.fields(kind)
    tagged = len(plain) - len(fields)
    with_defaults = [field for field in fields if not field.required]
    for count in range(1, len(with_defaults) + 1):
        found = DECODERS[side](raw(plain[: tagged + len(fields) - count]))
        for field in fields[: len(fields) - count]:
            assert getattr(found, field.name) == getattr(message, field.name)
        for field in fields[len(fields) - count :]:
            default = (
                field.default_factory() if field.default is msgspec.NODEFAULT else field.default
            )
            assert getattr(found, field.name) == default
    if len(with_defaults) < len(fields):
        with pytest.raises(RemoteProtocolError):
            DECODERS[side](raw(plain[: tagged + len(fields) - len(with_defaults) - 1]))


def test_an_older_struct_reads_newer_bytes_and_the_reverse() -> None:
    older = msgspec.defstruct(
        "Old", [("name", str), ("at", int, 0)], array_like=True, frozen=True, tag="thing"
    )
    newer = msgspec.defstruct(
        "New", [("name", str), ("at", int, 0), ("why", str, "unsaid")],
        array_like=True, frozen=True, tag="thing",
    )  # fmt: skip
    read_old = msgspec.msgpack.Decoder(older).decode
    read_new = msgspec.msgpack.Decoder(newer).decode
    assert read_old(encode(newer("a", 3, "said"))) == older("a", 3)
    assert read_new(encode(older("a", 3))) == newer("a", 3, "unsaid")


# -- what we may send ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [object(), 2**70, Record(2**70, 0, Pressed("a", "b")), "\ud800", lambda: 0]
)
def test_what_has_no_bytes_is_a_local_protocol_error(value: Any) -> None:
    with pytest.raises(LocalProtocolError, match="cannot be sent"):
        encode(value)


def test_what_has_no_end_is_a_local_protocol_error() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(LocalProtocolError):
        encode(circle)


@pytest.mark.parametrize(
    "message",
    [
        Promise("a" * 65, 0),
        Promise("a", 2**62),
        Record(1, 0, ParamSet("a", "b", float("nan"))),
        Record(1, 0, Heard("a", "x" * 501, (), 0, 0)),
        Record(1, 0, TrackingSample("a", "1", 0, Pose(Vec3(), Quat(2.0, 0.0, 0.0, 0.0)))),
        Hello(1, "", "n", "engine", ("s",) * 17),
    ],
)
def test_what_the_core_would_refuse_is_not_sent(message: Any) -> None:
    with pytest.raises(LocalProtocolError):
        checked(message)


def test_messages_without_fields() -> None:
    assert decode_from_peer(checked(Snapshot())) == Snapshot()
    assert decode_from_peer(checked(Bye())) == Bye()


def test_a_frame_is_only_a_frame() -> None:
    frame = golden_messages()["frame"]
    assert isinstance(decode_frame(encode(frame)), Frame)
    assert decode_from_core(encode(frame)) == frame
    with pytest.raises(RemoteProtocolError):
        decode_frame(encode(Bye()))
