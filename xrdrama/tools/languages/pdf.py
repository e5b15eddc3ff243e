"""The exporter `pdf`: a story to read and print, typeset by Typst with installed fonts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from xrdrama.authoring.exchange.pages import not_carried_over, pages_of
from xrdrama.errors import DeviceError
from xrdrama.story import Story

__all__ = ["not_carried_over", "typeset", "write"]


def write(story: Story) -> bytes:
    """The PDF. DeviceError without Typst, and for characters that no installed font has."""
    (document,) = typeset(story, "pdf")
    return document


def typeset(story: Story, form: Literal["pdf", "png"]) -> list[bytes]:
    """The document as `pdf`, or its pages as `png`. Errors as for `write`."""
    try:
        import typst
    except ImportError:
        raise DeviceError("typst, which typesets PDF, is not installed",
                          "pip install 'xrdrama[pdf]'") from None  # fmt: skip
    pages = pages_of(story)
    _require_fonts(pages, story.language)
    try:
        made: Any = typst.compile(
            _template(),
            format=form,
            ppi=110.0,
            sys_inputs={"story": msgspec.json.encode(pages).decode()},
        )
    except typst.TypstError as error:
        raise DeviceError(f"typst cannot typeset this story: {error}",
                          "export it as html and print that page") from None  # fmt: skip
    return list(made) if isinstance(made, list) else [made]


@cache
def _template() -> bytes:
    return (files("xrdrama.tools.languages") / "story.typ").read_bytes()


def _require_fonts(pages: dict[str, Any], language: str) -> None:
    text = "".join(sorted({sign for words in _texts(pages) for sign in words}))
    if text.isascii():
        return
    from xrdrama.adapters.panda.lettering.text.fonts import missing

    for lack in missing(text, language):
        raise DeviceError(
            f"no installed font has characters of this story: {lack}",
            f"install a font (Debian, Ubuntu: apt-get install {lack.package}), or export html",
        )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
