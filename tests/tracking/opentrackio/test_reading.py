"""What an OpenTrackIO sample means: poses, chains of transforms, lens, time, static blocks."""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.opentrackio.packets import (
    PUBLISHED,
    dynamic,
    full,
    packet,
    text_of,
    urn,
    without,
)
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import decode_datagram
from xrdrama.tracking.opentrackio import Decoder
from xrdrama.tracking.opentrackio.decoding import MOST_SOURCES
from xrdrama.tracking.sample import Distortion, LensReading

law = settings(deadline=None, max_examples=150)


def fed(sample: Any, decoder: Decoder | None = None) -> TrackingSample:
    found = decode_datagram(decoder or Decoder(), packet(text_of(sample)), at=5)
    assert found.error == "" and found.faults == ()
    return found.samples[0]


def link(
    x: float = 0.0, y: float = 0.0, z: float = 0.0, pan: float = 0.0, tilt: float = 0.0,
    roll: float = 0.0, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    rotation = {"pan": pan, "tilt": tilt, "roll": roll}
    return {"translation": {"x": x, "y": y, "z": z}, "rotation": rotation, **more}


def test_every_field_of_a_full_sample() -> None:
    found = fed(full())
    assert found == TrackingSample(
        "opentrackio",
        "7",
        5,
        Pose(Vec3(1.5, -2.25, 1.625), Quat.from_angles(pan=10.0, tilt=-5.0, roll=2.0)),
        zoom=3000.0,
        focus=1000.0,
        iris=2000.0,
        timecode="23:59:58:22",
        sequence=42,
        angles=(10.0, -5.0, 2.0),
        taken=1_718_806_554_000_000_007,
        encoders=(0.3, 0.1, 0.2),
        focal_mm=24.305,
        focus_m=10.0,
        f_number=4.0,
        status="Good",
        lens=LensReading(
            0.123,
            (Distortion((0.1, -0.2, 0.3), (0.01, 0.02), "Brown-Conrady U-D", 1.1),),
            (0.1, -0.1),
            (0.2, -0.2),
            4.1,
            (3000.0, 1000.0, 2000.0),
            (1.0, 2.0, 3.0),
            (36.0, 24.0),
            (3840, 2160),
            (2, 1),
            35.0,
        ),
        timecode_rate=(24_000, 1001),
    )


# Where the camera looks, and which way is up in its picture, from sines alone.
def test_pan_is_positive_to_the_left_tilt_up_roll_clockwise() -> None:
    s, c = sin(radians(10)), cos(radians(10))
    looks, up = Vec3(0, 1, 0), Vec3(0, 0, 1)
    panned = fed(dynamic(transforms=[link(pan=10)])).pose.rotation.rotate(looks)
    assert (panned - Vec3(-s, c, 0)).length() < 1e-12
    tilted = fed(dynamic(transforms=[link(tilt=10)])).pose.rotation.rotate(looks)
    assert (tilted - Vec3(0, c, s)).length() < 1e-12
    rolled = fed(dynamic(transforms=[link(roll=10)])).pose.rotation.rotate(up)
    assert (rolled - Vec3(s, 0, c)).length() < 1e-12


def test_order_of_angles_is_pan_then_tilt_then_roll() -> None:
    chain = [link(pan=30), link(tilt=20), link(roll=10)]
    one = fed(dynamic(transforms=[link(pan=30, tilt=20, roll=10)]))
    assert one.pose.rotation.angle_to(fed(dynamic(transforms=chain)).pose.rotation) < 1e-12
    wrong = fed(dynamic(transforms=chain[::-1])).pose.rotation
    assert one.pose.rotation.angle_to(wrong) > 0.01, "the control: the reverse order differs"


def test_a_chain_of_a_dolly_a_crane_and_a_head() -> None:
    """Dolly 2 m to the right, turned left by 90 degrees; 3 m of arm along its own Y; 1 m up."""
    chain = [link(x=2, pan=90, id="dolly"), link(y=3, id="arm"), link(z=1, tilt=30, id="head")]
    found = fed(dynamic(transforms=chain))
    assert (found.pose.position - Vec3(-1, 0, 1)).length() < 1e-12
    looks = found.pose.rotation.rotate(Vec3(0, 1, 0))
    assert (looks - Vec3(-cos(radians(30)), 0, sin(radians(30)))).length() < 1e-12
    assert found.angles is None and found.pan_tilt_roll() == pytest.approx((90, 30, 0))


numbers = st.floats(-50, 50)


@law
@given(st.lists(st.tuples(*[numbers] * 6), min_size=1, max_size=5))
def test_a_chain_is_the_product_of_its_links(links: list[tuple[float, ...]]) -> None:
    found = fed(dynamic(transforms=[link(*one) for one in links])).pose
    expected = Pose()
    for x, y, z, pan, tilt, roll in links:
        turn = Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
        expected = expected * Pose(Vec3(x, y, z), turn)
    assert (found.position - expected.position).length() < 1e-9
    assert found.rotation.angle_to(expected.rotation) < 1e-7


def test_a_scale_applies_to_what_follows_it() -> None:
    chain = [link(x=1, pan=90, scale={"x": 2.0, "y": 3.0}), link(x=1, y=1, z=1)]
    found = fed(dynamic(transforms=chain))
    assert (found.pose.position - Vec3(1 - 3, 2, 1)).length() < 1e-12


def test_angles_are_kept_as_sent() -> None:
    assert fed(dynamic(transforms=[link(pan=725, tilt=120, roll=-300)])).angles == (725, 120, -300)


def test_encoders_from_0_to_1_are_used_where_there_are_no_counts() -> None:
    shares = {"encoders": {"zoom": 0.25, "focus": 0.5}, "rawEncoders": {"focus": 900}}
    found = fed(dynamic(lens=shares))
    assert (found.zoom, found.focus, found.iris) == (0.25, 900.0, None)
    assert found.encoders == (0.25, 0.5, None)
    assert found.lens is not None and found.lens.raw_encoders == (None, 900.0, None)


def test_the_model_of_a_distortion_has_a_default() -> None:
    found = fed(dynamic(lens={"distortion": [{"radial": [0.5]}]}))
    assert found.lens is not None
    assert found.lens.distortion == (Distortion((0.5,), (), "Brown-Conrady D-U", None),)


def test_what_a_packet_lacks_is_absent() -> None:
    found = fed(without(dynamic(), ("timing",)))
    assert (found.timecode, found.sequence, found.taken, found.lens) == (None,) * 4
    assert (found.zoom, found.focus, found.iris, found.encoders, found.status) == (None,) * 5


def static(**camera: Any) -> dict[str, Any]:
    return {"camera": {"activeSensorPhysicalDimensions": {"width": 36.0, "height": 24.0}, **camera}}


def test_the_static_block_is_remembered_and_merged_for_each_source() -> None:
    decoder = Decoder()
    assert fed(dynamic(), decoder).lens is None
    fed(dynamic(static=static()), decoder)
    later = fed(dynamic(sampleId=urn(9)), decoder)
    assert later.lens is not None and later.lens.sensor_mm == (36.0, 24.0)
    resolution = {"camera": {"activeSensorResolution": {"width": 1920, "height": 1080}}}
    more = fed(dynamic(static=resolution), decoder)
    assert more.lens is not None
    assert (more.lens.sensor_mm, more.lens.sensor_px) == ((36.0, 24.0), (1920, 1080))
    assert fed(dynamic(sourceNumber=8), decoder).lens is None, "another camera"
    assert fed(dynamic(sourceId=urn(5)), decoder).lens is None, "another source"


def test_good_parts_of_a_bad_static_block_are_remembered() -> None:
    decoder = Decoder()
    found = decode_datagram(decoder, packet(text_of(dynamic(static=static(make="", iso=1)))))
    assert [fault.path for fault in found.faults] == ["$.static.camera", "$.static.camera.make"]
    lens = fed(dynamic(sampleId=urn(9)), decoder).lens
    assert lens is not None and lens.sensor_mm == (36.0, 24.0)


def test_remembered_sources_are_bounded() -> None:
    decoder = Decoder()
    for number in range(3 * MOST_SOURCES):
        fed(dynamic(static=static(), sourceId=urn(number)), decoder)
    assert len(decoder._statics) == MOST_SOURCES


def test_published_examples_have_no_faults() -> None:
    """An extra check where shared/vectors is present."""
    for file in sorted(PUBLISHED.glob("*example.json")) if PUBLISHED else []:
        found = decode_datagram(Decoder(), packet(file.read_bytes()))
        assert found.faults == () and found.error == "", file
        (sample,) = found.samples
        assert sample.pose.position == Vec3(1.0, 2.0, 3.0) and sample.angles == (180.0, 90.0, 45.0)
        assert (sample.focal_mm, sample.focus_m, sample.f_number) == (24.305, 10.0, 4.0)
        assert sample.timecode == "01:02:03:04" and sample.status == "Optical Good"


def test_a_camera_may_be_named_by_its_label() -> None:
    decoder = Decoder()
    fed(dynamic(static=static(label="A")), decoder)
    assert decoder.aliases == {"7": "A"}


def test_what_was_not_used_is_counted() -> None:
    decoder = Decoder()
    for sample in (without(dynamic(), ("transforms",)), dynamic(lens={"fStop": "4"})):
        decode_datagram(decoder, packet(text_of(sample)))
        decode_datagram(decoder, packet(text_of(sample)))
    counted = {name: count for name, count in decoder.counts.items() if count}
    assert counted == {
        "duplicate datagrams": 2, "samples without a pose": 1, "samples with faults": 1
    }  # fmt: skip
