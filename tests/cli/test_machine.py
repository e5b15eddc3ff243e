"""The machine forms that scripts rely on: track, stage, doctor, models, schema; exit statuses."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until
from xrdrama.cli import run
from xrdrama.show.take import read_take
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample, freed

LOADING = 240.0
"""Seconds that a process may take to load everything on a busy machine."""
STAGES = Path(__file__).resolve().parents[2] / "examples" / "stages"
FREED_PACKETS = Path(__file__).parents[1] / "tracking" / "freed_packets.json"


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


def test_track_decode_prints_the_known_values_of_each_packet(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packets = json.loads(FREED_PACKETS.read_text())
    file = tmp_path / "packets.hex"
    file.write_text("\n".join(packet["hex"] for packet in packets))
    assert run(["track", "decode", "freed", "--hex", str(file)]) == 0
    for sample, packet in zip(lines(capsys), packets, strict=True):
        assert sample["pan_deg"] == pytest.approx(-packet["expect"]["freed_pan_deg"], abs=1e-4)
        assert sample["subject"] == str(packet["expect"]["camera_id"])


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
    port = free_port(socket.SOCK_DGRAM)
    xrdrama = [sys.executable, "-m", "xrdrama", "track"]
    to = ["--to", f"127.0.0.1:{port}", "--rate", "60"]
    listen = [*xrdrama, "monitor", "freed", "--port", str(port), "--json"]
    move = [*xrdrama, "simulate", "demo", *to]
    with (
        ended(listen, stdout=subprocess.PIPE, text=True) as monitor,
        ended(move, stdout=subprocess.DEVNULL),
    ):
        assert monitor.stdout is not None
        state: dict[str, Any] = {}
        # On a busy machine not every second of sixty packets is heard as one.
        for state in map(json.loads, itertools.islice(monitor.stdout, 120)):
            assert state["bad"] == 0
            if state["samples"] > 60 and state["rate"] == pytest.approx(60, rel=0.1):
                break
        else:
            raise AssertionError(f"never at its rate, but {state}")
    assert state["subject"] == "1" and len(state["position_m"]) == 3


def test_simulate_says_how_much_it_sent() -> None:
    command = [sys.executable, "-m", "xrdrama", "track", "simulate", "demo", "--json"]
    to = ["--to", f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"]
    done = subprocess.run(
        [*command, *to, "--seconds", "1", "--rate", "60"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["sent"] == 60


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
    assert {"microphone", "camera", "OpenXR runtime", "fonts"} <= set(names)
    assert names["fonts"]["ok"] is True and "Arabic, Hebrew" in names["fonts"]["detail"]
    assert all(set(check) == {"name", "ok", "detail", "remedy"} for check in found["checks"])
    for plugin in ("tracker freed", "input voice", "input hand", "output pictures", "output sound"):
        assert names[plugin]["ok"] and names[plugin]["detail"].startswith("xrdrama "), plugin


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "list", "--json"]) == 0
    (found,) = lines(capsys)
    assert found["models"][0]["name"].startswith("moonshine")


@pytest.mark.parametrize("kind", ["branch", "scene", "stage", "show", "move", "lens", "wire"])
def test_schemas_are_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_show_that_is_asked_to_stop_closes_its_take(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    command += ["--seconds", "3600", "--out", str(tmp_path), "--json"]
    path = tmp_path / "lantern_demo.take"
    with ended(command, stdout=subprocess.PIPE) as show:
        wait_until(lambda: path.is_file() and path.stat().st_size > 50_000, LOADING, every=0.2)
        wait_until(lambda: len(processes(show.pid)) >= 3, LOADING, every=0.2)
        started = processes(show.pid)
        show.terminate()
        out, _ = show.communicate(timeout=LOADING)
    assert show.returncode == 0
    take = read_take(path.read_bytes())
    assert Path(json.loads(out)["take"]) == path
    assert take.closed is not None and not take.torn
    assert len(started) >= 3, "a voice, a hand, an operator"
    assert not [one for one in started if one.exists()], "it left processes behind"


@pytest.mark.peer
def test_a_show_that_is_killed_while_it_loads_leaves_no_processes_behind(tmp_path: Path) -> None:
    """Those that it has just started do not yet know whose they are."""
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    with ended([*command, "--out", str(tmp_path)], stderr=subprocess.DEVNULL) as show:
        wait_until(lambda: len(processes(show.pid)) >= 3, LOADING, every=0.002)
        started = processes(show.pid)
        show.kill()
        show.wait()
    wait_until(lambda: not any(map(is_alive, started)), LOADING, every=0.2)


def is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def ended(command: list[str], **settings: Any) -> Iterator[subprocess.Popen[Any]]:
    with subprocess.Popen(command, **settings) as process:
        try:
            yield process
        finally:
            process.kill()


def processes(parent: int) -> list[Path]:
    """The processes that a process has started, by their place."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if path.read_text().rpartition(")")[2].split()[1] == str(parent):
                found.append(path.parent)
        except OSError:
            continue
    return found
