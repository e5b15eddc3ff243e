"""A disk that is really full: a small tmpfs in a mount namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.content.test_texts import FILES, STORY

pytestmark = pytest.mark.peer

FULL = """\
set -u
mount -t tmpfs -o size=$SIZE tmpfs "$DISK"
cp -r "$FROM"/. "$DISK"
head -c 100M /dev/zero >"$DISK/filler" 2>/dev/null || true
cd "$DISK"
"$PYTHON" -m xrdrama "$@" >"$TO/stdout" 2>"$TO/stderr"
echo $? >"$TO/status"
rm filler
cp -r "$DISK"/. "$TO/disk"
"""


def on_a_full_disk(files: Path, tmp_path: Path, *command: str) -> tuple[int, str, Path]:
    """The status and the words of a command whose folder is on a full disk; a copy of the disk."""
    disk, to = tmp_path / "mounted", tmp_path / "seen"
    disk.mkdir()
    (to / "disk").mkdir(parents=True)
    namespace = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "-r", "--mount"]
    environment = {
        **os.environ, "SIZE": "256k", "DISK": str(disk), "FROM": str(files), "TO": str(to),
        "PYTHON": sys.executable, "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    done = subprocess.run(
        [*namespace, "bash", "-c", FULL, "bash", *command],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert (to / "status").is_file(), done.stderr
    words = (to / "stdout").read_text() + (to / "stderr").read_text()
    return int((to / "status").read_text()), words, to / "disk"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_fmt_changes_no_file_and_says_so(files: Path, tmp_path: Path) -> None:
    changed = STORY.replace("  #l4kq2p", "  #l4kq2p\n      BOATMAN: Decide.")
    (files / "ferry.branch.yaml").write_text(changed, "utf-8")
    status, words, disk = on_a_full_disk(files, tmp_path, "fmt", "ferry.branch.yaml")
    assert status == 2 and "No space left on device" in words and "Traceback" not in words
    assert "none of the 2 files was changed" in words and "free some space" in words
    for name in ("ferry.branch.yaml", "ferry.fr.csv"):
        assert (disk / name).read_bytes() == (files / name).read_bytes()
    left = {path.name for path in disk.iterdir()}
    assert left == {path.name for path in files.iterdir()}


@pytest.mark.parametrize(
    "command",
    [
        ("schema", "--write", "schemas"),
        ("scene", "picture", "lantern_street", "--out", "still.png", "--size", "640x360"),
        ("run", "ferry.show.yaml", "--fixed-rate", "--seconds", "0.1", "--out", "out"),
    ],
    ids=lambda command: command[0],
)
def test_what_cannot_be_written_is_one_clear_line(
    command: tuple[str, ...], files: Path, tmp_path: Path
) -> None:
    status, words, disk = on_a_full_disk(files, tmp_path, *command)
    assert status == 2 and "No space left on device" in words and "Traceback" not in words
    assert not (disk / "still.png").exists()
    assert not list(disk.rglob("*.mp4")) and not list(disk.rglob(".still*"))


def test_the_same_command_succeeds_where_there_is_space(files: Path, tmp_path: Path) -> None:
    """The control: it is the disk that refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "xrdrama", "fmt", "ferry.branch.yaml"],
        cwd=files, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
