"""The worked example of bridge/README.md: a tracker is one module and one entry-point line.

Nothing of xrdrama is changed for it: the stage names it, the simulated operator speaks it, a run
receives it, and the `track` commands know it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.installed import install, stagehand
from tests.conformance.shows import played, write_show, xrdrama
from xrdrama.show.take import Take
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move


def samples_of(take: Take) -> list[TrackingSample]:
    return [entry.event for entry in take.entries if isinstance(entry.event, TrackingSample)]


@pytest.mark.parametrize("clock", ["--fixed-rate", "live"])
def test_the_simulated_operator_speaks_the_protocol_of_the_stage(
    clock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    # FreeD knows no subject "left": samples of it can only have come through the plug-in.
    show = write_show(tmp_path, protocol="boom", subject="left")
    options = ["--seconds", "0.5", *([clock] if clock != "live" else [])]
    _, take, said = played(show, *options)
    samples = samples_of(take)
    assert len(samples) >= 10 and {sample.subject for sample in samples} == {"left"}, said
    if clock == "--fixed-rate":
        assert {sample.source for sample in samples} == {"operator"}
        move = load_move((tmp_path / "demo.move.yaml").read_text("utf-8"))
        for sample in samples:
            off = sample.pose.position - move.pose(sample.at).position
            assert off.length() < 1e-6  # JSON keeps what FreeD rounds to 1/64 mm
    else:
        assert {sample.source for sample in samples} == {"boom"}


def test_the_track_commands_know_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    capture = json.loads((Path(__file__).parent / "captures" / "boom.json").read_text("utf-8"))
    file = tmp_path / "boom.hex"
    file.write_text("\n".join(capture["datagrams"]), "utf-8")
    done = xrdrama("track", "decode", "boom", "--hex", file)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["subject"] for line in lines] == ["left", "left", "right"]
    assert lines[0]["position_m"] == [1.5, -2.0, 1.6]


def test_check_accepts_it_and_names_one_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = write_show(tmp_path, protocol="boom", subject="left")
    done = xrdrama("check", tmp_path / "small_wall.stage.yaml")
    assert done.returncode == 1 and "there is no tracking protocol 'boom'" in done.stdout
    stagehand(tmp_path / "site", monkeypatch)
    done = xrdrama("check", tmp_path / "small_wall.stage.yaml", show)
    assert "tracking protocol" not in done.stdout


BROKEN = """
def decoder():
    raise RuntimeError("no licence")

def encode(sample):
    return b"hello"
"""


def test_a_fault_of_a_decoder_is_counted_and_the_show_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {"xrdrama.trackers": {"broken": "broken.tracker"}}
    install(tmp_path / "site", monkeypatch, points, {"tracker.py": BROKEN}, name="broken")
    result, take, _ = played(write_show(tmp_path, protocol="broken"), "--seconds", "0.5")
    assert result["made"] == 12 and samples_of(take) == []
    assert result["tracking"]["bad"] > 10
    show = write_show(tmp_path, protocol="broken")
    done = xrdrama(
        "run", show, "--fixed-rate", "--no-video", "--no-console", "--out", tmp_path / "fixed"
    )
    assert done.returncode == 2 and "no licence" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_operator_that_cannot_write_the_subject_says_so(tmp_path: Path) -> None:
    """The control: FreeD has camera ids from 0 to 255 only."""
    show = write_show(tmp_path, protocol="freed", subject="left")
    done = xrdrama(
        "run", show, "--fixed-rate", "--no-video", "--no-console", "--out", tmp_path / "out"
    )
    assert done.returncode == 2, done.stdout
    assert "'left' is not a FreeD camera id" in done.stderr
    assert "subject: and protocol:" in done.stderr
