"""Text of a `*.show.yaml` file to a ShowFile, with every problem at its place."""

from __future__ import annotations

from xrdrama.document import Reading, compose
from xrdrama.document.plausible import with_likely_units
from xrdrama.document.shapes import MISSING
from xrdrama.errors import Problem
from xrdrama.show.form import SHOW
from xrdrama.show.model import ShowFile
from xrdrama.show.plausible import SHOW_UNITS
from xrdrama.timing import FrameRate


def parse_show(text: str, file: str = "show") -> tuple[ShowFile | None, list[Problem]]:
    """A ShowFile (None when there are errors) and what is wrong with it."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    reading = Reading(file, problems)
    show = SHOW.read(root, reading) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(SHOW_UNITS, root, problems)
    if not isinstance(show, ShowFile):
        return None, problems
    try:
        FrameRate.parse(show.rate)
    except ValueError as error:
        reading.note(show.place, "H001", str(error))
    return (None if any(p.severity == "error" for p in problems) else show), problems
