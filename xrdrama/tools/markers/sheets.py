"""Sheets with the markers of a story, to print and cut out: A4, as PDF, PNG or SVG."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import msgspec

from xrdrama import content
from xrdrama.authoring.check_markers import check_markers
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.saving import save_all
from xrdrama.story import Story
from xrdrama.story.markers import Use, marker_code, rows_of, title_of, uses_of
from xrdrama.tools.languages.typesetting import Form, documents, require_fonts, require_typst

FORMS = ("pdf", "png", "svg")
SIDE_MM = 70
"""The side of the black square. The page assumes it where it gives distances."""
LEAST_MM, MOST_MM = 20, 150
_A4_MM = (210, 297)
_MARGIN_MM = 12
_TEXT_MM = 24
"""The height of what is printed below a marker."""


class Printed(msgspec.Struct, frozen=True):
    """A marker: its name, the printed title, its cells row by row (1 is white), what it opens."""

    name: str
    title: str
    rows: tuple[str, ...]
    once: str = ""
    opens: tuple[str, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """The files that were written, and the markers in them."""

    story: str
    files: tuple[str, ...]
    side_mm: int
    markers: tuple[Printed, ...]


def printed(story: Story, *, spoilers: bool = False) -> tuple[Printed, ...]:
    """The markers of a story by name; with `spoilers`, what each opens and where."""
    return tuple(
        Printed(
            name, title_of(story, name), rows_of(marker_code(story.id, name)),
            story.markers[name].once if name in story.markers else "",
            tuple(_described(use) for use in uses) if spoilers else (),
        )
        for name, uses in uses_of(story).items()
    )  # fmt: skip


def write_sheet(
    name: str, out: Path | None, *, side_mm: int = SIDE_MM, spoilers: bool = False
) -> Sheet:
    """Write the sheet of a story's markers; without `out`, write nothing.

    A picture format has one file a page: sheet.png, sheet-2.png ... UsageError for a size or file
    name that is not valid, AuthoringError for markers that look alike, DeviceError without Typst,
    without a font, or where a file cannot be written.
    """
    form = out.suffix.removeprefix(".") if out else "pdf"
    if form not in FORMS:
        raise UsageError(f"{out}: unknown format {form!r} of a sheet",
                         "end its name with .pdf, .png or .svg")  # fmt: skip
    if not LEAST_MM <= side_mm <= MOST_MM:
        raise UsageError(f"a marker of {side_mm} mm cannot be printed on A4 and found",
                         f"write --size with {LEAST_MM} to {MOST_MM}")  # fmt: skip
    story, _ = content.load_story_file(name)
    alike = [problem for problem in check_markers(story) if problem.severity == "error"]
    if alike:
        raise AuthoringError(alike)
    markers = printed(story, spoilers=spoilers)
    if not markers or out is None:
        return Sheet(story.id, (), side_mm, markers)
    pages = _typeset(story, markers, side_mm, cast(Form, form))
    names = [out, *(out.with_stem(f"{out.stem}-{n}") for n in range(2, len(pages) + 1))]
    save_all(dict(zip(names, pages, strict=True)))
    return Sheet(story.id, tuple(map(str, names)), side_mm, markers)


def _typeset(story: Story, markers: tuple[Printed, ...], side_mm: int, form: Form) -> list[bytes]:
    require_typst()
    whole_mm = side_mm * 10 / 8
    across = max(1, int((_A4_MM[0] - 2 * _MARGIN_MM) // whole_mm))
    down = max(1, int((_A4_MM[1] - 2 * _MARGIN_MM - 14) // (whole_mm + _TEXT_MM)))
    sheet: dict[str, Any] = {
        "story": story.title, "language": story.language, "side": side_mm, "across": across,
        "down": down, "margin": _MARGIN_MM, "markers": msgspec.to_builtins(markers),
    }  # fmt: skip
    require_fonts(sheet, story.language, "give the markers titles in Latin letters")
    template = files("xrdrama.tools.markers") / "sheet.typ"
    return documents(template.read_bytes(), "sheet", sheet, form)


def _described(use: Use) -> str:
    where = ", ".join(use.beats[:6]) + (f" and {len(use.beats) - 6} more" * (len(use.beats) > 6))
    leads = f", leads to {use.to}" if use.to else ""
    return f"{use.kind} {use.id}{leads}; in {where}"
