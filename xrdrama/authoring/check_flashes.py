"""Cues that flash: parameters of a set that are turned up and down too quickly.

C014  warning  the cues of a script flash more than three times in a second
S033  warning  a cue of a set does

A flash is a rise and a fall of a tenth of a parameter's range or more; three in any second are
allowed (W3C WCAG 2.3.1). Whether a parameter changes the light is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from xrdrama.document import Node, place_of
from xrdrama.errors import Problem
from xrdrama.scene.model import Cue, Scene
from xrdrama.story import Beat, Story
from xrdrama.story.model import CueCall, Line, Wait
from xrdrama.story.reading import BREATH
from xrdrama.timing import NS

MOST_CHANGES = 6
"""Most rises and falls within a second: three flashes."""
SMALLEST = 0.1
"""The smallest change that counts, as a share of the parameter's range."""
_HINT = "call it less often, or let it take longer (over=1s)"


class _Change(msgspec.Struct, frozen=True, order=True):
    at: int
    param: str
    to: float


def check_story_flashes(story: Story, scenes: Mapping[str, Scene | None]) -> list[Problem]:
    """Beats whose cues flash."""
    problems: list[Problem] = []
    for beat in story.order:
        scene = scenes.get(beat.scene)
        if scene is None:
            continue
        param = flashing(scene, _called(beat, scene))
        if param:
            call = next(
                item for item in beat.script
                if isinstance(item, CueCall) and item.name in scene.cues
                and any(move.param == param for move in scene.cues[item.name].moves)
            )  # fmt: skip
            p = call.place
            message = (
                f"the cues of {beat.id!r} change {param!r} up and down more than three times in a "
                "second: if it changes the light, this can cause seizures"
            )
            problems.append(Problem(p.file, p.line, p.column, "C014", "warning", message, _HINT))
    return problems


def check_scene_flashes(scene: Scene, root: Node) -> list[Problem]:
    """Cues of a set that flash by themselves."""
    problems: list[Problem] = []
    for cue in scene.cues.values():
        param = flashing(scene, _changes(cue, 0, None))
        if param:
            p = place_of(root, "cues", cue.id)
            message = (
                f"the cue {cue.id!r} changes {param!r} up and down more than three times in a "
                "second: if it changes the light, this can cause seizures"
            )
            hint = "use fewer moves, or longer ones"
            problems.append(Problem(p.file, p.line, p.column, "S033", "warning", message, hint))
    return problems


def flashing(scene: Scene, changes: Iterable[_Change]) -> str:
    """The first parameter that flashes too often, or ""."""
    turns: dict[str, list[int]] = {}
    now: dict[str, float] = {}
    rising: dict[str, bool] = {}
    for change in sorted(changes):
        param = scene.params.get(change.param)
        if param is None or param.kind == "choice" or param.most <= param.least:
            continue
        before = now.get(change.param, float(param.default))
        now[change.param] = change.to
        if abs(change.to - before) < SMALLEST * (param.most - param.least):
            continue
        rises = change.to > before
        if rising.get(change.param) == rises:
            continue
        rising[change.param] = rises
        times = turns.setdefault(change.param, [])
        times.append(change.at)
        if len(times) > MOST_CHANGES and change.at - times[-MOST_CHANGES - 1] < NS:
            return change.param
    return ""


def _called(beat: Beat, scene: Scene) -> Iterator[_Change]:
    """The changes of parameters that the cues of a script make; conditions count as true."""
    now = 0
    for item in beat.script:
        if isinstance(item, Line):
            now += item.lasts + BREATH
        elif isinstance(item, Wait):
            now += item.lasts
        elif isinstance(item, CueCall) and (cue := scene.cues.get(item.name)) is not None:
            yield from _changes(cue, now + item.after, item.over)


def _changes(cue: Cue, at: int, over: int | None) -> Iterator[_Change]:
    """When each move of a cue has reached its value."""
    whole = max((move.delay + move.over for move in cue.moves), default=0)
    scale = 1.0 if over is None or not whole else over / whole
    for move in cue.moves:
        if isinstance(move.to, int | float):
            yield _Change(at + round((move.delay + move.over) * scale), move.param, float(move.to))
