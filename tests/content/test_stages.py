"""Files that a stage refers to: read beside it, embedded in takes, and the same stage from both."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from xrdrama import content
from xrdrama.content.stages import embedded, embedded_files
from xrdrama.errors import AuthoringError, RemoteProtocolError, UsageError

ROOT = Path(__file__).resolve().parents[2]
STAGE = (ROOT / "examples/stages/wave_wall.stage.yaml").read_text("utf-8")
SHOW = """\
xrdrama: 1
id: wave
title: Wave
story: one_lantern_too_many
stage: wave_wall
rate: "24"
languages: [en]
seconds: 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a show, its stage and the surface of its wall."""
    (tmp_path / "surfaces").mkdir()
    obj = (ROOT / "examples/stages/surfaces/wave.obj").read_bytes()
    (tmp_path / "surfaces/wave.obj").write_bytes(obj)
    (tmp_path / "wave_wall.stage.yaml").write_text(STAGE, "utf-8")
    (tmp_path / "wave.show.yaml").write_text(SHOW, "utf-8")
    return tmp_path


def test_a_take_holds_the_surface_and_gives_the_same_stage(project: Path) -> None:
    loaded = content.load_show(str(project / "wave.show.yaml"))
    made = content.produce(loaded)
    roles = msgspec.json.encode(loaded.roles).decode()
    (project / "surfaces/wave.obj").unlink()
    again = content.produce(content.header_texts(loaded.sources(), roles))
    assert made.stage is not None and made.stage == again.stage
    assert made.outer_views == again.outer_views
    assert len(made.stage.wall("wave").facets) == 168


def test_a_missing_surface_is_reported_at_its_name(project: Path) -> None:
    (project / "surfaces/wave.obj").unlink()
    with pytest.raises(AuthoringError, match=r"wave_wall.stage.yaml:11:11: error W020"):
        content.load_show(str(project / "wave.show.yaml"))


@pytest.mark.parametrize("name", ["../x.obj", "/etc/passwd", "a\\b", ".hidden"])
def test_a_take_may_not_name_other_files(project: Path, name: str) -> None:
    loaded = content.load_show(str(project / "wave.show.yaml"))
    roles = {**loaded.roles, f"stage-file/{name}": loaded.roles["stage"]}
    text = msgspec.json.encode(roles).decode()
    if name == "../x.obj":  # harmless: files of takes are never looked up on disk
        content.header_texts(loaded.sources(), text)
        return
    with pytest.raises(RemoteProtocolError, match="invalid part"):
        content.header_texts(loaded.sources(), text)


@pytest.mark.parametrize("original", [b"v 0 0 0\r\n", b"", b"\x00\xff\xfe", b"base64:AAAA"])
def test_embedded_files_are_the_same_bytes(original: bytes) -> None:
    assert embedded_files({"a": embedded(original)})("a") == original


def test_damaged_files_of_takes_are_named() -> None:
    with pytest.raises(UsageError, match="does not contain b"):
        embedded_files({"a": ""})("b")
    with pytest.raises(UsageError, match="damaged"):
        embedded_files({"a": "base64:*"})("a")


def test_large_files_and_folders_are_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xrdrama.content.stages.MOST_BYTES", 100)
    read = content.files_of(project / "wave_wall.stage.yaml")
    with pytest.raises(UsageError, match="at most"):
        read("surfaces/wave.obj")
    with pytest.raises(UsageError):
        read("surfaces")
    with pytest.raises(UsageError):
        read("../../etc/passwd")
