"""Every witness of `xrdrama prove` can be replayed with `xrdrama play --choices`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.story import load_story
from xrdrama.tools.playing.loop import _answered
from xrdrama.tools.playing.player import Player
from xrdrama.tools.playing.session import Opening, Session

ROOT = Path(__file__).parents[3]
STORIES = sorted((ROOT / "branches").rglob("*.branch.yaml"))
HOUSE = """\
xrdrama: 1
id: house
scene: lantern_street
vars: {known: {type: bool}, nerve: {type: int, min: 0, max: 3, init: 0}}
cast: {mo: {name: Mo}}
beats:
  hall:
    script: |
      MO: Listen.  #l0001
      @set nerve = 1
      @wait 1s
      MO: It is quiet.  #l0002
    choice:
      window: {lasts: 4s}
      options:
        go: {text: Go, to: stairs}
        secret: {text: Say it, to: door, if: known}
      else: stairs
  stairs:
    script: |
      MO: Up.  #l0003
      @wait 2s
      MO: And up.  #l0004
    next: roof
  roof:
    script: |
      MO: The roof.  #l0005
    choice:
      options:
        jump: {text: Jump, to: air, if: known and nerve == 3}
        back: {text: Back, to: door}
  air: {ending: {id: air, title: Air}}
  door: {ending: {id: door, title: Door}}
  print:
    script: |
      MO: A print.  #l0006
    return: true
  well:
    script: |
      MO: A well.  #l0007
    return: true
hidden:
  - {id: tv, on: {marker: tv}, during: [hall], to: print, set: {known: true}, if: nerve == 1}
  - {id: lift, on: {marker: lift}, during: [stairs], to: well, set: {nerve: 3}}
"""
Output = Callable[..., tuple[int, str, str]]


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    def ran(*arguments: object) -> tuple[int, str, str]:
        status = run([str(one) for one in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "house.branch.yaml"
    path.write_text(HOUSE, "utf-8")
    return path


def witnesses(output: Output, story: Path) -> dict[str, tuple[str, int]]:
    """The choices and the seed of the witness of each ending that can be reached."""
    proof = msgspec.json.decode(output("prove", story, "--json")[1])
    return {
        one["id"]: (",".join(one["witness"]), one["seed"] or 0)
        for one in proof["endings"]
        if one["reachable"]
    }


def replayed(output: Output, story: Path, choices: str, seed: int) -> str:
    """The ending that a witness leads to; what is said if it leads to none."""
    asked = ["play", story, "--json", "--seed", seed, "--choices", choices]
    status, out, err = output(*asked)
    rows = [msgspec.json.decode(line) for line in out.splitlines() if line]
    ended = [row["ending"] for row in rows if "ending" in row]
    return str(ended[0]) if ended and not status else f"{status} {err} {out[-300:]}"


def is_whole(path: Path) -> bool:
    """False for a file that other stories include."""
    return "\nstart:" in path.read_text("utf-8") or "\nscene:" in path.read_text("utf-8")


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name.partition(".")[0])
def test_each_witness_of_our_stories_leads_to_its_ending(story: Path, output: Output) -> None:
    if not is_whole(story):
        assert "include" in "".join(one.read_text("utf-8") for one in STORIES)
        return
    found = witnesses(output, story)
    assert found
    for ending, (choices, seed) in found.items():
        assert replayed(output, story, choices, seed) == ending


def test_each_witness_with_markers_in_the_middle_of_scripts(house: Path, output: Output) -> None:
    found = witnesses(output, house)
    assert found["air"][0] == "marker:tv,go,marker:lift,jump"
    for ending, (choices, seed) in found.items():
        assert replayed(output, house, choices, seed) == ending


def test_a_marker_is_shown_as_soon_as_it_can_be(house: Path, output: Output) -> None:
    _, out, _ = output("play", house, "--choices", "marker:tv,go,marker:lift,jump")
    said = [line for line in out.splitlines() if line.startswith("Mo: ")]
    assert [line[4:] for line in said[:6]] == [
        "Listen.", "A print.", "It is quiet.", "Up.", "A well.", "And up.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ("go,marker:tv,back", "no hidden plot can be opened by 'marker:tv' before beat 'roof'"),
        ("marker:lift,go", "no hidden plot can be opened by 'marker:lift' before beat 'hall'"),
        ("marker:none", "no hidden plot can be opened by 'marker:none'"),
        ("jump", "'jump' is not offered"),
    ],
)
def test_what_cannot_be_found_is_said(
    house: Path, output: Output, choices: str, words: str
) -> None:
    status, _, err = output("play", house, "--choices", choices)
    assert status == 2 and words in err


def test_a_recorded_witness_is_a_plan_that_passes(
    house: Path, tmp_path: Path, output: Output
) -> None:
    plan = tmp_path / "house.testplan"
    choices = "marker:tv,go,marker:lift,jump"
    assert output("play", house, "--choices", choices, "--record", plan)[0] == 0
    text = plan.read_text("utf-8")
    assert text.index("line: MO: Listen.") < text.index("marker: tv") < text.index("A print.")
    assert "ending: air" in text
    assert output("test", house, plan)[0] == 0


def test_a_beat_behind_markers_begins_in_the_state_of_its_witness(
    house: Path, output: Output
) -> None:
    _, out, _ = output("play", house, "--at", "roof", "--choices", "back")
    assert "Mo: The roof." in out and "Mo: Up." not in out
    _, out, _ = output("play", house, "--at", "air", "--choices", "")
    assert "-- Air" in out


class Shown:
    """A frontend of a person that keeps nothing."""

    is_person = True

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_: None


def test_a_person_who_says_nothing_where_nothing_is_asked_reads_what_to_type() -> None:
    story = load_story(HOUSE, "house.branch.yaml")
    player = Player(Session(story, Opening("air")), Shown(), None)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="the story has ended: type undo, back, again or quit"):
        _answered(player, "0", only_picks=False)


def test_a_failed_step_says_what_came_instead_or_why_it_is_not_possible(
    house: Path, tmp_path: Path, output: Output
) -> None:
    plan = tmp_path / "house.testplan"
    plan.write_text("line: *\nmarker: cat\n---\nline: MO: No.\n", "utf-8")
    status, out, _ = output("test", house, plan)
    assert status == 1
    assert "expected marker: cat\n" in out
    assert "  but no hidden plot can be opened here now\n" in out
    assert "expected line: MO: No.\n" in out and "  got line: MO: Listen.\n" in out
