"""Commands that show a story as a whole: graph, diff."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.printing.output import console, counted, print_json, print_line, table
from xrdrama.cli.printing.plain import note_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from xrdrama.authoring.comparing import Change

UNWRAPPED = 1000
"""Characters of a line of the tree where it is not shown on a terminal."""


SIGNS = {
    "added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"),
    "moved": (">", "cyan"), "renamed": (">", "cyan"), "stale": ("!", "magenta"),
}  # fmt: skip
"""The sign and the colour of each kind of change."""


class Chapters(StrEnum):
    """How a map is divided."""

    auto = "auto"
    file = "file"
    prefix = "prefix"
    set = "set"
    stretch = "stretch"
    none = "none"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(graph)
    app.command()(diff)


def graph(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The .svg or .html file to write; default: the terminal.",
        ),
    ] = None,
    heat: Annotated[
        Path | None,
        typer.Option(help="Coverage of plays (JSON), shown on beats and paths."),
    ] = None,
    beat: Annotated[
        str,
        typer.Option("--open", help="Open the chapter of this beat; others are closed."),
    ] = "",
    chapters: Annotated[
        Chapters,
        typer.Option(help="What a chapter is: a file, a prefix of ids, a set, a stretch."),
    ] = Chapters.auto,
    language: Annotated[
        str, typer.Option(help="Language of the texts; default: the story's own.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Draw the map of a story: beats, paths, findings and how often each was played."""
    from xrdrama.tools.mapping.loading import load_map
    from xrdrama.tools.mapping.tree import counts, tree
    from xrdrama.tools.mapping.writing import chapter_of, write_map

    loaded = load_map(story, chapters.value, heat, language)
    for note in loaded.notes:
        note_line(note)
    if out is not None:
        write_map(loaded, out, beat)
    found = counts(loaded)
    if json:
        parts = [{"title": part.title, "beats": part.beats} for part in loaded.map.parts]
        print_json({"story": loaded.story.id, **found, "chapters": parts, "out": out})
    elif out is None:
        _print_whole(tree(loaded, chapter_of(loaded, beat) if beat else None))
    else:
        kinds = (counted(found["beats"], "beat"), counted(found["endings"], "ending"))
        print_line(f"{out}: {', '.join(kinds)}, {counted(found['findings'], 'finding')}")
    return 0


def diff(
    old: Annotated[str, typer.Argument(help="The older story: a name or a .branch.yaml file.")],
    new: Annotated[str, typer.Argument(help="The newer story.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Compare two versions of a story by beats, lines, options and variables; 1 if they differ."""
    from xrdrama.tools.comparing import compare_files

    changes = compare_files(old, new)
    if json:
        print_json({"equal": not changes, "changes": changes})
    elif not changes:
        print_line("no differences")
    else:
        _print_changes(changes)
    return int(bool(changes))


def _print_changes(changes: list[Change]) -> None:
    from rich.text import Text

    made = table("", "what", "where", "change")
    for change in changes:
        sign, colour = SIGNS[change.kind]
        name = f"{change.what} {change.name}".strip()
        made.add_row(Text(sign, colour), Text(name), Text(_where(change)), _change(change))
    _print_whole(made)
    kinds = Counter(change.kind for change in changes)
    print_line(
        f"{counted(len(changes), 'change')}: " + ", ".join(f"{n} {k}" for k, n in kinds.items())
    )


def _where(change: Change) -> str:
    beat = f"beat {change.beat}" if change.beat and change.what != "beat" else ""
    line = f"line {change.line}" if change.line else ""
    line += f" of {Path(change.file).name}" if change.file else ""
    return ", ".join(part for part in (beat, line) if part)


def _change(change: Change) -> Text:
    """What changed, word by word for texts: [-removed-] and {+added+}, as git writes them."""
    from rich.text import Text

    from xrdrama.authoring.comparing import words

    made = Text(f"{change.facet}: " if change.facet else "")
    if change.kind == "stale":
        return made.append(f"translated from {change.before!r}, now {change.after!r}")
    if change.kind in ("moved", "renamed"):
        return made.append(f"{change.before} -> {change.after}" if change.before else "moved")
    if change.kind != "changed" or not (change.before and change.after):
        made.append(f"[-{change.before}-]" if change.before else "", "red")
        return made.append(f"{{+{change.after}+}}" if change.after else "", "green")
    for kind, text in words(change.before, change.after):
        shown = {"same": text, "removed": f"[-{text}-]", "added": f"{{+{text}+}}"}[kind]
        made.append(shown, {"same": "", "removed": "red", "added": "green"}[kind])
    return made


def _print_whole(made: RenderableType) -> None:
    """Print a tree or table: on a terminal in its width, else without wrapping or padding."""
    out = console()
    if out.is_terminal:
        out.print(made)
        return
    out.width = UNWRAPPED
    with out.capture() as captured:
        out.print(made)
    for line in captured.get().splitlines():
        print_line(line.rstrip())
