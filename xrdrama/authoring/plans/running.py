"""Runs test plans: each step with what the story does, up to the first that fails."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from xrdrama.authoring.plans.names import beat_named, settable, variable_named
from xrdrama.authoring.plans.playing import Playing, Watch
from xrdrama.authoring.plans.saliency import choosing
from xrdrama.authoring.plans.steps import Player
from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Story
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.testplan import Run


class Failure(msgspec.Struct, frozen=True):
    """The first step of a run that failed."""

    plan: str
    step: int
    """The line of the plan."""
    expected: str
    """Empty when the run could not start."""
    got: str


def run_plan(
    story: Story, run: Run, plan: str = "plan", watch: Watch | None = None
) -> Failure | None:
    """Play one run from the start of the story; the first step that fails, or None."""
    return _played(story, run, plan, None, watch)[0]


def run_runs(
    story: Story, runs: Iterable[Run], plan: str = "plan", watch: Watch | None = None
) -> list[Failure | None]:
    """Play the runs of a plan in order: for each the first step that fails, or None."""
    outcomes: list[Failure | None] = []
    before: Playthrough | None = None
    for run in runs:
        if run.continues and before is None:
            reason = "the run cannot start: the run that it continues failed"
            outcomes.append(Failure(plan, run.place.line, "", reason))
            continue
        failed, before = _played(story, run, plan, before if run.continues else None, watch)
        outcomes.append(failed)
    return outcomes


def _played(
    story: Story, run: Run, plan: str, before: Playthrough | None, watch: Watch | None
) -> tuple[Failure | None, Playthrough | None]:
    """The first failure of a run, or else what a run that continues it starts from."""
    try:
        playing = started(story, run, before, watch)
    except UsageError as error:
        reason = f"the run cannot start: {error}"
        return Failure(plan, run.place.line, "", reason), None
    player = Player(playing, run.yarn)
    for step in run.steps:
        got = player.step(step)
        if got is not None:
            return Failure(plan, step.place.line, step.written, got), None
        if run.yarn and step.kind == "stop":
            break
    reached = playing.playthrough
    try:
        playing.play_on()  # a story that reaches neither a choice nor an ending fails
    except UsageError as error:
        return Failure(plan, step.place.line, step.written, error.message), None
    return None, reached


def started(story: Story, run: Run, before: Playthrough | None, watch: Watch | None) -> Playing:
    """The playthrough at the beginning of a run; UsageError when it cannot start."""
    values: dict[str, Value] = {}
    for name, text in run.values.items():
        variable = variable_named(story, name)
        values[variable.id] = settable(variable, text)
    start = beat_named(story, run.start) if run.start else ""
    if run.saliency and before is not None:
        before = msgspec.structs.replace(before, story=choosing(before.story, run.saliency))
    return Playing(
        choosing(story, run.saliency), start=start, seed=run.seed, values=values, before=before,
        watch=watch, names_passed=run.yarn,
    )  # fmt: skip
