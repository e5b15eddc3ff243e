"""The input `livelink`: packets of a file on both clocks, and of a real socket."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import RecordingIngress
from tests.waiting import wait_until
from xrdrama.adapters.trackers import livelink as adapter
from xrdrama.errors import DeviceError, UsageError
from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT, Face
from xrdrama.tracking.livelink import datagram_of
from xrdrama.wire.events import Faced

SMILE = Face("", "Ada", 0, tuple(0.8 if "Smile" in name else 0.0 for name in ARKIT), (0.5, 0, 0))
NOBODY = Face("", "Ada", 0)


def packets(path: Path, faces: list[Face]) -> Path:
    """A recording at 60 packets a second."""
    lines = [datagram_of(face, frame=600 + n).hex() for n, face in enumerate(faces)]
    path.write_text("\n".join(lines))
    return path


def run(path: Path, *, fixed_rate: bool = True, **settings: Any) -> RecordingIngress:
    ingress = RecordingIngress(fixed_rate=fixed_rate)
    given = {"performer": "lan", "file": str(path), **settings}
    adapter.open("phone", given).run(ingress, ingress.stop)
    return ingress


def test_a_recording_is_24_events_a_second_and_says_when_the_face_is_lost(tmp_path: Path) -> None:
    file = packets(tmp_path / "face.hex", [*[NOBODY] * 30, *[SMILE] * 120, *[NOBODY] * 30])
    ingress = run(file, at=NS, latency=50_000_000)
    events = [(at, event) for at, event in ingress.records if isinstance(event, Faced)]
    there = [event for _, event in events if event.values]
    assert 47 <= len(there) <= 50 and ingress.broken == []
    assert {at - event.seen for at, event in events} == {50_000_000}
    assert there[0].seen == NS + NS // 2
    assert there[0].values[ARKIT.index("mouthSmileLeft")] == 204 and there[0].turn == (286, 0, 0)
    gone, ended = [event for _, event in events if not event.values]
    assert gone.seen == pytest.approx(NS + 2.5 * NS, abs=NS // 60) and not gone.ended
    assert ended.ended


def test_a_recording_without_a_face_has_no_events(tmp_path: Path) -> None:
    ingress = run(packets(tmp_path / "empty.hex", [NOBODY] * 60))
    assert ingress.records == [] and ingress.promises[-1] == ("phone", adapter.NEVER)


def test_one_subject_is_used_and_the_others_are_counted(tmp_path: Path) -> None:
    other = Face("", "Bo", 0, (1.0,) * 52)
    file = packets(tmp_path / "two.hex", [SMILE, other] * 30)
    first = [event for _, event in run(file).records if isinstance(event, Faced)]
    assert {event.values[0] for event in first if event.values} == {0}
    assert first[5].others == 1
    named = [event for _, event in run(file, subject="Bo").records if isinstance(event, Faced)]
    assert {event.values[0] for event in named if event.values} == {255}


def test_packets_of_a_socket_arrive_and_silence_is_a_lost_face(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = adapter.open("phone", {"performer": "lan", "port": port})
    assert f"127.0.0.1:{port}" in found.notes[0]  # type: ignore[attr-defined]
    ingress = RecordingIngress(fixed_rate=False)
    thread = threading.Thread(target=found.run, args=(ingress, ingress.stop))
    thread.start()
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(b"garbage", ("127.0.0.1", port))
            out.sendto(datagram_of(SMILE), ("127.0.0.1", port))
            wait_until(lambda: len(ingress.records) == 2)
    finally:
        ingress.stop.set()
        thread.join()
    (began, smile), (lost_at, lost) = ingress.records
    assert isinstance(smile, Faced) and smile.values[ARKIT.index("mouthSmileRight")] == 204
    assert isinstance(lost, Faced) and lost.values == () and not lost.ended
    assert lost_at - began > adapter.SILENT
    bad = "Live Link packet has 7 bytes; expected 45 or more"
    assert capfd.readouterr().err == f"note: bad packets: 1, the last of them: {bad}\n"


def test_a_port_is_refused_at_a_fixed_rate(tmp_path: Path) -> None:
    ingress = RecordingIngress(fixed_rate=True)
    with pytest.raises(UsageError, match="--fixed-rate"):
        adapter.open("phone", {"performer": "lan", "port": 41_234}).run(ingress, ingress.stop)


@pytest.mark.parametrize(
    ("text", "says"), [("zz", "line 1"), (datagram_of(SMILE).hex()[:-2], "bytes; expected 244")]
)
def test_a_file_that_is_not_packets_names_the_line(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.hex"
    file.write_text(text)
    with pytest.raises(DeviceError, match=says):
        run(file)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "performer"),
        ({"performer": "lan", "port": 0}, "port"),
        ({"performer": "lan", "at": 5}, "only for a file"),
        ({"performer": "lan", "prt": 5}, "prt"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        adapter.open("phone", settings)
