"""Which beat an author is working on, and how its set looks at the end of its script."""

from __future__ import annotations

import msgspec

from xrdrama.authoring.comparing import compare
from xrdrama.document.names import composed
from xrdrama.scene.cues import length
from xrdrama.scene.model import ParamValue, Scene
from xrdrama.show.state.cue_stack import call, stack_for
from xrdrama.story import Due, Story, begin, next_due, step
from xrdrama.story.stepping.happenings import CueCalled, Happening, Spoken
from xrdrama.story.text import render
from xrdrama.timing import NS

MOST_EVENTS = 500
"""Events of a beat that are played for its picture."""
STILL_AT = 2 * NS
"""The time of the show at which a beat begins, for what moves by itself."""


class Still(msgspec.Struct, frozen=True):
    """What a still shows: the set, its parameters, the nanosecond of the show, the last line."""

    scene: str
    params: dict[str, ParamValue]
    at: int
    line: str


def beat_at_work(before: Story | None, story: Story, *, named: str, cursor: str) -> str:
    """The beat to draw: the named one, else that of the cursor, else the first one that was changed
    or added, else the story's start. `cursor` is a beat's id, or `FILE:LINE`."""
    if named:
        return named if named in story.beats else ""
    if found := _at_cursor(story, composed(cursor.strip())):
        return found
    changes = compare(before, story) if before is not None and before.id == story.id else []
    changed = (one.beat for one in changes if one.kind != "removed" or one.what != "beat")
    first = next((beat for beat in changed if beat in story.beats), "")
    return first or (story.start if story.start in story.beats else "")


def _at_cursor(story: Story, cursor: str) -> str:
    if cursor in story.beats:
        return cursor
    file, _, line = cursor.rpartition(":")
    if not file or not (line.isdecimal() and len(line) < 9):
        return ""
    above = [
        beat
        for beat in story.order
        if beat.place.file.endswith(file) and beat.place.line <= int(line)
    ]
    return max(above, key=lambda beat: beat.place.line).id if above else ""


def still_of(story: Story, beat: str, scene: Scene) -> Still:
    """The set of a beat after the cues of its script, with the initial values of all variables: it
    is played until its choice opens, or until it ends. Cues before this beat are not called."""
    p, happened = begin(story, at=STILL_AT, start=beat)
    visit, at = p.visits, STILL_AT
    found: list[Happening] = list(happened)
    for _ in range(MOST_EVENTS):
        due = next_due(p)
        if due is None or p.options():
            break
        p, happened = step(p, Due(due))
        if p.beat != beat or p.visits != visit:
            break
        at = due
        found += happened
    stack, end = stack_for(scene), at
    for one in found:
        if isinstance(one, CueCalled) and one.cue.name in scene.cues:
            cue = scene.cues[one.cue.name]
            stack = call(stack, cue, one.at, over=one.cue.over)
            end = max(end, one.at + (length(cue) if one.cue.over is None else one.cue.over))
    spoken = [one for one in found if isinstance(one, Spoken)]
    line = render(spoken[-1].line.text, spoken[-1].values, story.language) if spoken else ""
    return Still(scene.id, stack.values(end), end, line)
