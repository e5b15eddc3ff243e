"""A run whose videos cannot be drawn says so; its take is kept and its status is not 0."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.content.test_texts import FILES, write_model
from xrdrama import cli
from xrdrama.errors import UsageError
from xrdrama.tools.takes import rendering
from xrdrama.tools.takes.replaying import replay_take


@pytest.fixture
def show(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("move: dolly\n", ""), "utf-8")
    write_model(tmp_path / "scenes" / "pier" / "scene.yaml")
    return tmp_path / "ferry.show.yaml"


def test_videos_that_are_not_drawn_are_said(
    show: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(take: Path, out: Path, **_: object) -> None:
        raise UsageError("the disk is full", "free some space")

    monkeypatch.setattr(rendering, "draw_take", refuse)
    out = show.parent / "out"
    status = cli.run(
        ["run", str(show), "--fixed-rate", "--seconds", "0.2", "--out", str(out), "--json"]
    )
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert status == 2 and result["videos"] == [] and result["frames"] == 4
    assert "the disk is full" in result["undrawn"]
    assert "videos were not drawn: the disk is full" in said.err and "xrdrama render" in said.err
    assert replay_take(Path(result["take"])).identical


def test_videos_of_an_earlier_run_are_named_before_they_are_replaced(
    show: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> int:
        raise UsageError("the disk is full", "free some space")

    monkeypatch.setattr(rendering, "_draw_parts", refuse)
    out = show.parent / "out"
    words = ["run", str(show), "--fixed-rate", "--seconds", "0.2", "--out", str(out)]
    cli.run(words)
    assert "replaced" not in capsys.readouterr().err
    (out / rendering.WALL).write_bytes(b"an earlier run")
    cli.run(words)
    said = " ".join(capsys.readouterr().err.split())
    assert "wall.mp4 in" in said and "replaced; to keep it, use another --out" in said
    assert (out / rendering.WALL).read_bytes() == b"an earlier run"
