"""The steps of a test plan: each compares what it expects with what is played."""

from __future__ import annotations

from collections.abc import Sequence

from xrdrama.authoring.plans.hearing import picked_by_trigger, picked_by_voice
from xrdrama.authoring.plans.names import beat_named, settable, value_of, variable_named
from xrdrama.authoring.plans.playing import Passed, Playing, Said
from xrdrama.document.names import folded
from xrdrama.document.quantities import parse_duration
from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Choice, Option, Story
from xrdrama.story.screenplay.speakers import capitals, role_of
from xrdrama.story.stepping.happenings import (
    Forced,
    Found,
    Held,
    Joined,
    Picked,
    StoryEvent,
    Voted,
)
from xrdrama.story.stepping.rehearsal import ELSE, is_awaited
from xrdrama.story.testplan import Step


def _says(story: Story, text: str, spoken: Said) -> bool:
    """True for `LAN: Hi.`, with a plain or a full-width colon, and a name as written or shown."""
    line, said = spoken.line, spoken.text
    if text == said:
        return True
    for colon in ":：":
        name, found, rest = text.partition(colon)
        if found and rest.strip() == said:
            role = story.cast.get(line.speaker)
            if folded(role_of(name)) == folded(line.speaker):
                return True
            if role and folded(name.strip()) == folded(role.name):
                return True
    return False


class Player:
    """Compares the steps of a plan with what is played."""

    def __init__(self, playing: Playing, yarn: bool) -> None:
        self.playing, self.yarn = playing, yarn
        self.story = playing.playthrough.story
        self.asked: list[Option] | None = None
        """The options that the plan has not named yet; None: of no open choice."""
        self.checks = {
            "line": self._line, "option": self._option, "select": self._select,
            "heard": self._heard, "gestured": self._gestured, "gazed": self._gazed,
            "vote": self._vote, "joined": self._joined, "marker": self._marker, "cue": self._cue,
            "sound": self._sound, "wait": self._wait, "set": self._set, "var": self._var,
            "force": self._force, "hold": self._hold, "resume": self._resume, "jump": self._jump,
            "next choice": self._next_choice, "ending": self._reached, "stop": self._stop,
            "command": self._command, "saliency": self._saliency,
        }  # fmt: skip

    def step(self, step: Step) -> str | None:
        """None when the step succeeded, otherwise what happened instead."""
        try:
            return self.checks[step.kind](step)
        except UsageError as error:
            return error.message

    # -- what is said and offered ---------------------------------------------------------------

    def _line(self, step: Step) -> str | None:
        self.playing.play_on(lambda: bool(self.playing.ahead))
        if not self.playing.ahead:
            return self._where()
        said = self.playing.ahead[0]
        if isinstance(said, Passed) or not (step.any_text or _says(self.story, step.text, said)):
            return self._said()
        self.playing.ahead.popleft()
        return None

    def _option(self, step: Step) -> str | None:
        problem = self._ask()
        if problem or self.asked is None:
            return problem
        if step.closed and not self.yarn:
            return self._closed(step)
        if not self.asked:
            return "no more options" if self._offered() else self._where()
        option = self.asked.pop(0)
        text = self.playing.text(option)
        if self.yarn and step.closed != (option not in self._offered()):
            return f"option: {text}" + ("" if step.closed else " [closed]")
        return None if step.any_text or step.text == text else f"option: {text}"

    def _closed(self, step: Step) -> str | None:
        """A closed option may be named anywhere among the open ones."""
        closed = self.playing.closed()
        if any(step.text in (self.playing.text(option), option.id) for option in closed):
            return None
        if any(step.text in (self.playing.text(option), option.id) for option in self._offered()):
            return f"option: {step.text}"
        return "closed options: " + (", ".join(map(self.playing.text, closed)) or "none")

    def _ask(self) -> str | None:
        """Play on to the next choice, whose options are then to be named; what is there instead."""
        playing = self.playing
        if self.asked is not None:
            return None
        # In Yarn's plans a choice without an open option is named, too.
        playing.play_on(lambda: self.yarn and bool(playing.ahead))
        first = playing.ahead[0] if playing.ahead else None
        if first is not None and not isinstance(first, Passed):
            return self._said()
        choice = first.choice if isinstance(first, Passed) else self._choice()
        if choice is None:
            self.asked = []
        else:
            self.asked = list(choice.options if self.yarn else playing.options())
        return None

    def _choice(self) -> Choice | None:
        """The open choice."""
        return self.playing.playthrough.current.choice if self.playing.options() else None

    def _offered(self) -> tuple[Option, ...]:
        """The options that can be picked; none while a choice without open options is named."""
        return () if self._passed() else self.playing.options()

    def _passed(self) -> bool:
        """True when the next thing is a choice that had no option to offer."""
        return bool(self.playing.ahead) and isinstance(self.playing.ahead[0], Passed)

    # -- picks ----------------------------------------------------------------------------------

    def _select(self, step: Step) -> str | None:
        began = self.asked is not None
        problem = self._ask()
        if problem:
            return problem
        if began and self.asked:
            return f"option: {self.playing.text(self.asked[0])}"
        self.asked = None
        if self._passed():
            self.playing.ahead.popleft()
            return None if step.text == "0" else "no option can be picked"
        if step.text in ("0", ELSE) and not self.yarn:
            return self._silence()
        found = self._named(step.text)
        if found is None:
            return f"{step.text!r} is not offered; offered: {self._ids()}"
        return self._pick(found.id, "button")

    def _named(self, text: str) -> Option | None:
        """The offered option of a number, id or text."""
        offered = self.playing.options()
        choice = self._choice()
        counted = choice.options if self.yarn and choice else offered
        if text.isdecimal() and len(text) < 9:
            number = int(text)
            found = counted[number - 1] if 1 <= number <= len(counted) else None
            return found if found in offered else None
        by_id = next((option for option in offered if option.id == text), None)
        return by_id or next(
            (option for option in offered if self.playing.text(option) == text), None
        )

    def _ids(self) -> str:
        return ", ".join(option.id for option in self.playing.options()) or "nothing"

    def _pick(self, option: str, by: str) -> str | None:
        self.asked = None
        self.playing.cues.clear()
        self.playing.sounds.clear()
        return self._happen(Picked(option, self.playing.now, by))

    def _silence(self) -> str | None:
        playing = self.playing
        if not playing.options():
            return "no choice is open here"
        choice = self._choice()
        if choice is None or choice.window is None or not choice.window.is_timed:
            return "this choice has no time limit, so else cannot be picked"
        playing.cues.clear()
        playing.sounds.clear()
        playing.wait_out()
        return None

    def _heard(self, step: Step) -> str | None:
        offered = self._at_choice()
        beat = self.playing.playthrough.current
        return self._pick(picked_by_voice(beat, offered, step.text, self.story), "voice")

    def _gestured(self, step: Step) -> str | None:
        return self._picked_by("gesture", step.text)

    def _gazed(self, step: Step) -> str | None:
        return self._picked_by("gaze", step.text)

    def _picked_by(self, kind: str, value: str) -> str | None:
        option = picked_by_trigger(self._at_choice(), kind, value)
        if not option:
            return f"no option that is open is picked by it; offered: {self._ids()}"
        return self._pick(option, kind)

    def _vote(self, step: Step) -> str | None:
        self._at_choice()
        name, _, count = step.text.partition(" ")
        for _ in range(int(count or 1)):
            ballot = self.playing.playthrough.ballot
            voter = f"viewer {ballot.voters + 1 if ballot else 1}"
            problem = self._happen(Voted(name, self.playing.now, voter))
            if problem:
                return problem
        return None

    def _joined(self, step: Step) -> str | None:
        return self._happen(Joined(int(step.text), self.playing.now))

    def _at_choice(self) -> Sequence[Option]:
        """The options that are open; UsageError with what is there instead."""
        problem = self._ask()
        if problem is None and not self._offered():
            problem = self._where()
        self.asked = None
        if problem:
            raise UsageError(problem, "")
        return self._offered()

    def _marker(self, step: Step) -> str | None:
        playing = self.playing
        choice = playing.playthrough.current.choice
        if choice and picked_by_trigger(choice.options, "marker", step.text):
            playing.play_on()
        self.asked = None
        option = picked_by_trigger(playing.options(), "marker", step.text)
        if option:
            return self._pick(option, "marker")
        sought = f"marker:{step.text}"
        playing.play_on(lambda: bool(playing.ahead) or is_awaited(playing.playthrough, sought))
        return self._happen(Found("marker", step.text, playing.now))

    # -- cues, time, variables ------------------------------------------------------------------

    def _cue(self, step: Step) -> str | None:
        return self._called("cues", self.playing.cues, step.text)

    def _sound(self, step: Step) -> str | None:
        return self._called("sounds", self.playing.sounds, step.text)

    def _called(self, what: str, called: list[str], name: str) -> str | None:
        def at() -> int | None:
            same = (n for n, one in enumerate(called) if name in (one, one.partition(" ")[0]))
            return next(same, None)

        self.playing.play_on(lambda: at() is not None)
        found = at()
        if found is None:
            return f"{what}: " + (", ".join(called) or "none")
        called.pop(found)
        return None

    def _wait(self, step: Step) -> str | None:
        self.asked = None
        self.playing.wait(parse_duration(step.text) or 0)
        return None

    def _set(self, step: Step) -> str | None:
        name, _, text = step.text.partition(" = ")
        variable = variable_named(self.story, name)
        self.playing.set(variable.id, settable(variable, text))
        return None

    def _var(self, step: Step) -> str | None:
        name, _, text = step.text.partition(" = ")
        variable = variable_named(self.story, name)
        now = self.playing.playthrough.value(variable.id)
        return None if now == value_of(variable, text) else f"var: {name} = {_written(now)}"

    # -- the director ---------------------------------------------------------------------------

    def _force(self, step: Step) -> str | None:
        return self._happen(Forced(beat_named(self.story, step.text), self.playing.now))

    def _hold(self, _: Step) -> str | None:
        return self._happen(Held(True, self.playing.now))

    def _resume(self, _: Step) -> str | None:
        return self._happen(Held(False, self.playing.now))

    def _jump(self, step: Step) -> str | None:
        self.asked = None
        self.playing.ahead.clear()
        self.playing.jump(beat_named(self.story, step.text))
        return None

    def _happen(self, event: StoryEvent) -> str | None:
        self.asked = None
        return self.playing.take(event) or None

    # -- Yarn -----------------------------------------------------------------------------------

    def _command(self, _: Step) -> str | None:
        return self._said() if self.playing.ahead else self._where()

    def _saliency(self, step: Step) -> str | None:
        self.playing.choose(step.text)
        return None

    # -- the end --------------------------------------------------------------------------------

    def _next_choice(self, _: Step) -> str | None:
        self.playing.play_on()
        self.playing.ahead.clear()
        self.asked = None
        ended = self.playing.ending or self.playing.options()
        return None if ended else self._where()

    def _reached(self, step: Step) -> str | None:
        self.playing.play_on(lambda: bool(self.playing.ahead))
        if self.playing.ahead:
            return self._said()
        ended = self.playing.ending
        return None if ended and step.text in ("*", ended) else self._where()

    def _stop(self, _: Step) -> str | None:
        self.playing.play_on(lambda: bool(self.playing.ahead))
        if self.playing.ahead:
            return self._said()
        return self._where() if self.yarn and self.playing.options() else None

    def _said(self) -> str:
        """What comes next, a line or a choice without open options."""
        said = self.playing.ahead[0]
        if isinstance(said, Passed):
            return f"option: {self.playing.text(said.choice.options[0])} [closed]"
        speaker = f"{capitals(said.line.speaker)}: " if said.line.speaker else ""
        return f"line: {speaker}{said.text}"

    def _where(self) -> str:
        if self.playing.ending:
            return f"ending: {self.playing.ending}"
        options = self.playing.options()
        if options:
            return "option: " + self.playing.text(options[0])
        if self.playing.playthrough.held_at is not None:
            return "the story is held"
        return f"nothing more at beat {self.playing.playthrough.beat!r}"


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
