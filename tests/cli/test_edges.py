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
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import free_port
from tests.conftest import children
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.adapters.journal import Journal
from xrdrama.cli import run
from xrdrama.cli.printing.results import print_result
from xrdrama.run.result import Result
from xrdrama.run.take.starting import header_of
from xrdrama.show import Tick, advance, opening
from xrdrama.show.take import Take, Ticked, read_take
from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.frame import frame_hash

LOADING = 240.0
"""Seconds that a process may take to load everything on a busy machine."""
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "x", "--seconds", "0"], "--seconds must be 0.01 or more, not 0"),
        (["run", "x", "--seconds", "ten"], "--seconds must be a number, not 'ten'"),
        (["run", "x", "--port", "65534"], "--port must be 65533 or less, not 65534"),
        (["run", "x", "--port", "a"], "--port must be a whole number, not 'a'"),
        (["run", "x", "--out"], "--out needs a value"),
        (["run", "x", "--json=3"], "--json takes no value: write --json alone"),
        (["run", "x", "--secondes", "3"], "there is no option --secondes: did you mean --seconds?"),
        (["run", "x", "--colour"], "there is no option --colour"),
        (["run", "x", "y"], "unexpected 'y': remove it, or put a name with spaces in quotes"),
        (["stage", "verfy"], "there is no command 'verfy': did you mean 'verify'?"),
        (["quux"], "there is no command 'quux'"),
    ],
    ids=str,
)
def test_usage_error_says_what_is_wrong_in_plain_words(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = {"stage": "xrdrama stage", "run": "xrdrama run"}.get(arguments[0], "xrdrama")
    assert refused(arguments, capsys) == f"xrdrama: {message} ({command} --help)\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["scene", "picture", "lantern_street", "--size", "0x9"],
            "--size '0x9' is not valid: write",
        ),
        (["scene", "picture", "lantern_street", "--size", "9x99999"], "each at most 16384"),
        (
            ["scene", "picture", "lantern_street", "--cue", "snow"],
            "has no cue 'snow': use one of: ",
        ),
        (["schema"], "the kind of schema is missing: use one of: branch, "),
        (
            ["doctor", "arc_volum"],
            "there is no show or stage 'arc_volum': did you mean 'arc_volume'?",
        ),
        (
            ["models", "get", "vosk", "--from", "nowhere"],
            "cannot be read: No such file or directory: ",
        ),
        (["run", "lantern_demo", "--wall", "1,2", "--headless"], "else: remove --headless\n"),
        (["run", "lantern_demo", "--window", "--fixed-rate"], "remove --window or --fixed-rate"),
        (
            ["console", "--cert", "a", "--key", "b"],
            "cannot be used: No such file or directory: both",
        ),
        (["fmt", "nowhere"], "nowhere does not exist: check the path"),
        (["test", "nowhere"], "there is no file or folder nowhere: check the path"),
        (
            ["track", "decode", "freed", "nowhere"],
            "name a file of datagrams, or write - for standard input",
        ),
    ],
    ids=str,
)
def test_what_a_command_cannot_use_is_named_with_a_remedy(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refused(arguments, capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["play", "night.show.yaml"], "night.show.yaml is a show, not a story"),
        (["stage", "verify", "night.show.yaml"], "night.show.yaml is a show, not a stage"),
        (["run", "night.branch.yaml"], "night.branch.yaml is a story, not a show"),
        (["run", "night.take"], "night.take is a take, not a show"),
        (["run", "set/scene.yaml"], "set/scene.yaml is a set, not a show"),
        (["scene", "check", "night.branch.yaml"], "night.branch.yaml is a story, not a set"),
        (["scene", "check", "sc.yaml"], "the file of a set must be named scene.yaml"),
        (["track", "simulate", "night.show.yaml"], "is a show, not a camera move"),
        (["run", "arc_volume"], "there is no show 'arc_volume' (a stage has this name)"),
    ],
    ids=str,
)
def test_content_of_another_kind_is_named_in_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set").mkdir()
    for name in ("night.show.yaml", "night.branch.yaml", "night.take", "set/scene.yaml", "sc.yaml"):
        (tmp_path / name).write_text("id: night\n")
    assert message in refused(arguments, capsys)


def test_the_highest_port_of_a_bridge_is_no_usage_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The control: a value within the range is accepted."""
    assert "no_such_show" in refused(["run", "no_such_show", "--port", "65533"], capsys)


@pytest.mark.parametrize(
    "endpoint", ["nonsense", "tcp://localhost", "tcp://:7400", "tcp://a:0", "tcp://a:70000"]
)
def test_an_address_that_no_core_can_have_is_one_line(
    endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(["console", "--core", endpoint], capsys)
    assert repr(endpoint) in said and "tcp://127.0.0.1:7400" in said


def test_the_client_in_one_file_says_what_is_wrong_in_one_line() -> None:
    for endpoint in ("nonsense", f"tcp://127.0.0.1:{free_port()}"):
        done = subprocess.run(
            [sys.executable, str(CLIENT), endpoint],
            capture_output=True, text=True, timeout=LOADING, check=False,
        )  # fmt: skip
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith(f"{endpoint}: ") and done.stderr.count("\n") == 1


def test_an_input_says_what_it_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path)]
    said = refused(["run", "lantern_night", *out, "--input", "hand=microphone"], capsys)
    assert "hand=camera:0 or hand=file:PATH" in said
    said = refused(["run", "lantern_night", *out, "--input", "viewer=camera:0"], capsys)
    assert "viewer=microphone:default or viewer=file:PATH" in said
    said = refused(["run", "lantern_night", *out, "--input", "hand=camera:zero"], capsys)
    assert "camera must be a whole number: write hand=camera:0" in said


# -- tracking -----------------------------------------------------------------------------------


def test_a_monitor_that_hears_nothing_says_where_it_listened(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port(socket.SOCK_DGRAM)
    assert run(["track", "monitor", "--port", str(port), "--seconds", "0.5", "--json"]) == 1
    first, last = capsys.readouterr().err.splitlines()
    assert f"listening on 127.0.0.1:{port} (freed)" in first and "--address 0.0.0.0" in first
    assert "no packet was received in 0.5 s" in last


def test_wrong_address_of_a_monitor_names_the_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = refused(["track", "monitor", "--address", "192.0.2.1"], capsys)
    assert "--address" in said and "stage file" not in said


# -- runs ---------------------------------------------------------------------------------------


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command as a terminal has it: Ctrl-C reaches all of its process group."""
    with subprocess.Popen(
        [*XRDRAMA, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as show:
        try:
            yield show
        finally:
            if show.poll() is None:
                os.killpg(show.pid, signal.SIGKILL)


def interrupted(show: subprocess.Popen[str]) -> tuple[str, str, float]:
    """Press Ctrl-C: what it said, and seconds until its end."""
    began = time.monotonic()
    os.killpg(show.pid, signal.SIGINT)
    out, err = show.communicate(timeout=LOADING)
    return out, err, time.monotonic() - began


def wait_for(show: subprocess.Popen[str], path: Path, size: int) -> None:
    """Wait until the take is so large and the show has started its processes, ready or not."""
    wait_until(lambda: path.is_file() and path.stat().st_size > size, LOADING, every=0.05)
    wait_until(lambda: children(show.pid) or show.poll() is not None, LOADING)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two seconds of the demo, without videos."""
    out = tmp_path_factory.mktemp("short")
    command = ["run", "lantern_demo", "--headless", "--fixed-rate", "--no-video", "--seconds", "2"]
    subprocess.run([*XRDRAMA, *command, "--out", str(out)], check=True, timeout=600)
    yield out / "lantern_demo.take"


@pytest.fixture(scope="module")
def long_take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three minutes in which nobody says anything: minutes of drawing on any machine."""
    path = tmp_path_factory.mktemp("long") / "long.take"
    loaded = content.load_show("lantern_demo")
    production = content.produce(loaded)
    show = opening(production)
    journal = Journal.begin(path, header_of(loaded, production, fixed_rate=True))
    for number in range(180 * 24):
        at = FrameTime.of(number, production.rate, start=production.start_timecode)
        show, frame = advance(show, Tick(at, ()))
        journal.tick(Ticked(number, 0, frame_hash(frame)))
    journal.close()
    return path


def stopped_in_a_fixed_rate_run(folder: Path, size: int) -> Take:
    """The take of a run that Ctrl-C ended when that was so large; its end would be far away."""
    command = ("run", "lantern_demo", "--headless", "--fixed-rate", "--seconds", "3600")
    with started(*command, "--out", folder) as show:
        path = folder / "lantern_demo.take"
        wait_for(show, path, size)
        out, err, _ = interrupted(show)
    assert show.returncode == 130 and out == ""
    assert err.splitlines()[-1] == f"xrdrama: stopped; take: {path}"
    assert "signal" not in err and "Traceback" not in err
    assert not list(folder.glob("*.mp4"))
    left = read_take(path.read_bytes())
    assert left.closed is not None and len(left.ticks) < 3600 * 24
    return left


def test_ctrl_c_in_a_fixed_rate_run_closes_its_take_and_says_so(tmp_path: Path) -> None:
    assert stopped_in_a_fixed_rate_run(tmp_path, 600_000).ticks  # its header has 330 kB


def test_ctrl_c_while_its_inputs_load_does_too(tmp_path: Path) -> None:
    """Where they are quicker than we are, it plays already: then we try again."""
    takes = (stopped_in_a_fixed_rate_run(tmp_path / str(number), 0) for number in range(5))
    assert any(not take.ticks for take in takes)


def test_ctrl_c_while_drawing_ends_at_once(long_take: Path, tmp_path: Path) -> None:
    with started("render", long_take, "--out", tmp_path, "--jobs", "1") as drawing:
        wait_until(lambda: list(tmp_path.rglob("*.mp4")), LOADING, every=0.05)
        _, err, seconds = interrupted(drawing)
    assert drawing.returncode == 130 and seconds < 20
    assert err == f"xrdrama: stopped; take: {long_take}\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.peer
@pytest.mark.parametrize("size", [0, 100_000], ids=["while it loads", "while it plays"])
def test_ctrl_c_ends_a_live_show_and_its_console_in_peace(size: int, tmp_path: Path) -> None:
    with started("run", "lantern_demo", "--headless", "--no-video", "--out", tmp_path) as show:
        wait_for(show, tmp_path / "lantern_demo.take", size)
        out, err, _ = interrupted(show)
    assert show.returncode == 0 and "take: " in out
    assert "KeyboardInterrupt" not in err and "the console does not run" not in err
    assert "signal" not in err and "restarted" not in err


def consoles(show: subprocess.Popen[str]) -> list[int]:
    """The process ids of the consoles of a show."""
    return [pid for pid, line in children(show.pid).items() if "xrdrama console" in line]


@pytest.mark.peer
@pytest.mark.parametrize("stops", [True, False], ids=["the show too", "only the console"])
def test_console_that_loads_is_not_restarted_when_all_processes_are_interrupted(
    stops: bool, tmp_path: Path
) -> None:
    """As when a service or a container is stopped, each process gets the signal, the console first.
    In the control only the console gets it."""
    with started("run", "lantern_demo", "--headless", "--no-video", "--out", tmp_path) as show:
        (console,) = wait_until(lambda: consoles(show), LOADING)
        os.killpg(console, signal.SIGINT)
        if not stops:
            wait_until(lambda: consoles(show) not in ([console], []), LOADING)
        out, err, _ = interrupted(show)
    assert show.returncode == 0 and "take: " in out
    assert ("the console ended" in err and "restarted" in err) == (not stops)


@pytest.mark.peer
def test_videos_are_named_and_a_drawing_is_printed_as_json(take: Path, tmp_path: Path) -> None:
    command = [*XRDRAMA, "render", str(take), "--out", str(tmp_path), "--quality", "draft"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=600, check=False
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
    print_result(result, json=False)
    said = capsys.readouterr().out
    assert all(f"  {video}\n" in said for video in videos)
    assert ("xrdrama render out/a.take" in said) == advised
    print_result(result, json=True)
    assert json.loads(capsys.readouterr().out)["videos"] == [str(video) for video in videos]


@pytest.mark.parametrize(("skipped", "dropped"), [(5, 0), (0, 2), (0, 0)])
def test_a_run_that_lost_frames_or_events_says_so(
    skipped: int, dropped: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Result(100, 24.0, (), Path("a.take"), 30, skipped, "", dropped, None, (), drawn=70)
    print_result(result, json=False)
    said = capsys.readouterr().out
    assert f"100 frames made, 70 drawn, 30 late, {skipped} skipped; {dropped} events" in said
    assert ("WARNING" in said) == bool(skipped or dropped)
    print_result(result, json=True)
    found = json.loads(capsys.readouterr().out)
    counts = [found[name] for name in ("made", "drawn", "late", "skipped", "dropped")]
    assert counts == [100, 70, 30, skipped, dropped]
    older = [found[name] for name in ("frames", "late_frames", "skipped_frames", "dropped_events")]
    assert older == [100, 30, skipped, dropped]


@pytest.mark.peer
def test_a_tracker_that_is_silent_is_reported_once(tmp_path: Path) -> None:
    port = free_port(socket.SOCK_DGRAM)
    show = tmp_path / "lantern_demo.show.yaml"
    show.write_text(content.read_text(content.find("show", "lantern_demo")), "utf-8")
    stage = content.read_text(content.find("stage", "arc_volume"))
    assert stage.count("port: 40000") == 1
    stage = stage.replace("port: 40000", f"port: {port}")
    (tmp_path / "arc_volume.stage.yaml").write_text(stage, "utf-8")
    command = ["run", str(show), "--headless", "--no-video", "--no-console", "--tracker"]
    more = ["--seconds", "3.5", "--json", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*XRDRAMA, *command, *more], capture_output=True, text=True, timeout=LOADING, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tracking"]["packets"] == 0
    assert done.stderr.count(f"no tracking packets on 127.0.0.1:{port} (freed)") == 1
    assert "0.0.0.0" in done.stderr


@pytest.mark.peer
def test_a_tracker_that_speaks_is_counted_and_not_reported(tmp_path: Path) -> None:
    """The control of the test above: the operator of the show is such a tracker."""
    command = ["run", "lantern_demo", "--headless", "--no-video", "--no-console"]
    path = tmp_path / "lantern_demo.take"

    def samples() -> int:
        entries = read_take(path.read_bytes()).entries
        return sum(isinstance(entry.event, TrackingSample) for entry in entries)

    with started(*command, "--seconds", "3600", "--json", "--out", tmp_path) as show:
        wait_for(show, path, 10_000)
        wait_until(lambda: samples() > 60 and len(read_take(path.read_bytes()).ticks) > 72)
        show.terminate()
        out, err = show.communicate(timeout=LOADING)
    assert show.returncode == 0, err
    assert json.loads(out)["tracking"]["packets"] > 60
    assert "no tracking" not in err


@pytest.mark.parametrize(
    ("command", "word"), [("new", "or mesh."), ("pattern", "cameras or flash.")]
)
def test_the_help_of_a_stage_command_names_every_choice(
    command: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stage", command, "--help"]) == 0
    said = capsys.readouterr().out.replace("│", " ")
    assert word in " ".join(said.split())
