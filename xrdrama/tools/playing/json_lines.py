"""A rehearsal as JSON lines, for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import msgspec

from xrdrama.story import Story
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
from xrdrama.tools.playing.reports import (
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


class JsonLines:
    """One JSON object per line."""

    is_person = False

    def begin(self, story: Story, shown: Shown) -> None:
        """Print nothing: the first line is that of the first beat."""

    def show(self, happening: Happening, shown: Shown) -> None:
        """Print beats, lines, cues and endings."""
        match happening:
            case BeatEntered(beat):
                self._write({"beat": beat.id})
            case Spoken(line):
                speaker = shown.speaker(line.speaker)
                self._write({"line": line.id, "speaker": speaker, "text": shown.line(happening)})
            case CueCalled(cue):
                aimed = {"target": cue.target} if cue.target else {}
                hand = {"hand": cue.side} if cue.side else {}
                self._write({"cue": cue.name, **aimed, **hand})
            case VotesCounted(_, ballot, result, why):
                self._write({"votes": ballot.counts(), "result": result, "why": why})
            case Ended(ending):
                self._write({"ending": ending})
            case InParallel(_, inner):
                self.show(inner, shown)
            case SoundCalled() | Directed() | ChoiceOpened() | Taken() | Declined():
                pass
            case Assigned() | ChoiceShown() | ParallelEnded():
                pass
            case _:
                assert_never(happening)

    def changed(self, changes: Sequence[Change]) -> None:
        """Print nothing: `vars` prints what has changed."""

    def offer(self, offer: Offer) -> None:
        """Print the options."""
        if offer.options:
            self._write({"options": [{"id": one.id, "text": one.text} for one in offer.options]})

    def report(self, report: Report) -> None:
        """Print what a command reports."""
        match report:
            case Note(lines):
                self._write({"note": " ".join(lines)})
            case Variables(rows):
                self._write({"vars": rows})
            case Reasons(rows):
                self._write({"closed": rows})
            case Where():
                self._write({"where": report})
            case Help(commands):
                self._write({"commands": commands})
            case Markers(opens):
                self._write({"markers": [{"id": id, "opens": plot} for id, plot in opens]})
            case _:
                assert_never(report)

    def countdown(self, seconds: float) -> None:
        """Print nothing."""

    def _write(self, value: Mapping[str, Any]) -> None:
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
        sys.stdout.flush()
