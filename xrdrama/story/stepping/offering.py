"""Offers choices: displays and opens options, takes picks, and leaves when nobody picks."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Choice, Option
from xrdrama.story.stepping.happenings import (
    ChoiceOpened,
    ChoiceShown,
    Declined,
    Picked,
    Voted,
    VotesCounted,
)
from xrdrama.story.stepping.playthrough import closing
from xrdrama.story.stepping.scripted import Scripted
from xrdrama.story.voting import Ballot, VoteRule, decided, why_refused


class Offering(Scripted, gc=False):
    """The part of the rule that offers choices."""

    def available(self, choice: Choice) -> tuple[Option, ...]:
        """The options of a choice that can be offered now."""
        scope = self.scope()
        regular: list[Option] = []
        fallbacks: list[Option] = []
        for option in choice.options:
            if option.condition is not None and not option.condition.run(scope):
                continue
            if not (option.once and option.index in self.used_options):
                (fallbacks if option.fallback else regular).append(option)
        return tuple(regular or fallbacks)

    def show_choice(self, at: int) -> None:
        """Display the options; they can be picked at once, or after `shows`."""
        choice = self.current.choice
        assert choice is not None
        offered = self.available(choice)
        self.opened = at
        self.offered = tuple([option.id for option in offered])
        window = choice.window
        if not offered and choice.otherwise:
            self.phase = "open"
            self.leave(choice.otherwise, at, option="else", by="else")
        elif window is not None and window.shows:
            self.phase = "shown"
            self.opened = at + window.shows
            self.happenings.append(ChoiceShown(self.current, offered, at, self.texts(offered)))
        else:
            self.open_choice(offered, at)

    def open_shown(self, at: int) -> None:
        """Open the choice whose options have been displayed."""
        choice = self.current.choice
        assert choice is not None
        offered = tuple(option for option in choice.options if option.id in self.offered)
        self.open_choice(offered, at)

    def open_choice(self, offered: tuple[Option, ...], at: int) -> None:
        """Open the choice with these options."""
        self.phase = "open"
        voted = tuple([option.id for option in offered if option.voted])
        self.ballot = Ballot.of(at, voted) if voted else None
        self.happenings.append(ChoiceOpened(self.current, offered, at, self.texts(offered)))

    def texts(self, options: tuple[Option, ...]) -> dict[str, Value]:
        """The values that the texts of options show."""
        values: dict[str, Value] = {}
        for option in options:
            if option.values:
                values |= self.shown(option.values)
        return values

    def silence(self, at: int) -> None:
        """The window of a choice has closed: count its votes, or take its `else`."""
        choice = self.current.choice
        assert choice is not None and choice.otherwise is not None
        if self.ballot is not None and self.ballot.voters:
            self.count(choice, self.ballot, at)
            return
        self.leave(choice.otherwise, at, option="else", by="timeout")

    def count(self, choice: Choice, ballot: Ballot, at: int) -> None:
        """Take what the votes have decided."""
        found = decided(ballot, choice.vote, self.joined, self.dice)
        self.dice = found.dice
        self.happenings.append(
            VotesCounted(choice, ballot, found.result, found.why, found.quorum, found.joined, at)
        )
        option = choice.option(found.result)
        if option is not None:
            self.choose(option, at, by="vote")
            return
        assert choice.otherwise is not None
        self.leave(choice.otherwise, at, option="else", by="vote")

    def vote(self, event: Voted) -> None:
        """Count a vote, or decline it."""
        choice, ballot = self.current.choice, self.ballot
        is_open = self.phase in ("open", "grace") and not self.ending
        rule = choice.vote if choice else VoteRule()
        refused = why_refused(
            ballot if is_open else None, rule, event.option, event.voter, event.opening
        )
        if refused is not None:
            if ballot is not None:
                self.ballot = replace(ballot, refused=ballot.refused + 1)
            self.happenings.append(Declined(event, refused[1], event.at, refused[0]))
            return
        assert ballot is not None
        self.ballot = ballot.with_vote(event.voter, event.option, rule.weight(event.group))

    def pick(self, event: Picked) -> None:
        """Take an option, or decline it."""
        reason = self.cannot_pick(event)
        if reason:
            self.happenings.append(Declined(event, reason, event.at))
            return
        choice = self.current.choice
        assert choice is not None
        option = choice.option(event.option)
        assert option is not None
        ballot = self.ballot
        if ballot is not None and ballot.voters:
            joined = max(self.joined, ballot.voters)
            quorum = choice.vote.least(joined)
            self.happenings.append(
                VotesCounted(choice, ballot, option.id, "picked", quorum, joined, event.at)
            )
        self.choose(option, event.at, by=event.by)

    def choose(self, option: Option, at: int, *, by: str) -> None:
        """Take an option."""
        if option.index not in self.used_options:
            self.used_options |= {option.index}
        self.apply(option.effects)
        if not option.detour:
            self.move(option.to, at, option=option.id, by=by)
            return
        self.detour(
            option.detour, at, by=by, option=option.id, then=option.to, offers=not option.to
        )

    def cannot_pick(self, event: Picked) -> str:
        """Why an option cannot be picked now; "" when it can."""
        if self.ending:
            return "the story has ended"
        if self.held_at is not None:
            return "the story is held"
        if self.phase not in ("open", "grace"):
            return "no choice is open"
        if event.option not in self.offered:
            return f"{event.option!r} is not offered at {self.beat!r}"
        if self.phase == "grace" or event.began is not None:
            closes = closing(self.current, self.began, self.opened, self.time_scale)
            began = event.at if event.began is None else event.began
            if closes is not None and began > closes:
                return "the window has closed"
        return ""
