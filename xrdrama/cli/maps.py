"""Commands that show a story as a whole: graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import console, counted, print_json, print_line
from xrdrama.cli.printing.plain import note_line

UNWRAPPED = 1000
"""Characters of a line of the tree where it is not shown on a terminal."""


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


def graph(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The .svg file to write; default: the terminal."),
    ] = None,
    heat: Annotated[
        Path | None, typer.Option(help="Coverage of plays (JSON), shown on beats and paths.")
    ] = None,
    beat: Annotated[
        str, typer.Option("--open", help="Open the chapter of this beat; others are closed.")
    ] = "",
    chapters: Annotated[
        Chapters, typer.Option(help="What a chapter is: a file, a prefix of ids, a set, a stretch.")
    ] = Chapters.auto,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Draw the map of a story: beats, paths, findings and how often each was played."""
    from xrdrama.tools.mapping.loading import load_map
    from xrdrama.tools.mapping.tree import counts, tree
    from xrdrama.tools.mapping.writing import chapter_of, write_map

    loaded = load_map(story, chapters.value, heat)
    for note in loaded.notes:
        note_line(note)
    if out is not None:
        write_map(loaded, out, beat)
    found = counts(loaded)
    if json:
        parts = [{"title": part.title, "beats": part.beats} for part in loaded.map.parts]
        print_json({"story": loaded.story.id, **found, "chapters": parts, "out": out})
    elif out is None:
        wide = console()
        if not wide.is_terminal:
            wide.width = UNWRAPPED
        wide.print(tree(loaded, chapter_of(loaded, beat) if beat else None))
    else:
        kinds = (counted(found["beats"], "beat"), counted(found["endings"], "ending"))
        print_line(f"{out}: {', '.join(kinds)}, {counted(found['findings'], 'finding')}")
    return 0
