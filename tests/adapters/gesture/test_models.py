"""Where the hand model is looked for, and what is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.adapters.gesture.models import HAND, checked_model
from xrdrama.errors import DeviceError


def test_the_cache_is_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert HAND.path() == tmp_path / "xrdrama" / "models" / "hand_landmarker.task"


@pytest.mark.parametrize("value", ["", "relative/cache"])
def test_without_it_the_cache_is_in_the_home(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert HAND.path() == tmp_path / ".cache" / "xrdrama" / "models" / "hand_landmarker.task"


def test_the_model_of_the_set_up_is_the_right_one() -> None:
    assert HAND.is_it(checked_model())


def test_a_missing_model_names_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="is missing at") as caught:
        checked_model(tmp_path / "hand_landmarker.task")
    assert caught.value.remedy == HAND.remedy


def test_one_changed_byte_is_another_model(tmp_path: Path) -> None:
    model = bytearray(checked_model())
    model[len(model) // 2] ^= 1
    (tmp_path / "model").write_bytes(bytes(model))
    with pytest.raises(DeviceError, match="checksum") as caught:
        checked_model(tmp_path / "model")
    assert caught.value.remedy == HAND.remedy


def test_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be read"):
        checked_model(tmp_path)
