"""A rehearsal as a list of acts: each can be undone, saved and played again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Literal

import msgspec

from xrdrama.errors import UsageError
from xrdrama.story import Option, Story
from xrdrama.story.expressions.expression import Value
from xrdrama.story.migration import Between, Report, migrate
from xrdrama.story.stepping.happenings import BeatEntered, Declined, Happening
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.rehearsal import ELSE, Rehearsal

MOST_ACTS = 100_000
"""Most acts of one rehearsal."""
Do = Literal["pick", "marker", "wait", "force", "hold", "release", "restart", "vote", "joined"]
Name = Annotated[str, msgspec.Meta(max_length=64)]
Sought = Annotated[tuple[Annotated[str, msgspec.Meta(max_length=400)], ...],
                  msgspec.Meta(max_length=100)]  # fmt: skip
Nanoseconds = Annotated[int, msgspec.Meta(ge=0, le=3600 * 10**9)]


class Act(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing done in a rehearsal.

    `name` is the option (`else`: silence), the marker or the forced beat; for a vote the option and
    how many viewers vote for it, `ask 3`; for joined their number. `after` is how many
    nanoseconds of story time passed at the choice before it. `then`, for a pick: what is found
    after it before the next choice, each as soon as a hidden plot waits for it: `marker:door_god`.
    """

    do: Do
    beat: Name
    name: Name = ""
    after: Nanoseconds = 0
    then: Sought = ()


class Opening(msgspec.Struct, frozen=True):
    """How a rehearsal begins: its first beat ("" for the story's start) and values that differ from
    the initial ones; then `acts` are played, and what happens is shown from the beat `at` on.
    `then`: what is found before the first choice, as in an Act."""

    start: str = ""
    values: dict[str, Value] = {}
    acts: tuple[Act, ...] = ()
    at: str = ""
    then: Sought = ()


class Change(msgspec.Struct, frozen=True):
    """A variable that has another value now."""

    name: str
    before: Value
    after: Value


class Played(msgspec.Struct, frozen=True):
    """An act (None for the beginning), what it caused, and the state before it."""

    act: Act | None
    happenings: tuple[Happening, ...]
    offered: tuple[Option, ...]
    """The options that could be picked before the act."""
    before: Playthrough | None
    now: int
    found: tuple[tuple[int, str], ...] = ()
    """What was found after it, with the number of happenings before."""


class Version(msgspec.Struct, frozen=True):
    """An earlier version of a story: its files by name, and the number of acts, from the first one
    on, that had been played when the next version was loaded."""

    texts: dict[str, str]
    acts: int


class Revised(msgspec.Struct, frozen=True):
    """How a rehearsal continues in a newer version of its story."""

    report: Report
    undone: tuple[Act, ...]
    """Acts that were undone, since the state after them cannot continue; the last one first."""
    refused: str
    """Why it cannot."""
    happenings: tuple[Happening, ...]
    """What happened until the next choice."""
    begun: bool = False
    """The rehearsal began again."""


class Session:
    """A rehearsal of a story that can be undone act by act.

    UsageError when the story loops without a choice, or an act of the opening is not possible.
    """

    def __init__(
        self,
        story: Story,
        opening: Opening,
        seed: int = 0,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.story, self.opening, self.seed = story, opening, seed
        self.texts = dict(texts or {})
        """The files of the story, by name; {} if it was not read from branch files."""
        self.versions: list[Version] = []
        """The earlier versions of the story."""
        self.rehearsal = Rehearsal(
            story, seed=seed, start=opening.start, values=dict(opening.values), then=opening.then
        )
        found = tuple(self.rehearsal.found_at)
        first = Played(None, tuple(self.rehearsal.happenings), (), None, 0, found)
        self.played: list[Played] = [first]
        for act in opening.acts:
            self.do(act)
        self.fixed = len(self.played)
        """Acts of the opening, and the beginning: they cannot be undone."""
        self.final = self.fixed
        """The number of acts that cannot be undone, with those whose beats are not in the story any
        more."""

    @property
    def playthrough(self) -> Playthrough:
        """The state of the story now."""
        return self.rehearsal.playthrough

    @property
    def acts(self) -> tuple[Act, ...]:
        """The acts since the opening."""
        return tuple(one.act for one in self.played[self.fixed :] if one.act)

    @property
    def acts_in_all(self) -> int:
        """The number of acts, with those of the opening."""
        return len(self.opening.acts) + len(self.acts)

    @property
    def is_held(self) -> bool:
        """True while the director holds the story."""
        return self.playthrough.held_at is not None

    def act(self, do: Do, name: str = "", after: int = 0) -> Act:
        """An act in the current beat."""
        return Act(do, self.playthrough.beat, name, after)

    def pick(self, option: str, then: Sought = ()) -> Act:
        """The act of a pick in the current beat; `then` is what is found after it."""
        return Act("pick", self.playthrough.beat, option, then=then)

    def do(self, act: Act) -> Played:
        """Carry out an act. UsageError with the reason when it is not possible; then nothing has
        changed."""
        act = self._in_time(act)
        if len(self.played) > MOST_ACTS:
            raise UsageError(f"a rehearsal has at most {MOST_ACTS} picks", "restart xrdrama play")
        before, now = self.playthrough, self.rehearsal.now
        offered = self.rehearsal.options()
        try:
            happenings = self._done(act)
        except UsageError:
            self._go_to(before, now)
            raise
        declined = [one for one in happenings if isinstance(one, Declined)]
        if declined and len(declined) == len(happenings) and act.do != "wait":
            self._go_to(before, now)
            raise UsageError(declined[-1].reason, self._remedy())
        found = self._found(act, len(happenings))
        played = Played(act, tuple(happenings), offered, before, now, found)
        self.played.append(played)
        return played

    def _in_time(self, act: Act) -> Act:
        """The act; silence for a wait that is longer than the open choice."""
        left = self.rehearsal.time_left()
        if left is None or self.is_held or act.after < left:
            return act
        if act.do == "wait":
            return silence(self)
        raise UsageError("the choice has closed by then", "pick sooner")

    def undo(self) -> Act | None:
        """Undo the last act and return it; None at the beginning."""
        if len(self.played) <= self.final:
            return None
        last = self.played.pop()
        assert last.before is not None
        self._go_to(last.before, last.now)
        most = self.acts_in_all
        self.versions = [Version(one.texts, min(one.acts, most)) for one in self.versions]
        return last.act

    def back(self) -> tuple[Act, ...]:
        """Undo all acts back to the last choice that was answered, its answer too; returns them,
        the last one first. () when no choice was answered."""
        if not any(act.do == "pick" for act in self.acts):
            return ()
        undone: list[Act] = []
        while not undone or undone[-1].do != "pick":
            act = self.undo()
            assert act is not None
            undone.append(act)
        return tuple(undone)

    def revise(self, story: Story, texts: Mapping[str, str]) -> Revised:
        """Continue with a newer version of the story.

        Acts are undone until the state before them can continue in it; the rehearsal begins again
        if none can. UsageError when the newer version loops without a choice.
        """
        undone: list[Act] = []
        between = Between(self.story, story)
        moved = migrate(story, self.playthrough, self.rehearsal.now, between)
        refused = moved.report.refused
        while moved.playthrough is None and (act := self.undo()) is not None:
            undone.append(act)
            moved = migrate(story, self.playthrough, self.rehearsal.now, between)
        if moved.playthrough is None:
            again = Session(story, fitting(self.opening, story), self.seed, texts)
            vars(self).update(vars(again))
            report = Report(self.playthrough.beat)
            return Revised(report, tuple(undone), refused, tuple(self.happenings()), begun=True)
        before = self.rehearsal.playthrough
        try:
            happened = tuple(self.rehearsal.resume(moved.playthrough))
        except UsageError:
            self._go_to(before, self.rehearsal.now)
            raise
        self.versions.append(Version(self.texts, self.acts_in_all))
        self.story, self.texts = story, dict(texts)
        last = self.played[-1]
        self.played[-1] = msgspec.structs.replace(last, happenings=(*last.happenings, *happened))
        self._revise_steps(between)
        return Revised(moved.report, tuple(undone), refused, happened)

    def _revise_steps(self, between: Between) -> None:
        """The states before earlier acts in a newer version, back to the first that is not in it;
        acts before that cannot be undone any more."""
        for number in range(len(self.played) - 1, self.final - 1, -1):
            one = self.played[number]
            if one.before is None:
                moved = None
            else:
                moved = migrate(between.new, one.before, one.now, between).playthrough
            if moved is None:
                self.final = number + 1
                return
            self.played[number] = msgspec.structs.replace(one, before=moved)

    def changes(self) -> tuple[Change, ...]:
        """The variables that the last act has changed; at the beginning, none."""
        before = self.played[-1].before
        if before is None or before.story is not self.story:
            return ()
        names = self.story.values()
        pairs = ((name, before.value(name), self.playthrough.value(name)) for name in names)
        return tuple(Change(name, old, new) for name, old, new in pairs if old != new)

    def shown_first(self) -> tuple[Happening, ...]:
        """Everything that has happened since the beat where the rehearsal begins."""
        happened = tuple(self.happenings())
        entered = [
            number
            for number, one in enumerate(happened)
            if isinstance(one, BeatEntered) and one.beat.id == self.opening.at
        ]
        return happened[entered[-1] :] if entered else happened

    def happenings(self) -> Iterable[Happening]:
        """Everything that has happened, in order, without what was undone."""
        return (happening for one in self.played for happening in one.happenings)

    def _done(self, act: Act) -> list[Happening]:
        if self.is_held and act.do in ("pick", "marker"):
            raise UsageError("the story is held", self._remedy())
        happenings: list[Happening] = []
        if act.after:
            happenings += self.rehearsal.wait(act.after)
        doing: dict[Do, Callable[[], list[Happening]]] = {
            "pick": lambda: self.rehearsal.pick(act.name, act.then),
            "marker": lambda: self.rehearsal.find("marker", act.name),
            "wait": lambda: [],
            "force": lambda: self.rehearsal.force(act.name),
            "hold": lambda: self.rehearsal.hold(on=True),
            "release": lambda: self.rehearsal.hold(on=False),
            "restart": self.rehearsal.restart,
            "vote": lambda: self.rehearsal.vote(*votes_in(act.name)),
            "joined": lambda: self.rehearsal.join(votes_in("joined " + act.name)[1]),
        }
        return happenings + doing[act.do]()

    def _found(self, act: Act, count: int) -> tuple[tuple[int, str], ...]:
        """What was found after an act that made `count` happenings; some of them by its wait."""
        if not act.then:
            return ()
        before = count - len(self.rehearsal.happenings)
        return tuple((before + at, name) for at, name in self.rehearsal.found_at)

    def _go_to(self, playthrough: Playthrough, now: int) -> None:
        self.rehearsal.playthrough, self.rehearsal.now = playthrough, now
        self.rehearsal.happenings = []

    def _remedy(self) -> str:
        if self.is_held:
            return "type release first"
        if self.playthrough.ending:
            return "type undo, back or restart"
        return ""


def fitting(opening: Opening, story: Story) -> Opening:
    """An opening for another version of a story: without beats and values that are not in it."""
    known = {variable.id for variable in story.variables}
    values = {name: value for name, value in opening.values.items() if name in known}
    start = opening.start if opening.start in story.beats else ""
    acts = opening.acts if all(act.beat in story.beats for act in opening.acts) else ()
    at = opening.at if opening.at in story.beats else ""
    return Opening(start, values, acts, at, opening.then if start == opening.start else ())


def silence(session: Session) -> Act:
    """The act of saying nothing until the open choice closes."""
    return session.act("pick", ELSE)


def votes_in(name: str) -> tuple[str, int]:
    """The option and the number of votes of an act: `ask 3`. UsageError for anything else."""
    option, _, count = name.partition(" ")
    if not (count.isdecimal() and len(count) < 9):
        raise UsageError(f"{name!r} is not an option and a number of votes", "such as ask 3")
    return option, int(count)
