"""The audience's process is killed while its show plays: real processes, and pages in Python."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.bridge.cores import free_port
from tests.peers.viewer.phone import Phone
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.show.take import read_take
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer

STARTS_WITHIN = 240.0
"""Seconds until a show has its link where every core is busy."""
SHOW = "xrdrama: 1\nid: pier\ntitle: The Pier\nstory: pier\nrate: '24'\naudience: {mode: %s}\n"
STORY = """\
xrdrama: 1
id: pier
title: The Pier
language: en
start: pier
scene: tea_room
cast:
  boatman: {name: The Boatman}
beats:
  pier:
    script: |
      INT. PIER - NIGHT
      BOATMAN: Who goes?  #lnbe3g
    choice:
      window: {lasts: 600s}
VOTE
      options:
        girl: {text: The girl, to: girl_goesON}
        doctor: {text: The doctor, to: doctor_goesON}
      else: doctor_goes
  girl_goes:
    script: |
      BOATMAN: The girl, then. Shall I row fast?  #lqi5aj
    choice:
      window: {lasts: 600s}
      options:
        fast: {text: Fast, to: doctor_goes}
        slow: {text: Slow, to: doctor_goes}
      else: doctor_goes
  doctor_goes:
    script: |
      BOATMAN: Goodbye.  #l2niy6
    ending: {id: over, title: Over}
"""


class Serving:
    """`xrdrama serve` of our own story."""

    def __init__(self, folder: Path, mode: str) -> None:
        vote = mode == "room"
        text = STORY.replace("VOTE\n", "      vote: {}\n" if vote else "")
        (folder / "branches").mkdir()
        (folder / "shows").mkdir()
        self.story = folder / "branches" / "pier.branch.yaml"
        self.story.write_text(text.replace("ON}", ", on: vote}" if vote else "}"), "utf-8")
        show = folder / "shows" / "pier.show.yaml"
        show.write_text(SHOW % mode, "utf-8")
        self._said = (folder / "stderr").open("w+")
        self.endpoint = f"tcp://127.0.0.1:{(port := free_port())}"
        self.take = folder / "out" / "pier.take"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xrdrama", "serve", str(show), "--no-console", "--seconds",
             "3600", "--out", str(folder / "out"), "--bridge-port", str(port)],
            stdout=subprocess.DEVNULL, stderr=self._said, cwd=folder,
        )  # fmt: skip
        self.link = wait_until(self._joined, STARTS_WITHIN, "the link")[1]
        self.frames: list[Frame] = []
        self._peer = Peer(self.endpoint, name="looks", role="viewer", sources=())
        self._peer.subscribe(self.frames.append)
        self.until(lambda frame: True, "frames")

    def said(self) -> str:
        return Path(self._said.name).read_text("utf-8")

    def _joined(self) -> re.Match[str] | None:
        assert self.process.poll() is None, self.said()
        return re.search(r"viewers join at (\S+)\n", self.said())

    def server(self) -> int:
        """The process of the audience server."""
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in children.read_text().split():
                if b"audience" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    return int(pid)
        raise AssertionError("no audience server beside the show")

    def until(self, true: Callable[[Frame], Any], what: str) -> Frame:
        """Wait for a frame of the show, newer than those that have come."""
        at = len(self.frames)
        found: list[Frame] = wait_until(
            lambda: [frame for frame in self.frames[at:] if true(frame)], 120, what
        )
        return found[0]

    def events_of(self, seat: int) -> list[Any]:
        """What a seat has sent, from the take."""
        taken = read_take(self.take.read_bytes()).entries
        return [e for e in taken if getattr(e.event, "source", "").startswith(f"audience.{seat}.")]

    def end(self) -> None:
        self._peer.close()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(TIMEOUT) == 0, self.said()
        self._said.close()


@contextmanager
def serving(folder: Path, mode: str) -> Iterator[Serving]:
    served = Serving(folder, mode)
    try:
        yield served
    finally:
        served.end()


def voters(frame: Frame) -> int:
    return frame.tally.voters if frame.tally is not None else 0


def away(frame: Frame) -> list[str]:
    return [alarm.text for alarm in frame.alarms if alarm.code == "audience_away"]


def is_open(state: dict[str, Any]) -> bool:
    return bool(state.get("choice")) and state["choice"]["phase"] == "open"


def test_a_killed_server_comes_back_with_seats_and_no_vote_is_lost_or_counted_twice(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, "room") as show:
        one, two = Phone(show.link), Phone(show.link)
        for phone in (one, two):
            phone.open()
            phone.until(is_open, "an open choice")
        seats = one.seat(), two.seat()
        assert "recorded" in one.ask(id=7, do="tap", option="girl")
        show.until(lambda frame: voters(frame) == 1, "the first vote")
        # The second vote is under way, and its server dies before it has the show's answer.
        os.kill(show.process.pid, signal.SIGSTOP)
        try:
            two.say(id=9, do="tap", option="doctor")
            assert two.ask(id=10, do="tap", option="nobody")["code"] == "closed"  # 9 came before
            time.sleep(0.3)  # until the thread of its peer has sent it
            assert 9 not in two.answers
            os.kill(show.server(), signal.SIGKILL)
        finally:
            os.kill(show.process.pid, signal.SIGCONT)
        killed_at = show.until(away, "the alarm")
        assert "killed by signal 9" in away(killed_at)[0]
        before = show.until(lambda frame: voters(frame) == 2, "the vote that was under way")
        wait_until(lambda: not one.hear(0.1) and not two.hear(0.1), TIMEOUT, "the lost sockets")
        for phone in (one, two):
            phone.open()
            phone.until(is_open, "the same choice")
            assert phone.state["beat"] == before.beat == "pier"
        assert (one.seat(), two.seat()) == seats
        assert show.until(lambda frame: not away(frame), "the end of the alarm").number > 0
        during = [frame.number for frame in show.frames if away(frame)]
        assert during[-1] - during[0] >= 5  # the show went on
        said = show.said()
        assert "the audience server ended (killed by signal 9); it is being restarted" in said
        wait_until(lambda: "the audience server is back" in show.said(), TIMEOUT, "the terminal")
        # The page sends what was not answered again, with the same id; the control has another.
        first = two.ask(id=9, do="tap", option="doctor")["recorded"]
        assert one.ask(id=7, do="tap", option="girl")["recorded"] < first
        assert two.ask(id=11, do="tap", option="doctor")["recorded"] > first
        two.until(lambda state: state["tally"]["voters"] == 2, "two voters")
        for phone in (one, two):
            assert phone.gaps == 0
            phone.close()
    assert [len(show.events_of(seat)) for seat in seats] == [1, 2]


def test_shows_of_ones_own_continue_where_they_were(tmp_path: Path) -> None:
    with serving(tmp_path, "own") as show:
        one = Phone(show.link)
        one.open()
        one.until(is_open, "an open choice")
        recorded = one.ask(id=7, do="tap", option="girl")["recorded"]
        one.until(lambda s: s["beat"] == "girl_goes" and is_open(s), "the next choice")
        one.until(lambda s, since=one.state["seconds"]: s["seconds"] > since + 5, "5 s")
        was = one.state["seconds"]
        os.kill(show.server(), signal.SIGKILL)
        wait_until(lambda: not one.hear(0.1), TIMEOUT, "the lost socket")
        one.open()
        one.until(lambda state: state, "a state")
        assert one.state["beat"] == "girl_goes" and one.state["choice"]["id"].endswith("girl_goes")
        assert was - 3 < one.state["seconds"] < was + 1 and "note" not in one.state
        assert one.ask(id=7, do="tap", option="fast")["recorded"] == recorded  # sent again
        one.hear(0.5)
        assert one.state["beat"] == "girl_goes"
        # The control: a new viewer is at the start.
        two = Phone(show.link)
        two.open()
        two.until(lambda state: state, "a state")
        assert two.state["beat"] == "pier" and two.seat() != one.seat()
        # The author changes the story: a show before that cannot be continued, and says so.
        text = show.story.read_text("utf-8")
        show.story.write_text(text.replace("Who goes?", "Who goes first?"), "utf-8")
        os.kill(show.server(), signal.SIGKILL)
        wait_until(lambda: not one.hear(0.1), TIMEOUT, "the lost socket")
        one.open()
        one.until(lambda state: state, "a state")
        assert one.state["beat"] == "pier" and "begins again" in one.state["note"]
        one.close()
        two.close()
    assert not list(tmp_path.glob("out/*.audience*"))
