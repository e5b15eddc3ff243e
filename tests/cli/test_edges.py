"""The edges of the command line: places that cannot be written, options out of range, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from xrdrama.app.running import Result
from xrdrama.cli import run
from xrdrama.cli.shows import tell
from xrdrama.show.take import read_take

REPOSITORY = Path(__file__).resolve().parents[2]
XRDRAMA = [sys.executable, "-m", "xrdrama"]
CLIENT = REPOSITORY / "bridge" / "python" / "xrdrama_client.py"


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command ends with."""
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and said.err.startswith("xrdrama: ")
    return said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["scene", "picture", "lantern_street", "--out", "."],
        ["scene", "picture", "lantern_street", "--out", "a.txt"],
        ["scene", "picture", "lantern_street", "--out", "file/a.png"],
        ["demo", "--out", "file"],
        ["run", "lantern_demo", "--out", "file/below"],
        ["render", "some.take", "--out", "file"],
        ["schema", "--write", "file"],
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_written_is_named_with_its_option(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("taken")
    said = refused(arguments, capsys)
    assert (
        f"{arguments[-2]} {Path(arguments[-1]).parts[0] if arguments[-1] != '.' else '.'}" in said
    )
    assert (tmp_path / "file").read_text() == "taken"


@pytest.mark.parametrize(
    ("arguments", "option", "command"),
    [
        (["run", "lantern_demo", "--port", "65534"], "--port", "run"),
        (["run", "lantern_demo", "--port", "-1"], "--port", "run"),
        (["vr", "lantern_headset", "--port", "70000"], "--port", "vr"),
        (["run", "lantern_demo", "--seconds", "inf"], "--seconds", "run"),
        (["run", "lantern_demo", "--seconds", "nan"], "--seconds", "run"),
        (["track", "monitor", "--port", "0"], "--port", "track monitor"),
        (["track", "simulate", "demo", "--rate", "0"], "--rate", "track simulate"),
        (["render", "some.take", "--jobs", "0"], "--jobs", "render"),
        (["run"], "SHOW", "run"),
    ],
    ids=str,
)
def test_a_usage_error_names_the_option_and_the_help_of_its_command(
    arguments: list[str], option: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(arguments, capsys)
    assert said.startswith(f"xrdrama: {option}")
    assert said.rstrip().endswith(f"(xrdrama {command} --help)")


def test_the_highest_port_of_a_bridge_is_no_usage_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The control: what is within the range goes on to the next question."""
    assert "no_such_show" in refused(["run", "no_such_show", "--port", "65533"], capsys)


@pytest.mark.parametrize(
    "endpoint", ["nonsense", "tcp://localhost", "tcp://:7400", "tcp://a:0", "tcp://a:70000"]
)
def test_an_address_that_no_core_can_have_is_one_line(endpoint: str) -> None:
    command = [*XRDRAMA, "console", "--core", endpoint]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert repr(endpoint) in done.stderr and "tcp://127.0.0.1:7400" in done.stderr


def test_the_client_in_one_file_says_what_is_wrong_in_one_line() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    for endpoint in ("nonsense", nobody):
        done = subprocess.run(
            [sys.executable, str(CLIENT), endpoint],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith(f"{endpoint}: ") and done.stderr.count("\n") == 1


def test_an_input_says_what_it_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path)]
    said = refused(["run", "lantern_night", *out, "--input", "hand=microphone"], capsys)
    assert "hand=camera:0 or hand=file:PATH" in said
    said = refused(["run", "lantern_night", *out, "--input", "viewer=camera:0"], capsys)
    assert "viewer=microphone or viewer=file:PATH" in said


# -- tracking -----------------------------------------------------------------------------------


def test_a_monitor_that_hears_nothing_says_where_it_listened() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*XRDRAMA, "track", "monitor", "--port", str(port), "--seconds", "0.5", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    first, last = done.stderr.splitlines()
    assert done.returncode == 1
    assert f"listening on 127.0.0.1:{port} (freed)" in first and "--address 0.0.0.0" in first
    assert "nothing came in 0.5 s" in last


def test_a_monitors_wrong_address_is_told_about_the_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = refused(["track", "monitor", "--address", "192.0.2.1"], capsys)
    assert "--address" in said and "stage file" not in said


# -- runs ---------------------------------------------------------------------------------------


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    """A command as a terminal has it: Ctrl-C reaches all of its process group."""
    return subprocess.Popen(
        [*XRDRAMA, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def interrupted(show: subprocess.Popen[str]) -> tuple[str, str, float]:
    """Press Ctrl-C: what it said, and seconds until its end."""
    began = time.monotonic()
    os.killpg(show.pid, signal.SIGINT)
    out, err = show.communicate(timeout=60)
    return out, err, time.monotonic() - began


def wait_for(path: Path, size: int) -> None:
    deadline = time.monotonic() + 60
    while not (path.is_file() and path.stat().st_size > size):
        assert time.monotonic() < deadline, f"{path} does not grow"
        time.sleep(0.05)
    time.sleep(0.4)  # the processes that begin with the take are under way, and not yet ready


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two seconds of the demo, without videos."""
    out = tmp_path_factory.mktemp("short")
    command = ["run", "lantern_demo", "--headless", "--fixed-rate", "--no-video", "--seconds", "2"]
    subprocess.run([*XRDRAMA, *command, "--out", str(out)], check=True, timeout=120)
    yield out / "lantern_demo.take"


@pytest.mark.parametrize("size", [0, 200_000], ids=["while its inputs load", "while it plays"])
def test_ctrl_c_in_a_fixed_rate_run_closes_its_take_and_says_so(size: int, tmp_path: Path) -> None:
    show = started("run", "lantern_demo", "--headless", "--fixed-rate", "--out", tmp_path)
    take = tmp_path / "lantern_demo.take"
    wait_for(take, size)
    out, err, _ = interrupted(show)
    assert show.returncode == 130 and out == ""
    assert err.splitlines()[-1] == f"xrdrama: stopped; take: {take}"
    assert "signal" not in err and "Traceback" not in err
    left = read_take(take.read_bytes())
    assert left.closed is not None and (len(left.ticks) > 0) == (size > 0)
    assert len(left.ticks) < 45 * 24
    assert not list(tmp_path.glob("*.mp4"))


def test_ctrl_c_while_drawing_ends_at_once(take: Path, tmp_path: Path) -> None:
    drawing = started("render", take, "--out", tmp_path, "--jobs", "1")
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".*.mp4")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    _, err, seconds = interrupted(drawing)
    assert drawing.returncode == 130 and seconds < 2
    assert err == f"xrdrama: stopped; take: {take}\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [0, 100_000], ids=["while it loads", "while it plays"])
def test_ctrl_c_ends_a_live_show_and_its_console_in_peace(size: int, tmp_path: Path) -> None:
    show = started("run", "lantern_demo", "--headless", "--no-video", "--out", tmp_path)
    wait_for(tmp_path / "lantern_demo.take", size)
    out, err, _ = interrupted(show)
    assert show.returncode == 0 and "take: " in out
    assert "KeyboardInterrupt" not in err and "no console any more" not in err
    assert "signal" not in err


def test_videos_are_named_and_a_drawing_is_told_as_json(take: Path, tmp_path: Path) -> None:
    command = [*XRDRAMA, "render", str(take), "--out", str(tmp_path), "--quality", "draft"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said["lens"]).is_file() and Path(said["wall"]).is_file() and said["frames"] == 48


@pytest.mark.parametrize(("late", "advised"), [(11, True), (10, False)])
def test_a_run_ends_with_its_videos_and_what_to_do_about_late_frames(
    late: int, advised: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    videos = (Path("out/through_the_lens.mp4"), Path("out/wall.mp4"))
    result = Result(100, 24.0, (), Path("out/a.take"), late, 0, "", 0, None, (), videos=videos)
    tell(result, json=False)
    said = capsys.readouterr().out
    assert all(f"  {video}\n" in said for video in videos)
    assert ("xrdrama render out/a.take" in said) == advised
    tell(result, json=True)
    assert json.loads(capsys.readouterr().out)["videos"] == [str(video) for video in videos]


def test_a_tracker_that_is_silent_is_told_of_once(tmp_path: Path) -> None:
    command = ["run", "lantern_demo", "--headless", "--no-video", "--no-console", "--tracker"]
    more = ["--seconds", "3.5", "--json", "--out", str(tmp_path)]
    done = subprocess.run(
        [*XRDRAMA, *command, *more], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tracking"]["packets"] == 0
    assert done.stderr.count("no tracking on 127.0.0.1:40000 (freed)") == 1
    assert "0.0.0.0" in done.stderr


def test_a_tracker_that_speaks_is_counted_and_not_told_of(tmp_path: Path) -> None:
    """The control of the test above: the operator of the show is such a tracker."""
    command = ["run", "lantern_demo", "--headless", "--no-video", "--no-console"]
    more = ["--seconds", "3", "--json", "--out", str(tmp_path)]
    done = subprocess.run(
        [*XRDRAMA, *command, *more], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tracking"]["packets"] > 60
    assert "no tracking" not in done.stderr
