"""Viewers: what a window makes of mouse and keys, and who takes over when one ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.waiting import wait_until
from xrdrama.adapters.panda.window import Touched
from xrdrama.processes.statuses import LEFT, NO_DEVICE
from xrdrama.processes.viewers import FOUND, HEADSET, PREFIX, WINDOW, ViewerProcesses
from xrdrama.spatial import FORWARD, Pose, Quat, Vec3
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.viewers.following import aimed_at
from xrdrama.viewers.looking import ROOM, STEEPEST, UP_DOWN, Look, moved
from xrdrama.wire.frame import Frame, OpenChoice, OpenOption

HEIGHT = 720
OPTIONS = (OpenOption("stay", 1, {"en": "Stay"}), OpenOption("go", 2, {"en": "Go"}))
OPEN = Frame(
    FrameTime.of(0, FrameRate.parse("24")), "door", "street", {}, choice=OpenChoice("c", OPTIONS)
)
SHUT = Frame(FrameTime.of(0, FrameRate.parse("24")), "door", "street", {})
KEYS = st.sampled_from(["w", "a", "s", "d", "arrow_up", "arrow_left", "space", "q"])


def test_what_is_dragged_follows_the_hand() -> None:
    look = moved(Look(), Touched(dragged=(HEIGHT / 5, 0.0)), 0.02, HEIGHT)
    assert look.pan == pytest.approx(UP_DOWN / 5)  # to the right: the view turns to the left
    look = moved(Look(), Touched(dragged=(0.0, HEIGHT / 5)), 0.02, HEIGHT)
    assert look.tilt == pytest.approx(-UP_DOWN / 5)
    assert look.pose(Pose()).rotation.rotate(FORWARD).z < 0.0


@given(st.lists(st.tuples(st.frozensets(KEYS), st.floats(-500, 500), st.floats(-500, 500))))
def test_a_viewer_stays_near_and_upright(
    touches: list[tuple[frozenset[str], float, float]],
) -> None:
    look = Look()
    for held, x, y in touches:
        look = moved(look, Touched(held=held, dragged=(x, y)), 0.25, HEIGHT)
        assert (look.x**2 + look.y**2) ** 0.5 <= ROOM + 1e-9
        assert abs(look.tilt) <= STEEPEST
    assert abs(look.pose(Pose()).rotation.angles()[2]) < 1e-6


def test_steps_go_where_one_looks() -> None:
    turned = Look(pan=90.0)
    stepped = moved(turned, Touched(held=frozenset("w")), 0.1, HEIGHT)
    assert stepped.x < -0.05 and stepped.y == pytest.approx(0.0)
    stands = Pose(Vec3(5.0, 6.0, 1.6), Quat.from_angles(pan=-90.0))
    assert stepped.pose(stands).position.y > 6.05


def test_f_follows_the_film_camera_home_goes_back_space_does_nothing() -> None:
    look = Look(10.0, 5.0, 0.5, 0.5)
    films = moved(look, Touched(pressed=("f",)), 0.02, HEIGHT)
    assert films.films and not moved(films, Touched(pressed=("f",)), 0.02, HEIGHT).films
    assert moved(films, Touched(pressed=("home",)), 0.02, HEIGHT) == Look()
    assert moved(look, Touched(pressed=("space",), held=frozenset({"space"})), 1, HEIGHT) == look


def test_what_is_aimed_at_lights_up() -> None:
    lit = aimed_at(OPEN, "go").choice
    assert lit is not None and [option.heard for option in lit.options] == [False, True]
    assert aimed_at(OPEN, "") is OPEN and aimed_at(SHUT, "go") is SHUT


def test_a_viewer_that_cannot_start_without_a_screen_leaves_the_show_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX, "false")
    monkeypatch.delenv("DISPLAY", raising=False)
    said: list[str] = []
    lost: list[str] = []
    viewers = ViewerProcesses("lantern_headset", "headset", tmp_path, said.append)
    viewers.start("tcp://127.0.0.1:9", lambda name, reason: lost.append(name))
    wait_until(lambda: viewers.gone)
    viewers.close()
    assert viewers.gone and not viewers.closed
    assert lost == ["viewer"]
    assert len(said) == 1 and "no viewer is left" in said[0] and "DISPLAY" in said[0]
    assert [change.to for change in viewers.watched().changes] == ["nothing"]


def stand_in(folder: Path, headset: list[str]) -> str:
    """A command that is a headset's viewer as often as it is called, in turn: shell lines."""
    script = folder / "headset.sh"
    turns = [f"{number})\n{line}\n;;\n" for number, line in enumerate(headset)]
    script.write_text(
        f'cd {folder}; count=$(ls | grep -c turn); touch turn$count\ncase $count in\n'
        + "".join(turns) + "*)\nsleep 60\n;;\nesac\n"
    )  # fmt: skip
    return f"sh {script}"


class Looking:
    """Viewers without a screen, whose headset is a script."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *headset: str) -> None:
        self.folder = folder
        self.said: list[str] = []
        monkeypatch.setenv(PREFIX, stand_in(folder, list(headset)))
        monkeypatch.delenv("DISPLAY", raising=False)
        self.viewers = ViewerProcesses(
            "lantern_headset",
            "headset",
            folder / "out",
            self.said.append,
            headset=replace(HEADSET, first_delay_s=0.2),
        )
        self.viewers.start("tcp://127.0.0.1:9", lambda name, reason: None)

    def turns(self, count: int, timeout_s: float = 20.0) -> bool:
        """Whether so many viewers were started in time."""
        try:
            wait_until(lambda: len(list(self.folder.glob("turn*"))) >= count, timeout_s)
        except AssertionError:
            return False
        return True

    def changes(self, count: int) -> list[str]:
        """To what it changed, once it did so often."""
        wait_until(lambda: len(self.viewers.changes) >= count)
        return [change.to for change in self.viewers.changes]


GONE, LEAVES = f"exit {NO_DEVICE}", f"exit {LEFT}"
COMES = "echo ready; read word; echo $word > said; exec sleep 60"


def test_a_headset_that_went_away_is_looked_for_and_gets_the_show_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = Looking(tmp_path, monkeypatch, GONE, GONE, COMES)
    try:
        assert looking.changes(2) == ["nothing", "headset"]
        assert looking.viewers.on == "headset" and not looking.viewers.gone
        assert "returns to the headset when it is available again" in looking.said[0]
        assert FOUND in looking.said[1]
        wait_until(lambda: (tmp_path / "said").exists() and (tmp_path / "said").read_text())
        assert (tmp_path / "said").read_text() == "go\n"
    finally:
        looking.viewers.close()


@pytest.mark.parametrize("ends", [LEAVES, "exit 1", "exit 2"])
def test_who_left_the_headset_is_not_asked_back_and_what_is_broken_is_not_restarted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    looking = Looking(tmp_path, monkeypatch, ends)
    try:
        assert looking.changes(1) == ["nothing"]
        assert not looking.turns(2, 1.0)
        assert "again" not in looking.said[0]
    finally:
        looking.viewers.close()


def test_a_look_that_cannot_be_is_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = Looking(tmp_path, monkeypatch, GONE, "exit 2")
    try:
        assert looking.turns(2)
        assert not looking.turns(3, 1.0)
    finally:
        looking.viewers.close()


@pytest.mark.parametrize(("dies", "stood"), [(1, 2), (99, WINDOW.attempts)])
def test_a_window_that_ended_while_it_stood_by_is_replaced_before_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: int, stood: int
) -> None:
    """As one did whose X server had just restarted; and not for ever."""
    script = tmp_path / "viewer"
    script.write_text(
        f'#!/bin/sh\ncd {tmp_path}\ncase "$*" in\n'
        f"*--standby*) n=$(ls | grep -c stood); touch stood$n; test $n -lt {dies} && exit 3;;\n"
        "esac\nexec sleep 60\n"
    )
    script.chmod(0o700)
    monkeypatch.setattr("xrdrama.processes.viewers.sys.executable", str(script))
    monkeypatch.setenv("DISPLAY", ":1")
    monkeypatch.delenv(PREFIX, raising=False)
    said: list[str] = []
    viewers = ViewerProcesses("lantern_headset", "headset", tmp_path / "out", said.append)
    viewers.start("tcp://127.0.0.1:9", lambda name, reason: None)
    wait_until(lambda: len(list(tmp_path.glob("stood*"))) >= stood)
    window = viewers._window
    wait_until(lambda: window.is_over if dies > stood else window.is_running)
    found = len(list(tmp_path.glob("stood*")))
    viewers.close()
    assert found == stood
    assert viewers.changes == [] and said == []  # who watches has not noticed


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    line = [sys.executable, "-m", "xrdrama", *arguments]
    return subprocess.run(
        line, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_window_without_a_screen_says_so_and_lets_another_take_over() -> None:
    done = command("viewer", "tcp://127.0.0.1:9", "lantern_headset", "--on", "window")
    assert done.returncode == NO_DEVICE
    assert "no screen" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("other", ["--headless", "--fixed-rate"])
def test_a_window_is_watched_live(other: str) -> None:
    done = command("run", "lantern_headset", "--window", other)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_what_a_viewer_says_for_the_terminal_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "viewer"
    script.write_text('#!/bin/sh\necho ready\necho "say: keys in the window: H"\nexec sleep 60\n')
    script.chmod(0o700)
    monkeypatch.setattr("xrdrama.processes.viewers.sys.executable", str(script))
    said: list[str] = []
    viewers = ViewerProcesses("lantern_headset", "window", tmp_path / "out", said.append)
    viewers.start("tcp://127.0.0.1:9", lambda name, reason: None)
    try:
        wait_until(lambda: said)
        assert said == ["keys in the window: H"]
    finally:
        viewers.close()


@pytest.mark.parametrize(("status", "notices"), [(0, 0), (7, 1)])
def test_a_viewer_that_does_not_end_properly_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, notices: int
) -> None:
    script = tmp_path / "viewer"
    script.write_text(
        f'#!/bin/sh\ntrap "echo torn down >&2; exit {status}" TERM\necho ready\n'
        "echo say: trapped\nwhile :; do sleep 0.05; done\n"  # the shell's own poll
    )
    script.chmod(0o700)
    monkeypatch.setattr("xrdrama.processes.viewers.sys.executable", str(script))
    said: list[str] = []
    viewers = ViewerProcesses("lantern_headset", "window", tmp_path / "out", said.append)
    viewers.start("tcp://127.0.0.1:9", lambda name, reason: None)
    wait_until(lambda: said)
    viewers.close()
    assert len(said) == 1 + notices
    assert all("window viewer did not end properly (exit status 7" in text for text in said[1:])
