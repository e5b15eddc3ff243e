"""Votes of viewers: they are counted in the story, and shown in the frame's tally."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.changes.effects import NO_EFFECTS, Effects
from xrdrama.show.changes.progress import Changed
from xrdrama.show.state import Show
from xrdrama.story.stepping import happenings as happened
from xrdrama.wire.commands import CommandCode
from xrdrama.wire.events import Entry, Joined, Pressed, Voted
from xrdrama.wire.frame import CommandRefused, Feedback
from xrdrama.wire.tally import Tally

MOST_SOURCES = 16
"""Sources of joined viewers that are added up; the newest."""


def voted(show: Show, vote: Voted, entry: Entry, at: int) -> Changed:
    """The show after a viewer's vote; one that does not count is listed in the frame's refused."""
    code, text = "vote_late", "another choice is open now"
    choice = show.playthrough.current.choice if show.playthrough.beat else None
    if choice is not None and choice.id == vote.choice:
        event = happened.Voted(vote.option, at, vote.voter, vote.group, vote.opening)
        playthrough, results = drama.step(show.playthrough, event)
        declined = next((one for one in results if isinstance(one, happened.Declined)), None)
        show = replace(show, playthrough=playthrough)
        if declined is None:
            return show, NO_EFFECTS
        code, text = declined.code, declined.reason
    refused = CommandRefused(
        entry.seq, "vote", cast("CommandCode", code), text, vote.source, entry.role
    )
    return _with_late(show, vote), Effects(refused=(refused,))


def is_voted_only(show: Show, name: str) -> bool:
    """Whether an option is picked by votes, and not by a button."""
    option = next((one for one in show.playthrough.options() if one.id == name), None)
    return (
        option is not None
        and option.voted
        and not any(trigger.kind == "button" for trigger in option.triggers)
    )


def pressed_vote(show: Show, pressed: Pressed, entry: Entry, at: int) -> Changed:
    """A key or tap on an option that is voted on is the vote of its source."""
    choice, ballot = show.playthrough.current.choice, show.playthrough.ballot
    assert choice is not None
    opening = ballot.opened if ballot else 0
    voter = ".".join(pressed.source.split(".")[:2])  # a viewer's seat, however it was pressed
    vote = Voted(pressed.source, choice.id, opening, pressed.option, voter)
    show, effects = voted(show, vote, entry, at)
    if effects.refused:
        feedback = Feedback(pressed.source, pressed.option, "nothing_open")
        effects = effects.then(Effects(feedback=(feedback,)))
    return show, effects


def _with_late(show: Show, vote: Voted) -> Show:
    """The show whose displayed result counts a vote that came too late for it."""
    last = show.voted
    if last is None or (last.choice, last.opening) != (vote.choice, vote.opening):
        return show
    return replace(show, voted=replace(last, refused=last.refused + 1))


def joined(show: Show, event: Joined) -> Show:
    """The show after a source has said how many viewers are joined to it."""
    others = {name: count for name, count in show.joined.items() if name != event.source}
    counts = dict(list({**others, event.source: event.viewers}.items())[-MOST_SOURCES:])
    playthrough = replace(show.playthrough, joined=sum(counts.values()))
    return replace(show, joined=counts, playthrough=playthrough)


def tally_of(show: Show, at: int) -> Tally | None:
    """The votes of the open choice; or the last result while it is displayed."""
    p = show.playthrough
    ballot, choice = p.ballot, p.current.choice if p.beat else None
    if ballot is None or choice is None or p.phase not in ("open", "grace"):
        return show.voted if show.voted is not None and at < show.voted_until else None
    joined = max(p.joined, ballot.voters)
    return Tally(
        choice=choice.id,
        opening=ballot.opened,
        counts=ballot.counts(),
        voters=ballot.voters,
        joined=joined,
        quorum=choice.vote.least(joined),
        ties=choice.vote.ties,
        changes=choice.vote.changes,
        changed=ballot.changed,
        refused=ballot.refused,
    )
