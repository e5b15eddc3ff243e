"""Commands for authors: play, check, fmt, import, export, strings, voices, markers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli import checks
from xrdrama.cli.printing.output import console, counted, print_json, print_line
from xrdrama.cli.printing.plain import note_line
from xrdrama.errors import UsageError

JSON = Annotated[bool, typer.Option("--json", help="One JSON document, or JSON lines, on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(play)
    app.command()(check)
    app.command()(explain)
    app.command()(fmt)
    app.command("import")(import_story)
    app.command("export")(export_story)
    app.command()(strings)
    app.command()(voices)
    app.command()(markers)


def play(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    choices: Annotated[
        str | None,
        typer.Option(
            help="Option ids or numbers from 1, separated by commas; else = silence, "
            "marker:NAME = show it as soon as it opens a hidden plot."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the story's random numbers.")] = 0,
    at: Annotated[
        str,
        typer.Option("--at", "--start", help="Beat to begin at; default: the story's start."),
    ] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="Begin with NAME=VALUE; can be repeated."),
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of the texts; default: the story's own.")
    ] = "",
    time: Annotated[
        bool, typer.Option("--time", help="Windows close in real time while you think.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Write what was played as a test plan, FILE.testplan.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Reload the story when one of its files is saved.")
    ] = False,
    json: JSON = False,
) -> int:
    """Play a story in the terminal; ? lists the commands. Commands and answers can be piped in."""
    from xrdrama.tools.ink.opening import is_ink
    from xrdrama.tools.playing import Request, play_story
    from xrdrama.tools.playing.frontend import Frontend

    request = Request(story, choices, seed, at, language, tuple(values or ()), record, time, watch)
    person = choices is None and sys.stdin.isatty() and sys.stdout.isatty()
    if is_ink(story):
        from xrdrama.tools.playing.ink import play_ink

        return play_ink(request, json=json, person=person and not json, notice=note_line)
    frontend: Frontend
    if json:
        from xrdrama.tools.playing.json_lines import JsonLines

        frontend = JsonLines()
    elif not person:
        from xrdrama.tools.playing.plain import Plain

        frontend = Plain()
    else:
        from xrdrama.tools.playing.screen import Screen

        frontend = Screen(console(wrap=True))
    return play_story(request, frontend, note_line)


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files of stories, sets, stages, lenses, shows or test plans, or folders of them."
        ),
    ],
    json: JSON = False,
) -> int:
    """Check stories, sets, stages, lenses, shows and test plans, and print every problem."""
    return checks.check(paths, json=json)


def explain(
    codes: Annotated[
        list[str] | None,
        typer.Argument(help="Problem codes such as S201; without one: a list of all codes."),
    ] = None,
    json: JSON = False,
) -> int:
    """Explain problem codes: what each means, and an example with the problem and without it."""
    from xrdrama.cli.explanations import explain as explained

    return explained(codes or [], json=json)


def fmt(
    paths: Annotated[list[Path], typer.Argument(help="Files to format, or folders of them.")],
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")
    ] = False,
    json: JSON = False,
) -> int:
    """Format files: canonical order of keys, and ids for lines that have none."""
    from xrdrama.tools.checking.formatting import format_paths

    changed = format_paths(paths, write=not check_only)
    if json:
        notes = {str(one.path): one.note for one in changed if one.note}
        said = {"changed": [str(one.path) for one in changed]}
        print_json({**said, **({"notes": notes} if notes else {})})
    else:
        verb = "would change" if check_only else "changed"
        for one in changed:
            print_line(f"{verb}: {one.path}{f' ({one.note})' if one.note else ''}")
        if not changed:
            print_line("all files are in canonical form")
    return int(check_only and bool(changed))


def import_story(
    file: Annotated[Path, typer.Argument(help="A file of another tool, such as a .fountain.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The branch file to write.")],
    kind: Annotated[
        str, typer.Option("--from", help="Format of the file; default: by its suffix.")
    ] = "",
    scene: Annotated[
        str, typer.Option(help="The set in which the story plays; default: as in the file.")
    ] = "",
    json: JSON = False,
) -> int:
    """Make a story of a file of another tool; print by line what is not carried over."""
    from xrdrama.tools.exchanging import import_story as imported_from

    imported = imported_from(file, out, kind, scene, note_line)
    if json:
        print_json(imported)
        return 0
    counts = (counted(imported.beats, "beat"), counted(imported.options, "option"))
    print_line(f"{out}: {', '.join(counts)}")
    for lost in imported.not_carried_over:
        print_line(f"{file}:{lost.line}: not carried over: {lost.what}")
    return 0


def export_story(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    to: Annotated[
        str,
        typer.Option(
            "--to", help="The format: csv, dot, fountain, html, json, pdf, recording, twee ..."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; default: stdout.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of the texts; default: the story's own.")
    ] = "",
    json: JSON = False,
) -> int:
    """Write a story in the format of another tool; print by line what is not carried over.

    An existing file is not overwritten.
    """
    from xrdrama.tools.exchanging import export_story as exported_to

    if json and out is None:
        raise UsageError("--json needs --out: stdout has the exported story", "add -o FILE")
    exported = exported_to(story, to, out, language)
    if json:
        print_json({"file": str(out), "not_carried_over": exported.not_carried_over})
        return 0
    for lost in exported.not_carried_over:
        note_line(f"{lost.file or exported.file}:{lost.line}: not carried over: {lost.what}")
    if out is None:
        _to_stdout(exported.content, to)
    else:
        print_line(f"{out}: {counted(len(exported.not_carried_over), 'thing')} not carried over")
    return 0


def _to_stdout(written: str | bytes, kind: str) -> None:
    if isinstance(written, str):
        sys.stdout.write(written)
        return
    if sys.stdout.isatty():
        raise UsageError(f"{kind} is not text for a terminal", "add -o FILE")
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()


def strings(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    language: Annotated[str, typer.Argument(help="Language to translate to, such as zh.")],
    form: Annotated[
        str, typer.Option("--format", help="csv or po; default: as the table is, or csv.")
    ] = "",
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Take the texts of this table, .csv or .po, where it has any."),
    ] = None,
    json: JSON = False,
) -> int:
    """Write or refresh the string table of a language; list what is to be translated."""
    from xrdrama.tools.languages.tables import refresh_table

    made = refresh_table(story, language, form, source)
    if json:
        print_json(made)
        return 0
    todo = f"{len(made.untranslated)} not translated, {len(made.stale)} stale"
    unused = f", {len(made.unused)} unused" if made.unused else ""
    print_line(f"{made.file}: {counted(made.rows, 'text')}, {todo}{unused}")
    for what, names in (("not translated", made.untranslated), ("stale", made.stale)):
        if names:
            more = f" and {len(names) - 8} more" if len(names) > 8 else ""
            print_line(f"{what}: {', '.join(names[:8])}{more}")
    if made.replaced:
        print_line(f"deleted {made.replaced}: a language has one table")
    return 0


def voices(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    language: Annotated[
        str, typer.Option("--lang", help="Language to speak, such as zh; default: the story's own.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder of sounds to write; default: that of the story.")
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(help="Folder of recorded lines, named <line id>.wav, .flac, .ogg or .opus."),
    ] = None,
    voice: Annotated[str, typer.Option(help="best, or espeak.")] = "best",
    again: Annotated[
        bool, typer.Option("--again", help="Speak lines again that have audio already.")
    ] = False,
    json: JSON = False,
) -> int:
    """Speak the lines of a story that have no audio, and make the mouth tracks of all lines."""
    from xrdrama.tools.voices import make_voices

    made = make_voices(
        story, language=language, out=out, recordings=recordings, which=voice, again=again,
        notice=note_line,
    )  # fmt: skip
    if json:
        print_json(made)
        return int(bool(made.missing))
    if made.voice:
        print_line(f"{counted(len(made.spoken), 'line')} spoken by {made.voice}")
    if made.recorded:
        what = "with a recording: the jaw follows its loudness (source: energy)"
        print_line(f"{counted(len(made.recorded), 'line')} {what}")
    if made.kept:
        print_line(f"{counted(len(made.kept), 'line')} unchanged")
    if made.missing:
        print_line(f"no text in {made.language}: {', '.join(made.missing)}")
    print_line(f"audio and mouth tracks: {made.folder}")
    return int(bool(made.missing))


def markers(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The sheet to write: .pdf, .png or .svg; default: none."),
    ] = None,
    size: Annotated[int, typer.Option(help="Side of the black square in mm.")] = 70,
    spoilers: Annotated[
        bool, typer.Option("--spoilers", help="Print beside each marker what it opens.")
    ] = False,
    json: JSON = False,
) -> int:
    """List the markers of a story, and write a sheet (A4) to print them.

    Viewers find them with a phone's camera. A marker's pattern depends only on the story's id and
    the marker's name: printed sheets stay valid when the rest of the story changes.
    """
    from xrdrama.tools.markers.sheets import write_sheet

    sheet = write_sheet(story, out, side_mm=size, spoilers=spoilers)
    if json:
        print_json(sheet)
        return 0
    if not sheet.markers:
        print_line(f"{sheet.story} has no markers: no trigger of it is a marker")
        return 0
    for one in sheet.markers:
        once = ", once for each viewer" if one.once else ""
        print_line(f"{one.name}: {one.title}{once}")
        for opens in one.opens:
            print_line(f"  {opens}")
    for file in sheet.files:
        print_line(f"{file}: print it at 100 %: the ruler is {sheet.side_mm} mm")
    return 0
