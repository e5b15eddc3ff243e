"""Writes test plans, such as that of a rehearsal or of a random playthrough that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


class Played(msgspec.Struct, frozen=True):
    """A playthrough to be written as a run: its settings, and its steps as kind and text."""

    steps: tuple[tuple[str, str], ...]
    start: str = ""
    seed: int = 0
    values: tuple[tuple[str, str], ...] = ()
    comment: str = ""


def plan_text(runs: Iterable[Played]) -> str:
    """The text of a plan, which `parse_plan` reads back.

    A text that could be read as something else is put in backticks.
    """
    return "---\n".join("".join(_rows(run)) for run in runs)


def _rows(run: Played) -> Iterator[str]:
    yield from (f"# {row}\n" for row in run.comment.splitlines())
    if run.start:
        yield f"start: {run.start}\n"
    if run.seed:
        yield f"seed: {run.seed}\n"
    yield from (f"set: {name} = {value}\n" for name, value in run.values)
    for kind, text in run.steps:
        yield f"{kind}: {_safe(kind, text)}\n" if text or kind in _TEXTS else f"{kind}\n"


_TEXTS = ("line", "option")


def _safe(kind: str, text: str) -> str:
    plain = text and text != "*" and text == text.strip() and text[0] not in "`["
    if kind in _TEXTS and not plain and "`" not in text:
        return f"`{text}`"
    return text
