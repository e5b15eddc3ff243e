"""Which sets are in reach of each beat, and in how many changes of beat.

The next beats are those of every option, the fallback, exits, hidden plots and the return from one,
and beats that the author lets the director force from here (`director: {force: [...]}`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from xrdrama.story import Beat, Story
from xrdrama.story.ways import beats_of, ways_of


def sets_ahead(story: Story) -> dict[str, dict[str, int]]:
    """For each beat, the sets in reach and the fewest changes of beat to each: 0 is its own set,
    and what a next beat needs has 1. A set that only an undeclared force reaches is missing."""
    before: dict[str, list[str]] = {beat.id: [] for beat in story.order}
    for beat in story.order:
        for name in next_beats(story, beat):
            before[name].append(beat.id)
    found: dict[str, dict[str, int]] = {beat.id: {} for beat in story.order}
    for scene in dict.fromkeys(beat.scene for beat in story.order):
        waiting = deque(beat.id for beat in story.order if beat.scene == scene)
        steps = dict.fromkeys(waiting, 0)
        while waiting:
            name = waiting.popleft()
            for earlier in before[name]:
                if earlier not in steps:
                    steps[earlier] = steps[name] + 1
                    waiting.append(earlier)
        for name, count in steps.items():
            found[name][scene] = count
    return found


def next_beats(story: Story, beat: Beat) -> list[str]:
    """The beats that can follow a beat, in the order of the file, each once."""
    return list(dict.fromkeys(name for name in _ways(story, beat) if name in story.beats))


def _ways(story: Story, beat: Beat) -> Iterator[str]:
    for _, _, to in ways_of(beat):
        yield from beats_of(story, to)
    if beat.returns:  # to whichever beat was interrupted
        yield from (one.id for one in story.order if _is_interrupted(one))
    yield from beat.director.force or ()


def _is_interrupted(beat: Beat) -> bool:
    """True for a beat that a hidden plot or a detour can interrupt."""
    return any(
        how == "detour" or (how == "hidden" and _plot_returns(beat, name))
        for how, name, _ in ways_of(beat)
    )


def _plot_returns(beat: Beat, name: str) -> bool:
    """True for a hidden plot of a beat that returns to it."""
    return any(plot.id == name and plot.returns for plot in beat.hidden)
