"""A show knows its plates by their content, and a take is refused when one of them changed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.scene.test_parse import SMALL
from xrdrama import content
from xrdrama.content.loading import Loaded, _Loader
from xrdrama.content.plates import file_hash
from xrdrama.document import Place
from xrdrama.errors import AuthoringError
from xrdrama.show.take import Header, Take
from xrdrama.show.take.reading import check_sources
from xrdrama.tools.takes.replaying import plates_now

PLATES = "plates:\n  road: {kind: sky, doc: The road., file: assets/road.mp4}\n"


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenes" / "yard"
    (folder / "assets").mkdir(parents=True)
    (folder / "scene.yaml").write_text(SMALL + PLATES)
    (folder / "assets" / "road.mp4").write_bytes(b"one")
    return folder


def loaded(folder: Path) -> Loaded:
    loader = _Loader(folder.parent.parent)
    loader.add_scene("yard", Place())
    return loader.loaded()


def taken(found: Loaded) -> Take:
    roles = msgspec.json.encode(found.roles).decode()
    header = Header("night", "1", "", (24, 1), found.sources(), {"roles": roles})
    return Take(header, (), (), None, 0)


def test_take_is_refused_when_its_plate_changed_or_is_gone(yard: Path) -> None:
    found = loaded(yard)
    assert list(found.plates) == ["plate/yard/assets/road.mp4"]
    take = taken(found)
    again = content.header_texts(take.header.sources, take.header.options["roles"])
    assert again.plates == found.plates
    assert check_sources(take, plates_now(take, yard)) == []
    file = yard / "assets" / "road.mp4"
    file.write_bytes(b"two")
    assert check_sources(take, plates_now(take, yard)) == ["plate/yard/assets/road.mp4"]
    file.unlink()
    assert check_sources(take, plates_now(take, yard)) == ["plate/yard/assets/road.mp4"]


def test_take_cannot_name_a_plate_outside_its_set(yard: Path) -> None:
    take = taken(loaded(yard))
    secret = yard.parent / "secret"
    secret.write_bytes(b"one")
    source = take.header.sources.pop("plate/yard/assets/road.mp4")
    take.header.sources["plate/yard/../secret"] = source
    assert check_sources(take, plates_now(take, yard)) == ["plate/yard/../secret"]


def test_missing_plate_is_named_with_the_file_that_was_meant(yard: Path) -> None:
    (yard / "assets" / "road.mp4").rename(yard / "assets" / "raod.mp4")
    with pytest.raises(AuthoringError) as caught:
        loaded(yard)
    problem = caught.value.problems[0]
    assert problem.code == "S030" and "there is no such file" in problem.message
    assert problem.hint == "did you mean 'assets/raod.mp4'?"


def test_hash_of_a_large_file_is_kept_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("xrdrama.content.plates._KEPT", 2)
    file = tmp_path / "large.mp4"
    file.write_bytes(b"one")
    first = file_hash(file)
    kept = list((tmp_path / "cache" / "xrdrama" / "plates").iterdir())
    assert len(kept) == 1
    file.write_bytes(b"two")
    assert file_hash(file) != first
    file.write_bytes(b"one")
    assert file_hash(file) == first
