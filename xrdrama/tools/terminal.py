"""Plays a story in a terminal: as a transcript, as JSON lines, or with colours."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol, assert_never

import msgspec
from rich.console import Console
from rich.markup import escape

from xrdrama import content
from xrdrama.document import suggestion
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Option, Story
from xrdrama.story.stepping.happenings import (
    Assigned,
    BeatEntered,
    ChoiceOpened,
    ChoiceShown,
    CueCalled,
    Declined,
    Directed,
    Ended,
    Happening,
    InParallel,
    ParallelEnded,
    SoundCalled,
    Spoken,
    Taken,
)
from xrdrama.story.stepping.rehearsal import ELSE, Rehearsal
from xrdrama.story.strings import parse_strings

Texts = Callable[[str, str], str]


class Frontend(Protocol):
    """Prints what happens in a story and reads the answers."""

    def show(self, happening: Happening, texts: Texts) -> None:
        """Print what has happened."""

    def offer(self, options: tuple[Option, ...], texts: Texts, *, can_wait: bool) -> None:
        """Print the options that can be picked now."""

    def answers(self) -> Iterator[str]:
        """The answers, one after another."""


class JsonFrontend:
    """One JSON object per line."""

    def show(self, happening: Happening, texts: Texts) -> None:
        """Print beats, lines, cues and endings."""
        match happening:
            case BeatEntered(beat):
                self._write({"beat": beat.id})
            case Spoken(line):
                speaker = texts(f"cast.{line.speaker}", line.speaker)
                self._write(
                    {"line": line.id, "speaker": speaker, "text": texts(line.id, line.text)}
                )
            case CueCalled(cue):
                aimed = {"target": cue.target} if cue.target else {}
                hand = {"hand": cue.side} if cue.side else {}
                self._write({"cue": cue.name, **aimed, **hand})
            case Ended(ending):
                self._write({"ending": ending})
            case InParallel(_, inner):
                self.show(inner, texts)
            case SoundCalled() | Directed() | ChoiceOpened() | Taken() | Declined():
                pass
            case Assigned() | ChoiceShown() | ParallelEnded():
                pass
            case _:
                assert_never(happening)

    def offer(self, options: tuple[Option, ...], texts: Texts, *, can_wait: bool) -> None:
        """Print the options."""
        offered = [{"id": one.id, "text": texts(one.text_id, one.text)} for one in options]
        self._write({"options": offered})

    def answers(self) -> Iterator[str]:
        """The lines of stdin that are not empty."""
        try:
            for line in sys.stdin:
                if line.strip():
                    yield line.strip()
        except UnicodeDecodeError:
            raise UsageError(
                "stdin is not UTF-8 text",
                "send lines of text: on each the id or number of an option",
            ) from None

    def _write(self, value: Mapping[str, object]) -> None:
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
        sys.stdout.flush()


class PlainFrontend(JsonFrontend):
    """A transcript in plain text."""

    def show(self, happening: Happening, texts: Texts) -> None:
        """Print lines, cues and endings as a screenplay."""
        match happening:
            case Directed(direction):
                self._line(direction.text)
            case Spoken(line):
                manner = f" ({line.manner})" if line.manner else ""
                speaker = texts(f"cast.{line.speaker}", line.speaker)
                self._line(f"{speaker}{manner}: {texts(line.id, line.text)}")
            case CueCalled(cue):
                self._line(f"  [{cue.as_written}]")
            case Ended(ending):
                self._line(f"-- {texts(f'ending.{ending}', ending)}")
            case InParallel(_, inner):
                self.show(inner, texts)
            case BeatEntered() | SoundCalled() | ChoiceOpened() | Taken() | Declined():
                pass
            case Assigned() | ChoiceShown() | ParallelEnded():
                pass
            case _:
                assert_never(happening)

    def offer(self, options: tuple[Option, ...], texts: Texts, *, can_wait: bool) -> None:
        """Print the options with numbers."""
        for number, option in enumerate(options, 1):
            self._line(f"  {number}. {texts(option.text_id, option.text)}")
        if can_wait:
            self._line("  0. (say nothing)")

    def _line(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


class TerminalFrontend:
    """For a person at a terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def show(self, happening: Happening, texts: Texts) -> None:
        """Print a screenplay with colours."""
        match happening:
            case BeatEntered():
                self.console.print()
            case Directed(direction):
                style = "bold" if direction.heading else "italic dim"
                self.console.print(f"[{style}]{escape(direction.text)}[/]")
            case Spoken(line):
                speaker = escape(texts(f"cast.{line.speaker}", line.speaker))
                manner = f" [dim]({escape(line.manner)})[/]" if line.manner else ""
                text = escape(texts(line.id, line.text))
                self.console.print(f"  [bold cyan]{speaker}[/]{manner}  {text}")
            case CueCalled(cue):
                self.console.print(f"  [dim yellow]· {escape(cue.as_written.replace('_', ' '))}[/]")
            case Ended(ending):
                self.console.rule(f"[bold]{escape(texts(f'ending.{ending}', ending))}[/]")
            case InParallel(_, inner):
                self.show(inner, texts)
            case SoundCalled() | ChoiceOpened() | Taken() | Declined():
                pass
            case Assigned() | ChoiceShown() | ParallelEnded():
                pass
            case _:
                assert_never(happening)

    def offer(self, options: tuple[Option, ...], texts: Texts, *, can_wait: bool) -> None:
        """Print the options, with the phrase and the hand pose of each."""
        self.console.print()
        for number, option in enumerate(options, 1):
            ways = [v for t in option.triggers if t.kind == "gesture" for v in t.values]
            hand = f"  [dim]hand: {escape(ways[0].replace('_', ' '))}[/]" if ways else ""
            text = escape(texts(option.text_id, option.text))
            self.console.print(f"  [bold green]{number}[/] {text}{hand}")
        if can_wait:
            self.console.print("  [bold green]0[/] [dim]say nothing[/]")

    def answers(self) -> Iterator[str]:
        """The lines that are typed; after an empty line it asks again."""
        while True:
            try:
                answer = self.console.input("[bold green]> [/]").strip()
            except EOFError:
                return
            if answer:
                yield answer


def play_story(
    name: str, frontend: Frontend, choices: str | None, seed: int, start: str, language: str
) -> int:
    """Play until an ending; returns 1 when the story is stuck, else 0.

    `choices` may end before the ending, and a person may leave. UsageError for an option that is
    not offered, and for piped answers that end before the story; AuthoringError as for a run.
    """
    # Imported late: a story is played faster than the checks of all files are imported.
    from xrdrama.tools.checking.contents import check_playable

    story, path = content.load_story_file(name)
    if problems := check_playable(story, path):
        raise AuthoringError(problems)
    start, choices = composed(start), None if choices is None else composed(choices)
    if start and start not in story.beats:
        raise UsageError(
            f"{path} has no beat {start!r} to start at", suggestion(start, story.beats)
        )
    texts = _texts(story, str(path), language)
    given = None if choices is None else iter(_parted(choices))
    answers = frontend.answers() if given is None else given
    rehearsal = Rehearsal(story, seed=seed, start=start)
    count = 0
    while True:
        for happening in rehearsal.happenings:
            frontend.show(happening, texts)
        options = rehearsal.options()
        if not options:
            return 0 if rehearsal.ended else _stands_still(rehearsal)
        frontend.offer(options, texts, can_wait=rehearsal.can_wait())
        answer = next(answers, None)
        if answer is None and isinstance(frontend, TerminalFrontend):
            return 0
        if answer is None:
            return _answers_end(rehearsal, count, chosen=given is not None)
        _pick(
            rehearsal, answer, texts, frontend if isinstance(frontend, TerminalFrontend) else None
        )
        count += 1


def _parted(choices: str) -> list[str]:
    """The items of a list separated by commas, plain or full-width."""
    return [answer.strip() for answer in re.split("[,，、]", choices) if answer.strip()]


def _answers_end(rehearsal: Rehearsal, count: int, *, chosen: bool) -> int:
    """Print where the answers ended; UsageError for a pipe, which must reach an ending."""
    what = "the choices end" if chosen else "the input ended"
    after = f"after {count} answer{'' if count == 1 else 's'}"
    message = f"{what} at beat {rehearsal.playthrough.beat!r}, {after}, before an ending"
    names = [one.id for one in rehearsal.options()] + [ELSE] * rehearsal.can_wait()
    remedy = "continue with " + " or ".join(
        [", ".join(names[:-1]), names[-1]] if names[1:] else names
    )
    if not chosen:
        raise UsageError(message, remedy)
    sys.stderr.write(f"xrdrama: {message}: {remedy}\n")
    return 0


def _stands_still(rehearsal: Rehearsal) -> int:
    declined = [one.reason for one in rehearsal.happenings if isinstance(one, Declined)]
    reason = (
        declined[-1] if declined else "no option is offered, and no timeout or next beat follows"
    )
    beat = rehearsal.playthrough.beat
    sys.stderr.write(f"xrdrama: the story is stuck at beat {beat!r}: {reason}\n")
    return 1


def _pick(rehearsal: Rehearsal, answer: str, texts: Texts, person: TerminalFrontend | None) -> None:
    """Pick an option by its number, id or text; case is ignored."""
    options, answer = rehearsal.options(), composed(answer)
    if answer.isdecimal() and 1 <= int(answer) <= len(options):
        answer = options[int(answer) - 1].id
    elif answer != ELSE and answer not in [one.id for one in options]:
        named = {_plain(texts(one.text_id, one.text)): one.id for one in options}
        named |= {_plain(one.id): one.id for one in options}
        answer = named.get(_plain(answer), answer)
    try:
        rehearsal.pick(ELSE if answer in ("0", ELSE) else answer)
    except UsageError as error:
        if person is None:
            raise
        person.console.print(f"  [red]{escape(str(error))}[/]")
        rehearsal.happenings = []


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .!?。！？")


def _texts(story: Story, path: str, language: str) -> Texts:
    texts = story.texts()
    if language and language != story.language:
        tables = dict(content.string_tables(Path(path)))
        if language not in tables:
            table = Path(path.removesuffix(content.SUFFIXES["story"]) + f".{language}.csv").name
            raise UsageError(
                f"the story {story.id!r} has no translation into {language!r}",
                f"use one of: {', '.join([story.language, *tables])}; or write {table} beside it",
            )
        found = tables[language]
        strings, problems = parse_strings(content.read_text(found), str(found), language, story)
        if any(problem.severity == "error" for problem in problems):
            raise AuthoringError(problems)
        texts = {**texts, **strings.texts}
    return texts.get
