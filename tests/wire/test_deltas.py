"""Deltas: exact, or a whole frame is asked for; never a wrong frame."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.values import values_of
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.codec import decode_frame, decode_from_core, encode
from xrdrama.wire.deltas import KEYFRAME_EVERY, MOST_WAITING, Follower, Sender, apply, changes
from xrdrama.wire.frame import Caption, Frame
from xrdrama.wire.messages import Delta, Keyframe

FRAMES = values_of(Frame)


def frame(number: int, **more: Any) -> Frame:
    others = {f"lantern {n}": 0.5 for n in range(20)}
    params = more.pop("params", {"fog": number / 100, "rain": 1.0, **others})
    return Frame(FrameTime.of(number, FrameRate(24)), "gate", "lane", params, **more)


def lane(count: int, epoch: int = 7) -> tuple[list[bytes], list[bytes]]:
    """Frames that change here and there, and the messages of the lane for them."""
    sender = Sender(epoch)
    captions = (Caption("line.1", "lan", {"en": "It is late, and the lanterns are lit."}),)
    frames = [
        encode(
            frame(n, captions=captions if n % 30 < 15 else (), slate="12A" if n % 50 > 25 else "")
        )
        for n in range(1, count + 1)
    ]
    return frames, [sender.next(each) for each in frames]


def applied(before: bytes, after: bytes) -> bytes | None:
    """`after`, made from `before` and what changed; None where a whole frame is sent."""
    found = changes(before, after)
    if found is None:
        return None
    said = msgspec.msgpack.decode(msgspec.msgpack.encode([found.now, found.gone]))
    tree = msgspec.msgpack.decode(before)
    apply(tree, *said)
    return encode(tree)


# -- laws ---------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)  # a frame of every type takes long to make
@given(FRAMES, FRAMES)
def test_what_changed_gives_exactly_the_new_frame(one: Frame, other: Frame) -> None:
    assert applied(encode(one), encode(other)) in (encode(other), None)


@settings(max_examples=20, deadline=None)  # a frame of every type takes long to make
@given(FRAMES, FRAMES, st.sets(st.sampled_from(Frame.__struct_fields__)))
def test_some_fields_changed(one: Frame, other: Frame, fields: set[str]) -> None:
    mixed = msgspec.structs.replace(one, **{name: getattr(other, name) for name in fields})
    assert applied(encode(one), encode(mixed)) in (encode(mixed), None)


PARAMS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1e9, 1e9) | st.text(max_size=3))


@given(PARAMS, PARAMS)
def test_parameters_come_change_and_go(before: dict[str, Any], after: dict[str, Any]) -> None:
    long = dict.fromkeys((f"parameter {n}" for n in range(30)), 0.5)
    one, other = (encode(frame(1, params={**long, **params})) for params in (before, after))
    assert applied(one, other) == other
    found = changes(one, other)
    assert found is not None
    assert {path[0] for path, _ in found.now} | {path[0] for path in found.gone} <= {4}


@pytest.mark.parametrize(("one", "other"), [(1.0, -0.0), (0.0, -0.0), (1, 1.0), (True, 1)])
def test_values_that_are_equal_and_not_the_same(one: Any, other: Any) -> None:
    before, after = (encode([*range(100), {"x": value}]) for value in (one, other))
    found = changes(before, after)
    assert found is not None and len(found.now) == 1
    assert applied(before, after) == after != before


def test_the_same_frame_has_no_changes() -> None:
    found = changes(encode(frame(1)), encode(frame(1)))
    assert found is not None and not found.now and not found.gone


def test_a_cut_is_sent_whole() -> None:
    assert changes(encode(frame(1)), encode([1, 2, 3])) is None
    assert changes(encode(["frame", *range(40)]), encode(["frame", *range(40, 80)])) is None


def test_a_delta_is_small_and_fits_the_schema() -> None:
    frames, messages = lane(40)
    kinds = [type(decode_from_core(data)) for data in messages]
    assert kinds[0] is Keyframe and set(kinds[1:]) == {Delta}
    assert sum(map(len, messages[1:])) < 0.5 * sum(map(len, frames[1:]))
    delta = decode_from_core(messages[5])
    assert isinstance(delta, Delta)
    assert (delta.epoch, delta.number, delta.after) == (7, 6, 5)
    assert ((4, "fog"), 0.06) in delta.now and delta.check == zlib.crc32(frames[5])


# -- following ----------------------------------------------------------------------------------


def test_a_follower_has_every_frame() -> None:
    frames, messages = lane(2 * KEYFRAME_EVERY + 10)
    follower = Follower()
    got = [encode(each) for data in messages for each in follower.take(data)]
    assert got == frames and not follower.lost and follower.gaps == follower.bad == 0
    whole = [n for n, data in enumerate(messages) if isinstance(decode_from_core(data), Keyframe)]
    assert whole == [0, KEYFRAME_EVERY, 2 * KEYFRAME_EVERY]


def test_a_gap_needs_a_keyframe_and_then_nothing_is_missing() -> None:
    frames, messages = lane(20)
    follower = Follower()
    for data in messages[:5]:
        follower.take(data)
    assert follower.take(messages[6]) == [] and follower.lost and follower.gaps == 1
    assert follower.take(messages[7]) == [] and follower.gaps == 1, "one gap, counted once"
    sender = Sender(7)
    for data in frames[:7]:
        sender.skip(data)
    got = [encode(each) for each in follower.take(sender.keyframe())]
    assert got == frames[6:8] and not follower.lost, "what came meanwhile follows"
    assert [encode(each) for each in follower.take(messages[8])] == [frames[8]]


def test_a_keyframe_that_is_too_old_does_not_help() -> None:
    frames, messages = lane(20)
    follower = Follower()
    follower.take(messages[0])
    follower.take(messages[10])
    sender = Sender(7)
    for data in frames[:5]:
        sender.skip(data)
    assert [encode(each) for each in follower.take(sender.keyframe())] == [frames[4]]
    assert follower.lost, "frames 6 to 10 are missing still"


def test_another_run_is_never_mixed_in() -> None:
    _, old = lane(20, epoch=7)
    frames, new = lane(20, epoch=8)
    follower = Follower()
    follower.take(old[0])
    assert follower.take(new[1]) == [] and follower.lost, "a delta of another run"
    assert [encode(each) for each in follower.take(new[0])] == [frames[0]]
    assert follower.take(old[2]) == [] and follower.lost
    assert follower.take(old[0]) == [], "a run that is over"
    follower.reset(7)  # a core whose clock went back says hello
    assert follower.take(old[0]) and follower.epoch == 7


def test_waiting_deltas_are_bounded() -> None:
    _, messages = lane(MOST_WAITING + 60)
    deltas = [data for data in messages if isinstance(decode_from_core(data), Delta)]
    follower = Follower()
    follower.reset(7)
    for data in deltas:
        follower.take(data)
    assert len(follower._waiting) <= MOST_WAITING


def test_a_delta_that_gives_another_frame_is_refused() -> None:
    """As after a fault of memory: the sums differ."""
    _, messages = lane(5)
    follower = Follower()
    follower.take(messages[0])
    follower._tree[4]["rain"] = 0.5
    assert follower.take(messages[1]) == [] and follower.lost and follower.bad == 1
    assert follower.take(messages[2]) == [], "and nothing is applied to it any more"


def bad_messages(delta: bytes) -> Iterator[Any]:
    tag, epoch, number, after, check, now, gone = msgspec.msgpack.decode(delta)
    yield from ([], [tag], [tag, epoch], {"a": 1}, None, 7, "delta", ["frame", epoch, number])
    yield from ([tag, epoch, number, after, check], [tag, epoch, number, number, check, now, gone])
    yield [tag, epoch, number, after, check + 1, now, gone]
    yield [tag, epoch, number, -1, check, now, gone]
    yield [tag, epoch, number, True, check, now, gone]
    yield [tag, epoch, 2**60, after, check, now, gone]
    for path in (
        [],
        [0],
        [99],
        [-1, 0],
        [4],
        [4, "fog", 0],
        ["x"],
        [None],
        [4, 7],
        [4, ["fog"]],
        3,
    ):
        yield [tag, epoch, number, after, check, [[path, 1]], []]
        yield [tag, epoch, number, after, check, [], [path]]
    yield [tag, epoch, number, after, check, [[[4, "fog"]]], []]
    yield [tag, epoch, number, after, check, [[[4, "fog"], "x" * 2_000_000]], []]
    yield ["keyframe", epoch, number, []]
    yield ["keyframe", epoch, number, ["frame", 1]]
    yield ["keyframe", epoch, "1", []]


def test_garbage_asks_for_a_whole_frame() -> None:
    frames, messages = lane(4)
    for said in bad_messages(messages[1]):
        follower = Follower()
        follower.take(messages[0])
        got = follower.take(msgspec.msgpack.encode(said))
        assert got == [] and follower.lost and follower.bad == 1, said
        assert follower.take(messages[0]) != [] or follower.number == 1
        assert not follower.lost
        assert [encode(each) for each in follower.take(messages[1])] == [frames[1]]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_messages_never_give_a_wrong_frame(data: st.DataObject) -> None:
    frames, messages = lane(6)
    follower = Follower()
    follower.take(messages[0])
    damaged = bytearray(messages[data.draw(st.integers(1, 2))])
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    said = bytes(damaged[: data.draw(st.integers(0, len(damaged)))]) or b"\xc1"
    for message in (said, *messages[1:]):
        for each in follower.take(message):
            assert encode(each) in frames


@given(st.binary(max_size=60))
def test_any_bytes_are_survived(data: bytes) -> None:
    follower = Follower()
    assert follower.take(data) == [] and follower.lost


@pytest.mark.parametrize("loss", [0.01, 0.1, 0.3])
def test_a_lane_that_loses_doubles_and_reorders_converges(loss: float) -> None:
    """Every frame that is shown is one of the core's, in order; at the end it is the newest."""
    chance = random.Random(f"{loss}")
    frames, messages = lane(600)
    sender, follower = Sender(7), Follower()
    shown: list[bytes] = []
    late: list[tuple[int, bytes]] = []
    asked = 0
    for number, (data, message) in enumerate(zip(frames, messages, strict=True)):
        sender.skip(data)
        delivered = [] if chance.random() < loss else [message]
        if chance.random() < loss:
            delivered.append(message)
        if chance.random() < loss and delivered:
            late.append((number + chance.randrange(1, 5), delivered.pop()))
        delivered += [each for at, each in late if at == number]
        for each in delivered:
            shown += [encode(one) for one in follower.take(each)]
        if follower.lost and number % 4 == 0:  # the answer takes a while
            asked += 1
            shown += [encode(one) for one in follower.take(sender.keyframe())]
    shown += [encode(one) for one in follower.take(sender.keyframe())]
    assert shown[-1] == frames[-1] and not follower.lost
    places = [decode_frame(each).number for each in shown]
    assert places == sorted(set(places)) and set(shown) <= set(frames)
    assert asked > 0 and len(shown) > 0.4 * len(frames)
