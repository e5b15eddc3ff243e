"""The hash of a frame: equal for equal values, different for a ten-millionth of a millimetre."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.wire.values import leaves, replaced, values_of
from xrdrama.show.production import view_of
from xrdrama.spatial import Pose, Quat, Vec3, settle
from xrdrama.stage import Frustum
from xrdrama.tools.schemas import golden_messages
from xrdrama.wire.codec import decode_frame, encode
from xrdrama.wire.frame import Frame, frame_hash, hash_of

GOLDEN: Frame = golden_messages()["frame"]


def changed(path: tuple[int | str, ...], value: Any) -> Frame:
    plain = msgspec.msgpack.decode(encode(GOLDEN))
    return decode_frame(msgspec.msgpack.encode(replaced(plain, path, value)))


def floats() -> list[tuple[int | str, ...]]:
    plain = msgspec.msgpack.decode(encode(GOLDEN))
    return [path for path, leaf in leaves(plain) if isinstance(leaf, float)]


def test_the_golden_frame_has_a_float_of_every_sort() -> None:
    assert len(floats()) >= 30


@pytest.mark.parametrize("path", floats(), ids=lambda path: ".".join(map(str, path)))
def test_any_float_that_differs_by_1e_8_changes_the_hash(path: tuple[int | str, ...]) -> None:
    plain = msgspec.msgpack.decode(encode(GOLDEN))
    value = next(leaf for where, leaf in leaves(plain) if where == path)
    step = 1e-8 if value < 1.0 else -1e-8  # a ratio stays one
    assert frame_hash(changed(path, value + step)) != frame_hash(GOLDEN)
    assert frame_hash(changed(path, value)) == frame_hash(GOLDEN)


@pytest.mark.parametrize("off", [1e-10, -1e-10, 9e-11, 1e-12])
def test_a_view_that_differs_by_less_than_1e_10_is_the_same(off: float) -> None:
    """Floats are settled where a frame is built: what arithmetic of another machine may differ."""

    def frame(by: float) -> Frame:
        pose = Pose(Vec3(1.25 + by, -2.5 + by, 0.0 + by), Quat(0.6 + by, 0.0 + by, 0.8 + by, by))
        frustum = Frustum(pose, -0.5 + by, 0.5 + by, -0.25 + by, 0.25 + by, 0.1, 500.0)
        return msgspec.structs.replace(GOLDEN, views=(view_of("inner", "inner", frustum, 1.2),))

    assert frame_hash(frame(off)) == frame_hash(frame(0.0))
    assert frame_hash(frame(1e-8)) != frame_hash(frame(0.0))


@given(values_of(Frame))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_maps_does_not_matter(frame: Frame) -> None:
    turned = msgspec.structs.replace(
        frame,
        params=dict(reversed(frame.params.items())),
        captions=tuple(
            msgspec.structs.replace(caption, texts=dict(reversed(caption.texts.items())))
            for caption in frame.captions
        ),
    )
    assert frame_hash(turned) == frame_hash(frame)
    assert frame_hash(decode_frame(encode(frame))) == frame_hash(frame)
    assert hash_of(encode(frame)) == frame_hash(frame)
    assert len(frame_hash(frame)) == 16


@given(values_of(Frame), values_of(Frame))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_different_frames_have_different_hashes(one: Frame, other: Frame) -> None:
    assert (frame_hash(one) == frame_hash(other)) == (encode(one) == encode(other))


def test_zero_has_one_sign() -> None:
    one = msgspec.structs.replace(GOLDEN, params={"fog": settle(-0.0)})
    other = msgspec.structs.replace(GOLDEN, params={"fog": 0.0})
    assert frame_hash(one) == frame_hash(other)


def test_a_frame_knows_its_number() -> None:
    assert GOLDEN.number == GOLDEN.time.number == 1800
