"""A take that cannot be written, or is taken away, while its show runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from tests.adapters.journal.test_journal import HEADER, options_in, pressed
from tests.waiting import stays_false, wait_until
from xrdrama.adapters.journal import Journal, Recording
from xrdrama.adapters.journal import journal as journals
from xrdrama.errors import DeviceError
from xrdrama.show.take import Outage, Ticked, read_take

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes" / "night.take"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    made = Journal.begin(path, HEADER)
    yield made
    made.close()


class Disk:
    """A disk that can be full, for every write of a journal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: OSError | None = None
        self._write = journals.write_all
        monkeypatch.setattr(journals, "write_all", self.write)

    def write(self, descriptor: int, data: bytes) -> None:
        error = self.error  # the test clears it at any moment
        if error:
            os.write(descriptor, data[:3])  # half a record, as a full disk leaves it
            raise error
        self._write(descriptor, data)

    def fill(self) -> None:
        self.error = OSError(28, "No space left on device")

    def free(self) -> None:
        self.error = None


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def codes(journal: Journal) -> list[str]:
    return [trouble.code for trouble in journal.troubles()]


def fill(journal: Journal, start: int, count: int, written: list[int] | None = None) -> None:
    """So many frames, each with one event before it."""
    for number in range(start, start + count):
        done = None if written is None else written.append
        journal.append(number, pressed(number), written=done)
        journal.tick(Ticked(number, number + 1, bytes([number % 256] * 16)))


# -- a full disk --------------------------------------------------------------------------------


def test_nothing_is_acknowledged_on_a_full_disk_and_all_is_written_later(
    journal: Journal, path: Path, disk: Disk
) -> None:
    written: list[int] = []
    fill(journal, 0, 5, written)
    assert written == [0, 1, 2, 3, 4] and codes(journal) == [] and journal.failure == ""
    disk.fill()
    fill(journal, 5, 20, written)
    assert written == [0, 1, 2, 3, 4]
    assert codes(journal) == ["take_unwritten"]
    assert "No space left on device: free some space on the disk" in journal.failure
    assert journal.recording().missing_events == journal.recording().missing_frames == 20
    assert len(read_take(path.read_bytes()).ticks) == 5
    disk.free()
    wait_until(lambda: journal.failure == "")
    assert written == list(range(25)) and codes(journal) == ["take_was_late"]
    fill(journal, 25, 5, written)
    journal.close()
    take = read_take(path.read_bytes())
    assert not take.torn and take.closed is not None
    assert [entry.seq for entry in take.entries] == list(range(30)) == written
    assert [ticked.number for ticked in take.ticks] == list(range(30))
    assert take.outages == (Outage("No space left on device", 5, 24, 20, 20, 0),)
    recording = journal.recording()
    assert recording.complete and len(recording.troubles) == 2
    assert "20 frames (5 to 24) and 20 events were written later" in recording.troubles[1]


def test_what_is_missing_when_the_show_ends_on_a_full_disk_is_counted(
    journal: Journal, path: Path, disk: Disk
) -> None:
    fill(journal, 0, 5)
    disk.fill()
    fill(journal, 5, 7)
    journal.append(99, pressed(99))
    journal.close({"late": 0})
    recording = journal.recording()
    assert (recording.complete, recording.missing_frames, recording.missing_events) == (False, 7, 8)
    take = read_take(path.read_bytes())
    assert not take.torn and len(take.ticks) == 5 and take.closed is None


def test_closing_tries_once_more(journal: Journal, path: Path, disk: Disk) -> None:
    disk.fill()
    fill(journal, 0, 700)
    disk.free()
    journal.close()
    take = read_take(path.read_bytes())
    assert len(take.ticks) == 700 and take.closed is not None and len(take.outages) == 1
    assert journal.recording().complete and journal.recording().troubles


def test_events_are_refused_when_too_many_wait_and_frames_are_not(
    journal: Journal, path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "MOST_WAITING", 2000)
    disk.fill()
    taken = []
    for number in range(100):
        try:
            taken.append(journal.append(number, pressed(number)).seq)
        except DeviceError as error:
            assert error.remedy == "free some space on the disk"
        journal.tick(Ticked(number, len(taken), b"h" * 16))
    assert 5 < len(taken) < 50
    assert set(codes(journal)) == {"take_unwritten", "events_refused"}
    disk.free()
    wait_until(lambda: journal.failure == "")
    journal.close()
    take = read_take(path.read_bytes())
    assert len(take.ticks) == 100 and [entry.seq for entry in take.entries] == taken
    assert take.outages[0].refused == 100 - len(taken)
    recording = journal.recording()
    assert not recording.complete and recording.missing_events == 100 - len(taken)


def test_threads_keep_the_order_while_room_comes_and_goes(
    journal: Journal, path: Path, disk: Disk
) -> None:
    stop = threading.Event()
    acknowledged: list[int] = []

    def write() -> None:
        while not stop.is_set():
            journal.append(0, pressed(0), written=acknowledged.append)
            time.sleep(0.0005)  # the pace of the events

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        seen = len(acknowledged)
        disk.fill()
        wait_until(lambda: journal.failure)
        disk.free()
        wait_until(lambda seen=seen: journal.failure == "" and len(acknowledged) > seen)  # type: ignore[misc]
    stop.set()
    for thread in threads:
        thread.join()
    journal.close()
    take = read_take(path.read_bytes())
    assert [entry.seq for entry in take.entries] == list(range(len(take.entries)))
    assert acknowledged == list(range(len(take.entries))) and not take.torn
    assert len(take.outages) == 3


def test_disk_that_cannot_be_synced_is_an_alarm(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", fail)
        journal.append(0, pressed(0))
        wait_until(lambda: codes(journal) == ["take_unsynced"])
    journal.append(0, pressed(1))
    wait_until(lambda: codes(journal) == [])
    journal.close()
    assert "cannot be synced: Input/output error" in journal.recording().troubles[0]


# -- a file that is taken away ------------------------------------------------------------------


def test_deleted_take_is_written_again_as_a_whole(journal: Journal, path: Path) -> None:
    fill(journal, 0, 50)
    before = path.read_bytes()
    began = time.monotonic()
    path.unlink()
    wait_until(lambda: codes(journal) == ["take_gone"] and path.exists())
    assert time.monotonic() - began < 20  # a quarter of a second on a machine that has time
    assert path.read_bytes()[: len(before)] == before
    fill(journal, 50, 10)
    assert f"written again to {path}" in journal.troubles()[0].text
    with pytest.raises(DeviceError, match="another show"):  # the new file has one writer, too
        Journal.resume(path)
    journal.close()
    assert options_in(path) == [f"option_{n}" for n in range(60)]
    assert read_take(path.read_bytes()).closed is not None
    recording = journal.recording()
    assert recording.complete and "was deleted" in recording.troubles[0]


def test_deleted_folder_is_made_again(journal: Journal, path: Path) -> None:
    fill(journal, 0, 5)
    shutil.rmtree(path.parent)
    wait_until(path.exists)
    journal.close()
    assert len(options_in(path)) == 5


def test_replaced_take_continues_beside_the_other_file(journal: Journal, path: Path) -> None:
    fill(journal, 0, 5)
    other = path.with_name("other")
    other.write_text("somebody else's")
    other.replace(path)
    recovered = path.with_name("night.recovered.take")
    wait_until(recovered.exists)
    wait_until(lambda: journal.path == recovered)
    fill(journal, 5, 5)
    journal.close()
    assert path.read_text() == "somebody else's"
    assert len(options_in(recovered)) == 10
    assert sorted(one.name for one in path.parent.iterdir()) == ["night.recovered.take", path.name]


def test_take_that_was_moved_is_followed(journal: Journal, path: Path) -> None:
    fill(journal, 0, 5)
    moved = path.with_name("kept.take")
    path.rename(moved)
    wait_until(lambda: journal.path == moved)
    assert codes(journal) == ["take_moved"] and str(moved) in journal.troubles()[0].text
    fill(journal, 5, 5)
    journal.close()
    assert len(options_in(moved)) == 10 and not path.exists()
    assert journal.recording().complete


def test_take_deleted_just_before_the_end_is_there_after_it(journal: Journal, path: Path) -> None:
    fill(journal, 0, 5)
    path.unlink()
    journal.close()
    assert len(options_in(path)) == 5 and journal.recording().complete


def test_deleted_take_that_cannot_be_written_again_is_all_missing(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "TRY_EVERY", 0.0)

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    fill(journal, 0, 6)
    monkeypatch.setattr(journals, "Copy", full)
    path.unlink()
    wait_until(lambda: any("cannot be written again" in t.text for t in journal.troubles()))
    fill(journal, 6, 4)
    journal.close()
    recording = journal.recording()
    assert (recording.complete, recording.missing_frames, recording.missing_events) == (
        False, 10, 10,
    )  # fmt: skip
    assert len(recording.troubles) == 2 and not path.exists()


def test_take_that_another_program_shortens_is_reported(journal: Journal, path: Path) -> None:
    fill(journal, 0, 5)
    os.truncate(path, 100)
    wait_until(lambda: codes(journal) == ["take_cut"])
    journal.close()
    assert not journal.recording().complete
    assert "another program truncated" in journal.recording().troubles[0]


def test_untroubled_take_has_no_trouble(journal: Journal) -> None:
    """The control: what is alarmed above is not alarmed always."""
    fill(journal, 0, 20)
    stays_false(journal.troubles, 3 * journals.LOOK_EVERY, "a trouble")
    journal.close()
    assert journal.recording() == Recording()


# -- a whole show -------------------------------------------------------------------------------


def run_limited(out: Path, script: str) -> tuple[int, dict[str, object], str]:
    """A show of ours and a script that limits its files or takes them away."""
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_headset", "--no-video",
               "--no-console", "--out", str(out), "--seconds", "6", "--json"]  # fmt: skip
    code = (
        "import os, resource, subprocess, sys, time\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "show = subprocess.Popen(sys.argv[2:])\n"
        "take = os.path.join(sys.argv[1], 'lantern_headset.take')\n"
        "def size():\n"
        "    return os.path.getsize(take) if os.path.exists(take) else 0\n"
        "def limit(most):\n"
        "    resource.prlimit(show.pid, resource.RLIMIT_FSIZE, (most, hard))\n"
        f"{script}\n"
        "sys.exit(show.wait())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(out), *command],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


WAIT = (
    "first = 0\n"
    "def look():\n"
    "    time.sleep(0.01)  # the poll interval\n"
    "    return size()\n"
    "while not first: first = look()\n"
    "while look() < first + 1500: pass\n"
)


@pytest.mark.peer
def test_show_on_a_full_disk_says_so_and_counts_what_is_missing(tmp_path: Path) -> None:
    status, said, err = run_limited(tmp_path / "out", WAIT + "limit(size())")
    assert status == 1, err
    recording = said["recording"]
    assert isinstance(recording, dict) and not recording["complete"]
    take = read_take((tmp_path / "out" / "lantern_headset.take").read_bytes())
    assert recording["missing_frames"] == said["frames"] - len(take.ticks) > 20  # type: ignore[operator]
    assert err.count("cannot be written: File too large") == 2  # at once, and at the end
    assert "the take is not complete" in err and "silent" not in err


@pytest.mark.peer
def test_show_on_a_disk_that_has_room_again_loses_nothing(tmp_path: Path) -> None:
    script = WAIT + "limit(size())\ntime.sleep(1.0)  # the outage\nlimit(soft)"
    status, said, err = run_limited(tmp_path / "out", script)
    assert status == 1, err
    take = tmp_path / "out" / "lantern_headset.take"
    assert said["recording"]["complete"], err  # type: ignore[index]
    found = read_take(take.read_bytes())
    assert len(found.ticks) == said["frames"] and found.outages[0].frames > 0
    replayed = subprocess.run(
        [sys.executable, "-m", "xrdrama", "replay", str(take), "--json"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert replayed.returncode == 0 and json.loads(replayed.stdout)["identical"]
    assert "was not written for a while" in replayed.stderr


@pytest.mark.peer
def test_show_whose_take_is_deleted_says_so_and_has_it_again(tmp_path: Path) -> None:
    status, said, err = run_limited(tmp_path / "out", WAIT + "os.unlink(take)")
    assert status == 1 and "was deleted while it was being written" in err, err
    assert len(read_take(Path(str(said["take"])).read_bytes()).ticks) == said["frames"]


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    with no_thread_left("journal"):
        yield
