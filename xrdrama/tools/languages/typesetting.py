"""Typst, which typesets our templates, and the fonts that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from xrdrama.errors import DeviceError

Form = Literal["pdf", "png", "svg"]


def require_typst() -> None:
    """DeviceError where Typst is not installed."""
    try:
        import typst  # noqa: F401
    except ImportError:
        raise DeviceError("typst, which typesets PDF, is not installed",
                          "pip install 'xrdrama[pdf]'") from None  # fmt: skip


def documents(
    template: bytes, name: str, value: Any, form: Form, instead: str = "report this"
) -> list[bytes]:
    """The document of a template that reads `value` as JSON from the input `name`: one PDF, or a
    picture a page. `instead` is what to do where it fails, with DeviceError."""
    import typst

    try:
        made: Any = typst.compile(
            template, format=form, ppi=110.0, sys_inputs={name: msgspec.json.encode(value).decode()}
        )
    except typst.TypstError as error:
        raise DeviceError(f"typst cannot typeset this {name}: {error}", instead) from None
    return list(made) if isinstance(made, list) else [made]


def require_fonts(value: Any, language: str, instead: str) -> None:
    """DeviceError for characters of the texts in `value` that no installed font has; `instead` is
    what can be done without a font."""
    text = "".join(sorted({sign for words in _texts(value) for sign in words}))
    if text.isascii():
        return
    from xrdrama.adapters.panda.lettering.text.fonts import missing

    for lack in missing(text, language):
        raise DeviceError(
            f"no installed font has characters of this story: {lack}",
            f"install a font (Debian, Ubuntu: apt-get install {lack.package}), or {instead}",
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
