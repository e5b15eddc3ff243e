"""Messages about a stage's tracker: wrong subject, wrong protocol, no packets, a port in use."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import wait_until
from xrdrama.run.listening import TrackingWatch, judged, listen, tracker_of
from xrdrama.spatial import Pose
from xrdrama.stage import Stage, load_stage
from xrdrama.timing import NS
from xrdrama.tools.doctor import examine
from xrdrama.tracking import TrackingSample, freed

STAGE = """\
xrdrama: 1
id: wall
canvas: [640, 360]
walls:
  wall: {{shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [640, 360]}}
camera: {{focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}}
eye_point: [0, -1, 1.5]
tracking: {{protocol: freed, subject: "1", port: {port}, address: 127.0.0.1}}
"""


def packet(subject: str) -> bytes:
    return freed.encode(TrackingSample("t", subject, 0, Pose()))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def stage() -> Stage:
    return load_stage(STAGE.format(port=free_port()))


@contextmanager
def sending(port: int, *datagrams: bytes) -> Iterator[None]:
    """Datagrams again and again to a port of this machine."""
    end = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            while not end.wait(0.01):
                for datagram in datagrams:
                    mouth.sendto(datagram, ("127.0.0.1", port))

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


@pytest.mark.parametrize(
    ("datagrams", "kind", "text"),
    [
        ((packet("1"),), "received", "receiving subject 1 on 127.0.0.1:"),
        ((packet("1"), packet("2")), "received", "receiving subject 1 on"),
        ((packet("2"),), "subject", "receiving subject 2; the stage expects subject 1"),
        ((packet("2"), packet("10")), "subject", "receiving subjects 2 and 10; the stage expects"),
        ((b"\xd2" + bytes(28),), "bad", "read as freed: FreeD message type D2 (system status)"),
        ((), "none", "no tracking packets on 127.0.0.1:"),
    ],
)
def test_what_comes_is_judged(
    stage: Stage, datagrams: tuple[bytes, ...], kind: str, text: str
) -> None:
    with sending(stage.tracking.port, *datagrams):
        finding = listen([stage], 0.3)["wall"]
    assert finding.kind == kind and text in finding.text
    assert bool(finding.remedy) == (kind != "received")


def test_a_port_in_use_is_a_finding(stage: Stage) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", stage.tracking.port))
        finding = listen([stage], 0.1)["wall"]
    assert f"{stage.tracking.port} is already in use" in finding.text and finding.remedy


@pytest.mark.parametrize("named", [True, False])
def test_doctor_listens_to_a_stage(
    named: bool, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wall.stage.yaml"
    file.write_text(STAGE.format(port=stage.tracking.port), "utf-8")
    monkeypatch.setattr("xrdrama.tools.doctor._LOOKS", [])
    monkeypatch.chdir(tmp_path)
    with sending(stage.tracking.port, packet("2")):
        checks = examine(str(file) if named else "", 0.3)
    check = next(one for one in checks if one.name == "tracking of wall")
    assert not check.ok
    assert check.detail == "receiving subject 2; the stage expects subject 1"
    assert 'subject: "2"' in check.remedy


def test_a_watch_reports_each_change_once(stage: Stage) -> None:
    now = [0]
    tracker = tracker_of(stage, clock=lambda: now[0])
    watch = TrackingWatch(tracker, stage, timeout=2 * NS)

    def send(*subjects: str) -> None:
        count = tracker.health().samples + len(subjects)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            for subject in subjects:
                mouth.sendto(packet(subject), tracker.address)
        wait_until(lambda: tracker.health().samples == count)

    said = []
    for step in range(80):  # a quarter of a second each
        now[0] = step * NS // 4
        if 12 <= step < 24 or 36 <= step < 48:
            send("2")
        elif step >= 24 and step < 60:
            send("1")
        if text := watch.look(now[0]):
            said.append((step, text.partition(":")[0]))
    tracker.close()
    assert said == [
        (8, "no tracking packets on 127.0.0.1"),
        (12, "receiving subject 2; the stage expects subject 1"),
        (24, "receiving subject 1 on 127.0.0.1"),
        (39, "receiving subject 2; the stage expects subject 1"),
        (48, "receiving subject 1 on 127.0.0.1"),
        (63, "no tracking packets on 127.0.0.1"),
    ]


def test_nothing_is_reported_while_the_right_subject_comes(stage: Stage) -> None:
    tracker = tracker_of(stage)
    watch = TrackingWatch(tracker, stage, timeout=0)
    with sending(stage.tracking.port, packet("1"), packet("2")):
        wait_until(lambda: tracker.health().of("1").samples > 3)
        assert watch.look(0) == ""
    assert judged(tracker.health(), stage.tracking, "here").kind == "received"
    tracker.close()
