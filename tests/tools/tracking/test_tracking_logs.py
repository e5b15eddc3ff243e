"""Recording a tracker and playing it again: over UDP, and as the tracker of a run."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.waiting import wait_until
from xrdrama.adapters.trackers.operator import open as open_operator
from xrdrama.adapters.trackers.replay import load_log
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.spatial import Pose, Vec3
from xrdrama.tools.tracking.receiving import record_tracker
from xrdrama.tools.tracking.sending import replay_log
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.logs import Entry, entry_line, header_line
from xrdrama.wire.events import AnyEvent

MS = 1_000_000
GOOD, BAD = freed.encode(TrackingSample("t", "1", 0, Pose())), b"\xd2" + bytes(28)


def written(path: Path, count: int = 30) -> Path:
    """A recording of camera 1 that moves 1 cm every 10 ms along x."""
    lines = [header_line("freed")]
    for n in range(count):
        sample = TrackingSample("t", "1", 0, Pose(Vec3(n / 100, 0.0, 1.5)))
        lines.append(entry_line(Entry((50 + 10 * n) * MS, freed.encode(sample), "t")))
    path.write_text("".join(lines))
    return path


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_replayed_is_recorded_again(tmp_path: Path) -> None:
    source, copy, port = written(tmp_path / "a.log"), tmp_path / "b.log", free_port()
    found: dict[str, object] = {}

    def record() -> None:
        found.update(record_tracker("freed", copy, "127.0.0.1", port, "", 1.5))

    thread = threading.Thread(target=record)
    thread.start()
    wait_until(copy.exists)
    wait_until(lambda: _is_open(port))
    sent = replay_log(source, f"127.0.0.1:{port}", 2.0)
    thread.join()
    assert sent["sent"] == sent["of"] == found["datagrams"] == found["samples"] == 30
    before, after = load_log(source), load_log(copy)
    assert [one.datagram for one in after.entries] == [one.datagram for one in before.entries]
    assert 0.12 < after.seconds < 0.6, "0.29 s at twice the pace"


def _is_open(port: int) -> bool:
    """True once a socket of this machine listens on a UDP port."""
    return f":{port:04X} " in Path("/proc/net/udp").read_text()


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "a.log")
    with pytest.raises(UsageError, match="exists already"):
        record_tracker("freed", path, "127.0.0.1", free_port(), "", 0.1)


FULL = """
import resource, signal, sys
from pathlib import Path
from xrdrama.__main__ import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.argv[1:] = ["track", "record", "freed", "{file}", "--port", "{port}", "--seconds", "20"]
main()
"""


def test_a_recording_on_a_full_disk_ends_with_a_whole_line_and_says_so(tmp_path: Path) -> None:
    source, copy, port = written(tmp_path / "a.log", 60), tmp_path / "b.log", free_port()
    script = FULL.format(file=copy, port=port)
    with subprocess.Popen(
        [sys.executable, "-c", script], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as recording:
        wait_until(lambda: _is_open(port), 20)
        replay_log(source, f"127.0.0.1:{port}", 10.0)
        out, err = recording.communicate(timeout=20)
    kept = load_log(copy)
    assert recording.returncode == 1 and 10 < len(kept.entries) < 60
    assert f"File too large; {copy} has the {len(kept.entries)} packets before" in err
    assert "Traceback" not in err and f"{len(kept.entries)} packets in" in out


class Door:
    """An ingress at a fixed rate that keeps what is recorded."""

    fixed_rate = True

    def __init__(self) -> None:
        self.events: list[tuple[int, AnyEvent]] = []
        self.promised: list[int] = []

    def wait_for_start(self, stop: object) -> bool:
        return True

    def record(self, event: AnyEvent, at: int) -> None:
        self.events.append((at, event))

    def promise(self, source: str, at: int) -> None:
        self.promised.append(at)


def test_a_recording_is_a_tracker_on_the_virtual_clock(tmp_path: Path) -> None:
    path = written(tmp_path / "a.log")
    settings = {"log": str(path), "subject": "1", "axes": ["-x", "y", "z", "pan", "tilt", "roll"]}
    door = Door()
    open_operator("operator", settings).run(door, threading.Event())  # type: ignore[arg-type]
    assert [at for at, _ in door.events] == [10 * MS * n for n in range(30)], "media time"
    assert door.promised == sorted(door.promised) and door.promised[-1] > 10**15
    samples = [event for _, event in door.events if isinstance(event, TrackingSample)]
    assert samples[10].pose.position.x == pytest.approx(-0.1), "the stage's axes"
    assert {sample.source for sample in samples} == {"operator"}


def test_a_recording_of_another_protocol_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.log")
    with pytest.raises(UsageError, match="a recording of freed; the stage expects psn"):
        open_operator("operator", {"log": str(path), "protocol": "psn"})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_log(tmp_path / "none.log")
    assert json.dumps(str(tmp_path))


@pytest.mark.parametrize(("datagrams", "status"), [((BAD,), 1), ((GOOD, BAD), 0)])
@pytest.mark.parametrize("command", ["record", "monitor"])
def test_packets_that_are_all_bad_are_an_error(
    command: str,
    datagrams: tuple[bytes, ...],
    status: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port, end = free_port(), threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            while not end.wait(0.02):
                for datagram in datagrams:
                    mouth.sendto(datagram, ("127.0.0.1", port))

    thread = threading.Thread(target=send)
    thread.start()
    file = [str(tmp_path / "a.log")] if command == "record" else []
    line = ["track", command, "freed", *file, "--port", str(port), "--seconds", "0.5", "--json"]
    try:
        assert run(line) == status
    finally:
        end.set()
        thread.join()
    assert ("packets were bad: set the tracker to send freed" in capsys.readouterr().err) == status


@pytest.mark.parametrize("command", [["decode", "freed"], ["convert", "freed", "psn"]])
def test_a_tracking_log_is_not_a_file_of_datagrams(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "a.log")
    assert run(["track", *command, str(path)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "is a tracking log of `track record`" in said and "jq -r .hex" in said
    datagrams = tmp_path / "a.hex"
    lines = path.read_text().splitlines()[1:]
    datagrams.write_text("\n".join(json.loads(line)["hex"] for line in lines))
    assert run(["track", *command, str(datagrams), "--hex"]) == 0, "the remedy"
