"""FreeD over real UDP loopback: stamped on arrival, counted whatever it is, never an exception."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import isfinite
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from tests.show.small import played, small
from tests.waiting import wait_until
from xrdrama.adapters.trackers.operator import Operator, Settings, monotonic_since_now, open
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.errors import AuthoringError, DeviceError, LocalProtocolError, UsageError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.moves import load_move
from xrdrama.wire.events import AnyEvent

MOVE = (Path(__file__).parents[3] / "examples" / "stages" / "demo.move.yaml").read_text("utf-8")
MS = 1_000_000


def packet(pan: float = 10.0, subject: str = "7", x: float = 1.5) -> bytes:
    pose = Pose(Vec3(x, -2.25, 1.625), Quat.from_angles(pan=pan, tilt=-3.5))
    return freed.encode(TrackingSample("t", subject, 0, pose, zoom=4660.0, focus=255.0))


class Ear:
    """A tracker that is listened to, and a socket to send it anything."""

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self.samples: list[TrackingSample] = []
        self.reasons: list[str] = []
        self.tracker = UdpTracker(
            freed,
            "127.0.0.1",
            0,
            clock=clock,
            on_sample=self.samples.append,
            on_bad=self.reasons.append,
        )
        self.mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.mouth.sendto(datagram, self.tracker.address)

    @property
    def count(self) -> int:
        """Packets that were passed on, good and bad; they were counted before that."""
        return len(self.samples) + len(self.reasons)

    def close(self) -> None:
        self.tracker.close()
        self.mouth.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    with no_thread_left("tracker"):
        made = Ear()
        yield made
        made.close()


class Lockstep:
    """A clock of our own for an operator and its ear: it advances when everything that was sent has
    arrived.

    So nothing is late and the kernel drops nothing, however busy the machine is. It is the
    operator's `stop`, too.
    """

    def __init__(self, rate: float, subject: str = "1") -> None:
        self.ear = Ear(self.now)
        to = f"127.0.0.1:{self.ear.tracker.address[1]}"
        settings = Settings(MOVE, rate=rate, to=to, seconds=1.0, subject=subject)
        self.operator = Operator("operator", load_move(MOVE), settings, freed)
        self.at = 0

    def now(self) -> int:
        return self.at

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float | None = None) -> bool:
        wait_until(lambda: self.ear.count == self.operator.sent, every=0.001)
        self.at += round((seconds or 0.0) * NS)
        return False

    def play(self) -> Ear:
        """The whole second, and what was received in it."""
        try:
            self.operator.send(self, self.now)
            self.wait()
        finally:
            self.ear.close()
        return self.ear


# -- arrival ------------------------------------------------------------------------------------


def test_a_packet_is_stamped_with_its_arrival(ear: Ear) -> None:
    for number in range(20):
        before = time.monotonic_ns()
        ear.send(packet(pan=float(number)))
        wait_until(lambda: len(ear.samples) == number + 1)  # noqa: B023
        assert before <= ear.samples[-1].at <= time.monotonic_ns()
    pans = [sample.pan_tilt_roll()[0] for sample in ear.samples]
    assert pans == pytest.approx([float(n) for n in range(20)], abs=1 / 32768)
    assert {(s.source, s.subject) for s in ear.samples} == {("freed", "7")}


def test_samples_have_the_time_of_the_given_clock() -> None:
    ear = Ear(clock=lambda: 77)
    ear.send(packet())
    wait_until(lambda: ear.samples)
    assert ear.samples[0].at == 77
    ear.close()


# -- counters -----------------------------------------------------------------------------------

BAD = {
    "checksum": packet()[:-1] + bytes([packet()[-1] ^ 1]),
    "type D2": b"\xd2" + packet()[1:-1] + bytes([(packet()[-1] - 1) % 256]),
    "truncated": packet()[:-1],
    "empty": b"",
    "a byte": b"\xd1",
    "as large as a datagram can be": b"\xd1" * 65_507,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_packet_is_counted_with_its_reason(name: str, ear: Ear) -> None:
    ear.send(packet(), BAD[name], packet(11.0))
    wait_until(lambda: ear.count == 3)
    report = ear.tracker.health()
    assert (report.samples, report.bad, len(ear.samples)) == (2, 1, 2)
    assert sum(report.bad_reasons.values()) == 1 and ear.reasons == list(report.bad_reasons)
    assert ear.reasons[0].startswith("FreeD")
    if name == "checksum":
        assert report.bad_reasons == {"FreeD checksum mismatch": 1}


def test_padding_and_several_messages_in_a_datagram_are_read_and_counted(ear: Ear) -> None:
    ear.send(packet() + bytes(3), packet(11.0) + b"\r\n", packet(12.0) + packet(13.0, "8"))
    wait_until(lambda: ear.count == 4)
    report = ear.tracker.health()
    assert (report.samples, report.bad, report.padded) == (4, 0, 2)
    assert {name: one.samples for name, one in report.subjects.items()} == {"7": 3, "8": 1}


def test_each_subject_has_its_own_rate_and_jumps() -> None:
    now = [0]
    ear = Ear(clock=lambda: now[0])
    for number in range(50):
        now[0] = number * 20 * MS
        ear.send(packet(subject="1"), packet(subject="2", x=4.0 if number == 20 else 1.5))
        wait_until(lambda: ear.count == 2 * number + 2)  # noqa: B023
    report = ear.tracker.health()
    ear.close()
    assert list(report.subjects) == ["1", "2"]
    assert [one.rate for one in report.subjects.values()] == pytest.approx([50.0, 50.0])
    assert [report.of(name).jumps for name in ("1", "2", "3")] == [0, 1, 0]
    assert report.jumps == 1


def test_faults_of_the_decoder_and_of_who_takes_samples_are_counted() -> None:
    class Protocol:
        def decoder(self) -> Protocol:
            return self

        def feed(self, datagram: bytes, at: int) -> list[TrackingSample]:
            if datagram == b"fault":
                raise ZeroDivisionError("in the decoder")
            return list(freed.decoder().feed(datagram, at))

        def encode(self, sample: TrackingSample) -> bytes:
            return freed.encode(sample)

    def taken(sample: TrackingSample) -> None:
        if sample.subject == "8":
            raise KeyError("in the show")

    reasons: list[str] = []
    with no_thread_left("tracker"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        tracker = UdpTracker(Protocol(), "127.0.0.1", 0, on_sample=taken, on_bad=reasons.append)
        for datagram in (b"fault", packet(subject="8"), packet()):
            mouth.sendto(datagram, tracker.address)
        wait_until(lambda: len(reasons) == 2 and tracker.health().of("7").samples == 1)
        tracker.close()
    assert "ZeroDivisionError: in the decoder" in reasons[0] and "KeyError" in reasons[1]
    assert tracker.lost == ""


def test_a_socket_that_fails_is_reported_as_lost() -> None:
    lost: list[str] = []
    tracker = UdpTracker(freed, "127.0.0.1", 0, on_sample=lambda sample: None, on_lost=lost.append)
    where = tracker.where
    tracker._socket.close()
    wait_until(lambda: lost)
    tracker.close()
    assert lost == [tracker.lost] and where in lost[0]


# -- multicast ----------------------------------------------------------------------------------

GROUP = "239.135.1.77"


def send_to_group(datagram: bytes, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        on_loopback = socket.inet_aton("127.0.0.1")
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, on_loopback)
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
        mouth.sendto(datagram, (GROUP, port))


@pytest.mark.parametrize("interface", ["", "lo", "127.0.0.1"])
def test_a_multicast_group_is_joined(interface: str) -> None:
    samples: list[TrackingSample] = []
    tracker = UdpTracker(freed, GROUP, 0, interface=interface, on_sample=samples.append)
    port = tracker.address[1]

    def received() -> bool:
        send_to_group(packet(), port)
        return bool(samples)

    wait_until(received)
    tracker.close()
    assert tracker.where.startswith(f"multicast group {GROUP}:{port} on ")
    assert ("lo" in tracker.where.rpartition(" on ")[2].split(", ")) and samples[0].subject == "7"


def test_an_interface_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(DeviceError, match="no network interface 'studio9'") as caught:
        UdpTracker(freed, GROUP, 0, interface="studio9", on_sample=lambda sample: None)
    assert "lo (127.0.0.1)" in caught.value.remedy


def test_duplicates_are_counted_and_passed_on(ear: Ear) -> None:
    """A tracker that stands still sends equal packets; they are alive all the same."""
    ear.send(*[packet()] * 5, packet(11.0))
    wait_until(lambda: ear.count == 6)
    assert ear.tracker.health().duplicates == 4 and len(ear.samples) == 6


def test_rate_gap_and_silence() -> None:
    """On a clock of our own, so that the figures are exact however busy the machine is."""
    now = [0]
    ear = Ear(clock=lambda: now[0])

    def send(at: int) -> None:
        now[0] = at
        count = ear.count
        ear.send(packet(pan=at / NS))
        wait_until(lambda: ear.count == count + 1)

    for number in range(61):
        send(number * NS // 60)
    report = ear.tracker.health()
    assert report.rate == pytest.approx(60.0, abs=0.01) and report.jitter < 1e-6
    assert (report.gaps, report.silence) == (0, 0.0)
    send(NS + 80 * MS)
    report = ear.tracker.health()
    assert report.gaps == 1 and report.longest_gap == pytest.approx(0.08)
    now[0] = NS + 580 * MS
    report = ear.tracker.health()
    assert report.gaps == 2 and report.silence == pytest.approx(0.5)
    ear.close()


def test_the_rate_is_what_is_sent() -> None:
    report = Lockstep(120.0).play().tracker.health()
    assert (report.samples, report.bad, report.gaps) == (120, 0, 0)
    assert report.rate == pytest.approx(120.0, abs=0.01)


def test_live_the_operator_sends_no_faster_than_its_move(ear: Ear) -> None:
    settings = Settings(MOVE, rate=60.0, to=f"127.0.0.1:{ear.tracker.address[1]}", seconds=0.5)
    began = time.monotonic()
    operator = Operator("operator", load_move(MOVE), settings, freed)
    operator.send(threading.Event(), monotonic_since_now())
    assert time.monotonic() - began >= 29 / 60
    wait_until(lambda: ear.count == operator.sent == 30)


# -- what nobody should send --------------------------------------------------------------------


def fuzz(ear: Ear, count: int, seed: int) -> None:
    """Random, cut, mutated and right packets: each is counted, and those that pass are sane."""
    chance = random.Random(seed)
    sent = right = 0
    while sent < count:
        batch = []
        for _ in range(min(100, count - sent)):
            kind = chance.random()
            body = b"\xd1" + chance.randbytes(27)
            if kind < 0.3:
                batch.append(chance.randbytes(chance.randrange(29)))
            elif kind < 0.5:
                batch.append(body + chance.randbytes(1))
            elif kind < 0.7:
                batch.append((body + bytes([freed.checksum(body)]))[: chance.randrange(30)])
            else:
                batch.append(body + bytes([freed.checksum(body)]))
                right += 1
        ear.send(*batch)
        sent += len(batch)
        # The kernel drops what a socket has no room for: wait for it.
        wait_until(lambda: ear.count == sent, every=0.001)  # noqa: B023
    report = ear.tracker.health()
    assert report.samples + report.bad == count
    assert right <= report.samples <= right + count * 0.25  # by luck some checksums are right
    assert len(report.bad_reasons) <= 20
    for sample in ear.samples:
        position, rotation = sample.pose.position, sample.pose.rotation
        assert isfinite(position.length()) and position.length() < 250.0
        assert abs(rotation.norm() - 1.0) < 1e-9
    ear.send(packet())
    wait_until(lambda: ear.count == count + 1)
    assert ear.samples[-1].subject == "7"


def test_twenty_thousand_fuzzed_packets(ear: Ear) -> None:
    fuzz(ear, 20_000, 1)


@pytest.mark.soak
def test_a_million_fuzzed_packets(ear: Ear) -> None:
    for seed in range(50):
        fuzz_ear = Ear()
        fuzz(fuzz_ear, 20_000, seed + 2)
        fuzz_ear.close()


@pytest.mark.parametrize("not_a_number", [float("nan"), float("inf"), -float("inf")])
def test_freed_cannot_say_what_is_no_number(not_a_number: float) -> None:
    for pose in (
        Pose(Vec3(not_a_number, 0.0, 0.0)),
        Pose(Vec3(), Quat(1.0, not_a_number, 0.0, 0.0)),
    ):
        with pytest.raises(LocalProtocolError):
            freed.encode(TrackingSample("t", "7", 0, pose))
    with pytest.raises(LocalProtocolError):
        freed.encode(TrackingSample("t", "7", 0, Pose(), zoom=not_a_number))


# -- the port -----------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_named_with_a_remedy(ear: Ear) -> None:
    port = ear.tracker.address[1]
    with pytest.raises(DeviceError, match=f"127.0.0.1:{port}") as caught:
        UdpTracker(freed, "127.0.0.1", port, on_sample=lambda sample: None)
    assert "already in use by" in caught.value.message and "process" in caught.value.message
    assert "another port" in caught.value.remedy


def test_an_address_that_is_not_ours(ear: Ear) -> None:
    with pytest.raises(DeviceError, match=r"192\.0\.2\.1"):
        UdpTracker(freed, "192.0.2.1", 0, on_sample=lambda sample: None)


def test_closed_tracker_releases_its_port(ear: Ear) -> None:
    def is_let_go() -> bool:
        first = Ear()
        port = first.tracker.address[1]
        first.close()
        try:
            UdpTracker(freed, "127.0.0.1", port, on_sample=lambda sample: None).close()
        except DeviceError:
            return False
        return True

    assert any(is_let_go() for _ in range(5)), "one may be taken by another program meanwhile"


# -- through the show ---------------------------------------------------------------------------


def heard(ear: Ear, poses: list[Pose]) -> list[TrackingSample]:
    for number, pose in enumerate(poses):
        ear.send(freed.encode(TrackingSample("t", "7", 0, pose)))
        wait_until(lambda: len(ear.samples) == number + 1)  # noqa: B023
    return ear.samples


def at_60_hz(samples: list[TrackingSample]) -> list[tuple[int, AnyEvent]]:
    """The samples that came over UDP, as if they had come at 60 a second."""
    return [
        (n * NS // 60, TrackingSample(s.source, s.subject, n * NS // 60, s.pose, angles=s.angles))
        for n, s in enumerate(samples)
    ]


def test_a_tracker_that_stops_is_held_and_then_eased_to_the_safe_eye(ear: Ear) -> None:
    production = small()
    stage = production.stage
    assert stage is not None
    here = Pose(Vec3(0.5, -1.0, 1.75), Quat.from_angles(pan=12.0))
    log = at_60_hz(heard(ear, [here] * 60))
    _, frames = played(log, 5, production)
    seen = {round(f.time.shows_at / NS, 2): f.tracked for f in frames if f.tracked}
    eye = stage.camera.perspective_centre
    for second, state, pose in (
        (0.5, "live", here),
        (1.5, "held", here),
        (4.9, "safe", stage.parked),
    ):
        tracked = seen[second]
        assert tracked.state == state
        assert (tracked.camera.position - eye(pose).position).length() < 1e-4
    easing = [t.camera for t in seen.values() if t.state == "easing"]
    ways = [(eye(stage.parked).position - camera.position).length() for camera in easing]
    assert len(ways) > 50 and ways == sorted(ways, reverse=True)


def test_jump_is_not_accepted_until_it_lasts(ear: Ear) -> None:
    here, there = (Pose(Vec3(x, -1.0, 1.75)) for x in (0.0, 3.0))
    once = at_60_hz(heard(ear, [*[here] * 30, there, *[here] * 29]))
    _, frames = played(once, 0.9, small(), fps=120)
    xs = [f.tracked.camera.position.x for f in frames[2:] if f.tracked]
    assert max(map(abs, xs)) < 1e-3
    ear.samples.clear()
    stays = at_60_hz(heard(ear, [*[here] * 30, *[there] * 60]))
    _, frames = played(stays, 1.4, small(), fps=120)
    assert frames[-1].tracked is not None
    assert frames[-1].tracked.camera.position.x == pytest.approx(3.0, abs=1e-3)
    xs = [f.tracked.camera.position.x for f in frames[2:] if f.tracked]
    assert max(b - a for a, b in pairwise(xs)) < 0.2  # eased, not cut


# -- the operator -------------------------------------------------------------------------------


def test_the_operators_packets_decode_to_its_poses() -> None:
    move, samples = load_move(MOVE), Lockstep(500.0, "9").play().samples
    assert len(samples) == 500
    moved = 0.0
    for number, sample in enumerate(samples):
        pose = move.pose(round(number * NS / 500))
        off = sample.pose.position - pose.position
        assert (
            max(abs(off.x), abs(off.y), abs(off.z)) <= 0.5 / 64_000 + 1e-9
        )  # half a step of FreeD's
        assert sample.pose.rotation.angle_to(pose.rotation) < 2e-5
        assert sample.subject == "9"
        moved = max(moved, (pose.position - move.pose(0).position).length())
    assert moved > 1e-4  # the control: it was a move


def test_operator_continues_when_nobody_listens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(MOVE, rate=1000.0, to=f"127.0.0.1:{port}", seconds=0.05)
    operator = Operator("operator", load_move(MOVE), settings, freed)
    operator.send(threading.Event(), monotonic_since_now())
    assert operator.sent > 0


class StoppedWhileWaiting(threading.Event):
    """A stop that comes while somebody waits for something else."""

    def wait(self, timeout: float | None = None) -> bool:
        assert not self.is_set(), "it went on after it was stopped"
        self.set()
        return True


def test_an_operator_that_is_stopped_stops() -> None:
    settings = Settings(MOVE, rate=1.0, to="127.0.0.1:9", seconds=0.0)
    operator = Operator("operator", load_move(MOVE), settings, freed)
    operator.send(StoppedWhileWaiting(), lambda: 0)
    assert operator.sent == 1  # at its first moment it waits for nothing


def test_an_address_that_cannot_be_reached_has_a_remedy() -> None:
    settings = Settings(MOVE, to="no.such.host.invalid:40000", seconds=1.0)
    with pytest.raises(DeviceError) as caught:
        Operator("operator", load_move(MOVE), settings, freed).send(
            threading.Event(), monotonic_since_now()
        )
    assert "no.such.host.invalid:40000" in str(caught.value)
    assert "check the address" in caught.value.remedy


@pytest.mark.parametrize(
    "settings",
    [
        {"move": MOVE, "rate": 0.0},
        {"move": MOVE, "rate": float("nan")},
        {"move": MOVE, "to": "nowhere"},
        {"move": MOVE, "colour": "red"},
        {"move": MOVE, "seconds": -1},
        {},
    ],
    ids=lambda settings: ", ".join(f"{k}={v}" for k, v in settings.items() if k != "move"),
)
def test_invalid_settings_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="the simulated operator cam"):
        open("cam", settings)


def test_a_move_that_cannot_be_read_is_refused_at_its_place() -> None:
    with pytest.raises(AuthoringError, match=r"demo\.move\.yaml:1:"):
        open("cam", {"move": "kyes: []", "name": "demo.move.yaml"})
