"""A show that continues with a newer version of its story: texts, sounds, mouths, translations."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.production import Production
from xrdrama.show.state import PickedOption, Show, Speaking
from xrdrama.show.state.direction import Direction, Step
from xrdrama.story.expressions.expression import Value
from xrdrama.story.migration import Between, Report, migrate
from xrdrama.story.model import Line, Story

STEPS_LOST = "undo: steps back whose beats are not in the new version"


class Revised(NamedTuple):
    """The show in the newer version (None if that cannot continue it), and where it is."""

    show: Show | None
    report: Report


def must_wait(show: Show) -> str:
    """Why a new version of the story has to wait; "" when it need not.

    What is recorded in a roll keeps its text until the cut, and a pick its options until it is
    decided.
    """
    if show.direction.rolling:
        return "it is rolling: the new version is used after the cut"
    if show.direction.proposed is not None:
        return "a pick waits for a decision: the new version is used after it"
    return ""


def revised(show: Show, production: Production, between: Between | None = None) -> Revised:
    """The show with the story of another production, at the show's own time.

    Everything else of the production stays: sets, stage, performers, rules. The set that plays
    stays until the next beat, also if the current beat has another one now. `between` is what the
    two stories have in common, if it was computed before.
    """
    new = production.story
    between = between or Between(show.playthrough.story, new)
    moved = migrate(new, show.playthrough, show.now, between)
    if moved.playthrough is None:
        return Revised(None, moved.report)
    lost = list(moved.report.lost)
    scene = moved.playthrough.current.scene if moved.playthrough.beat else show.stack.scene.id
    before = show.playthrough.current.scene if show.playthrough.beat else scene
    if scene != before:
        lost.append(f"the set {before!r} stays until the next beat: this beat has {scene!r} now")
    direction, steps_lost = _direction(show, new, between)
    lost += [STEPS_LOST] if steps_lost else []
    for seat, voice in show.voices.items():
        if voice.candidate and voice.candidate.option not in moved.playthrough.offered:
            show = show.with_voice(seat, replace(voice, candidate=None))
    show = replace(
        show,
        production=replace(
            show.production,
            story=new,
            strings=production.strings,
            sounds=production.sounds,
            offers=production.offers,
            mouths=production.mouths,
        ),
        playthrough=moved.playthrough,
        direction=direction,
        picked=_picked(show, new),
        story_due=drama.next_due(moved.playthrough),
    )
    return Revised(_spoken(show), replace(moved.report, lost=tuple(lost)))


def _direction(show: Show, new: Story, between: Between) -> tuple[Direction, bool]:
    """The director's ways back, without those that are not in the newer version."""
    found: list[Step] = []
    for step in show.direction.steps:
        moved = migrate(new, step.playthrough, show.now, between).playthrough
        if moved is not None:
            found.append(replace(step, playthrough=moved))
    lost = len(found) < len(show.direction.steps)
    entered = show.direction.entered
    if entered is not None:
        here = migrate(new, entered.playthrough, show.now, between).playthrough
        entered = replace(entered, playthrough=here) if here is not None else None
    return replace(show.direction, steps=tuple(found), entered=entered), lost


def _picked(show: Show, new: Story) -> PickedOption | None:
    """The picked option that is still displayed, with its new text; None if it was removed."""
    if show.picked is None:
        return None
    choices = (beat.choice for beat in new.order if beat.choice)
    choice = next((one for one in choices if one.id == show.picked.choice), None)
    option = choice.option(show.picked.option.id) if choice else None
    return replace(show.picked, option=option) if option is not None else None


def _spoken(show: Show) -> Show:
    """The lines that are spoken now, with their new texts; a removed line is not displayed any
    more, and its recording is heard to its end."""
    lines = {
        item.id: item
        for beat in show.production.story.order
        for item in beat.script
        if isinstance(item, Line)
    }
    kept: list[Speaking] = []
    for said in show.spoken:
        line = lines.get(said.line.id)
        if line is not None:
            values = {**show.playthrough.values_of(line.values), **_still(said, line)}
            kept.append(replace(said, line=line, values=values))
    return replace(show, spoken=tuple(kept))


def _still(said: Speaking, line: Line) -> dict[str, Value]:
    return {name: value for name, value in said.values.items() if name in line.values}
