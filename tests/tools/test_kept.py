"""Saves of rehearsals are never written longer than they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.errors import UsageError
from xrdrama.tools.ink.session import SAVE, InkSave
from xrdrama.tools.kept import encoded, read_kept, write_kept


def test_bytes_of_a_save_are_bounded_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = tmp_path / "a.json", InkSave(1, "night", "灯" * 1000)
    length = len(encoded(kept))
    assert length > 3000
    for most in (length, length - 1):
        monkeypatch.setattr("xrdrama.content.MAX_BYTES", most)
        monkeypatch.setattr("xrdrama.content.texts.MAX_BYTES", most)
        if most == length:
            write_kept(path, kept, SAVE)
            assert read_kept(path, InkSave, SAVE) == kept
        else:
            path.unlink()
            with pytest.raises(UsageError, match="this save would be larger than"):
                write_kept(path, kept, SAVE)
            assert not path.exists()
