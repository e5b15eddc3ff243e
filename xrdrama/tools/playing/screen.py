"""A rehearsal for a person at a terminal: a screenplay in colours, options as cards."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, assert_never

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from xrdrama.story import Story
from xrdrama.story.model import Direction
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
    VotesCounted,
)
from xrdrama.tools.playing.frontend import Offer
from xrdrama.tools.playing.picking import Offered
from xrdrama.tools.playing.plain import clock, duration, report_lines
from xrdrama.tools.playing.reasons import written
from xrdrama.tools.playing.reports import (
    CommandHelp,
    Help,
    Markers,
    Note,
    Reasons,
    Report,
    Variables,
    Where,
)
from xrdrama.tools.playing.session import Change
from xrdrama.tools.playing.shown import Shown
from xrdrama.tools.playing.transcripts import votes_text

COLOURS: Final = ("cyan", "magenta", "yellow", "green", "bright_blue", "bright_red")
"""The colours of the roles, in the order of the cast."""
WIDEST: Final = 100
NARROWEST_CARD: Final = 26
MOST_PHRASES: Final = 4
"""Phrases of an option that are listed."""
_SIGNS: Final = {"gesture": "hand", "gaze": "look at", "marker": "marker", "vote": "vote",
                 "button": "button", "performer": "performer"}  # fmt: skip


class Screen:
    """Prints on a rich console."""

    is_person = True

    def __init__(self, console: Console) -> None:
        self.console = console
        self.colours: dict[str, str] = {}
        self.names = 8
        """Columns of the longest name of a speaker."""
        self.place = ""
        """The beat and the time, for the countdown."""
        self.asides: list[str] = []
        """Cues and sounds that are not printed yet: those between two lines share a line."""

    @property
    def width(self) -> int:
        """Columns that are used."""
        return max(20, min(WIDEST, self.console.width))

    def begin(self, story: Story, shown: Shown) -> None:
        """Print the title, and give each role a colour."""
        roles = list(story.cast)
        self.colours = {role: COLOURS[n % len(COLOURS)] for n, role in enumerate(roles)}
        names = (Text(shown.speaker(role)).cell_len for role in roles)
        self.names = min(20, max(names, default=8))
        self._print(Rule(Text(shown.title, "bold"), style="dim"))
        self._print(
            Text("pick by a number, some words, or what is said; ? lists the commands", "dim")
        )

    def show(self, happening: Happening, shown: Shown) -> None:
        """Print a screenplay with colours."""
        match happening:
            case BeatEntered():
                self._print(Text())
            case Directed(direction):
                self._direction(direction, shown)
            case Spoken(line):
                self._line(line.speaker, line.manner, shown.line(happening), shown)
            case CueCalled() | SoundCalled():
                self.asides.append(_staging(happening))
            case Ended(ending):
                self._print(Text())
                self._print(Rule(Text(shown.ending(ending), "bold"), style="dim"))
            case Declined(_, reason):
                self._print(Text(f"  {reason}", "red"))
            case VotesCounted():
                self._print(Text(f"  {votes_text(happening, shown)}", "bold"))
            case InParallel() | ParallelEnded():
                self._beside(happening, shown)
            case ChoiceOpened() | ChoiceShown() | Taken() | Assigned():
                pass
            case _:
                assert_never(happening)

    def changed(self, changes: Sequence[Change]) -> None:
        """Print the variables that have another value now."""
        if changes:
            pairs = (f"{c.name} {written(c.before)} → {written(c.after)}" for c in changes)
            self._print(Padding(Text(", ".join(pairs), "dim yellow"), (0, 0, 0, self.names + 4)))

    def offer(self, offer: Offer) -> None:
        """Print the options as cards, those that are closed, and a line about where this is."""
        self._print(Text())
        if offer.options:
            self._cards(offer)
        if offer.closed:
            self._print(Text(f"  closed: {', '.join(offer.closed)}  (why)", "dim"))
        self._print(Text(self._status(offer), "dim"))

    def report(self, report: Report) -> None:
        """Print what a command reports."""
        match report:
            case Note(lines, wrong):
                for line in lines:
                    self._print(Padding(Text(line, "red" if wrong else "green"), (0, 2)))
            case Help(commands):
                self._help(commands)
            case Variables() | Reasons() | Where() | Markers():
                for line in report_lines(report):
                    self._print(Padding(Text(line), (0, 2)))
            case _:
                assert_never(report)

    def countdown(self, seconds: float) -> None:
        """Update the time that is left, in the line above the prompt."""
        # Save the cursor, go up, rewrite the line, restore: what is being typed stays as it is.
        text = f"{self.place} · {max(1, round(seconds))} s left"
        sys.stdout.write(f"\x1b7\x1b[1A\r\x1b[2K\x1b[2m{text}\x1b[0m\x1b8")
        sys.stdout.flush()

    # -- parts ----------------------------------------------------------------------------------

    def _print(self, what: RenderableType) -> None:
        if self.asides:
            text, self.asides = " · ".join(self.asides), []
            self._print(Padding(Text(text, "dim"), (0, 0, 0, self.names + 4)))
        self.console.print(what, width=self.width)

    def _direction(self, direction: Direction, shown: Shown) -> None:
        text = Text(shown.direction(direction), "bold" if direction.heading else "italic dim")
        self._print(text if direction.heading else Padding(text, (0, 2)))

    def _beside(self, happening: InParallel | ParallelEnded, shown: Shown) -> None:
        """Print what happens in a hidden plot beside the main path."""
        name = happening.plot.replace("_", " ")
        if isinstance(happening, ParallelEnded):
            self.asides.append(f"hidden plot {name} ends")
        elif isinstance(happening.happening, BeatEntered):
            self.asides.append(f"beside this: hidden plot {name}")
        else:
            self.show(happening.happening, shown)

    def _line(self, role: str, manner: str, text: str, shown: Shown) -> None:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=self.names + 2, justify="right")
        grid.add_column(ratio=1)
        name = Text(shown.speaker(role), f"bold {self.colours.get(role, 'white')}")
        said = Text(f"({manner}) ", "dim") + Text(text) if manner else Text(text)
        grid.add_row(name, said)
        self._print(grid)

    def _cards(self, offer: Offer) -> None:
        cards: list[RenderableType] = [_card(one) for one in offer.options]
        if offer.silence:
            cards.append(_silence(offer))
        columns = max(1, min(len(cards), 3, self.width // NARROWEST_CARD))
        grid = Table.grid(expand=True)
        for _ in range(columns):
            grid.add_column(ratio=1)
        for first in range(0, len(cards), columns):
            grid.add_row(*cards[first : first + columns])
        self._print(grid)

    def _status(self, offer: Offer) -> str:
        self.place = f"  {offer.beat} · {clock(offer.at / 1e9)}"
        parts = [offer.beat, clock(offer.at / 1e9)]
        if offer.seed:
            parts.append(f"seed {offer.seed}")
        if offer.held:
            parts.append("HELD: release continues")
        elif offer.ending:
            parts.append("the end: undo, back, again, or quit")
        elif not offer.options:
            parts.append("nothing continues here: undo, marker, force, or quit")
        elif offer.time_left is not None:
            parts.append(f"{duration(offer.time_left)} to answer")
        return "  " + " · ".join(parts)

    def _help(self, commands: Sequence[CommandHelp]) -> None:
        grid = Table.grid(padding=(0, 3, 0, 0))
        group = ""
        for one in commands:
            if one.group != group:
                group = one.group
                grid.add_row(Text(f"  {group}", "dim"), Text())
            also = Text(f" {' '.join(one.aliases)}", "dim") if one.aliases else Text()
            grid.add_row(Text("    ") + Text(one.usage, "bold") + also, Text(one.help))
        self._print(grid)
        self._print(
            Text("  Where an option has the name of a command, /NAME is the command.", "dim")
        )


def _staging(happening: CueCalled | SoundCalled) -> str:
    """A cue or sound in words."""
    if isinstance(happening, CueCalled):
        return happening.cue.as_written.replace("_", " ")
    sound = happening.sound
    return f"{'stop ' if sound.stop else ''}sound {sound.name.replace('_', ' ')}"


def _card(one: Offered) -> Panel:
    lines = [Text(one.text or one.id, "bold")]
    lines += [Text(f"“{phrase}”", "dim") for phrase in one.phrases[:MOST_PHRASES]]
    if len(one.phrases) > MOST_PHRASES:
        lines.append(Text(f"and {len(one.phrases) - MOST_PHRASES} more phrases", "dim"))
    lines += [Text(f"{_SIGNS[kind]}: {name.replace('_', ' ')}", "dim") for kind, name in one.signs]
    return Panel(
        Text("\n").join(lines), title=Text(f"{one.number} ", "bold green") + Text(one.id, "dim"),
        title_align="left", box=box.ROUNDED, border_style="green",
    )  # fmt: skip


def _silence(offer: Offer) -> Panel:
    words = [Text("say nothing", "dim")]
    if offer.time_left is not None:
        words.append(Text(f"for {duration(offer.time_left)}", "dim"))
    return Panel(
        Text("\n").join(words), title=Text("0 ", "bold green") + Text("else", "dim"),
        title_align="left", box=box.ROUNDED, border_style="dim",
    )  # fmt: skip
