"""Shows run end to end: real processes, real recognisers, takes that replay."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conformance.shows import in_this_process, without_inputs
from tests.waiting import wait_until
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.run.take.resuming import clock
from xrdrama.run.take.starting import take_path
from xrdrama.show.take import read_take
from xrdrama.tools.takes.replaying import frames_of, open_take

LOADING = 240.0
"""Seconds that recognisers may take to load on a busy machine."""
DEMO_PICKS = [("counting", "remember"), ("taper", "take"), ("ticket", "else")]


def xrdrama(*arguments: str | Path, timeout: float = 600.0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xrdrama", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def run_fixed(out: Path, show: str = "lantern_demo", *more: str) -> dict[str, Any]:
    done = xrdrama(
        "run", show, "--headless", "--fixed-rate", "--no-video", "--out", out, "--json", *more
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def hashes(take: Path) -> list[bytes]:
    return [ticked.hash for ticked in read_take(take.read_bytes()).ticks]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_fixed(tmp_path_factory.mktemp("demo"))


def test_the_demo_is_picked_by_voice_hand_and_silence(demo: dict[str, Any]) -> None:
    assert [(p["beat"], p["option"]) for p in demo["picks"]] == DEMO_PICKS
    assert [p["trigger"] for p in demo["picks"]] == ["voice", "gesture", "timeout"]
    assert demo["frames"] == 45 * 24
    assert demo["late_frames"] == 0


@pytest.mark.peer
def test_two_fixed_rate_runs_are_equal_also_with_a_slow_recogniser(
    demo: dict[str, Any], tmp_path: Path
) -> None:
    again = run_fixed(tmp_path / "again")
    slow = _slowed(tmp_path)
    slowed = run_fixed(tmp_path / "slow", str(slow))
    first = hashes(Path(demo["take"]))
    assert len(first) == 1080
    assert hashes(Path(again["take"])) == first
    assert hashes(Path(slowed["take"])) == first


def test_the_first_frame_is_seen_from_where_the_camera_stands(demo: dict[str, Any]) -> None:
    """Not from the safe pose, to leap from there with the second."""
    take, _, production = open_take(Path(demo["take"]))
    frames = [
        frame for _, (_, frame, _) in zip(range(3), frames_of(take, production), strict=False)
    ]
    cameras = [frame.tracked.camera.position for frame in frames if frame.tracked]
    assert frames[0].tracked is not None and frames[0].tracked.state == "live"
    assert max((a - b).length() for a, b in itertools.pairwise(cameras)) < 0.01


@pytest.mark.peer
def test_a_viewer_who_says_nothing_gives_other_frames(demo: dict[str, Any], tmp_path: Path) -> None:
    """The control of the test above: hashes are not equal because nothing is hashed."""
    show = tmp_path / "lantern_demo.show.yaml"
    text = _demo_text()
    silent = re.sub(r"(demo_viewer\.opus, at: )[0-9.]+s", r"\g<1>300s", text)
    assert silent != text
    show.write_text(silent, "utf-8")
    other = run_fixed(tmp_path / "out", str(show))
    assert other["picks"][0]["option"] == "else"
    assert hashes(Path(other["take"])) != hashes(Path(demo["take"]))


def test_a_take_replays_to_identical_hashes_in_three_processes(demo: dict[str, Any]) -> None:
    found = set()
    for _ in range(3):
        done = xrdrama("replay", demo["take"], "--json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["identical"] and said["first_difference"] is None
        found.add(said["hash"])
    assert len(found) == 1


def test_replay_says_where_a_take_is_torn(demo: dict[str, Any], tmp_path: Path) -> None:
    data = Path(demo["take"]).read_bytes()
    path = tmp_path / "torn.take"
    path.write_bytes(data[: len(data) // 2])
    done = in_this_process("replay", path)
    assert done.returncode == 1
    frames = len(read_take(data[: len(data) // 2]).ticks)
    assert f"{frames} frames, all identical" in done.stdout
    damage = read_take(data[: len(data) // 2]).damage
    assert damage is not None and f"ends with {damage.size - damage.at} bytes" in done.stderr


def test_replay_finds_a_frame_that_differs(demo: dict[str, Any], tmp_path: Path) -> None:
    from xrdrama.show.take.records import MAGIC, Ticked, encode_record, whole_records

    data = Path(demo["take"]).read_bytes()
    forged = bytearray(MAGIC)
    for record, _ in whole_records(data, len(MAGIC)):
        wrong = isinstance(record, Ticked) and record.number == 100
        forged += encode_record(
            msgspec.structs.replace(record, hash=bytes(16)) if wrong else record
        )
    path = tmp_path / "forged.take"
    path.write_bytes(bytes(forged))
    done = in_this_process("replay", path, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["first_difference"] == 100
    assert not json.loads(done.stdout)["older_rules"]


def test_replay_says_that_a_take_was_made_by_other_rules(
    demo: dict[str, Any], tmp_path: Path
) -> None:
    from xrdrama.show.take.reading import CHANGES
    from xrdrama.show.take.records import MAGIC, Header, Ticked, encode_record, whole_records

    data = Path(demo["take"]).read_bytes()
    forged = bytearray(MAGIC)
    for record, _ in whole_records(data, len(MAGIC)):
        if isinstance(record, Header):
            options = {k: v for k, v in record.options.items() if k != "rules"}
            record = msgspec.structs.replace(record, options=options)  # noqa: PLW2901
        elif isinstance(record, Ticked):
            record = msgspec.structs.replace(record, hash=bytes(16))  # noqa: PLW2901
        forged += encode_record(record)
        if isinstance(record, Ticked) and record.number == 12:
            break
    path = tmp_path / "older.take"
    path.write_bytes(bytes(forged))
    done = in_this_process("replay", path)
    assert done.returncode == 1 and "recorded by an earlier version" in done.stdout
    said = " ".join(done.stdout.split())
    for change in CHANGES.values():  # a take without a number is older than all of them
        assert change in said, change


def test_replay_refuses_changed_content_by_name(tmp_path: Path) -> None:
    show = without_inputs(tmp_path)
    run = run_fixed(tmp_path / "out", str(show), "--seconds", "1")
    show.write_text(show.read_text("utf-8").replace("seed: ", "seed: 1"), "utf-8")
    done = in_this_process("replay", run["take"], "--json")
    assert done.returncode == 2
    assert "lantern_demo.show.yaml" in done.stderr and not done.stdout
    done = in_this_process("replay", run["take"], "--embedded", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["identical"]


@pytest.mark.peer
def test_a_killed_show_is_resumed_where_its_take_ends(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    show = subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.DEVNULL)
    take = out / "lantern_demo.take"
    try:
        wait_until(lambda: _ticks(take) >= 60, LOADING, every=0.2)
    finally:
        show.kill()
        show.wait()
    with take.open("ab") as file:
        file.write(os.urandom(37))  # and the disk was cut in the middle of a record
    before = [ticked.number for ticked in read_take(take.read_bytes()).ticks]
    seconds = 4
    done = xrdrama("run", "lantern_demo", "--headless", "--no-video", "--resume", take,
                   "--out", out, "--seconds", str(seconds), "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    after = read_take(take.read_bytes())
    assert not after.torn
    numbers = [ticked.number for ticked in after.ticks]
    assert numbers == sorted(set(numbers)) and numbers[: len(before)] == before
    # A busy machine lets frames go, and counts them.
    gone = json.loads(done.stdout)["skipped_frames"]
    assert (
        numbers[-1] == before[-1] + seconds * 24 == before[-1] + len(numbers) - len(before) + gone
    )
    assert f"resuming at {clock((before[-1] + 1) / 24)}, for 4 s" in done.stderr
    assert json.loads(xrdrama("replay", take, "--json").stdout)["identical"]


@pytest.mark.peer
def test_a_recogniser_that_dies_is_started_again_and_the_show_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    command += ["--seconds", "3600", "--out", str(out), "--json"]
    show = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    take = out / "lantern_demo.take"

    def is_found_again() -> bool:
        events = [entry.event for entry in read_take(take.read_bytes()).entries]
        kinds = [type(event).__name__ for event in events if getattr(event, "source", "") == "hand"]
        return "DeviceLost" in kinds and "DeviceFound" in kinds[kinds.index("DeviceLost") :]

    try:
        wait_until(lambda: _ticks(take) >= 24, LOADING, every=0.2)
        assert not is_found_again()
        os.kill(_child_of(show.pid, "hand"), signal.SIGKILL)
        wait_until(is_found_again, LOADING, every=0.2)
        then = _ticks(take)
        wait_until(lambda: _ticks(take) >= then + 24, every=0.2)
        show.terminate()
        said, _ = show.communicate(timeout=LOADING)
    finally:
        show.kill()
        show.communicate()
    assert json.loads(said)["frames"] == _ticks(take)


@pytest.mark.soak
def test_the_demos_picks_land_in_ten_of_ten_live_runs(tmp_path: Path) -> None:
    for number in range(10):
        done = xrdrama("run", "lantern_demo", "--headless", "--no-video", "--out",
                       tmp_path / str(number), "--json")  # fmt: skip
        assert done.returncode == 0, done.stderr
        picks = [(p["beat"], p["option"]) for p in json.loads(done.stdout)["picks"]]
        assert picks == DEMO_PICKS, f"run {number}"


def _ticks(take: Path) -> int:
    try:
        return len(read_take(take.read_bytes()).ticks)
    except (
        OSError,
        RemoteProtocolError,
        UsageError,
    ):  # not there yet, or its header is being written
        return 0


def _child_of(parent: int, name: str) -> int:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            stat = (path.parent / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat[1]) == parent and b"input" in words and name.encode() in words:
            return int(path.parent.name)
    raise AssertionError(f"no process {name} under {parent}")


def _demo_text() -> str:
    from xrdrama import content

    return content.read_text(content.find("show", "lantern_demo"))


def _slowed(folder: Path) -> Path:
    """The demo with a voice recogniser five times as slow; everything else the same."""
    folder.mkdir(exist_ok=True)
    show = folder / "lantern_demo.show.yaml"
    text = _demo_text()
    slow = text.replace("    use: voice\n", '    use: voice\n    settings: {slow: "5"}\n')
    assert slow != text
    show.write_text(slow, "utf-8")
    return show


def test_no_run_writes_over_the_take_of_another(tmp_path: Path) -> None:
    takes = []
    for _ in range(3):
        path = take_path(tmp_path, "night")
        path.write_bytes(b"")
        takes.append(path.name)
    assert takes == ["night.take", "night.2.take", "night.3.take"]
    assert take_path(tmp_path, "night", replace=True).name == "night.take"


def test_a_second_run_keeps_the_take_of_the_first(tmp_path: Path) -> None:
    brief = ("run", "lantern_headset", "--no-video", "--seconds", "1", "--out", tmp_path)
    first, second = (json.loads(xrdrama(*brief, "--json").stdout)["take"] for _ in range(2))
    assert first != second
    assert all(read_take(Path(take).read_bytes()).closed is not None for take in (first, second))
