"""Offers choices: displays and opens options, takes picks, and leaves when nobody picks."""

from __future__ import annotations

from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Choice, Option
from xrdrama.story.stepping.happenings import ChoiceOpened, ChoiceShown, Declined, Picked
from xrdrama.story.stepping.playthrough import closing
from xrdrama.story.stepping.scripted import Scripted


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
        self.happenings.append(ChoiceOpened(self.current, offered, at, self.texts(offered)))

    def texts(self, options: tuple[Option, ...]) -> dict[str, Value]:
        """The values that the texts of options show."""
        values: dict[str, Value] = {}
        for option in options:
            if option.values:
                values |= self.shown(option.values)
        return values

    def silence(self, at: int) -> None:
        """Take the `else` of a choice whose window has closed."""
        choice = self.current.choice
        assert choice is not None and choice.otherwise is not None
        self.leave(choice.otherwise, at, option="else", by="timeout")

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
        if option.index not in self.used_options:
            self.used_options |= {option.index}
        self.apply(option.effects)
        if not option.detour:
            self.move(option.to, event.at, option=option.id, by=event.by)
            return
        self.detour(
            option.detour, event.at, by=event.by, option=option.id, then=option.to,
            offers=not option.to,
        )  # fmt: skip

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
