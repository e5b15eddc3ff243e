"""What a frontend of a rehearsal prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from xrdrama.story import Story
from xrdrama.story.stepping.happenings import Happening
from xrdrama.tools.playing.picking import Offered
from xrdrama.tools.playing.reports import Report
from xrdrama.tools.playing.session import Change
from xrdrama.tools.playing.shown import Shown


class Offer(msgspec.Struct, frozen=True):
    """The state at which an answer is expected."""

    options: tuple[Offered, ...]
    beat: str
    at: int
    """Story time, nanoseconds."""
    seed: int
    silence: bool
    """True when saying nothing is an answer."""
    silence_leads_to: str = ""
    time_left: int | None = None
    """Nanoseconds until the choice closes."""
    closed: tuple[str, ...] = ()
    """The texts of the options that are closed."""
    held: bool = False
    ending: str = ""


class Frontend(Protocol):
    """Prints a rehearsal. Only a person's one is asked again after a wrong answer."""

    is_person: bool

    def begin(self, story: Story, shown: Shown) -> None:
        """Print the title."""

    def show(self, happening: Happening, shown: Shown) -> None:
        """Print what has happened."""

    def changed(self, changes: Sequence[Change]) -> None:
        """Print the variables that have another value now."""

    def offer(self, offer: Offer) -> None:
        """Print the options and where the story is."""

    def report(self, report: Report) -> None:
        """Print the answer of a command."""

    def countdown(self, seconds: float) -> None:
        """Print how much time is left."""
