"""A rehearsal as a plain transcript, for pipes and files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import assert_never

from xrdrama.document.wording import plain
from xrdrama.story import Story
from xrdrama.story.stepping.happenings import Happening
from xrdrama.tools.playing.frontend import Offer
from xrdrama.tools.playing.reasons import written as value_text
from xrdrama.tools.playing.reports import (
    CommandHelp,
    Help,
    Markers,
    Note,
    Reasons,
    Report,
    Variable,
    Variables,
    Where,
)
from xrdrama.tools.playing.session import Change
from xrdrama.tools.playing.shown import Shown
from xrdrama.tools.playing.transcripts import written


class Plain:
    """Lines, cues and endings as a screenplay; reports in lines that begin with `*`."""

    is_person = False

    def begin(self, story: Story, shown: Shown) -> None:
        """Print nothing: the transcript begins with the story."""

    def show(self, happening: Happening, shown: Shown) -> None:
        """Print lines, cues and endings."""
        for line in written(happening, shown):
            self._line(line)

    def changed(self, changes: Sequence[Change]) -> None:
        """Print nothing: `vars` prints what has changed."""

    def offer(self, offer: Offer) -> None:
        """Print the options with numbers."""
        for one in offer.options:
            self._line(f"  {one.number}. {one.text}")
        if offer.options and offer.silence:
            self._line("  0. (say nothing)")

    def report(self, report: Report) -> None:
        """Print what a command reports, a line for each fact."""
        for line in report_lines(report):
            self._line(f"* {line}")

    def countdown(self, seconds: float) -> None:
        """Print nothing."""

    def _line(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def report_lines(report: Report) -> Iterable[str]:
    """A report as plain lines."""
    match report:
        case Note(lines):
            return lines
        case Variables(rows):
            return [_variable(row) for row in rows] or ["the story has no variables"]
        case Reasons(rows):
            closed = [f"{one.kind} {one.id}: {one.reason}" for one in rows]
            return closed or ["nothing is closed here"]
        case Where():
            return _where(report)
        case Help(commands):
            return [_command(one) for one in commands]
        case Markers(opens):
            named = [f"marker {name} opens {plot}" for name, plot in opens]
            return named or ["no marker opens anything here"]
        case _:
            assert_never(report)


def _variable(row: Variable) -> str:
    was = "" if row.was is None else f", was {value_text(row.was)}"
    computed = f"; computed: {row.computed}" if row.computed else ""
    return f"{row.name} = {value_text(row.value)}{was}; {row.kind}{computed}"


def _where(report: Where) -> Iterable[str]:
    yield f"beat {report.beat}, {report.file}:{report.line}, at {clock(report.seconds)}"
    if report.held:
        yield "the story is held"
    yield from (f"{way.how} -> {way.to}" for way in report.ways)


def _command(one: CommandHelp) -> str:
    also = f" ({', '.join(one.aliases)})" if one.aliases else ""
    return f"{one.usage}{also}: {one.help}"


def clock(seconds: float) -> str:
    """A time as minutes and seconds: 1:05."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def duration(ns: int) -> str:
    """A duration in seconds, as a person reads it: 3.5 s."""
    return f"{plain(round(ns / 1e9, 1))} s"
