"""Which beat's option each step of a test plan picks."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.authoring.plans.running import started
from xrdrama.authoring.plans.steps import Player
from xrdrama.errors import UsageError
from xrdrama.story.model import Story
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.testplan import Run


def picks_of(story: Story, runs: Iterable[Run]) -> dict[int, str]:
    """The beat of the choice at each `select:` with an option's id, by the line of the plan. The
    steps after one that fails are not played, so they are not in it."""
    found: dict[int, str] = {}
    before: Playthrough | None = None
    for run in runs:
        try:
            before = _played(story, run, before if run.continues else None, found)
        except UsageError:
            before = None
    return found


def _played(
    story: Story, run: Run, before: Playthrough | None, found: dict[int, str]
) -> Playthrough | None:
    """Play a run; the playthrough that the next one may continue, None after a failure."""
    playing = started(story, run, before, None)
    player = Player(playing, run.yarn)
    for step in run.steps:
        if step.kind == "select":
            playing.play_on()
            beat = playing.playthrough.current
            if beat.choice and beat.choice.option(step.text):
                found[step.place.line] = beat.id
        if player.step(step) is not None:
            return None
    return playing.playthrough
