"""The story as a graph of beats, and the checks of this graph."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from xrdrama.authoring.covering import Covering
from xrdrama.authoring.reach import Ways, components, reached, reached_from, reversed_ways, shortest
from xrdrama.document import Place
from xrdrama.errors import Problem, Severity
from xrdrama.story import Beat, Story
from xrdrama.story.model import Detour, Group, HiddenPlot, Item, Jump, Line, Wait
from xrdrama.story.ways import beats_of, ways_of

if TYPE_CHECKING:
    import networkx as nx

Note = Callable[[Place, str, Severity, str, str], None]


def story_graph(story: Story) -> nx.MultiDiGraph[str]:
    """A networkx graph: beats as nodes; paths as edges with `how` (option, else, next, hidden,
    detour) and `name`. A path to a storylet group is an edge to each beat that it can lead to, with
    the group as `group`."""
    import networkx as nx  # proofs need it, checks do not

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(story.beats)
    for beat in story.order:
        for how, name, to in ways_of(beat):
            group = to if to in story.storylets else ""
            for one in beats_of(story, to):
                graph.add_edge(beat.id, one, how=how, name=name, group=group)
    return graph


def story_ways(story: Story) -> dict[str, list[str]]:
    """The successors of each beat."""
    return {
        beat.id: [one for _, _, to in ways_of(beat) for one in beats_of(story, to)]
        for beat in story.order
    }


def check_graph(story: Story) -> list[Problem]:
    """Problems of the graph: unreachable beats and endings, loops without time, misplaced
    returns."""
    graph = story_ways(story)
    problems: list[Problem] = []

    def note(place: Place, code: str, severity: Severity, message: str, hint: str) -> None:
        problems.append(
            Problem(place.file, place.line, place.column, code, severity, message, hint)
        )

    begun = {story.start, *reached(graph, story.start)}
    led = begun | _forced(story, graph)
    for first, behind in _roots(story, graph, [b.id for b in story.order if b.id not in led]):
        message = f"no path leads to beat {first!r}{_and(behind, 'after it')}"
        note(story.beats[first].place, "G001", "warning", message,
             "add an option, else:, next: or hidden plot that leads to it, or delete "
             "it")  # fmt: skip
    again, covering = _on_loops(graph), Covering(story)
    for circle in _timeless_circles(story, again, covering):
        beat = story.beats[circle[0]]
        note(beat.place, "G002", "error", "a loop in which no time passes: " + " -> ".join(circle),
             "add a line, a @wait or a choice to one of these beats")  # fmt: skip
    _check_endings(story, graph, begun, note)
    _check_returns(story, note)
    _check_groups(story, again, note)
    for beat in story.order:
        choice = beat.choice
        if choice and not choice.otherwise and _may_offer_nothing(beat, again, covering):
            note(choice.place, "G003", "error", f"the choice at {beat.id!r} may have no option "
                                                "to offer",
                 "add else:, or an option without if: and once:; or options of which one is "
                 "always available, such as if: trust > 0 and if: trust <= 0")  # fmt: skip
    return problems


def _roots(story: Story, graph: Ways, names: list[str]) -> Iterator[tuple[str, int]]:
    """The beats in `names` on which the others depend, with the number of dependent beats, so that
    one mistake is reported once."""
    kept = set(names)
    inside = {name: [to for to in graph[name] if to in kept] for name in names}
    parts = components(inside, sorted(names, key=lambda name: story.beats[name].index))
    home = {name: number for number, members in enumerate(parts) for name in members}
    entered = {home[to] for name in names for to in inside[name] if home[to] != home[name]}
    found = []
    for number, members in enumerate(parts):
        if number not in entered:
            below = reached(inside, members[0]) - set(members)
            found.append((members[0], len(below) + len(members) - 1))
    yield from sorted(found, key=lambda one: story.beats[one[0]].index)


def _and(count: int, where: str) -> str:
    return f" and {count} more {where}" if count else ""


def _forced(story: Story, graph: Ways) -> set[str]:
    """The beats that a director may force by name, and all beats that they lead to."""
    named = {name for beat in story.order for name in beat.director.force or ()}
    return named | reached_from(graph, named)


def _on_loops(graph: Ways) -> set[str]:
    """The beats that can lead back to themselves."""
    return {
        name
        for part in components(graph, graph)
        for name in part
        if len(part) > 1 or name in graph[name]
    }


def _may_offer_nothing(beat: Beat, again: Collection[str], covering: Covering) -> bool:
    """True when every option can be unavailable: by its `if`, or by `once` in a loop of the story
    (`again` are the beats on loops)."""
    options = beat.choice.options if beat.choice else ()
    repeats = beat.id in again or any(option.detour and not option.to for option in options)
    lasting = [option.condition for option in options if not (option.once and repeats)]
    conditions = [one for one in lasting if one is not None]
    return len(conditions) == len(lasting) and not covering.is_always_true(conditions)


def _check_endings(story: Story, graph: Ways, begun: set[str], note: Note) -> None:
    stops = [beat.id for beat in story.order if beat.ending or beat.returns]
    if not any(beat.ending for beat in story.order):
        first = story.beats[story.start]
        note(first.place, "G005", "warning", "the story has no ending",
             "add ending: to its last beat")  # fmt: skip
        return
    backwards = reversed_ways(graph)
    finishing = set(stops) | reached_from(backwards, stops)
    lost = [b.id for b in story.order if b.id in begun and b.id not in finishing]
    for last, before in _roots(story, backwards, lost):
        message = f"no ending can be reached from {last!r}{_and(before, 'that lead there')}"
        note(story.beats[last].place, "G004", "warning", message,
             "add an option, else: or next: that leads to an ending")  # fmt: skip


def _check_returns(story: Story, note: Note) -> None:
    """Report beats with `return:` that are reachable outside a hidden plot that returns."""
    plain: dict[str, list[str]] = {name: [] for name in story.beats}
    for beat in story.order:
        plots = {plot.id: plot for plot in beat.hidden}
        for how, name, to in ways_of(beat):
            if how != "detour" and (how != "hidden" or not plots[name].returns):
                plain[beat.id] += beats_of(story, to)
    for name in {story.start, *reached(plain, story.start)}:
        beat = story.beats[name]
        if beat.returns:
            note(beat.place, "G006", "error", f"beat {name!r} has return: but is on the main path",
                 "return: ends hidden plots and detours; write next: or ending:")  # fmt: skip


def _check_groups(story: Story, again: Collection[str], note: Note) -> None:
    """Report storylet groups that may have no beat, and hidden plots that cannot be parallel."""
    for group in story.storylets.values():
        beats = [story.beats[name] for name in group.beats]
        sure = any(not (b.when or (b.once and b.id in again)) for b in beats)
        if group.otherwise is None and beats and not sure:
            note(group.place, "G007", "error",
                 f"the storylet group {group.id!r} may have no beat that is available",
                 "add else: to it, or a beat without when: and once:")  # fmt: skip
        elif group.otherwise is not None and any(not (b.when or b.once) for b in beats):
            note(group.otherwise.place, "G008", "warning", "this else is never taken",
                 f"a beat of {group.id!r} is always available; delete the else")  # fmt: skip
    plots = {plot.index: plot for beat in story.order for plot in beat.hidden if plot.parallel}
    for plot in plots.values():
        for name in _played_by(story, plot.to):
            _check_beside(plot, story.beats[name], note)


def _played_by(story: Story, to: str) -> list[str]:
    """The beats of a hidden plot: its first one and those that follow."""
    ways = {
        beat.id: [one for way in beat.exits for one in beats_of(story, way.to)]
        for beat in story.order
    }
    first = beats_of(story, to)
    return list(dict.fromkeys([*first, *(one for f in first for one in sorted(reached(ways, f)))]))


def _check_beside(plot: HiddenPlot, beat: Beat, note: Note) -> None:
    """Report what is not possible in a hidden plot beside the main path."""
    what = "a choice" if beat.choice else "an ending" if beat.ending else ""
    if any(isinstance(item, Detour) for item in beat.script):
        what = "a detour"
    if what:
        note(beat.place, "G009", "error",
             f"beat {beat.id!r} has {what}, but the hidden plot {plot.id!r} plays it beside the "
             "main path",
             "use next: and return: only, or remove parallel: from the plot")  # fmt: skip


def _timeless_circles(
    story: Story, again: Collection[str], covering: Covering
) -> Iterator[list[str]]:
    graph: dict[str, list[str]] = {}
    for beat in story.order:
        if takes_time(beat):
            continue
        graph[beat.id] = [one for way in beat.exits for one in beats_of(story, way.to)]
        for item in beat.script:
            if isinstance(item, Detour):
                graph[beat.id] += beats_of(story, item.to)
        # A choice without available options takes its else at once.
        if beat.choice and beat.choice.otherwise and _may_offer_nothing(beat, again, covering):
            graph[beat.id] += beats_of(story, beat.choice.otherwise.to)
    for component in components(graph, graph):
        name = component[0]
        if len(component) > 1 or name in graph[name]:
            ways = [shortest(graph, to, name) for to in graph[name] if to in component]
            yield [name, *min(ways, key=len)]


def takes_time(beat: Beat) -> bool:
    """True when time passes in a beat for any values of its conditions."""
    window = beat.choice.window if beat.choice else None
    if window and window.opens is not None:
        return window.opens > 0  # it opens at this time, for any length of the script
    kept = (
        beat.lengths.least > 0 and beat.choice is None
    )  # the choice opens when the script has ended
    return kept or _runs_on(beat.script, 0, len(beat.script))


def _runs_on(script: Sequence[Item], start: int, end: int) -> bool:
    """True when time passes in a part of a script whatever its conditions are."""
    at = start
    while at < end:
        item = script[at]
        at += 1
        if isinstance(item, Line | Wait) and item.condition is None and item.lasts > 0:
            return True
        if isinstance(item, Group):
            if _always_plays(item) and all(
                _runs_on(script, one.start, _end_of(script, one.start)) for one in item.alternatives
            ):
                return True
            at = item.end
    return False


def _always_plays(group: Group) -> bool:
    """True when one of the alternatives is played each time."""
    sure = any(not one.once and one.condition is None for one in group.alternatives)
    return sure and group.choose != "once"


def _end_of(script: Sequence[Item], start: int) -> int:
    """The index of the jump that ends the alternative that begins at `start`."""
    at = start
    while not isinstance(script[at], Jump):
        item = script[at]
        at = item.end if isinstance(item, Group) else at + 1
    return at
