"""A story and the files that it includes: checked, formatted, played, and embedded in a take."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from xrdrama import content
from xrdrama.errors import AuthoringError, RemoteProtocolError, UsageError
from xrdrama.story import Line
from xrdrama.tools.checking.contents import check_paths
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.checking.random_plays import play_at_random

SEASON = """\
xrdrama: 1
id: season
language: en
scene: lantern_street
include: [episode_2]
cast:
  lan: {name: Lan}
beats:
  start:
    script: |
      LAN: Come with me.  #laaaaa
    next: pier
  home:
    ending: {id: home}
"""
EPISODE = """\
xrdrama: 1
id: episode_2
cast:
  mo: {name: Old Mo}
beats:
  pier:
    script: |
      MO: The boat is late.
    next: home
"""
SHOW = """\
xrdrama: 1
id: season
story: season
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "season.branch.yaml").write_text(SEASON)
    (tmp_path / "episode_2.branch.yaml").write_text(EPISODE)
    (tmp_path / "season.show.yaml").write_text(SHOW)
    return tmp_path


def codes(folder: Path) -> list[tuple[str, str]]:
    return [(Path(p.file).name, p.code) for p in check_paths([folder])[0]]


def test_check_reads_an_included_file_as_part_of_its_story(folder: Path) -> None:
    assert codes(folder) == [("episode_2.branch.yaml", "S213")]  # a line without an id
    (folder / "episode_2.branch.yaml").write_text(EPISODE.replace("next: home", "next: hom"))
    assert ("episode_2.branch.yaml", "S102") in codes(folder)
    # The control: without the story that includes it, the file is not complete.
    (folder / "season.branch.yaml").write_text(SEASON.replace("include: [episode_2]\n", ""))
    assert ("season.branch.yaml", "S102") in codes(folder)


@pytest.mark.parametrize(
    "include",
    [
        "include: [\n  episode_2\n]\n",
        "include: [  # the parts\n  episode_2,\n\n  # the last\n]\n",
        "include: [\nepisode_2]\n",
        "include:\n- episode_2\n",
        "include:\n  - episode_2\n",
        "include: [ episode_2 ]  # the parts\n",
    ],
)
def test_an_included_file_is_found_however_the_list_is_written(include: str, folder: Path) -> None:
    season = folder / "season.branch.yaml"
    season.write_text(SEASON.replace("include: [episode_2]\n", include))
    assert content.read_story(season)[0] is not None
    assert content.included_by(folder / "episode_2.branch.yaml") == season
    assert codes(folder) == [("episode_2.branch.yaml", "S213")]


def test_fmt_writes_line_ids_into_the_included_file(folder: Path) -> None:
    changed = format_paths([folder], write=True)
    assert [one.path.name for one in changed] == ["episode_2.branch.yaml"]
    assert "MO: The boat is late.  #l" in (folder / "episode_2.branch.yaml").read_text()
    assert format_paths([folder], write=False) == []
    assert codes(folder) == []


def test_an_included_story_is_loaded_and_its_file_reported_when_it_is_missing(folder: Path) -> None:
    story, _ = content.load_story_file(str(folder / "season.branch.yaml"))
    said = [i.text for b in story.order for i in b.script if isinstance(i, Line)]
    assert said == ["Come with me.", "The boat is late."]
    (folder / "episode_2.branch.yaml").unlink()
    with pytest.raises(AuthoringError) as caught:
        content.load_story_file(str(folder / "season.branch.yaml"))
    assert next(iter(caught.value.problems)).code == "S160"


def test_a_take_embeds_the_included_files(folder: Path) -> None:
    loaded = content.load_show(str(folder / "season.show.yaml"))
    sources = msgspec.json.decode(msgspec.json.encode(loaded.sources()), type=dict)
    assert any("boat is late" in (one["text"] or "") for one in sources.values())
    again = content.header_texts(loaded.sources(), json.dumps(loaded.roles))
    (folder / "episode_2.branch.yaml").unlink()
    assert list(content.produce(again).story.beats) == ["start", "home", "pier"]


@pytest.mark.parametrize("name", ["../up", "a/b", ""])
def test_a_take_cannot_name_an_included_file_elsewhere(folder: Path, name: str) -> None:
    loaded = content.load_show(str(folder / "season.show.yaml"))
    roles = {**loaded.roles, f"story-file/{name}": loaded.roles["story"]}
    with pytest.raises(RemoteProtocolError):
        content.header_texts(loaded.sources(), json.dumps(roles))


def test_a_part_of_a_story_is_not_played_alone(folder: Path) -> None:
    with pytest.raises(UsageError, match="is a part of season"):
        content.load_story_file(str(folder / "episode_2.branch.yaml"))
    assert [one.story for one in play_at_random([folder], 2, notice=lambda _: None)] == [
        str(folder / "season.branch.yaml")
    ]


def test_files_that_include_each_other_are_reported(folder: Path) -> None:
    text = EPISODE.replace("cast:", "include: [season]\ncast:")
    (folder / "episode_2.branch.yaml").write_text(text)
    assert "S161" in [code for _, code in codes(folder)]
