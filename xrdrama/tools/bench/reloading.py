"""A live reload of a story of 300 beats, against reading its YAML alone."""

from __future__ import annotations

import tempfile
from itertools import cycle
from pathlib import Path

from xrdrama import content
from xrdrama.authoring.comparing import compare, summary
from xrdrama.saving import save
from xrdrama.show.state.direction import MOST_STEPS
from xrdrama.story import Due, Picked, Playthrough, Story, begin, load_story, next_due, step
from xrdrama.story.migration import Between, migrate
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tools.bench.large import large_story
from xrdrama.tools.bench.loading import nodes_alone

BEATS = 300
PAIRS = 30


def bench_reload(beats: int = BEATS, pairs: int = PAIRS) -> list[BenchResult]:
    """A reload of a story of so many beats, one line of which was edited: read the file, parse it
    without the cache, compare the versions, and move a playthrough; against libyaml's nodes of its
    text. And what is done between two frames: the last of these steps alone, and with a full list
    of steps back, which are moved, too."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = (Path(folder) / name for name in ("a.branch.yaml", "b.branch.yaml"))
        text = large_story(beats)
        save(one, text)
        save(other, text.replace("Stop 7?", "Stop seven?"))
        files = cycle((other, one))
        played = _played(load_story(content.read_text(one), str(one)))
        edited = load_story(content.read_text(other), str(other))

        def reload() -> None:
            nonlocal played
            path = next(files)
            story = load_story(content.read_text(path), str(path))
            assert summary(compare(played.story, story)) == ["lines changed: 1"]
            moved = migrate(story, played).playthrough
            assert moved is not None
            played = moved

        def compose() -> None:
            nodes_alone(content.read_text(one))

        begun = played

        def move() -> None:
            assert migrate(edited, begun).playthrough is not None

        def move_all() -> None:
            between = known.prepare()  # by the thread that has read the files
            for _ in range(MOST_STEPS + 2):
                assert migrate(edited, begun, 0, between).playthrough is not None

        known = Between(begun.story, edited)
        return [
            compared("reload", reload, compose, goal=5.0, pairs=pairs),
            compared("migrate", move, compose, goal=1.0, pairs=pairs),
            compared("migrate_with_undo", move_all, compose, goal=1.0, pairs=pairs),
        ]


def _played(story: Story) -> Playthrough:
    """A playthrough in the middle of the story."""
    p, _ = begin(story)
    for _ in range(20):
        while not p.options() and (due := next_due(p)) is not None:
            p, _ = step(p, Due(due))
        if not p.options():
            break
        p, _ = step(p, Picked(p.options()[0].id, p.opened or 0))
    return p
