"""Follows a playthrough of the runtime through the states of a search."""

from __future__ import annotations

from random import Random

from xrdrama.authoring.proving.replay import Leg, path_to, replay
from xrdrama.authoring.proving.search import Explored, Graph
from xrdrama.authoring.proving.steps import ELSE
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    Declined,
    Due,
    Ended,
    Found,
    Picked,
    StoryEvent,
    Taken,
)
from xrdrama.story.stepping.step import begin, next_due, step


class Follower:
    """The states in which a playthrough may be, as far as it can be seen from outside."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.graph, self.chance = graph, Random(seed)
        self.playthrough, _ = begin(graph.story, seed=seed)
        self.states = {graph.start}
        self.now = 0
        self.over = False

    def settled(self) -> set[int]:
        """The states, and those that follow without an act within the same beat."""
        found, waiting = set(self.states), list(self.states)
        while waiting:
            for move, after in self.graph.moves(waiting.pop()):
                inside = not move.act and not move.enters and move.to.phase != "end"
                if inside and not move.back and after not in found:
                    found.add(after)
                    waiting.append(after)
        return found

    def moved(self, act: str, *, beat: str, enters: bool, ends: bool = False) -> None:
        """Keep the states after one move."""
        self.states = {
            after
            for state in self.settled()
            for move, after in self.graph.moves(state)
            if move.act == act
            and move.enters == enters
            and move.to.beat == beat
            and (move.to.phase == "end") == ends
            and (enters or ends or move.back)
        }
        assert self.states, f"the search has no way to {beat!r} by {act!r}"

    def take(self, event: StoryEvent) -> None:
        """Step the playthrough, and follow it."""
        self.playthrough, happened = step(self.playthrough, event)
        act = ""
        ways = (Taken, Declined)
        if isinstance(event, Found) and not any(isinstance(one, ways) for one in happened):
            self.begun_beside(f"{event.kind}:{event.name}")
        for one in happened:
            if isinstance(one, Declined):
                self.over = True  # nothing to do with the event, or the story has stopped
            elif isinstance(one, Taken):
                act = self.act_of(one, event)
            elif isinstance(one, BeatEntered):
                self.moved(act, beat=one.beat.id, enters=not one.again)
            elif isinstance(one, Ended):
                self.moved("", beat=one.ending, enters=False, ends=True)
        self.agree()

    def begun_beside(self, act: str) -> None:
        """Keep the states after a marker that opens a plot beside the main path."""
        self.states = {
            after
            for state in self.settled()
            for move, after in self.graph.moves(state)
            if move.act == act and not move.enters
        }
        assert self.states, f"the search has no plot beside by {act!r}"

    def act_of(self, taken: Taken, event: StoryEvent) -> str:
        if isinstance(event, Found) and taken.by == event.kind and taken.at == event.at:
            return f"{event.kind}:{event.name}"
        if taken.by == "timeout":
            return ELSE
        return "" if taken.by in ("next", "else", "return", "detour") else taken.option

    def agree(self) -> None:
        """One of the states has the values, and what can be done there, of the playthrough."""
        if self.playthrough.ending or self.over:
            return
        # Without hidden plots, the whole script of a beat is one move.
        relevance, beat = self.graph.relevance, self.playthrough.beat
        whole = beat not in relevance.pauses and any(relevance.changes[beat])
        agreeing = {state for state in self.settled() if whole or self.has_values(state)}
        assert agreeing, f"no state has the values at {self.playthrough.beat!r}"
        self.states = agreeing
        p = self.playthrough
        if p.phase == "open" and (p.closes_at is None or p.closes_at > self.now):
            known = any(self.offers(state, set(p.offered)) for state in agreeing)
            assert known, f"{p.offered} is not offered by the search"
        plots = {
            f"{trigger.kind}:{value}"
            for plot in p.hidden()
            for trigger in plot.triggers
            for value in trigger.values
        }
        if plots and next_due(p) != self.now:
            assert any(plots == self.found(state) for state in agreeing)

    def has_values(self, state: int) -> bool:
        spot, layout = self.graph.spot(state), self.graph.relevance.layout
        live = self.graph.live(spot)
        same = all(
            field.decode(state) == self.playthrough.values[slot]
            for slot, field in layout.variables.items()
            if field.mask & live
        )
        counted = all(
            field.decode(state) == min(field.most, self.playthrough.visits[index])
            for index, field in layout.visits.items()
            if field.mask & live
        )
        return same and counted and len(spot.stack) == len(self.playthrough.interrupted)

    def offers(self, state: int, options: set[str]) -> bool:
        """True when these options can be picked in a state, and no others; others may be offered
        if a random number decides in the script before the choice."""
        moves = [move for move, _ in self.graph.moves(state)]
        acts = {move.act for move in moves if move.act != ELSE and ":" not in move.act} - {""}
        return acts == options or (options < acts and any(move.rolled for move in moves))

    def found(self, state: int) -> set[str]:
        return {move.act for move, _ in self.graph.moves(state) if ":" in move.act}

    def play(self, events: int) -> None:
        """Random events: time passes, options are picked, markers are found."""
        for _ in range(events):
            if self.playthrough.ending or self.over:
                return
            self.take(self.event())

    def event(self) -> StoryEvent:
        p, due = self.playthrough, next_due(self.playthrough)
        plots = [
            (trigger.kind, value)
            for plot in p.hidden()
            for trigger in plot.triggers
            for value in trigger.values
        ]
        roll = self.chance.random()
        if plots and roll < 0.2 and (due is None or due > self.now):
            kind, name = self.chance.choice(plots)
            return Found(kind, name, self.now)
        if p.options() and roll < 0.7:
            return Picked(self.chance.choice(p.options()).id, self.now)
        if due is not None:
            between = self.now + (due - self.now) // 2
            self.now = between if plots and roll > 0.9 and between > self.now else due
        return Due(self.now)


def witnessed(graph: Graph, explored: Explored, state: int) -> list[Leg] | None:
    """The path to a state, if the runtime follows it."""
    legs = path_to(graph, explored, state)
    return legs if replay(graph, legs) is not None else None
