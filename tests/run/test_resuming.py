"""A take is resumed by its own show as it was, and by no other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from xrdrama import content
from xrdrama.adapters.journal import Journal
from xrdrama.errors import UsageError
from xrdrama.run.reloading import newer_of
from xrdrama.run.take.resuming import as_taken, resume
from xrdrama.run.take.starting import header_of
from xrdrama.show.take import Header, Ticked
from xrdrama.story import Line
from xrdrama.wire.frame import hash_of

STAGE = """\
xrdrama: 1
id: one
canvas: [1280, 720]
walls:
  wall: {shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [1280, 720]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25]}
eye_point: [0, -1, 1.5]
"""

STORY = """xrdrama: 1
id: evening
scene: lantern_street
cast: {keeper: {name: Keeper}}
beats:
  opening:
    ending: lit
    script: |
      KEEPER: The lamp is lit.
"""


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "evening.branch.yaml").write_text(STORY, "utf-8")
    file = folder / "evening.show.yaml"
    file.write_text("xrdrama: 1\nid: evening\nstory: evening\n", "utf-8")
    return file


def begun(
    show: Path, change: Callable[[Header], Header] = lambda header: header, **viewers: str
) -> Path:
    loaded = content.with_viewers(content.load_show(str(show)), viewers)
    path = show.parent / "evening.take"
    journal = Journal.begin(path, change(header_of(loaded, content.produce(loaded))))
    journal.tick(Ticked(0, 0, hash_of(b"a frame"), True))
    journal.close()
    path.write_bytes(path.read_bytes()[:-3])  # its show was killed
    return path


def resumed(show: Path, path: Path, **viewers: str) -> list[str]:
    said: list[str] = []
    loaded = content.with_viewers(content.load_show(str(show)), viewers)
    journal, _ = resume(path, False, loaded, content.produce(loaded), said.append)
    journal.close()
    return said


def test_a_take_is_resumed_by_its_own_show_wherever_it_lies(show: Path, tmp_path: Path) -> None:
    path = begun(show)
    story = show.parent / "evening.branch.yaml"
    story.write_bytes(story.read_bytes().replace(b"\n", b"\r\n"))  # no word has changed
    moved = tmp_path / "there"
    shutil.move(show.parent, moved)
    said = resumed(moved / show.name, moved / path.name)
    assert len(said) == 1 and "cut off and saved" in said[0]


def test_a_take_of_another_show_is_refused_and_not_touched(show: Path) -> None:
    path = begun(show, lambda header: msgspec.structs.replace(header, show="morning"))
    before = path.read_bytes()
    with pytest.raises(UsageError, match="a take of the show 'morning', not of 'evening'"):
        resumed(show, path)
    assert path.read_bytes() == before
    assert [file.name for file in show.parent.glob("*.take*")] == ["evening.take"]


def test_take_of_a_story_that_has_changed_is_resumed_with_its_own_version(show: Path) -> None:
    path = begun(show)
    story = show.parent / "evening.branch.yaml"
    story.write_text(STORY.replace("is lit", "is out"), "utf-8")
    loaded = content.load_show(str(show))
    now = content.produce(loaded)
    journal, take = resume(path, False, loaded, now, lambda said: None)
    journal.close()
    recorded, production = as_taken(take, loaded, now)
    line = production.story.beats["opening"].script[0]
    assert isinstance(line, Line) and line.text == "The lamp is lit."
    newer = newer_of(recorded, production.story, loaded, now)
    assert newer is not None and newer.changes == ("lines added: 1", "lines removed: 1")
    assert newer_of(loaded, now.story, loaded, now) is None  # the control


def test_take_of_a_stage_that_has_changed_is_refused_and_not_touched(show: Path) -> None:
    stage = show.parent / "one.stage.yaml"
    stage.write_text(STAGE, "utf-8")
    show.write_text(show.read_text("utf-8") + "stage: one\n", "utf-8")
    path = begun(show)
    before = path.read_bytes()
    stage.write_text(STAGE.replace("1.5]", "1.6]"), "utf-8")
    with pytest.raises(UsageError, match=r"changed since .* was begun: .*one\.stage\.yaml"):
        resumed(show, path)
    assert path.read_bytes() == before
    assert [file.name for file in show.parent.glob("*.take*")] == ["evening.take"]


def test_take_is_resumed_when_only_looks_of_its_show_have_changed(show: Path) -> None:
    path = begun(show)
    was = show.read_text("utf-8")
    show.write_text(f"{was}looks:\n  dusk: {{params: {{fog: 1}}}}\n", "utf-8")
    loaded = content.load_show(str(show))
    now = content.produce(loaded)
    journal, take = resume(path, False, loaded, now, lambda said: None)
    journal.close()
    assert [look.id for look in now.looks] == ["dusk"] and as_taken(take, loaded, now)[
        1
    ].looks == ()
    path = begun(show)
    show.write_text(f"{was}seed: 7\nlooks:\n  dusk: {{params: {{fog: 1}}}}\n", "utf-8")
    with pytest.raises(UsageError, match=r"changed since .*evening\.show\.yaml"):
        resumed(show, path)


def test_other_settings_of_viewers_are_named_and_not_called_a_change_of_files(show: Path) -> None:
    path = begun(show, captions="large", time_limits="false")
    before = path.read_bytes()
    with pytest.raises(UsageError) as refused:
        resumed(show, path, captions="small", contrast="true")
    assert "files have changed" not in str(refused.value)
    for words in (
        "time_limits was false, is not set",
        "captions was large, is small",
        "contrast was not set, is true",
    ):
        assert words in str(refused.value)
    assert "add --no-time-limits, add --captions large, remove --contrast" in str(refused.value)
    assert path.read_bytes() == before
    assert resumed(show, path, captions="large", time_limits="false")  # as it was: resumed


def test_settings_of_viewers_that_mean_the_same_are_no_change(show: Path) -> None:
    was = show.read_text("utf-8")
    show.write_text(f"{was}viewers:  # as Mei needs it\n  time_scale: 2\n", "utf-8")
    path = begun(show)
    assert resumed(show, path, time_scale="2.0")
    path = begun(show)
    with pytest.raises(UsageError, match=r"time_scale was 2, is 3"):
        resumed(show, path, time_scale="3")


def test_a_file_that_changed_beside_the_settings_is_named(show: Path) -> None:
    path = begun(show, captions="large")
    show.write_text(f"{show.read_text('utf-8')}seed: 7\n", "utf-8")
    with pytest.raises(UsageError, match=r"changed since .*evening\.show\.yaml"):
        resumed(show, path)


def test_a_take_of_another_version_goes_on_and_its_replay_is_warned_of(show: Path) -> None:
    path = begun(show, lambda header: msgspec.structs.replace(header, schema="0" * 32))
    assert any("cannot be replayed to the same frames" in said for said in resumed(show, path))
