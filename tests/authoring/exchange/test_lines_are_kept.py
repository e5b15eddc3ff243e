"""Import keeps every spoken line, in order, with its speaker: 24 files of each format."""

from __future__ import annotations

from random import Random

import pytest

from tests.authoring.exchange.plays import as_fdx, as_fountain, said, said_in, screenplay
from xrdrama.authoring.canonical import canonical_text
from xrdrama.authoring.exchange import fdx, fountain
from xrdrama.story import load_story, parse_story
from xrdrama.story.form import STORY

FILES = 24
SCREENPLAYS = {"fdx": (fdx, as_fdx), "fountain": (fountain, as_fountain)}


@pytest.mark.parametrize("name", SCREENPLAYS)
@pytest.mark.parametrize("seed", range(FILES))
def test_a_screenplay_keeps_its_lines(name: str, seed: int) -> None:
    kind, written = SCREENPLAYS[name]
    rows = screenplay(seed)
    imported = kind.read(written(rows, Random(seed)), "play")
    story, problems, _ = parse_story(imported.text, "play.branch.yaml")
    assert story and not [one for one in problems if one.severity == "error"]
    assert said(story) == said_in(rows)
    assert canonical_text(imported.text, "play.branch.yaml", STORY) == imported.text
    others = sum(row[0] == "other" for row in rows)
    assert len(imported.not_carried_over) >= others
    assert said(load_story(kind.read(kind.write(story), "play").text)) == said_in(rows)


def test_a_line_less_is_seen() -> None:
    """The control: a file without one of its speeches does not pass."""
    rows = screenplay(3)
    story = load_story(fountain.read(as_fountain(rows[:-1], Random(3)), "play").text)
    assert said(story) != said_in(rows)
