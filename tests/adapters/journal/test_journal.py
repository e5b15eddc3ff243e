"""What was acknowledged is in the file: after a kill, on a full disk, behind a torn tail."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from xrdrama.adapters.journal import Journal
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.show.take import MAGIC, Header, Logged, Ticked, encode_record, read_take
from xrdrama.wire.events import Entry, Heard, Origin, Pressed

HEADER = Header("night", "0.1.0", "00", (24, 1), {})


def pressed(number: int) -> Pressed:
    return Pressed("keys", f"option_{number}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes" / "night.take"


def options_in(path: Path) -> list[str]:
    return [entry.event.option for entry in read_take(path.read_bytes()).entries]


# -- writing ----------------------------------------------------------------------------------


def test_an_appended_entry_is_in_the_file_when_append_returns(path: Path) -> None:
    journal = Journal.begin(path, HEADER)
    for number in range(50):
        entry = journal.append(number * 10, pressed(number), Origin("console", number))
        take = read_take(path.read_bytes())
        assert take.entries[-1] == entry
        assert (entry.seq, entry.at, entry.peer, entry.id) == (
            number,
            number * 10,
            "console",
            number,
        )
    journal.tick(Ticked(0, 50, b"h"))
    journal.close({"late": 3})
    take = read_take(path.read_bytes())
    assert take.header == HEADER and not take.torn
    assert take.ticks == (Ticked(0, 50, b"h"),)
    assert take.closed is not None and take.closed.counts == {"late": 3}


def test_threads_get_numbers_without_gaps_in_the_order_of_the_file(path: Path) -> None:
    journal = Journal.begin(path, HEADER)
    numbers: list[list[int]] = [[] for _ in range(4)]

    def write(mine: list[int]) -> None:
        for number in range(250):
            mine.append(journal.append(0, pressed(number)).seq)

    threads = [threading.Thread(target=write, args=(mine,)) for mine in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert sorted(seq for mine in numbers for seq in mine) == list(range(1000))
    assert all(mine == sorted(mine) for mine in numbers)
    entries = read_take(path.read_bytes()).entries
    assert [entry.seq for entry in entries] == list(range(1000))


def test_closing_twice_is_closing_once_and_nothing_is_written_after(path: Path) -> None:
    journal = Journal.begin(path, HEADER)
    journal.append(0, pressed(0))
    journal.close()
    size = path.stat().st_size
    other = os.open(os.devnull, os.O_RDONLY)  # takes the number that was let go
    try:
        journal.close()
        with pytest.raises(DeviceError, match="closed"):
            journal.append(0, pressed(1))
        journal.tick(Ticked(0, 1, b"h"))
    finally:
        os.close(other)
    assert path.stat().st_size == size


def test_a_take_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "x.take", tmp_path):
        with pytest.raises(DeviceError) as caught:
            Journal.begin(path, HEADER)
        assert str(path) in str(caught.value) and "--out" in caught.value.remedy


# -- going on ---------------------------------------------------------------------------------


def test_resumed_take_continues_with_the_next_number(path: Path) -> None:
    journal = Journal.begin(path, HEADER)
    for number in range(5):
        journal.append(0, pressed(number))
    journal.close()
    with path.open("ab") as file:
        file.write(b"\x40\0\0\0torn")
    journal, take = Journal.resume(path)
    assert take.torn and len(take.entries) == 5
    assert journal.append(9, pressed(5)).seq == 5
    journal.close()
    assert options_in(path) == [f"option_{n}" for n in range(6)]
    assert not read_take(path.read_bytes()).torn


@pytest.mark.parametrize("data", [b"", b"XRTAKE", b"something else", MAGIC, MAGIC + b"\1\0\0\0"])
def test_file_that_is_not_a_take_is_refused_and_unchanged(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(RemoteProtocolError):
        Journal.resume(path)
    assert path.read_bytes() == data
    Journal.begin(path, HEADER).close()  # and not locked either


def test_a_take_that_is_not_there_cannot_be_resumed(path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        Journal.resume(path)
    assert caught.value.remedy and not path.exists()


# -- one writer -------------------------------------------------------------------------------


def test_two_journals_do_not_share_a_file_and_the_first_loses_nothing(path: Path) -> None:
    first = Journal.begin(path, HEADER)
    first.append(0, pressed(0))
    for second in (lambda: Journal.begin(path, HEADER), lambda: Journal.resume(path)):
        with pytest.raises(DeviceError, match="another show"):
            second()
    first.append(0, pressed(1))
    first.close()
    assert options_in(path) == ["option_0", "option_1"]
    journal, _ = Journal.resume(path)  # and once it is closed, anybody may
    journal.close()


def test_two_journals_do_not_share_anything_else(tmp_path: Path) -> None:
    one, two = (Journal.begin(tmp_path / name, HEADER) for name in ("one.take", "two.take"))
    assert [one.append(0, pressed(1)).seq, one.append(0, pressed(2)).seq] == [0, 1]
    assert two.append(0, pressed(3)).seq == 0
    one.close()
    assert two.append(0, pressed(4)).seq == 1
    two.close()
    assert options_in(tmp_path / "one.take") == ["option_1", "option_2"]
    assert options_in(tmp_path / "two.take") == ["option_3", "option_4"]


# -- torn and damaged files -------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> tuple[bytes, list[int]]:
    """The bytes of a small take, and where each of its records ends."""
    records = [encode_record(HEADER)]
    for number in range(6):
        event = pressed(number) if number % 2 else Heard("mic", "yes", ("Y", "EH", "S"), 1, 2)
        records.append(encode_record(Logged(Entry(number, number, event))))
        records.append(encode_record(Ticked(number, number + 1, bytes([number] * 16))))
    ends, data = [], MAGIC
    for record in records:
        data += record
        ends.append(len(data))
    return data, ends


def test_torn_at_every_byte_the_whole_records_before_are_there(
    small: tuple[bytes, list[int]],
) -> None:
    data, ends = small
    whole = read_take(data)
    assert len(whole.entries) == 6 and len(whole.ticks) == 6 and not whole.torn
    for cut in range(len(data) + 1):
        if cut < ends[0]:
            with pytest.raises(RemoteProtocolError):
                read_take(data[:cut])
            continue
        take = read_take(data[:cut])
        count = sum(end <= cut for end in ends) - 1
        assert len(take.entries) + len(take.ticks) == count
        assert take.entries == whole.entries[: len(take.entries)]
        assert take.ticks == whole.ticks[: len(take.ticks)]
        assert take.good == max(end for end in ends if end <= cut)
        assert take.torn == (cut not in ends)


def test_flipped_bits_never_give_an_entry_that_was_not_written(
    small: tuple[bytes, list[int]],
) -> None:
    data, ends = small
    whole = read_take(data)
    chance = random.Random(6)
    shorter = 0
    for _ in range(1000):
        bit = chance.randrange(len(data) * 8)
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        if bit // 8 < ends[0]:
            with pytest.raises(RemoteProtocolError):
                read_take(bytes(damaged))
            continue
        take = read_take(bytes(damaged))
        shorter += take.torn
        assert take.entries == whole.entries[: len(take.entries)]
        assert take.ticks == whole.ticks[: len(take.ticks)]
        assert take.good == max(end for end in ends if end <= bit // 8)
    assert shorter > 500  # the control: flips are found, not overlooked


# -- real processes that die ------------------------------------------------------------------

KILLS = """
import json, os, random, signal, sys, time
from pathlib import Path
from xrdrama.adapters.journal import Journal
from xrdrama.show.take import Header, Ticked
from xrdrama.wire.events import Pressed

def write(path, out):
    if path.exists():
        journal, take = Journal.resume(path)
    else:
        journal = Journal.begin(path, Header("night", "0.1.0", "00", (24, 1), {}))
    while True:
        entry = journal.append(0, Pressed("keys", "option"))
        os.write(out, b"%d\\n" % entry.seq)
        if entry.seq % 7 == 0:
            journal.tick(Ticked(entry.seq, entry.seq + 1, b"h" * 16))

chance = random.Random(9)
for _ in range(int(sys.argv[2])):
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        write(Path(sys.argv[1]), mouth)
    os.close(mouth)
    with os.fdopen(ear, "rb") as pipe:
        said = b"".join(pipe.readline() for _ in range(3))  # it writes by now
        time.sleep(chance.uniform(0.0, 0.03))  # killed at any moment
        os.kill(child, signal.SIGKILL)
        said += pipe.read()
    _, status = os.waitpid(child, 0)
    size = os.path.getsize(sys.argv[1])
    print(json.dumps([os.WTERMSIG(status), size, said.decode().split("\\n")[:-1]]), flush=True)
"""


def killed(path: Path, times: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(path), str(times)],
        capture_output=True,
        text=True,
        check=True,
    )
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == times
    data = path.read_bytes()
    acknowledged = 0
    for signal, size, said in rounds:
        assert signal == 9
        numbers = [int(number) for number in said]  # half a line was not acknowledged
        assert numbers[0] >= acknowledged  # the next process continues, no number is used twice
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        acknowledged = numbers[-1] + 1
        assert len(read_take(data[:size]).entries) >= acknowledged
    entries = read_take(data).entries
    assert [entry.seq for entry in entries] == list(range(len(entries)))
    assert acknowledged > 2 * times


def test_nothing_that_a_killed_process_acknowledged_is_lost(path: Path) -> None:
    path.parent.mkdir()
    killed(path, 20)


@pytest.mark.soak
def test_nothing_is_lost_in_three_hundred_kills(tmp_path: Path) -> None:
    for number in range(15):
        killed(tmp_path / f"{number}.take", 20)


FULL_DISK = """
import json, resource, sys
from pathlib import Path
from xrdrama.adapters.journal import Journal
from xrdrama.show.take import Header, Ticked
from xrdrama.wire.events import Pressed

path = Path(sys.argv[1])
journal = Journal.begin(path, Header("night", "0.1.0", "00", (24, 1), {}))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
written = []
for number in range(200):
    if number == 150:  # somebody freed some space
        early, failure = len(written), journal.failure
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.append(0, Pressed("keys", f"option_{number}"), written=written.append)
    journal.tick(Ticked(number, 0, b"h" * 16))
journal.close()
print(json.dumps([early, failure, written]))
"""


def test_on_a_full_disk_nothing_is_acknowledged_and_all_is_written_later(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    early, failure, written = json.loads(done.stdout)
    assert 5 < early < 150 and "File too large" in failure
    assert written == list(range(200))
    take = read_take(path.read_bytes())
    assert not take.torn and take.closed is not None
    assert options_in(path) == [f"option_{number}" for number in range(200)]
    assert len(take.ticks) == 200


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    with no_thread_left("journal"):
        yield
