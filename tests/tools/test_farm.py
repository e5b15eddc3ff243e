"""Slices of takes, their manifests, and takes in a store: what is kept, and what is refused."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.objects.store import Objects, content_name, digest_of
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.filming import AS_SEEN
from xrdrama.tools.farm.keeping import pull_take, push_take, takes_of
from xrdrama.tools.farm.rendering import kept
from xrdrama.tools.farm.slices import Manifest, Slice, disagreements, slices_of
from xrdrama.tools.takes.instead import AS_TAKEN

WHOLE = Slice("ab" * 32, 0, 100, "draft", AS_TAKEN, AS_SEEN)


def drawn(one: Slice, last: int) -> Manifest:
    pixels = tuple(f"frame {n}" for n in range(one.first, one.last))
    beyond = f"frame {one.last}" if one.last < last else ""
    return Manifest(one, 0, pixels, beyond, {})


@given(count=st.integers(1, 3000), size=st.integers(1, 500))
def test_slices_have_every_frame_once(count: int, size: int) -> None:
    slices = slices_of(msgspec.structs.replace(WHOLE, last=count), size)
    assert [n for one in slices for n in range(one.first, one.last)] == list(range(count))
    assert len({one.name for one in slices}) == len(slices)


def test_a_slice_is_named_by_all_that_its_pictures_depend_on() -> None:
    others = [
        msgspec.structs.replace(WHOLE, take="cd" * 32),
        msgspec.structs.replace(WHOLE, last=99),
        msgspec.structs.replace(WHOLE, quality="full"),
        msgspec.structs.replace(WHOLE, instead=msgspec.structs.replace(AS_TAKEN, lens="50")),
        msgspec.structs.replace(WHOLE, program="0.0"),
    ]
    assert len({WHOLE.name, *(one.name for one in others)}) == 6


def test_slices_that_disagree_about_a_frame_are_found() -> None:
    manifests = [drawn(one, 100) for one in slices_of(WHOLE, 30)]
    assert disagreements(manifests) == []
    lying = msgspec.structs.replace(manifests[2], pixels=("another", *manifests[2].pixels[1:]))
    assert disagreements([*manifests[:2], lying, manifests[3]]) == [2]


def test_manifests_that_are_wrong_are_not_used(tmp_path: Path) -> None:
    store, said = Objects(str(tmp_path)), list[str]()
    assert kept(store, WHOLE, said.append) is None and said == []
    other = msgspec.structs.replace(WHOLE, last=50)
    short = msgspec.structs.replace(drawn(WHOLE, 100), pixels=("one",))
    for written in (drawn(other, 100), short):
        store.put(WHOLE.name, msgspec.json.encode(written))
        assert kept(store, WHOLE, said.append) is None
        (tmp_path / WHOLE.name).unlink()
    for data in (b"", b"{}", b"\xff", b"[" * 100_000):
        store.put(WHOLE.name, data)
        assert kept(store, WHOLE, said.append) is None
        (tmp_path / WHOLE.name).unlink()
    assert len(said) == 6 and "another slice" in said[0] and "1 frames instead of 100" in said[1]
    store.put(WHOLE.name, msgspec.json.encode(drawn(WHOLE, 100)))
    assert kept(store, WHOLE, said.append) == drawn(WHOLE, 100)


def test_an_object_is_written_once_and_read_as_it_was(tmp_path: Path) -> None:
    store, file = Objects(str(tmp_path / "store")), tmp_path / "file"
    file.write_bytes(bytes(3_000_000))
    digest = store.put_file(file)
    assert digest == sha256(bytes(3_000_000)).hexdigest() and store.put_file(file) == digest
    store.fetch(digest, tmp_path / "back")
    assert digest_of(tmp_path / "back") == digest
    assert store.put("a/b", b"1") and not store.put("a/b", b"2") and store.read("a/b", 9) == b"1"
    with pytest.raises(DeviceError, match="more than 0 bytes"):
        store.read("a/b", 0)
    # The control: a byte of the object is changed, and nothing is replaced by it.
    kept_file = tmp_path / "store" / content_name(digest)
    kept_file.write_bytes(b"\1" + bytes(2_999_999))
    with pytest.raises(DeviceError, match="is damaged"):
        store.fetch(digest, tmp_path / "back")
    assert digest_of(tmp_path / "back") == digest
    with pytest.raises(DeviceError, match="push it again"):
        store.fetch("00" * 32, tmp_path / "back")


def test_takes_are_pushed_and_pulled_by_name(tmp_path: Path) -> None:
    store, take = Objects(str(tmp_path / "store")), tmp_path / "night 1.take"
    take.write_bytes(b"take")
    pushed = push_take(take, store)
    assert push_take(take, store) == pushed and takes_of(store) == ["night 1"]
    found, path = pull_take("night 1", store, tmp_path / "here")
    assert found == pushed and path.read_bytes() == b"take"
    with pytest.raises(UsageError, match="exists"):
        pull_take("night 1", store, tmp_path / "here")
    take.write_bytes(b"another")
    with pytest.raises(UsageError, match="has another take with the name 'night 1'"):
        push_take(take, store)
    with pytest.raises(UsageError, match="takes there: night 1"):
        pull_take("night 2", store, tmp_path / "here")
    for name in ("../night 1", "a/b", ""):
        with pytest.raises(UsageError, match="is not a name for a store"):
            pull_take(name, store, tmp_path / "here")


def test_a_place_that_is_no_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="is not a store"):
        Objects("ftp://host/folder")
    monkeypatch.setenv("AWS_ENDPOINT", "http://192.0.2.7:8333")
    with pytest.raises(UsageError, match="would not be encrypted"):
        Objects("s3://takes/night")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeviceError, match="cannot be used"):
        Objects(str(tmp_path / "file")).put("a", b"")
