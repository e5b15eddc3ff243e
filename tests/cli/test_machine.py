"""The machine forms that scripts rely on: track, stage, doctor, models, schema; exit statuses."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from xrdrama.cli import run
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample, freed

STAGES = Path(__file__).resolve().parents[2] / "examples" / "stages"


def packet(pan: float = 10.0, subject: str = "7") -> bytes:
    pose = Pose(Vec3(1.5, -2.25, 1.625), Quat.from_angles(pan=pan, tilt=-3.5))
    return freed.encode(TrackingSample("t", subject, 0, pose, zoom=4660.0, focus=255.0))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_track_decode_prints_a_sample_in_our_axes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.bin"
    file.write_bytes(packet())
    assert run(["track", "decode", "freed", str(file)]) == 0
    (sample,) = lines(capsys)
    assert sample["source"] == "freed" and sample["subject"] == "7"
    assert sample["position_m"] == [1.5, -2.25, 1.625]
    assert sample["pan_deg"] == pytest.approx(10.0, abs=1 / 32768)
    assert sample["tilt_deg"] == pytest.approx(-3.5, abs=1 / 32768)
    assert sample["roll_deg"] == pytest.approx(0.0, abs=1 / 32768)
    assert (sample["zoom"], sample["focus"]) == (4660, 255)
    assert "timecode" not in sample and "iris" not in sample


def test_track_decode_goes_on_after_a_bad_datagram(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "three.hex"
    bad = packet()[:-1] + b"\x00"
    file.write_text(f"{packet(1).hex()}\n{bad.hex()}\nnot hex\n\n{packet(2).hex()}\n")
    assert run(["track", "decode", "freed", "--hex", str(file)]) == 1
    found = lines(capsys)
    assert [("error" in line) for line in found] == [False, True, True, False]
    assert "checksum" in found[1]["error"]


def test_track_convert_gives_the_same_packet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.bin"
    file.write_bytes(packet())
    assert run(["track", "convert", "freed", "freed", str(file)]) == 0
    assert capsys.readouterr().out.strip() == packet().hex()


def test_track_vectors_of_others(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Where the shared vectors are present, they decode to what others say they mean."""
    vectors = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "freed" / "vectors.json"
    if not vectors.is_file():
        own = [{"hex": packet(-90.0).hex(), "expect": {"freed_pan_deg": 90.0, "camera_id": 7}}]
        cases = own
    else:
        cases = [case for case in json.loads(vectors.read_text()) if "hex" in case]
    for case in cases:
        file = tmp_path / "v.hex"
        file.write_text(case["hex"])
        assert run(["track", "decode", "freed", "--hex", str(file)]) == 0
        (sample,) = lines(capsys)
        assert sample["pan_deg"] == pytest.approx(-case["expect"]["freed_pan_deg"], abs=1e-4)
        assert sample["subject"] == str(case["expect"]["camera_id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["track", "decode", "no_such", "file"],
        ["track", "decode", "freed", "/does/not/exist"],
        ["stage", "verify", "no_such_stage"],
        ["run", "no_such_show"],
        ["replay", "no_such.take"],
        ["bench", "no_such"],
        ["schema", "no_such"],
        ["models", "get", "no_such"],
        ["play", "no_such_story"],
        ["track", "simulate", "demo", "--to", "nowhere"],
        ["no_such_command"],
        ["run", "lantern_demo", "--headless", "--window"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_one_clear_line_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip() and "Traceback" not in said.err


def test_replay_of_what_is_no_take_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in (b"", b"XRTAKE1\n", b"\x00" * 1000, packet() * 50):
        file = tmp_path / "bad.take"
        file.write_bytes(data)
        assert run(["replay", str(file), "--json"]) == 2
        said = capsys.readouterr()
        assert said.out == "" and "bad.take" in said.err


def test_simulate_and_monitor_speak_real_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "xrdrama", "track", "monitor", "freed", "--port", str(port)]
    monitor = subprocess.Popen(
        [*command, "--seconds", "4", "--json"], stdout=subprocess.PIPE, text=True
    )
    simulate = [sys.executable, "-m", "xrdrama", "track", "simulate", "demo", "--json"]
    done = subprocess.run(
        [*simulate, "--to", f"127.0.0.1:{port}", "--seconds", "6", "--rate", "60"],
        capture_output=True,
        text=True,
        check=True,
    )
    heard, _ = monitor.communicate(timeout=30)
    states = [json.loads(line) for line in heard.splitlines()]
    last = states[-1]
    assert json.loads(done.stdout)["sent"] == 360
    assert last["bad"] == 0 and last["samples"] > 60
    assert last["rate"] == pytest.approx(60, rel=0.1)
    assert last["subject"] == "1" and len(last["position_m"]) == 3


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "xrdrama", "track", "monitor", "--port", str(port)]
        done = subprocess.run(
            [*command, "--seconds", "1"], capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert str(port) in done.stderr and "Traceback" not in done.stderr


def test_stage_verify_proves_our_own_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stage", "verify", "arc_volume", "--json"]) == 0
    (found,) = lines(capsys)
    assert found["pass"] is True
    for wall in found["walls"].values():
        assert set(wall["position_px"]) == {"median", "p90", "p99", "max"}
        assert {"median", "p90", "p99", "max", "expected"} <= set(wall["wrong_eye_1mm_px"])
        assert wall["projective_max_255"] <= 1 and wall["pass"] is True


def test_stage_check_finds_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (STAGES / "arc_volume.stage.yaml").read_text("utf-8")
    file = tmp_path / "bad.stage.yaml"
    file.write_text(text.replace("radius: 5", "raduis: 5"), "utf-8")
    assert run(["stage", "check", str(file), "--json"]) == 1
    (found,) = lines(capsys)
    problem = next(p for p in found["problems"] if "raduis" in p["message"])
    assert problem["hint"] == "did you mean 'radius'?"
    assert problem["line"] == 1 + text.split("radius: 5")[0].count("\n")


def test_doctor_tells_everything_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 0
    (found,) = lines(capsys)
    names = {check["name"]: check for check in found["checks"]}
    assert names["OpenGL without a screen"]["ok"] is True
    assert {"microphone", "camera", "OpenXR runtime", "Chinese captions"} <= set(names)
    assert all(set(check) == {"name", "ok", "detail", "remedy"} for check in found["checks"])


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "list", "--json"]) == 0
    (found,) = lines(capsys)
    assert found["models"][0]["name"].startswith("moonshine")


@pytest.mark.parametrize("kind", ["branch", "scene", "stage", "show", "move", "wire"])
def test_schemas_are_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_show_that_is_asked_to_stop_closes_its_take(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    show = subprocess.Popen([*command, "--out", str(tmp_path), "--json"], stdout=subprocess.PIPE)
    timer = threading.Timer(6.0, show.terminate)
    timer.start()
    out, _ = show.communicate(timeout=60)
    timer.cancel()
    assert show.returncode == 0
    from xrdrama.show.take import read_take

    take = read_take(Path(json.loads(out)["take"]).read_bytes())
    assert take.closed is not None and not take.torn
    time.sleep(0.5)
    assert not [p for p in _processes() if str(show.pid) in p], "it left processes behind"


def _processes() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found.append(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found
