"""Import of Twine stories keeps every line, in order, with its speaker: 24 files of each format."""

from __future__ import annotations

import pytest

from tests.authoring.exchange.plays import said
from tests.authoring.exchange.twines import Harlowe, SugarCube, story
from xrdrama.authoring.canonical import canonical_text
from xrdrama.authoring.exchange.twee import read, write
from xrdrama.authoring.graph import check_graph
from xrdrama.story import load_story, parse_story
from xrdrama.story.form import STORY
from xrdrama.story.stepping.rehearsal import Rehearsal

FILES = 24


@pytest.mark.parametrize("kind", [SugarCube, Harlowe])
@pytest.mark.parametrize("seed", range(FILES))
def test_lines_are_kept_and_the_story_plays(kind: type[SugarCube], seed: int) -> None:
    text, lines = story(kind, seed)
    imported = read(text, "rooms")
    made, problems, _ = parse_story(imported.text, "rooms.branch.yaml")
    assert made is not None, problems
    assert said(made) == lines
    assert canonical_text(imported.text, "rooms.branch.yaml", STORY) == imported.text
    assert not [one for one in check_graph(made) if one.severity == "error"]
    walk = Rehearsal(made)
    for _ in range(20):
        if walk.ended:
            break
        walk.pick(walk.options()[0].id)
    assert walk.ended
    again = load_story(read(write(made), "rooms").text)
    assert said(again) == lines
    assert list(again.beats) == list(made.beats)
