"""Beats that follow each other for ever, and hidden plots that never come to an end.

G013  error  a loop without a choice, an ending or a return that nobody can leave
G010  error  a hidden plot from which no return: and no ending can be reached
G014  warning  a detour from which no return: can be reached

Only paths are followed whose conditions can be true with the values that play can reach.
"""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.authoring.reach import components, reached_from, reversed_ways
from xrdrama.authoring.reachable import Reachable
from xrdrama.errors import Problem
from xrdrama.story.model import Detour
from xrdrama.story.ways import beats_of


def check_loops(found: Reachable) -> tuple[list[Problem], set[str]]:
    """The problems, and the beats of these loops and plots."""
    ways = {name: found.ways.get(name, []) for name in found.states}
    plots, lost = _plots(found, ways)
    loops, more = _loops(found, ways, lost)
    return [*plots, *loops, *_detours(found, ways)], lost | more


def _finishing(found: Reachable, ways: dict[str, list[str]]) -> set[str]:
    """The beats from which an ending or a return can be reached."""
    beats = found.story.beats
    stops = [name for name in ways if beats[name].ending or beats[name].returns]
    backwards = reversed_ways(ways)
    return set(stops) | reached_from(backwards, stops)


def _plots(found: Reachable, ways: dict[str, list[str]]) -> tuple[list[Problem], set[str]]:
    finishing = _finishing(found, ways)
    problems: list[Problem] = []
    lost: set[str] = set()
    seen: set[int] = set()
    for beat in found.story.order:
        for plot in beat.hidden:
            first = [one for one in beats_of(found.story, plot.to) if one in ways]
            if plot.index in seen or not first or finishing & {*first}:
                continue
            seen.add(plot.index)
            lost |= {*first} | reached_from(ways, first)
            message = f"the hidden plot {plot.id!r} never returns and reaches no ending"
            hint = "end its last beat with return: true, or lead it to an ending"
            p = plot.place
            problems.append(Problem(p.file, p.line, p.column, "G010", "error", message, hint))
    return problems, lost


def _detours(found: Reachable, ways: dict[str, list[str]]) -> Iterator[Problem]:
    """The detours after which the beat that takes them never continues."""
    story = found.story
    backwards = reversed_ways(ways)
    last = [name for name in ways if story.beats[name].returns]
    returning = set(last) | reached_from(backwards, last)
    for beat in story.order:
        options = beat.choice.options if beat.choice else ()
        taken = [(item.to, item.place) for item in beat.script if isinstance(item, Detour)]
        taken += [(option.detour, option.place) for option in options if option.detour]
        for to, p in taken:
            first = [one for one in beats_of(story, to) if one in ways]
            if first and not returning & {*first}:
                message = f"the detour to {to!r} never returns: {beat.id!r} does not continue"
                hint = "add return: true to its last beat, or lead there with next:, else: or to:"
                yield Problem(p.file, p.line, p.column, "G014", "warning", message, hint)


def _loops(
    found: Reachable, ways: dict[str, list[str]], known: set[str]
) -> tuple[list[Problem], set[str]]:
    beats = found.story.beats
    free = {n for n in ways if beats[n].choice or beats[n].hidden or beats[n].ending}
    free |= {name for name in ways if beats[name].returns}
    backwards = reversed_ways(ways)
    leaving = free | reached_from(backwards, free)
    left = leaving | known
    caught = [b.id for b in found.story.order if b.id in ways and b.id not in left]
    problems = [_problem(found, loop) for loop in _circles(ways, caught)]
    return problems, set(caught)


def _circles(ways: dict[str, list[str]], names: list[str]) -> Iterator[list[str]]:
    """The loops among beats that cannot be left."""
    for part in components({name: ways[name] for name in names}, names):
        if len(part) > 1 or part[0] in ways[part[0]]:
            yield part


def _problem(found: Reachable, loop: list[str]) -> Problem:
    path = " -> ".join([*loop[:6], *(["..."] if loop[6:] else []), loop[0]])
    place = found.story.beats[loop[0]].place
    message = f"this loop never ends, and nobody can do anything in it: {path}"
    hint = "add a choice or an ending to one of these beats, or a path that leaves them"
    return Problem(place.file, place.line, place.column, "G013", "error", message, hint)
