"""The ways out of a beat, and the beats that a way can lead to."""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.story.model import Beat, Detour, Story


def ways_of(beat: Beat) -> Iterator[tuple[str, str, str]]:
    """Every way out of a beat: its kind (option, else, next, hidden, detour), its name, and the
    beat or the storylet group it leads to. A detour is named after its option; "" in a script."""
    if beat.choice:
        for option in beat.choice.options:
            if option.detour:
                yield "detour", option.id, option.detour
            if option.to:
                yield "option", option.id, option.to
        if beat.choice.otherwise:
            yield "else", "else", beat.choice.otherwise.to
    for way in beat.exits:
        yield "next", "", way.to
    for item in beat.script:
        if isinstance(item, Detour):
            yield "detour", "", item.to
    for plot in beat.hidden:
        yield "hidden", plot.id, plot.to


def beats_of(story: Story, to: str) -> tuple[str, ...]:
    """The beats that can follow on a way to `to`: the beat itself, or the storylets of a group and
    what its `else` leads to."""
    found: dict[str, None] = {}
    groups: set[str] = set()
    while to not in story.beats:
        group = story.storylets.get(to)
        if group is None or to in groups:
            break
        groups.add(to)
        found.update(dict.fromkeys(group.beats))
        if group.otherwise is None:
            return tuple(found)
        to = group.otherwise.to
    else:
        found[to] = None
    return tuple(found)
