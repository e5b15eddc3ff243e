"""Resuming a take never shortens it without a copy, nor past records that can be read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from tests.adapters.journal.test_journal import HEADER, pressed
from xrdrama.adapters.journal import Journal
from xrdrama.errors import DeviceError, RemoteProtocolError, UsageError
from xrdrama.show.take import read_take
from xrdrama.show.take.records import MAGIC, Ticked, whole_records


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "night.take"
    journal = Journal.begin(path, HEADER)
    for number in range(60):
        journal.append(number, pressed(number))
        journal.tick(Ticked(number, number + 1, bytes([number] * 16)))
    journal.close({"late": 0})
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.take"


def middle(data: bytes) -> bytes:
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 4
    return bytes(damaged)


def test_take_damaged_in_the_middle_is_refused_and_unchanged(data: bytes, path: Path) -> None:
    path.write_bytes(middle(data))
    with pytest.raises(UsageError) as caught:
        Journal.resume(path)
    damage = read_take(middle(data)).damage
    assert damage is not None
    assert f"{path} is damaged at byte {damage.at}" in caught.value.message
    assert damage.loss((24, 1)) in caught.value.message
    assert "--resume-from-damaged" in caught.value.remedy
    assert path.read_bytes() == middle(data) and list(path.parent.iterdir()) == [path]
    Journal.begin(path, HEADER).close()  # and it is not locked


def test_damaged_take_is_kept_beside_and_the_loss_is_said(data: bytes, path: Path) -> None:
    for name in ("night.take.damaged", "night.take.damaged.2"):
        path.write_bytes(middle(data))
        journal, take = Journal.resume(path, from_damage=True)
        assert (path.parent / name).read_bytes() == middle(data)
        assert name in journal.resumed and "are lost" in journal.resumed
        assert journal.append(999, pressed(999)).seq == len(take.entries)
        journal.close()
        after = read_take(path.read_bytes())
        assert not after.torn and after.entries[:-1] == take.entries


def test_torn_tail_is_cut_saved_and_reported(data: bytes, path: Path) -> None:
    path.write_bytes(data[:-5])
    good = read_take(data[:-5]).good
    journal, _ = Journal.resume(path)
    kept = path.with_name("night.take.tail")
    assert kept.read_bytes() == data[good:-5]
    assert f"{len(data) - 5 - good} bytes, from byte {good}" in journal.resumed
    assert str(kept) in journal.resumed
    journal.close()


def test_whole_take_is_resumed_without_a_notice(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    journal, _ = Journal.resume(path)
    assert journal.resumed == "" and path.read_bytes() == data
    journal.close()
    assert list(path.parent.iterdir()) == [path]


def test_take_is_not_cut_when_its_copy_cannot_be_written(
    data: bytes, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise DeviceError(f"{path} cannot be written: No space left on device", "free some space")

    monkeypatch.setattr("xrdrama.adapters.journal.resuming.save", full)
    for content, options in ((data[:-5], {}), (middle(data), {"from_damage": True})):
        path.write_bytes(content)
        with pytest.raises(DeviceError, match="No space left"):
            Journal.resume(path, **options)
        assert path.read_bytes() == content


def test_no_place_where_a_take_is_cut_or_flipped_loses_anything_silently(
    data: bytes, path: Path
) -> None:
    """200 cuts and 200 flips: a refusal, or the bytes that were cut are beside it and named."""
    chance = random.Random(2)
    whole = read_take(data)
    ends = {end for _, end in whole_records(data, len(MAGIC))}
    for number in range(400):
        at = chance.randrange(len(data))
        damaged = bytearray(data[:at] if number < 200 else data)
        if number >= 200:
            damaged[at] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        for old in path.parent.glob("night.take.*"):
            old.unlink()
        try:
            journal, take = Journal.resume(path)
        except (UsageError, RemoteProtocolError) as error:
            assert str(path) in str(error) and path.read_bytes() == damaged
            continue
        journal.close()
        assert take.entries == whole.entries[: len(take.entries)]
        kept = list(path.parent.glob("night.take.*"))
        if not take.torn:
            assert number < 200 and at in ends  # cut between two records
            assert "no end record" in journal.resumed
            continue
        assert [one.read_bytes() for one in kept] == [bytes(damaged[take.good :])]
        assert str(kept[0]) in journal.resumed
        assert number < 200 or len(take.entries) == len(whole.entries)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    with no_thread_left("journal"):
        yield
