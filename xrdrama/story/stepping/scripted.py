"""Steps through the script of a beat: lines, cues, pauses, alternatives, effects, detours."""

from __future__ import annotations

from typing import assert_never

from xrdrama.story.choosing import chosen, complexity
from xrdrama.story.model import (
    Assign,
    CueCall,
    Detour,
    Direction,
    Group,
    Item,
    Jump,
    Line,
    SoundCall,
    Wait,
)
from xrdrama.story.reading import BREATH
from xrdrama.story.stepping.happenings import (
    Assigned,
    CueCalled,
    Declined,
    Directed,
    Due,
    SoundCalled,
    Spoken,
)
from xrdrama.story.stepping.opened import Opened
from xrdrama.story.stepping.playthrough import Interrupted


class Scripted(Opened, gc=False):
    """The part of the rule that reads scripts."""

    def one_item(self, item: Item, at: int) -> None:
        """Play the item of the script that the cursor has just passed."""
        if isinstance(item, Line):
            self.speak(item, at)
            return
        if not self.holds(getattr(item, "condition", None)):
            return
        match item:
            case Group():
                self.cursor = self.start_of(item)
            case Jump():
                self.cursor = item.to
            case Wait():
                self.cursor_at = at + item.lasts
            case CueCall() | SoundCall() if item.after:
                entry = (at + item.after, self.cursor - 1)
                self.pending = tuple(sorted((*self.pending, entry)))
            case CueCall() | SoundCall() | Direction():
                self.fire(item, at)
            case Assign():
                self.apply(item.effects)
                names = tuple(effect.variable for effect in item.effects)
                self.happenings.append(Assigned(names, at))
            case Detour():
                self.detour(item.to, at, by="detour")
            case _:
                assert_never(item)

    def speak_on(self, at: int) -> int:
        """Speak the lines that follow each other in the script; the time of what is due then."""
        script, cursor = self.current.script, self.cursor
        while cursor < len(script) and isinstance(line := script[cursor], Line):
            if line.condition is None or self.holds(line.condition):
                shown = self.shown(line.values) if line.values else {}
                self.happenings.append(Spoken(line, at, shown))
                at += line.lasts + BREATH
            cursor += 1
        self.cursor, self.cursor_at = cursor, at
        return at

    def speak(self, line: Line, at: int) -> None:
        """Begin a line, if its condition holds."""
        if line.condition is None or self.holds(line.condition):
            self.cursor_at = at + line.lasts + BREATH
            values = self.shown(line.values) if line.values else {}
            self.happenings.append(Spoken(line, at, values))

    def start_of(self, group: Group) -> int:
        """The index of the first item of the chosen alternative; its play is counted."""
        plays = [self.plays[one.index] for one in group.alternatives]
        available = [
            number
            for number, one in enumerate(group.alternatives)
            if not (one.once and plays[number]) and self.holds(one.condition)
        ]
        specific = [complexity(one.condition, once=one.once) for one in group.alternatives]
        number, self.dice = chosen(group.choose, available, plays, specific, self.dice)
        if number is None:
            return group.end
        taken = group.alternatives[number]
        counts = list(self.plays)
        counts[taken.index] += 1
        self.plays = tuple(counts)
        return taken.start

    def fire(self, item: Item, at: int) -> None:
        """Start a cue or a sound, or note a direction."""
        match item:
            case CueCall():
                self.happenings.append(CueCalled(item, at))
            case SoundCall():
                self.happenings.append(SoundCalled(item, at))
            case Direction():
                self.happenings.append(Directed(item, at))
            case Line() | Wait() | Assign() | Detour() | Group() | Jump():
                pass  # these are never delayed
            case _:
                assert_never(item)

    def detour(
        self, to: str, at: int, *, by: str, option: str = "", then: str = "", offers: bool = False
    ) -> None:
        """Interrupt the current beat by another one, until a beat with `return:`."""
        if self.beside:
            reason = f"{self.beat!r} plays beside the main path, where no detour is possible"
            self.happenings.append(Declined(Due(at), reason, at))
            return
        left = Interrupted(self.position(), at, then, offers)
        beat = self.resolved(to, at)
        if not beat:
            return
        self.happenings.append(self.taken(option, beat, by, at))
        self.interrupted = (*self.interrupted, left)
        self.enter(beat, at)
