"""Text of a `*.show.yaml` file to a ShowFile, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.document import Reading, compose, place_of
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.plausible import with_likely_units
from xrdrama.document.shapes import MISSING
from xrdrama.errors import Problem
from xrdrama.scene.model import Scene
from xrdrama.scene.values import value_of
from xrdrama.show.form import RATE_FORM, SHOW
from xrdrama.show.looks import Look
from xrdrama.show.model import LookSpec, ShowFile
from xrdrama.show.plausible import SHOW_UNITS
from xrdrama.timing import NS, FrameRate
from xrdrama.wire.commands import LONGEST_FADE_S

LONGEST_FADE = round(LONGEST_FADE_S * NS)


def parse_show(text: str, file: str = "show") -> tuple[ShowFile | None, list[Problem]]:
    """A ShowFile (None when there are errors) and what is wrong with it."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    reading = Reading(file, problems)
    if root is not None and is_other_kind(root, "show", problems):
        return None, problems
    show = SHOW.read(root, reading) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(SHOW_UNITS, root, problems)
    if root is None or not isinstance(show, ShowFile):
        return None, problems
    try:
        FrameRate.parse(show.rate)
    except ValueError:
        message = f"{show.rate!r} is not a valid frame rate"
        reading.note(place_of(root, "rate"), "H001", message, RATE_FORM)
    for look in show.looks.values():
        if look.fade > LONGEST_FADE:
            place = place_of(root, "looks", look.id, "fade")
            longest = LONGEST_FADE // NS
            reading.note(place, "H019", f"the fade of {look.id!r} is longer than {longest} s",
                         f"use at most {longest}s")  # fmt: skip
    return (None if any(p.severity == "error" for p in problems) else show), problems


def look_of(spec: LookSpec, scenes: Iterable[Scene]) -> Look | None:
    """A look of the show file with the values that its texts are in the first scene that takes
    them; None when no scene does."""
    for scene in scenes:
        values = {
            name: value_of(scene.params[name], text)
            for name, text in spec.params.items()
            if name in scene.params
        }
        found = {name: value for name, value in values.items() if value is not None}
        if len(found) == len(spec.params):
            return Look(spec.id, found, spec.fade, spec.title)
    return None
