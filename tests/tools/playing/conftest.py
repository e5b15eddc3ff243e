"""A story with everything that a rehearsal can meet, and a way to play it in this process."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from xrdrama.cli import run

STORY = """\
xrdrama: 1
id: pier
title: The Pier
scene: lantern_street
vars:
  trust: {type: int, min: 0, max: 3, init: 0}
  has_key: {type: bool, init: false}
  mood: {type: enum, of: [calm, cross], init: calm}
cast: {lan: {name: Lan}, boatman: {name: The Boatman}}
beats:
  gate:
    script: |
      EXT. PIER - NIGHT
      BOATMAN: One seat is left.  #laaaaa
    choice:
      window: {lasts: 4s, grace: 1s}
      options:
        board:
          text: I am coming aboard
          to: river
          set: {trust: trust + 2}
          on: [voice: "I am coming|wait for me", gesture: open_palm]
        stay:
          text: I stay ashore
          to: shore
          on: [voice: "I stay", gesture: fist]
        unlock: {text: Open the gate, to: river, if: has_key and trust >= 1 and mood == 'calm'}
      else: {to: shore, set: {mood: "'cross'"}}
  river:
    script: |
      LAN (softly): It is a short night.  #lbbbbb
      {if seen(attic)} LAN: You saw the attic.  #lccccc
    choice:
      options:
        sing: {text: Sing, to: river, once: true}
        help: {text: Help him row, to: shore}
        wait: {text: Wait for the tide, to: end}
  shore:
    script: |
      LAN: The lamp is out.  #lddddd
    next: [{to: end, if: trust == 3}, {to: dark}]
  dark:
    script: |
      @wait 1s
    ending: {id: dark, title: In the Dark}
  end:
    script: |
      @wait 1s
    ending: {id: morning, title: Morning}
    director: {force: [gate]}
  attic:
    script: |
      LAN: Dust.  #leeeee
    return: true
hidden:
  - {id: print, on: {marker: ledger}, to: attic, during: [gate], set: {has_key: true}}
"""
Said = tuple[int, str, str]
Play = Callable[..., Said]


@pytest.fixture
def pier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The story in a folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pier.branch.yaml"
    path.write_text(STORY, "utf-8")
    return path


def playing(
    story: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Play:
    """A function that plays a story; lines are separated by `|`."""

    def played(typed: str, *options: str | Path) -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed.replace("|", "\n") + "\n"))
        status = run(["play", str(story), *map(str, options)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return played


@pytest.fixture
def play(pier: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Play:
    """Play the story with typed lines; returns the status and what was printed."""
    return playing(pier, capsys, monkeypatch)
