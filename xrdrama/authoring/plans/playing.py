"""A story that is played step by step for a test plan: time moves only as far as a step needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec

from xrdrama.authoring.plans.saliency import choosing
from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Choice, Line, Option, Story
from xrdrama.story.stepping.due_times import is_asking
from xrdrama.story.stepping.happenings import (
    CueCalled,
    Declined,
    Due,
    Happening,
    InParallel,
    SoundCalled,
    Spoken,
    StoryEvent,
    Taken,
)
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.rehearsal import begin_again
from xrdrama.story.stepping.step import MAX_STEPS, begin, next_due, step
from xrdrama.story.text import render

Watch = Callable[[Happening], None]


class Said(msgspec.Struct, frozen=True):
    """A line that was spoken, as a viewer reads it."""

    line: Line
    text: str


class Passed(msgspec.Struct, frozen=True):
    """A choice that had no option to offer, so that its `else` was taken at once."""

    choice: Choice


class Playing:
    """A playthrough with its clock, and what has happened that no step of a plan has named yet."""

    def __init__(
        self,
        story: Story,
        *,
        start: str = "",
        seed: int = 0,
        values: dict[str, Value] | None = None,
        before: Playthrough | None = None,
        watch: Watch | None = None,
        names_passed: bool = False,
    ) -> None:
        """`names_passed`: choices without an open option are in `ahead`, too."""
        self.watch, self.names_passed = watch, names_passed
        self.language = story.language
        self.ahead: deque[Said | Passed] = deque()
        self.cues: list[str] = []
        self.sounds: list[str] = []
        self.now = 0
        if before is None:
            self.playthrough, happened = begin(story, seed=seed, start=start, values=values or {})
        else:
            self.playthrough = before
            for name, value in (values or {}).items():
                self.set(name, value)
            self.playthrough, happened = begin_again(
                self.playthrough, start or story.start, self.now
            )
        self.note(happened)

    # -- what happens ---------------------------------------------------------------------------

    def take(self, event: StoryEvent) -> str:
        """Let an event happen; the reason if it is declined, or ""."""
        self.playthrough, happened = step(self.playthrough, event)
        return self.note(happened)

    def note(self, happened: list[Happening]) -> str:
        """Sort what happened; the reason of what was declined, or ""."""
        declined = ""
        for one in happened:
            if self.watch:
                self.watch(one)
            happening = one.happening if isinstance(one, InParallel) else one
            if isinstance(happening, Spoken):
                said = render(happening.line.text, happening.values, self.language)
                self.ahead.append(Said(happening.line, said))
            elif isinstance(happening, CueCalled):
                self.cues.append(happening.cue.as_written)
            elif isinstance(happening, SoundCalled):
                self.sounds.append(happening.sound.name)
            elif isinstance(happening, Declined):
                declined = happening.reason
            elif isinstance(happening, Taken) and self.names_passed and happening.by == "else":
                choice = self.playthrough.story.beats[happening.beat].choice
                if choice:
                    self.ahead.append(Passed(choice))
        return declined

    def play_on(self, until: Callable[[], bool] = lambda: False) -> None:
        """Play until something is so, a choice is open and its script is over, or nothing is due.

        UsageError for a story that loops without a choice or an ending.
        """
        for _ in range(MAX_STEPS):
            if until():
                return
            due = next_due(self.playthrough)
            if due is None or is_asking(self.playthrough, due):
                return
            self.now = max(self.now, due)
            self.take(Due(due))
        raise UsageError(
            f"the story loops at beat {self.playthrough.beat!r} without a choice",
            "add a choice or an ending to the loop",
        )

    def wait(self, lasts: int) -> None:
        """Let time pass."""
        end = self.now + lasts
        for _ in range(MAX_STEPS):
            due = next_due(self.playthrough)
            if due is None or due > end:
                self.now = end
                return
            self.take(Due(due))
        raise UsageError(f"more than {MAX_STEPS} things happen in this time", "wait shorter")

    def wait_out(self) -> None:
        """Let time pass until the beat is left, as when nobody picks."""
        p = self.playthrough
        beat, visits = p.beat, p.visits
        for _ in range(MAX_STEPS):
            due = next_due(self.playthrough)
            if due is None or (self.playthrough.beat, self.playthrough.visits) != (beat, visits):
                return
            self.now = max(self.now, due)
            self.take(Due(due))

    # -- where the story is ---------------------------------------------------------------------

    @property
    def ending(self) -> str:
        """The ending that is reached, or ""."""
        return self.playthrough.ending

    def options(self) -> tuple[Option, ...]:
        """The options that can be picked now."""
        return self.playthrough.options()

    def text(self, option: Option) -> str:
        """The text of an option as a viewer reads it now."""
        return render(option.text, self.playthrough.values_of(option.values), self.language)

    def closed(self) -> tuple[Option, ...]:
        """The options of the open choice that are not offered."""
        choice = self.playthrough.current.choice
        offered = self.options()
        return tuple(o for o in choice.options if o not in offered) if choice and offered else ()

    def set(self, name: str, value: Value) -> None:
        """Give a variable another value now."""
        p = self.playthrough
        slot = p.story.values()[name].slot
        values = list(p.values)
        values[slot] = value
        self.playthrough = msgspec.structs.replace(p, values=tuple(values))

    def choose(self, way: str) -> None:
        """Choose among the storylets and line groups that say nothing else in another way."""
        story = choosing(self.playthrough.story, way)
        self.playthrough = msgspec.structs.replace(self.playthrough, story=story)

    def jump(self, beat: str) -> None:
        """Begin another beat now."""
        self.playthrough, happened = begin_again(self.playthrough, beat, self.now)
        self.note(happened)
