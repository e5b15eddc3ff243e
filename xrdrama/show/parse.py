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

OWN_KEYS = ("file", "clips", "microphone", "camera", "model", "engine")
"""Keys of an input that are not plugin settings: what they name is checked."""


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
    for spec in show.inputs.values():
        sources = [s for s in (spec.file, spec.clips, spec.microphone, spec.camera) if s]
        for key in OWN_KEYS:
            if key in spec.settings:
                reading.note(spec.place, "H002", f"{key!r} is set inside `settings`",
                             f"write {key}: beside use:, outside settings")  # fmt: skip
        if len(sources) > 1:
            reading.note(spec.place, "H002", f"input {spec.id!r} has several sources",
                         "keep one of file, clips, microphone, camera")  # fmt: skip
    return (None if any(p.severity == "error" for p in problems) else show), problems
