"""The moves of hidden plots: markers that open them, and plots that play beside the main path.

A plot beside the main path continues at any time that the main path leaves it: its times are not
compared with those of the main path. So the search may know more playthroughs than there are, and a
witness counts only when the runtime has played it.
"""

from __future__ import annotations

from collections.abc import Sequence

from xrdrama.authoring.proving.scripts import NONE
from xrdrama.authoring.proving.spots import Move, Span, Spot
from xrdrama.authoring.proving.steps import Steps
from xrdrama.authoring.proving.world import World
from xrdrama.story import Beat
from xrdrama.story.model import HiddenPlot


class Plots:
    """Makes the moves of hidden plots from a place."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.story, self.layout = steps, steps.story, steps.layout

    def find(self, spot: Spot, world: World) -> Move | None:
        """One of the hidden plots that can be opened at a place; None when nothing follows."""
        beat = self.story.beats[spot.beat]
        passing = self.passing(spot, beat, world)
        if not passing.passes:
            return None
        found = self.openable(beat, world)
        if not found:
            return None
        plot, act = found[world.oracle.choose(len(found))]
        world.facts.plots.add(plot.index)
        world.set(self.layout.plots[plot.index], 1)
        world.apply(plot.effects)
        if plot.parallel:
            return Move(act, self.begun(plot, spot, world), NONE)
        if plot.returns:
            return self.steps.entering(act, plot.to, spot, world, NONE, waiting=spot)
        waited = Span(0, passing.typical // 2, passing.most)
        return self.steps.entering(act, plot.to, spot, world, waited)

    def passing(self, spot: Spot, beat: Beat, world: World) -> Span:
        """The time that may pass at a place before the story continues."""
        if spot.phase == "run":
            return self.steps.scripts.segment(spot, beat, world).span
        if spot.phase == "open":
            later = self.steps.rest(spot, beat, world)
            most = later.span.most if later else spot.left
            return Span(0, 0 if most is None else most, most)
        return Span(0, 0, None) if spot.phase == "stuck" else NONE

    def openable(self, beat: Beat, world: World) -> Sequence[tuple[HiddenPlot, str]]:
        """The hidden plots that can be opened now, each with what must be found. Of plots with the
        same trigger, the first one opens."""
        found: list[tuple[HiddenPlot, str]] = []
        taken: set[str] = set()
        for plot in beat.hidden:
            if world.get(self.layout.plots[plot.index]) or not world.holds(plot.condition):
                continue
            triggers = [f"{t.kind}:{value}" for t in plot.triggers for value in t.values]
            free = [one for one in triggers if one not in taken]
            taken.update(triggers)
            if free:
                found.append((plot, free[0]))
        return found

    # -- beside the main path -------------------------------------------------------------------

    def begun(self, plot: HiddenPlot, spot: Spot, world: World) -> Spot:
        """The place with a plot that begins beside it."""
        beat = self.steps.resolved(plot.to, world)
        if beat is None:
            return spot
        begun = self.steps.enter(beat, (), (), world)
        return spot._replace(beside=(*spot.beside, (plot.index, begun)))

    def beside(self, spot: Spot, world: World) -> Move | None:
        """One of the plots beside a place continues, if time passes at the place."""
        if not spot.beside or not self.passing(spot, self.story.beats[spot.beat], world).passes:
            return None
        world.facts.wider = True
        number = world.oracle.choose(len(spot.beside))
        plot, place = spot.beside[number]
        after = self.after(place, world)
        kept = ((plot, after),) if after else ()
        beside = (*spot.beside[:number], *kept, *spot.beside[number + 1 :])
        return Move("", spot._replace(beside=beside), NONE)

    def after(self, place: Spot, world: World) -> Spot | None:
        """Where a plot beside the main path is after its next item that changes something; None
        when it is over. It has no choices, endings and detours (G009)."""
        beat = self.story.beats[place.beat]
        segment = self.steps.scripts.segment(place, beat, world)
        here = self.steps.later(place, segment.cursor, segment.span, segment.pending)
        if segment.cursor < len(beat.script):
            if segment.span.passes:
                return here
            return here._replace(cursor=self.steps.scripts.changed(here, beat, world))
        for way in beat.exits:
            if world.holds(way.condition):
                world.apply(way.effects)
                to = self.steps.resolved(way.to, world)
                return None if to is None else self.steps.enter(to, (), (), world)
        return None
