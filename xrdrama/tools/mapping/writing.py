"""Writes the map of a story as an SVG picture."""

from __future__ import annotations

from pathlib import Path

from xrdrama.authoring.mapping.svg import draw_svg
from xrdrama.document.wording import suggestion
from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.tools.mapping.loading import Loaded

SUFFIXES = (".svg", ".html")


def chapter_of(loaded: Loaded, beat: str) -> int:
    """The number of the chapter of a beat; UsageError for a beat that does not exist."""
    for number, part in enumerate(loaded.map.parts):
        if beat in part.beats:
            return number
    hint = suggestion(beat, loaded.story.beats) or "name a beat of the story"
    raise UsageError(f"the story {loaded.story.id!r} has no beat {beat!r}", hint)


def write_map(loaded: Loaded, out: Path, beat: str = "") -> None:
    """Write the map to `out`, by its suffix, as a picture.

    `beat` opens only its chapter. UsageError for another suffix and an unknown beat; DeviceError
    when the file cannot be written.
    """
    opened = {chapter_of(loaded, beat)} if beat else None
    if out.suffix.lower() == ".svg":
        save(out, draw_svg(loaded.map, loaded.story.title, loaded.marks, opened))
        return
    if out.suffix.lower() == ".html":
        from xrdrama.authoring.mapping.described import described
        from xrdrama.tools.mapping.page import page

        value = described(loaded.story, loaded.map, loaded.marks, loaded.notes)
        save(out, page(loaded.story.title, {**value, "open": beat}))
        return
    raise UsageError(
        f"{out} is not the name of a map",
        f"choose a name that ends in {' or '.join(SUFFIXES)}",
    )
