"""Plays a rehearsal with one frontend: carries out acts, prints what they cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from xrdrama.authoring.comparing import compare, summary
from xrdrama.errors import UsageError
from xrdrama.story import Story
from xrdrama.story.stepping.happenings import Happening
from xrdrama.tools.playing.frontend import Frontend, Offer
from xrdrama.tools.playing.picking import Offered, offer
from xrdrama.tools.playing.reasons import closed_options
from xrdrama.tools.playing.reports import Note
from xrdrama.tools.playing.session import Act, Session, fitting
from xrdrama.tools.playing.shown import Shown
from xrdrama.tools.playing.transcripts import act_text

Clock = Callable[[], int]
"""Nanoseconds of a monotonic clock."""


class Opened(msgspec.Struct, frozen=True):
    """A story that was loaded, its displayed texts, and the texts of its files by name."""

    story: Story
    shown: Shown
    texts: dict[str, str]
    files: tuple[Path, ...]
    """Its files and its string tables."""


Load = Callable[[], Opened]
"""Loads the files of the story again; AuthoringError or UsageError as when it is first loaded."""


class Player:
    """A rehearsal that is played: its session, its frontend, and the state of its commands."""

    def __init__(
        self,
        session: Session,
        frontend: Frontend,
        shown: Shown,
        *,
        real_time: bool = False,
        clock: Clock = time.monotonic_ns,
        load: Load | None = None,
    ) -> None:
        self.session, self.frontend, self.shown = session, frontend, shown
        self.real_time, self.clock = real_time, clock
        self.load = load
        self.files: tuple[Path, ...] = ()
        self.since = clock()
        self.leaving = False
        self.offer_due = True
        """True when the options have to be printed before the next answer."""
        self.transcript: Path | None = None

    def begin(self) -> None:
        """Print the title, and what happened before the first choice."""
        self.frontend.begin(self.session.story, self.shown)
        self._show(self.session.shown_first())

    def begin_again(self) -> None:
        """Play from the beginning, with the same seed and values."""
        session = self.session
        opening = fitting(session.opening, session.story)
        self.use(Session(session.story, opening, session.seed, session.texts))
        self.begin()

    def use(self, session: Session) -> None:
        """Continue with another session of the story."""
        self.session = session
        self.restart_clock()

    def reload(self) -> None:
        """Read the files of the story again and continue in them; prints what has changed, and what
        could not be kept. Errors as of `load`; then nothing has changed."""
        if self.load is None:
            raise UsageError("this story was not loaded from a file", "play its file")
        opened, session = self.load(), self.session
        changes = summary(compare(session.story, opened.story))
        texts = self.option_texts()
        done = session.revise(opened.story, opened.texts)
        self.shown, self.files = opened.shown, opened.files
        self.restart_clock()
        lines = [*changes, *(f"not kept: {one}" for one in done.report.lost)]
        if done.refused:
            lines.append(done.refused)
        if done.begun:
            lines.append("the rehearsal has begun again")
        elif done.undone:
            undone = ", ".join(act_text(act, texts) for act in done.undone)
            lines.append(f"undone, to where the new version can continue: {undone}")
        lines += [f"the option {one!r} is offered now, too" for one in done.report.offered]
        where = f"beat {session.playthrough.beat}"
        lines.append(f"reloaded {opened.story.file}: {where}")
        self.note(*lines, wrong=bool(done.report.lost or done.refused))
        self._show(done.happenings)

    def do(self, act: Act) -> None:
        """Carry out an act and print what it causes. UsageError when it is not possible."""
        played = self.session.do(self._timed(act))
        self.restart_clock()
        self._show(played.happenings)
        self.frontend.changed(self.session.changes())

    def note(self, *lines: str, wrong: bool = False) -> None:
        """Print plain lines."""
        self.frontend.report(Note(lines, wrong))

    def restart_clock(self) -> None:
        """Count the time of the open choice from now; the options are printed again."""
        self.since, self.offer_due = self.clock(), True

    # -- what can be answered -------------------------------------------------------------------

    def offered(self) -> tuple[Offered, ...]:
        """The options as they are displayed."""
        return offer(self.session.playthrough, self.shown)

    def option_texts(self) -> dict[str, str]:
        """The displayed texts of the current choice's options, by id."""
        p = self.session.playthrough
        choice = p.current.choice
        return {one.id: self.shown.option(one, p) for one in choice.options} if choice else {}

    def time_left(self) -> int | None:
        """Nanoseconds until the open choice closes in real time; None without the clock."""
        left = self.session.rehearsal.time_left() if self.real_time else None
        return None if left is None else max(0, left - self._elapsed())

    def print_offer(self) -> None:
        """Print the options, once after each act."""
        if not self.offer_due:
            return
        self.offer_due = False
        session = self.session
        p, rehearsal = session.playthrough, session.rehearsal
        choice = p.current.choice
        texts = self.option_texts()
        to = choice.otherwise.to if choice and choice.otherwise else ""
        self.frontend.offer(
            Offer(
                self.offered(), p.beat, rehearsal.now, session.seed, rehearsal.can_wait(), to,
                rehearsal.time_left(), tuple(texts[one.id] or one.id for one in closed_options(p)),
                session.is_held, p.ending,
            )
        )  # fmt: skip

    def _show(self, happenings: Iterable[Happening]) -> None:
        for happening in happenings:
            self.frontend.show(happening, self.shown)

    def _timed(self, act: Act) -> Act:
        """The act, with the real time that has passed before it."""
        left = self.session.rehearsal.time_left()
        if not self.real_time or left is None:
            return act
        if act.do == "pick" and act.name == "else":
            return act
        after = act.after + self._elapsed()
        if act.do != "wait" and after >= left:
            raise UsageError("the window has closed", "")
        return msgspec.structs.replace(act, after=after)

    def _elapsed(self) -> int:
        return max(0, min(self.clock() - self.since, 3600 * 10**9))
