"""From a wall file to a picture: the commands of examples/stages/README.md, as they are typed."""

from __future__ import annotations

import shlex
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xrdrama.cli import run

STAGES = Path(__file__).resolve().parents[2] / "examples" / "stages"
MOST_COMMANDS, MOST_SECONDS = 10, 300.0


def commands() -> list[list[str]]:
    """The commands of the section."""
    text = (STAGES / "README.md").read_text("utf-8")
    section = text.partition("## From a wall file to a picture")[2].partition("\n## ")[0]
    return [
        shlex.split(line)[1:] for line in section.splitlines() if line.startswith("    xrdrama ")
    ]


def test_a_wall_file_becomes_a_picture_in_a_few_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = commands()
    assert typed and len(typed) <= MOST_COMMANDS
    shutil.copy(STAGES / "surfaces" / "wave.obj", tmp_path / "wall.obj")
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    for words in typed:
        assert run(words) == 0, words
    assert time.monotonic() - began < MOST_SECONDS
    with Image.open("first_picture.png") as opened:
        picture = np.asarray(opened.convert("RGB"))
    assert picture.shape == (600, 1400, 3)
    assert picture.std() > 10  # a pattern, and not one colour
    assert run(typed[0]) == 2  # the stage file is there already


def test_a_wall_that_faces_away_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (STAGES / "surfaces" / "wave.obj").read_text("utf-8").splitlines()
    turned = [
        "f " + " ".join(reversed(line.split()[1:])) if line.startswith("f ") else line
        for line in lines
    ]
    (tmp_path / "wall.obj").write_text("\n".join(turned), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(commands()[0]) == 2
    shown = capsys.readouterr()
    assert "flip the normals" in shown.err + shown.out
