"""A drawing that was killed leaves a folder of parts; the next one beside it deletes it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from xrdrama.tools.takes.rendering import DRAWING, _parts_folder


def left(out: Path, name: str, file: str = "000000.wall.mp4") -> Path:
    folder = out / f"{DRAWING}{name}"
    folder.mkdir()
    (folder / file).write_bytes(b"part of a video")
    return folder


def test_a_stale_folder_is_deleted_and_all_others_are_kept(tmp_path: Path) -> None:
    stale, used = left(tmp_path, "stale"), left(tmp_path, "used")
    foreign = left(tmp_path, "notes", "notes.txt")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "film.mp4").write_bytes(b"somebody's film")
    (tmp_path / f"{DRAWING}link").symlink_to(elsewhere)
    lock = os.open(used, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        with _parts_folder(tmp_path) as folder, _parts_folder(tmp_path) as other:
            assert not stale.exists() and used.exists() and foreign.exists()
            assert folder.exists() and other.exists() and (elsewhere / "film.mp4").exists()
    finally:
        os.close(lock)
    assert not folder.exists() and not other.exists()
    with _parts_folder(tmp_path):
        assert not used.exists()  # its drawing has ended
