"""The story as a graph of beats, and the checks of this graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from xrdrama.authoring.reach import Ways, components, reached, reversed_ways, shortest
from xrdrama.document import Place
from xrdrama.errors import Problem, Severity
from xrdrama.story import Beat, Story
from xrdrama.story.model import Line, Wait

if TYPE_CHECKING:
    import networkx as nx

Note = Callable[[Place, str, Severity, str, str], None]


def story_graph(story: Story) -> nx.MultiDiGraph[str]:
    """A networkx graph: beats as nodes; paths as edges with `how` (option, else, next, hidden) and
    `name`."""
    import networkx as nx  # maps need it, checks do not

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(story.beats)
    for beat in story.order:
        for how, name, to in ways_of(beat):
            graph.add_edge(beat.id, to, how=how, name=name)
    return graph


def story_ways(story: Story) -> dict[str, list[str]]:
    """The successors of each beat."""
    return {beat.id: [to for _, _, to in ways_of(beat)] for beat in story.order}


def ways_of(beat: Beat) -> Iterator[tuple[str, str, str]]:
    """Every path out of a beat: kind, name, next beat."""
    if beat.choice:
        for option in beat.choice.options:
            yield "option", option.id, option.to
        if beat.choice.otherwise:
            yield "else", "else", beat.choice.otherwise.to
    for way in beat.exits:
        yield "next", "", way.to
    for plot in beat.hidden:
        yield "hidden", plot.id, plot.to


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
    for circle in _timeless_circles(story):
        beat = story.beats[circle[0]]
        note(beat.place, "G002", "error", "a loop in which no time passes: " + " -> ".join(circle),
             "add a line, a @wait or a choice to one of these beats")  # fmt: skip
    _check_endings(story, graph, begun, note)
    _check_returns(story, note)
    for beat in story.order:
        choice = beat.choice
        if choice and not choice.otherwise and _may_offer_nothing(beat, graph):
            note(choice.place, "G003", "error", f"the choice at {beat.id!r} may have no option "
                                                "to offer",
                 "add else:, or an option without if: and once:")  # fmt: skip
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
    return named.union(*(reached(graph, name) for name in named))


def _may_offer_nothing(beat: Beat, graph: Ways) -> bool:
    """True when every option can be unavailable: by its `if`, or by `once` in a loop of the
    story."""
    options = beat.choice.options if beat.choice else ()
    if not all(option.condition or option.once for option in options):
        return False
    return all(option.condition for option in options) or beat.id in reached(graph, beat.id)


def _check_endings(story: Story, graph: Ways, begun: set[str], note: Note) -> None:
    stops = [beat.id for beat in story.order if beat.ending or beat.returns]
    if not any(beat.ending for beat in story.order):
        first = story.beats[story.start]
        note(first.place, "G005", "warning", "the story has no ending",
             "add ending: to its last beat")  # fmt: skip
        return
    finishing = set(stops)
    backwards = reversed_ways(graph)
    for stop in stops:
        finishing |= reached(backwards, stop)
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
            if how != "hidden" or not plots[name].returns:
                plain[beat.id].append(to)
    for name in {story.start, *reached(plain, story.start)}:
        beat = story.beats[name]
        if beat.returns:
            note(beat.place, "G006", "error", f"beat {name!r} has return: but is on the main path",
                 "return: is only for hidden plots; write next: or ending:")  # fmt: skip


def _timeless_circles(story: Story) -> Iterator[list[str]]:
    graph: dict[str, list[str]] = {}
    whole = story_ways(story)
    for beat in story.order:
        if takes_time(beat):
            continue
        graph[beat.id] = [way.to for way in beat.exits]
        # A choice without available options takes its else at once.
        if beat.choice and beat.choice.otherwise and _may_offer_nothing(beat, whole):
            graph[beat.id].append(beat.choice.otherwise.to)
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
    return kept or any(
        isinstance(item, Line | Wait) and item.condition is None and item.lasts > 0
        for item in beat.script
    )
