"""What each request of a viewer becomes: one function for each kind, in a table.

A viewer may only do what is in this table; whatever else a page sends is not a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from xrdrama.adapters.web.audience.hub import CLOSED, Do, Recording, Refusal
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.audience.markers import Finds
from xrdrama.wire.audience import (
    Answer,
    AskProof,
    FromPage,
    MarkerFound,
    Proof,
    Recorded,
    SignedVote,
    Tap,
)
from xrdrama.wire.events import MarkerSeen, Pressed, Voted

if TYPE_CHECKING:
    from xrdrama.audience.votes import Desk

NO_GROUPS: Final[Mapping[int, str]] = {}
SOURCE: Final = "audience"
"""The source of all events of viewers begins with this: audience.SEAT, audience.SEAT.tap."""


def source_of(seat: int, how: str = "") -> str:
    """The source of a seat's events."""
    return f"{SOURCE}.{seat}.{how}" if how else f"{SOURCE}.{seat}"


def does(
    now: Callable[[], int], desk: Desk | None = None, groups: Mapping[int, str] = NO_GROUPS
) -> Mapping[type[FromPage], Do]:
    """The table; `now` is the time of the show in nanoseconds, `desk` takes signed votes, `groups`
    are the groups of the seats."""

    finds = Finds()

    def marker(stream: Stream, seat: int, asked: MarkerFound) -> Recording | Refusal:
        frame = stream.frame
        story = stream.view.story
        may_open = stream.view.markers(frame) if frame is not None else ()
        if refusal := finds.refusal(story, seat, asked.marker, may_open):
            return refusal
        event = MarkerSeen(source_of(seat), asked.marker, now())

        def answer(seq: int) -> Answer:
            finds.opened(story, seat, asked.marker)
            return Recorded(asked.id, seq)

        return Recording(event, answer, marker=asked.marker)

    table: dict[type[FromPage], Do] = {Tap: tapping(desk, groups), MarkerFound: marker}
    return table if desk is None else {**table, **_voting(desk, groups)}


def tapping(desk: Desk | None, groups: Mapping[int, str]) -> Do:
    """Picks an option that can be picked now, or votes for it without a signature."""

    def tap(stream: Stream, seat: int, asked: Tap) -> Recording | Refusal:
        frame = stream.frame
        options = frame.open_choice.options if frame is not None and frame.open_choice else ()
        if frame is None or asked.option not in [option.id for option in options]:
            return CLOSED
        source = source_of(seat, asked.by)
        event: Pressed | Voted = Pressed(source, asked.option)
        if stream.view.is_vote(frame, asked.option):
            if desk is not None and (refusal := desk.unsigned(seat)):
                return refusal
            group, tally = groups.get(seat, ""), frame.tally
            if group and tally is not None:
                voter = source_of(seat)
                event = Voted(source, tally.choice, tally.opening, asked.option, voter, group)
        return Recording(event, lambda seq: Recorded(asked.id, seq))

    return tap


def no_vote_of(seat: int, desk: Desk | None, groups: Mapping[int, str]) -> str:
    """Why a seat cannot vote by voice or hand, which have no signature and no group; or ""."""
    if groups.get(seat):
        return "Votes of a group are given by a tap."
    refusal = desk.unsigned(seat) if desk is not None else None
    return refusal.text if refusal is not None else ""


def _voting(desk: Desk, groups: Mapping[int, str]) -> Mapping[type[FromPage], Do]:
    def vote(stream: Stream, seat: int, asked: SignedVote) -> Recording | Refusal:
        group, source = groups.get(seat, ""), source_of(seat)
        if refusal := desk.refusal(seat, group, asked, stream.frame):
            return refusal
        leaf = desk.leaf_hash(asked, group)
        opening = int(asked.opening)
        return Recording(
            Voted(source, asked.choice, opening, asked.option, source, group, leaf),
            lambda seq: Recorded(asked.id, seq, desk.receipt(seat, asked.id)),
            lambda done: desk.take(seat, group, asked, done),
        )

    def prove(stream: Stream, seat: int, asked: AskProof) -> Proof | Refusal:
        return desk.proof(asked.id, asked.index, asked.size)

    return {SignedVote: vote, AskProof: prove}
