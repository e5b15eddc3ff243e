"""Plays a story without waiting: time jumps from event to event, until the next choice.

The terminal player, test plans and random play all use this; the show itself does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Option, Story
from xrdrama.story.stepping.due_times import is_asking
from xrdrama.story.stepping.happenings import (
    Due,
    Forced,
    Found,
    Happening,
    Held,
    Joined,
    Picked,
    StoryEvent,
    Voted,
)
from xrdrama.story.stepping.opened import Opened
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.step import (
    MAX_STEPS,
    begin,
    next_due,
    restart_beat,
    step,
    to_next_choice,
)
from xrdrama.story.text import render

ELSE = "else"


class Rehearsal:
    """A playthrough that is driven by calls. `happenings` are those since the last call.

    UsageError for a story that loops without a choice or an ending.
    """

    def __init__(
        self,
        story: Story,
        *,
        seed: int = 0,
        start: str = "",
        values: Mapping[str, Value] | None = None,
        then: Sequence[str] = (),
    ) -> None:
        """`then`: what is found before the first choice, as for `pick`."""
        self.sought = deque(then)
        self.found_at: list[tuple[int, str]] = []
        """What was found since the last call, with the number of happenings before it."""
        self.playthrough, self.happenings = begin(
            story, seed=seed, start=start, values=dict(values or {})
        )
        self.now = 0
        self._go_on(Due(0))
        self._all_found()

    @property
    def ended(self) -> bool:
        """True when an ending is reached."""
        return bool(self.playthrough.ending)

    def options(self) -> tuple[Option, ...]:
        """The options that can be picked now; empty when the story has ended or is stuck."""
        return self.playthrough.options()

    def text(self, text: str, values: Mapping[str, Value]) -> str:
        """A text of the story as a viewer reads it."""
        return render(text, values, self.playthrough.story.language)

    def texts(self) -> list[tuple[str, str]]:
        """The ids and the texts of the options that can be picked now."""
        return [
            (option.id, self.text(option.text, self.playthrough.values_of(option.values)))
            for option in self.options()
        ]

    def can_wait(self) -> bool:
        """True when the open choice has a time limit, so that silence is an answer."""
        p = self.playthrough
        return p.closes_at is not None and p.held_at is None and not p.ending

    def time_left(self) -> int | None:
        """Nanoseconds until the open choice closes, and its grace ends; None when it does not."""
        closes = self.playthrough.closes_at if self.options() else None
        choice = self.playthrough.current.choice if closes is not None else None
        if closes is None or choice is None or choice.window is None or not self.can_wait():
            return None
        return max(0, closes + choice.window.grace - self.now)

    def pick(self, option: str, then: Sequence[str] = ()) -> list[Happening]:
        """Pick an option by id, or `else` to let the window close; returns what happens until the
        next choice. UsageError when it is not offered. In the grace time of a window, the pick
        counts as begun before the window closed.

        `then`: what is found after it, such as `marker:door_god`, each as soon as a hidden plot
        waits for it. UsageError for one that no hidden plot waits for until the next choice.
        """
        self.happenings, self.sought, self.found_at = [], deque(then), []
        if option == ELSE:
            if not self.options() or not self.can_wait():
                raise self._no_else()
            self._wait_out()
            self._go_on(Due(self.now))
        else:
            p = self.playthrough
            if p.phase not in ("open", "grace") or option not in p.offered:
                raise self._not_offered(option)
            closes = p.closes_at
            late = closes is not None and closes < self.now
            self._go_on(Picked(option, self.now, began=closes if late else None))
        self._all_found()
        return self.happenings

    def _not_offered(self, option: str) -> UsageError:
        if not self.options():
            return UsageError(f"{option!r} cannot be picked: no choice is open", "remove this pick")
        return UsageError(f"{option!r} is not offered", f"pick one of {self.offered()}")

    def _no_else(self) -> UsageError:
        if not self.options():
            return UsageError("no choice is open here", "remove this pick")
        return UsageError(
            "this choice has no time limit, so else cannot be picked",
            f"pick one of {self.offered()}",
        )

    def find(self, kind: str, name: str) -> list[Happening]:
        """Find something, such as a marker; returns what happens until the next choice."""
        self.happenings = []
        self._go_on(Found(kind, name, self.now))
        return self.happenings

    def wait(self, ns: int) -> list[Happening]:
        """Let so many nanoseconds of story time pass; returns what happens until the next choice.

        Time after the end of the open choice is not waited for: the story stops at the next one.
        """
        self.happenings = []
        until = self.now + ns
        while (due := next_due(self.playthrough)) is not None and due <= until:
            before = self.playthrough
            self.now = due
            self._take(Due(due))
            if (before.beat, before.began) != (self.playthrough.beat, self.playthrough.began):
                self._go_on(Due(due))
                return self.happenings
        self.now = until
        return self.happenings

    def vote(self, option: str, count: int = 1) -> list[Happening]:
        """So many more viewers vote for an option of the open choice; the votes are counted when
        its window closes. Votes that do not count are `Declined`."""
        self.happenings = []
        for _ in range(count):
            ballot = self.playthrough.ballot
            number = ballot.voters + 1 if ballot else 1
            self._take(Voted(option, self.now, f"viewer {number}"))
        return self.happenings

    def join(self, viewers: int) -> list[Happening]:
        """So many viewers are joined now: a quorum may be a share of them."""
        self.happenings = []
        self._take(Joined(viewers, self.now))
        return self.happenings

    def force(self, beat: str) -> list[Happening]:
        """Force a beat, as the director does; returns what happens until the next choice."""
        self.happenings = []
        self._go_on(Forced(beat, self.now))
        return self.happenings

    def hold(self, *, on: bool) -> list[Happening]:
        """Hold the story, or release it, as the director does."""
        self.happenings = []
        self._go_on(Held(on, self.now))
        return self.happenings

    def restart(self) -> list[Happening]:
        """Restart the current beat, as the director does; returns what happens until the next
        choice."""
        self.playthrough, self.happenings = restart_beat(self.playthrough, self.now)
        self._go_on(Due(self.now))
        return self.happenings

    def resume(self, playthrough: Playthrough) -> list[Happening]:
        """Continue another playthrough, such as this one in a newer version of its story; returns
        what happens until the next choice."""
        self.playthrough, self.happenings = playthrough, []
        self._go_on(Due(self.now))
        return self.happenings

    def offered(self) -> str:
        """The ids that can be picked, for messages."""
        return ", ".join(option.id for option in self.options()) or "nothing"

    def _take(self, event: StoryEvent) -> None:
        self.playthrough, happened = step(self.playthrough, event)
        self.happenings.extend(happened)

    def _go_on(self, event: StoryEvent) -> None:
        """Take an event; then step until a choice is open and its script has been spoken, or
        nothing more is due."""
        if self.sought:
            event = self._seek(event)
        reached = to_next_choice(self.playthrough, event)
        self.playthrough, self.now = reached.playthrough, reached.at
        self.happenings.extend(reached.happenings)
        if reached.loops:
            raise UsageError(
                f"the story loops at beat {self.playthrough.beat!r} without a choice",
                "add a choice or an ending to the loop",
            )

    def _seek(self, event: StoryEvent) -> StoryEvent:
        """Take an event, and those due after it until all is found that is sought, or the next
        choice is open; returns the event with which the story continues."""
        self._take(event)
        for _ in range(MAX_STEPS):
            self._find_sought()
            due = next_due(self.playthrough)
            if not self.sought or due is None or is_asking(self.playthrough, due):
                break
            self.now = due
            self._take(Due(due))
        return Due(self.now)

    def _find_sought(self) -> None:
        """Find what is sought next, if a hidden plot waits for it now."""
        while self.sought and is_awaited(self.playthrough, self.sought[0]):
            kind, _, name = self.sought[0].partition(":")
            self.found_at.append((len(self.happenings), self.sought.popleft()))
            self._take(Found(kind, name, self.now))

    def _all_found(self) -> None:
        """UsageError when something is still sought."""
        if self.sought:
            sought, self.sought = self.sought[0], deque()
            raise UsageError(
                f"no hidden plot can be opened by {sought!r} before beat "
                f"{self.playthrough.beat!r} asks",
                "remove it, or write it after the pick that leads to a beat where one can",
            )

    def _wait_out(self) -> None:
        beat, began = self.playthrough.beat, self.playthrough.began
        while (due := next_due(self.playthrough)) is not None:
            self.now = due
            self._take(Due(due))
            if (self.playthrough.beat, self.playthrough.began) != (beat, began):
                return


def begin_again(
    playthrough: Playthrough, start: str, at: int
) -> tuple[Playthrough, list[Happening]]:
    """Begin a beat or a storylet group at `at`, with the variables, visits and used options of a
    playthrough, whatever it was doing: for test plans and rehearsals."""
    opened = Opened.of(playthrough)
    opened.ending, opened.held_at, opened.interrupted, opened.parallel = "", None, (), ()
    if to := opened.resolved(start, at):
        opened.enter(to, at)
    return opened.settled(), opened.happenings


def is_awaited(p: Playthrough, found: str) -> bool:
    """True when a hidden plot waits for what is found, such as `marker:door_god`."""
    kind, _, name = found.partition(":")
    return p.held_at is None and any(
        trigger.kind == kind and name in trigger.values
        for plot in p.hidden()
        for trigger in plot.triggers
    )
