"""A story in a headset, from start to an ending, against Monado; the drama, which takes minutes, in
`make test-all`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.peers.monado.audience import (
    SHOW,
    Performance,
    pick_by_gaze,
    pick_by_pinch,
    pick_by_trigger,
    play,
)
from tests.peers.monado.puppet import Puppet
from tests.peers.monado.stand import Service, own_network
from tests.peers.monado.test_compositor import lantern, standpoint
from xrdrama.show.take import read_take
from xrdrama.spatial import Vec3
from xrdrama.wire.events import Gazed, Presented, Pressed

pytestmark = pytest.mark.peer
PERIOD = 50_000_000
"""The display period of Monado's compositor that shows nothing: 20 Hz."""


STORY = """\
xrdrama: 1
id: doorstep
title: On the Doorstep
language: en
start: knock
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  knock:
    script: |
      LAN: Somebody knocked.
    choice:
      options:
        open: {text: Open the door, to: cold, on: [gaze: thirteenth]}
        wait: {text: Wait, to: cold}
  cold:
    script: |
      LAN: Nobody. Only the cold.
    choice: {options: {close: {text: Close it, to: again}, look: {text: Look again, to: again}}}
  again:
    script: |
      LAN: There. Again.
    choice: {options: {out: {text: Go out, to: lane}, stay: {text: Stay in, to: lane}}}
  lane:
    script: |
      @wait 12s
    ending: {id: lane, title: The lane}
"""
SHORT = """\
xrdrama: 1
id: doorstep
title: On the Doorstep
story: doorstep
rate: "24"
languages: [en]
look: night
"""


ROAD = (
    "  lane:\n    script: |\n",
    "  lane:\n    scene: ridge_road\n    script: |\n      @on_the_road\n",
)
"""The story's end, and the same on a road that moves past."""


def short_show(folder: Path, story: str = STORY) -> str:
    """The path of a show of half a minute with three choices."""
    (folder / "doorstep.branch.yaml").write_text(story, "utf-8")
    (folder / "doorstep.show.yaml").write_text(SHORT, "utf-8")
    return str(folder / "doorstep.show.yaml")


class Played:
    """A performance to its ending: its picks, the show's report, its take."""

    def __init__(
        self,
        folder: Path,
        pick: Callable[[Performance, Puppet, Vec3], None],
        show: str = "",
        *options: str,
    ) -> None:
        show = show or short_show(folder)
        with (
            own_network(),
            closing(Service(folder)) as service,
            closing(
                Performance(folder / "out", service.viewer_environment(), "vr", show, *options)
            ) as performance,
            closing(Puppet()) as puppet,
        ):
            self.picked = play(performance, puppet, pick)
            self.result: dict[str, Any] = performance.result()
            self.said = performance.said.read_text("utf-8")
        self.path = Path(self.result["take"])
        self.take = read_take(self.path.read_bytes())

    @property
    def report(self) -> dict[str, Any]:
        """What the headset's viewer reported when it ended."""
        found: dict[str, Any] | None = self.result["viewer"]["report"]
        assert found is not None, f"the viewer left no report; the show said: {self.said}"
        return found

    def events(self, kind: type) -> list[Any]:
        return [entry.event for entry in self.take.entries if isinstance(entry.event, kind)]


@pytest.fixture(scope="module")
def triggered(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("trigger")
    return Played(folder, pick_by_trigger, short_show(folder, STORY.replace(*ROAD)))


def reported_picks(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(pick["beat"], pick["option"]) for pick in result["picks"]]


def test_a_viewer_plays_to_an_ending_by_aiming_and_pulling(triggered: Played) -> None:
    assert len(triggered.picked) >= 3
    assert reported_picks(triggered.result) == triggered.picked
    assert triggered.result["ending"]
    assert {press.source for press in triggered.events(Pressed)} == {"viewer.trigger"}
    assert triggered.result["viewer"]["on"] == "headset"
    assert triggered.result["viewer"]["changes"] == []


def test_a_viewer_plays_to_an_ending_by_looking(tmp_path: Path) -> None:
    played = Played(tmp_path, pick_by_gaze)
    assert len(played.picked) >= 3
    assert reported_picks(played.result) == played.picked
    assert played.result["ending"]
    assert {press.source for press in played.events(Pressed)} == {"viewer.gaze"}
    assert played.report["dimmed"] == 0  # nothing moves past but what the head does
    assert played.report["ticks"] == 0  # nothing is in a hand that looks


def test_a_viewer_plays_to_an_ending_by_pinching(tmp_path: Path) -> None:
    played = Played(tmp_path, pick_by_pinch)
    assert len(played.picked) >= 3
    assert reported_picks(played.result) == played.picked
    assert played.result["ending"]
    assert {press.source for press in played.events(Pressed)} == {"viewer.pinch"}
    assert played.report["ticks"] == len(played.picked)


def test_an_option_is_picked_by_looking_at_its_place_in_the_set(tmp_path: Path) -> None:
    place = lantern() - standpoint()

    def pick(performance: Performance, puppet: Puppet, card: Vec3) -> None:
        frame = performance.frame
        by_place = frame is not None and frame.beat == "knock"
        (pick_by_gaze if by_place else pick_by_trigger)(
            performance, puppet, place if by_place else card
        )

    played = Played(tmp_path, pick)
    assert reported_picks(played.result) == played.picked
    assert played.result["picks"][0]["trigger"] == "gaze"
    (looked,) = played.events(Gazed)
    assert looked.place == "thirteenth"
    assert looked.seen - looked.began == pytest.approx(1.2e9, abs=1e6)
    assert len(played.events(Pressed)) == len(played.picked) - 1


def test_edges_are_darkened_while_a_road_moves_past(triggered: Played) -> None:
    assert 0 < triggered.report["dimmed"] < triggered.report["presented"]


def test_controllers_are_asked_for_a_tick_on_every_pick(triggered: Played) -> None:
    assert triggered.report["ticks"] == len(triggered.events(Pressed)) == len(triggered.picked)


@pytest.mark.soak
@pytest.mark.parametrize("pick", [pick_by_trigger, pick_by_gaze, pick_by_pinch])
def test_the_drama_is_played_to_an_ending(
    tmp_path: Path, pick: Callable[[Performance, Puppet, Vec3], None]
) -> None:
    # Without time limits: what is played must not depend on how busy this machine is.
    played = Played(tmp_path, pick, SHOW, "--no-time-limits")
    assert len(played.picked) >= 9
    assert reported_picks(played.result) == played.picked
    assert played.result["ending"]
    check_pacing(played.report)


def test_predicted_times_rise_by_whole_periods_and_every_wait_is_ended(triggered: Played) -> None:
    check_pacing(triggered.report)


def check_pacing(report: dict[str, Any]) -> None:
    """Every frame that was waited for was ended, and display times rose by whole periods."""
    assert report["waited"] == report["ended"] > 100
    assert report["backwards"] == 0
    # The runtime's first guesses, before it has seen a frame of ours, are not of its grid.
    steps = report["steps"][10:]
    assert len(steps) > 100
    periods = [step / PERIOD for step in steps]
    assert all(abs(p - round(p)) < 0.02 and round(p) >= 1 for p in periods), periods


def test_what_was_presented_is_in_the_take_with_both_eyes(triggered: Played) -> None:
    presented = triggered.events(Presented)
    report = triggered.report
    assert len(presented) + report["unsaid"] >= report["presented"] > 100
    numbers = [event.frame for event in presented]
    assert numbers == sorted(numbers)
    left, right = presented[-1].poses
    apart = (right.position - left.position).length()
    assert 0.05 < apart < 0.08
    assert right.position.x > left.position.x
    assert left.position.z == pytest.approx(1.6, abs=1e-3)


def test_a_headset_take_replays_to_identical_frames(triggered: Played) -> None:
    command = [sys.executable, "-m", "xrdrama", "replay", str(triggered.path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    replayed = json.loads(done.stdout)
    assert replayed["identical"] and replayed["frames"] == triggered.result["frames"]
