"""The lens of a tracked camera in the frame: zoom and focus from FreeD packets, and its alarms."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.small import shown, small, ticks_at
from xrdrama.show import Production
from xrdrama.show.lenses import lens_alarms, optics_of, settings_of, true_optics_at, view_lens
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage.lenses import Distortion, LensFile, Optics, Setting, load_lens, needed_overscan
from xrdrama.stage.lenses.following import Encoded, Rings, observed, setting_at
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.freed import decoder, encode
from xrdrama.wire.codec import encode as wire_encode
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame, frame_hash

STAGES = Path(__file__).resolve().parents[2] / "examples" / "stages"
FRAME = 10**9 // 24
AT = Pose(Vec3(0.0, -1.0, 1.6))
WIDE, LONG = 2048, 61440


@pytest.fixture(scope="module")
def lens() -> LensFile:
    return load_lens((STAGES / "zoom_24_70.lens.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def production(lens: LensFile) -> Production:
    plain = small()
    assert plain.stage is not None
    camera = msgspec.structs.replace(plain.stage.camera, lens_file=lens)
    camera = msgspec.structs.replace(camera.with_optics(lens.optics(lens.home)), subject="1")
    tracking = msgspec.structs.replace(plain.stage.tracking, latency=0)
    stage = msgspec.structs.replace(plain.stage.with_camera(camera), tracking=tracking)
    return msgspec.structs.replace(plain, stage=stage)


def packet(zoom: float, focus: float = 33800.0, subject: str = "1") -> bytes:
    return encode(TrackingSample("freed", subject, 0, AT, zoom=zoom, focus=focus))


def over_udp(datagrams: list[bytes]) -> list[bytes]:
    """What a socket receives of datagrams that another one sends."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5.0)
        received = []
        for datagram in datagrams:
            sender.sendto(datagram, receiver.getsockname())
            received.append(receiver.recv(2048))
    return received


def frames(production: Production, datagrams: list[bytes], each: int = 1) -> list[Frame]:
    """The frames of a show in which `each` datagrams arrive between two frames."""
    decode = decoder()
    log: list[tuple[int, AnyEvent]] = []
    for number, datagram in enumerate(datagrams):
        at = FRAME * number // each
        log += [(at, sample) for sample in decode.feed(datagram, at)]
    times = [FRAME * number for number in range(1 + len(datagrams) // each)]
    return shown(ticks_at(times, log), production)[1]


def test_zoom_ramped_by_freed_changes_the_projection_on_every_frame(
    production: Production, lens: LensFile
) -> None:
    """48 frames, five real UDP packets in each: the wall's inner frustum narrows in every one."""
    count = 48 * 5
    ramp = [WIDE + (LONG - WIDE) * number / count for number in range(count)]
    made = frames(production, over_udp([packet(zoom) for zoom in ramp]), 5)
    views = [frame.views[0] for frame in made[1:]]
    widths = [view.projection.right - view.projection.left for view in views]
    assert all(later < earlier for earlier, later in itertools.pairwise(widths))
    distortions = {view.lens.radial for view in views if view.lens}
    assert len(distortions) == len(views)  # so do the distortion and the entrance pupil
    assert len({view.pose.position for view in views}) == len(views)
    # By how much: the projection is that of the lens file at the zoom of the frame.
    assert production.stage is not None and lens.zoom is not None
    camera = production.stage.camera
    for number, view in enumerate(views[4:], 5):
        at_frame = WIDE + (LONG - WIDE) * number / 48
        zoom = lens.zoom.meaning(min(at_frame, LONG))[0]
        wanted = lens.optics(Setting(zoom, 0.5)).focal_mm
        assert view.lens is not None and view.lens.focal_mm == pytest.approx(wanted, rel=0.02)
        width = camera.sensor_mm[0] / view.lens.focal_mm * camera.inner.grown[0]
        assert view.projection.right - view.projection.left == pytest.approx(width, rel=1e-6)


def test_a_zoom_that_is_not_followed_does_not_change_it(production: Production) -> None:
    """The control of the test above."""
    made = frames(production, [packet(WIDE)] * 12)
    assert len({frame.views[0].projection for frame in made[1:]}) == 1


def test_focus_alone_changes_the_focal_length(production: Production) -> None:
    near, far = (frames(production, [packet(WIDE, focus)] * 3)[-1] for focus in (1024, 64512))
    assert near.views[0].lens and far.views[0].lens
    assert (near.views[0].lens.focus_m, far.views[0].lens.focus_m) == (0.5, None)
    assert (near.views[0].lens.focal_mm, far.views[0].lens.focal_mm) == (25.1, 24.2)


def codes(frame: Frame) -> set[str]:
    return {alarm.code for alarm in frame.alarms if alarm.code.startswith("lens_")}


def test_values_outside_the_map_raise_an_alarm_until_they_return(production: Production) -> None:
    sent = [packet(WIDE)] * 2 + [packet(LONG + 9)] * 3 + [packet(LONG)] * 2
    made = frames(production, sent)
    assert [codes(frame) - {"lens_overscan"} for frame in made[1:7]] == [
        set(), set(), {"lens_outside_map"}, {"lens_outside_map"}, {"lens_outside_map"}, set(),
    ]  # fmt: skip
    alarm = next(one for one in made[5].alarms if one.code == "lens_outside_map")
    assert "zoom encoder" in alarm.text and "2048 to 61440" in alarm.text
    assert alarm.since == FRAME * 2  # the first such sample
    assert made[5].views[0].lens and made[5].views[0].lens.focal_mm <= 74.6


def test_tracker_without_encoders_raises_an_alarm(production: Production) -> None:
    log: list[tuple[int, AnyEvent]] = [
        (FRAME * n, TrackingSample("other", "1", FRAME * n, AT)) for n in range(3)
    ]
    _, made = shown(ticks_at([0, FRAME, FRAME * 2], log), production)
    assert {"lens_no_encoder"} <= codes(made[-1])
    assert made[-1].views[0].lens and made[-1].views[0].lens.focal_mm == 24.2  # the home setting
    # The control: before the tracker sends there is another alarm, and none about the lens.
    _, silent = shown(ticks_at([0, FRAME], []), production)
    assert codes(silent[-1]) - {"lens_overscan"} == set()


def test_lens_values_in_the_packet_are_used_without_encoders(production: Production) -> None:
    sample = TrackingSample("other", "1", 1, AT, focal_mm=50.0, focus_m=2.0)
    _, made = shown(ticks_at([0, FRAME], [(1, sample)]), production)
    assert codes(made[-1]) - {"lens_overscan"} == set()
    assert made[-1].views[0].lens and made[-1].views[0].lens.focal_mm == 50.8


def test_too_small_an_overscan_raises_an_alarm(production: Production, lens: LensFile) -> None:
    assert production.stage is not None
    camera = production.stage.camera
    wide = view_lens(lens.optics(lens.home), camera.sensor_mm)
    for overscan, is_alarm in ((1.0, True), (1.3, False)):
        inner = msgspec.structs.replace(camera.inner, overscan=overscan)
        one = msgspec.structs.replace(camera, inner=inner)
        found = {alarm.code for alarm in lens_alarms(one, Rings(), wide)}
        assert found == ({"lens_overscan"} if is_alarm else set())


def test_view_without_a_lens_file_has_no_lens() -> None:
    made = frames(small(), [packet(WIDE)] * 2)
    assert made[-1].views[0].lens is None and not codes(made[-1])


def test_take_is_deterministic_and_frames_survive_the_wire(production: Production) -> None:
    sent = [packet(WIDE + 900 * n) for n in range(12)]
    one, other = frames(production, sent), frames(production, sent)
    assert [frame_hash(frame) for frame in one] == [frame_hash(frame) for frame in other]
    again = msgspec.msgpack.decode(wire_encode(one[-1]), type=Frame)
    assert again.views[0].lens == one[-1].views[0].lens


def test_optics_survive_the_frame(lens: LensFile) -> None:
    for point in lens.points:
        carried = optics_of(view_lens(point.optics, (36.0, 20.25)))
        assert carried.distortion == point.optics.distortion  # k3 of 3e-8 is not rounded away
        assert carried.focal_mm == point.optics.focal_mm


@settings(deadline=None, max_examples=100)
@given(st.floats(-1e-3, 1e-3), st.floats(1e-12, 1e-6))
def test_coefficients_keep_twelve_digits(k1: float, k5: float) -> None:
    optics = Optics(30.0, distortion=Distortion(radial=(k1, 0.0, 0.0, 0.0, k5, 0.0)))
    carried = optics_of(view_lens(optics, (36.0, 20.25))).distortion
    assert carried.radial == pytest.approx(optics.distortion.radial, rel=1e-11)


def test_zoom_is_extrapolated_for_a_while_and_then_held(lens: LensFile) -> None:
    rings = Rings()
    for n in range(11):  # 2000 counts in each 10 ms
        rings = observed(rings, lens, n * 10**7, Encoded(2048 + 2000 * n), Encoded(33800))
    assert lens.zoom is not None
    speed = (
        setting_at(rings, lens, 12 * 10**7, 10**8).zoom
        - setting_at(rings, lens, 11 * 10**7, 10**8).zoom
    )
    assert speed == pytest.approx((lens.zoom.meaning(22048)[0] - 24.0) / 10, rel=1e-6)
    held = setting_at(rings, lens, 20 * 10**7, 10**8)
    assert setting_at(rings, lens, 90 * 10**7, 10**8) == held
    old = observed(rings, lens, 5 * 10**7, Encoded(0), Encoded(0))
    assert old == rings  # reordered


def test_true_optics_are_interpolated_in_a_take(production: Production, lens: LensFile) -> None:
    assert production.stage is not None
    samples = [
        TrackingSample("freed", "1", FRAME * n, AT, zoom=WIDE + 19352.0 * n, focus=33800.0)
        for n in range(2)
    ]
    known = settings_of(samples, production.stage, production.stage.camera)
    middle = true_optics_at(production.stage.camera, known, FRAME // 2)
    assert middle is not None
    assert middle.focal_mm == pytest.approx((24.5 + 35.6) / 2, rel=1e-3)
    assert needed_overscan(middle, (36.0, 20.25)) > 1.0
