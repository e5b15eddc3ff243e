"""Commands for a stage with two cameras: verify, test patterns, both moves over real UDP."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.adapters.bridge.cores import free_port
from tests.adapters.panda.test_two_cameras import STAGE
from xrdrama.cli import run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "two.stage.yaml"
    file.write_text(STAGE, "utf-8")
    return file


@pytest.mark.parametrize(
    "stage", ["two.stage.yaml", pytest.param("two_cameras", marks=pytest.mark.soak)]
)
def test_stage_verify_proves_both_cameras(
    small: Path, stage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = str(small) if stage == small.name else stage
    assert run(["stage", "verify", named, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pass"] is True and set(found["cameras"]) == {"wide", "tele"}
    for proof in found["cameras"].values():
        assert proof["position_px"]["p99"] < 0.01 and proof["wrong_view_1mm_px"]["p99"] > 0.1
    assert found["cameras"]["wide"]["covered"] > 0.1


def test_stage_pattern_writes_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ramp.png"
    assert run(["stage", "pattern", "two_cameras", "ramp", "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    picture = np.asarray(Image.open(out).convert("RGB"))
    assert picture.shape == (540, 1536, 3) and len(set(picture[20, :, 0].tolist())) > 250


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["two_cameras", "gird"], "there is no test pattern 'gird': did you mean 'grid'?"),
        (["two_cameras", "grid", "--wall", "ark"], "has no wall 'ark': did you mean 'arc'?"),
        (["two_cameras", "grid", "--out", "a.txt"], "is not the name of a picture file"),
    ],
)
def test_stage_pattern_explains_mistakes(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stage", "pattern", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_both_moves_are_sent_as_two_subjects() -> None:
    port = free_port(socket.SOCK_DGRAM)
    xrdrama = [sys.executable, "-m", "xrdrama", "track"]
    moves = ["two_cameras_wide=1", "two_cameras_tele=2"]
    listen = [*xrdrama, "monitor", "freed", "--port", str(port), "--json"]
    send = [*xrdrama, "simulate", *moves, "--to", f"127.0.0.1:{port}"]
    with (
        subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as monitor,
        subprocess.Popen(send, stdout=subprocess.DEVNULL) as operator,
    ):
        try:
            assert monitor.stdout is not None
            rows: dict[str, Any] = {}
            for state in map(json.loads, itertools.islice(monitor.stdout, 60)):
                assert state["bad"] == 0
                rows = {row["subject"]: row for row in state["subjects"]}
                if len(rows) == 2 and all(row["samples"] > 20 for row in rows.values()):
                    break
        finally:
            monitor.kill()
            operator.kill()
    assert set(rows) == {"1", "2"}
    left, right = (rows[name]["position_m"][0] for name in "12")
    assert left < 0 and right > 1


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (["demo", "two_cameras_wide"], "two moves have the subject '1'"),
        (["demo=", "demo"], "write NAME=SUBJECT"),
    ],
)
def test_moves_without_their_own_subjects_are_refused(
    moves: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["track", "simulate", *moves, "--seconds", "1"]) == 2
    assert said in capsys.readouterr().err


def test_a_show_whose_move_has_no_camera_is_refused_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Path("examples/shows/lantern_two_cameras.show.yaml").read_text("utf-8")
    file = tmp_path / "lantern_two_cameras.show.yaml"
    file.write_text(show.replace("  tele: two", "  tle: two"), "utf-8")
    assert run(["check", str(file), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    (found,) = [one for one in problems if one["code"] == "H017"]
    assert (found["line"], found["message"]) == (16, "the stage has no camera 'tle'")
    assert found["hint"] == "did you mean 'tele'?"
