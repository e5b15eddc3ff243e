"""A playthrough in a newer version of its story: every fact is kept by its id."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from xrdrama.story.migration.between import Between
from xrdrama.story.migration.facts import Facts
from xrdrama.story.migration.positions import Positions
from xrdrama.story.model import Story
from xrdrama.story.stepping.opened import POSITION
from xrdrama.story.stepping.playthrough import Beside, Interrupted, Playthrough, Position


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a playthrough is in the newer version, and what could not be kept."""

    beat: str
    """The current beat, under its new id."""
    renamed: str = ""
    """Its id in the older version, if that was another one."""
    lost: tuple[str, ...] = ()
    """What could not be kept, and why."""
    offered: tuple[str, ...] = ()
    """Options that the open choice offers now, and did not before."""
    refused: str = ""
    """Why the playthrough cannot continue in the newer version; "" when it can."""
    remedy: str = ""

    def lines(self) -> list[str]:
        """The report in sentences, without a refusal."""
        where = f"the story is at beat {self.beat!r}"
        if self.renamed:
            where += f", which was {self.renamed!r}"
        return [
            where,
            *(f"not kept: {text}" for text in self.lost),
            *(f"the option {name!r} is offered now, too" for name in self.offered),
        ]


class Migrated(msgspec.Struct, frozen=True):
    """The result of a migration."""

    playthrough: Playthrough | None
    """None when the newer version cannot continue it: see `report.refused`."""
    report: Report


def migrate(
    new: Story, playthrough: Playthrough, at: int = 0, between: Between | None = None
) -> Migrated:
    """A playthrough as it continues in a newer version of its story at nanosecond `at`.

    Beats, options, variables, hidden plots, lines and storylets are found by their ids; a beat with
    another id by the ids of its lines; alternatives by their first line. The script continues
    behind the item that was played last. An open choice stays open, with its time. If the current
    beat, or one to which a detour returns, is not in the newer version, the migration is refused.

    `between` is what the two versions have in common, for several playthroughs of the same ones.
    """
    old = playthrough.story
    if between is None or between.old is not old or between.new is not new:
        between = Between(old, new)
    return _Migration(between, playthrough, at).done()


class _Migration:
    def __init__(self, between: Between, p: Playthrough, at: int) -> None:
        self.old, self.new, self.between = between.old, between.new, between
        self.p, self.at = p, at
        self.lost: list[str] = []

    def renamed(self, name: str) -> str:
        return self.between.names.get(name, name)

    def done(self) -> Migrated:
        if self.old is self.new:
            return Migrated(self.p, Report(self.p.beat))
        if refused := self.refusal():
            return Migrated(None, Report(self.p.beat, "", (), (), *refused))
        p, facts = self.p, Facts(self.between)
        p = replace(
            p,
            story=self.new,
            values=tuple(facts.values(p.values)),
            visits=facts.visits(p.visits),
            plays=facts.plays(p.plays),
            used_options=facts.used_options(p.used_options),
            used_plots=facts.used_plots(p.used_plots),
        )
        self.lost += facts.lost
        positions = Positions(self.old, p, self.at, self.renamed)
        if p.beat:
            position = Position(*(getattr(p, name) for name in POSITION))
            moved = positions.main(position, ended=bool(p.ending))
            fields = {name: getattr(moved, name) for name in POSITION}
            p = replace(p, interrupted=tuple(self.interrupted(positions)), **fields)
        p = replace(p, parallel=tuple(self.parallel(positions)))
        self.lost += positions.lost
        if p.ending and p.ending not in {one.id for one in self.new.endings()}:
            self.lost.append(f"the ending {p.ending!r}, which was reached, is not in the story")
        was = self.p.beat if p.beat != self.p.beat else ""
        lost = tuple(dict.fromkeys(self.lost))
        return Migrated(p, Report(p.beat, was, lost, tuple(positions.offered)))

    def refusal(self) -> tuple[str, str] | None:
        """Why the playthrough cannot continue, and what to do; None when it can."""
        p = self.p
        if self.new.id != self.old.id:
            reason = f"this is the story {self.new.id!r}, not {self.old.id!r}"
            return reason, f"use the files of {self.old.id!r}"
        if p.beat and self.renamed(p.beat) not in self.new.beats:
            reason = f"the story is at beat {p.beat!r}, which is not in the new version"
            return reason, "restore this beat, or go to another one first"
        for one in p.interrupted:
            back = one.then or one.position.beat
            if self.renamed(one.position.beat) not in self.new.beats or not self.leads(one.then):
                reason = f"a detour returns to {back!r}, which is not in the new version"
                return reason, "restore it, or wait until the detour has returned"
        return None

    def leads(self, to: str) -> bool:
        return not to or self.renamed(to) in self.new.beats or to in self.new.storylets

    def interrupted(self, positions: Positions) -> Iterator[Interrupted]:
        for one in self.p.interrupted:
            position = positions.moved(one.position)
            offers = one.offers and self.new.beats[position.beat].choice is not None
            if one.offers and not offers:
                self.lost.append(f"the choice of the beat {position.beat!r}: it has none now")
            yield replace(one, position=position, then=self.renamed(one.then), offers=offers)

    def parallel(self, positions: Positions) -> Iterator[Beside]:
        for one in self.p.parallel:
            if self.renamed(one.position.beat) not in self.new.beats:
                beat = one.position.beat
                self.lost.append(
                    f"the hidden plot {one.plot!r} has ended: its beat {beat!r} is not in the story"
                )
                continue
            position = positions.moved(one.position)
            if position.cursor_at is not None or position.pending:
                yield Beside(one.plot, position)
