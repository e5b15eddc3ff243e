"""The exporter `pdf`: a story to read and print, typeset by Typst with installed fonts."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from xrdrama.authoring.exchange.pages import not_carried_over, pages_of
from xrdrama.story import Story
from xrdrama.tools.languages.typesetting import documents, require_fonts, require_typst

__all__ = ["not_carried_over", "typeset", "write"]


def write(story: Story) -> bytes:
    """The PDF. DeviceError without Typst, and for characters that no installed font has."""
    (document,) = typeset(story, "pdf")
    return document


def typeset(story: Story, form: Literal["pdf", "png"]) -> list[bytes]:
    """The document as `pdf`, or its pages as `png`. Errors as for `write`."""
    require_typst()
    pages = pages_of(story)
    require_fonts(pages, story.language, "export html")
    template = files("xrdrama.tools.languages") / "story.typ"
    instead = "export it as html and print that page"
    return documents(template.read_bytes(), "story", pages, form, instead)
