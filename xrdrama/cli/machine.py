"""Commands about this machine and this program: doctor, models, bench, version."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import console, print_json, print_line, table, writable_folder
from xrdrama.cli.printing.plain import note_line
from xrdrama.errors import UsageError

models_group = typer.Typer(
    help="List or download the models of the recognisers.", no_args_is_help=True
)
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(doctor)
    app.command()(bench)
    app.command()(version)
    app.command()(schema)
    app.add_typer(models_group, name="models")


def doctor(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[SHOW|STAGE]",
            help="Show or stage whose tracker to listen to; default: the stages in this folder.",
        ),
    ] = "",
    seconds: Annotated[
        float, typer.Option(help="Seconds to listen to each tracker.", min=0.1, max=60.0)
    ] = 1.5,
    json: JSON = False,
) -> int:
    """Check this machine: GL, models, fonts, sound, cameras, trackers; print how to fix each."""
    from xrdrama.tools.doctor import examine

    checks = examine(name, seconds)
    if json:
        print_json({"checks": checks})
        return 0
    shown = table("", "", "")
    for check in checks:
        mark = "[green]ok[/]" if check.ok else "[yellow]--[/]"
        remedy = f"\n[dim]{check.remedy}[/]" if check.remedy and not check.ok else ""
        shown.add_row(mark, check.name, check.detail + remedy)
    console().print(shown)
    return 0


def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of benchmarks; default: all.")
    ] = None,
    json: JSON = False,
) -> int:
    """Run benchmarks and print each as a ratio to a reference measured in the same run."""
    from xrdrama.tools.bench import run_benches

    results = run_benches(names or [])
    if json:
        print_json({"results": results})
    else:
        shown = table("", "value", "reference", "ratio", "goal", "")
        for result in results:
            verdict = "[green]pass[/]" if result.passed else "[red]FAIL[/]"
            shown.add_row(
                result.name,
                f"{result.value:.4g} {result.unit}",
                f"{result.reference:.4g} {result.unit}",
                f"{result.ratio:.3f}",
                f"<= {result.goal:g}",
                verdict,
            )
        console().print(shown)
    return int(not all(result.passed for result in results))


def schema(
    kind: Annotated[
        str, typer.Argument(help="Kind of file: branch, scene, stage, show, move; or wire.")
    ] = "",
    write: Annotated[
        Path | None,
        typer.Option(help="Write all schemas and golden messages of bridge/ into this folder."),
    ] = None,
) -> int:
    """Print the JSON Schema of a kind of file, for editors, or of the wire."""
    from xrdrama.tools.schemas import editor_schemas, pretty
    from xrdrama.tools.schemas import write as write_all
    from xrdrama.wire.schema import wire_schema

    if write is not None:
        for path in write_all(writable_folder("--write", write)):
            print_line(str(path))
        return 0
    schemas = {**editor_schemas(), "wire": wire_schema()}
    if kind not in schemas:
        message = f"there is no schema {kind!r}" if kind else "the kind of schema is missing"
        raise UsageError(message, f"use one of: {', '.join(schemas)}")
    sys.stdout.write(pretty(schemas[kind]).decode())
    return 0


def version() -> int:
    """Print the versions of xrdrama and of its wire protocol."""
    import xrdrama
    from xrdrama.wire.messages import PROTOCOL_MAJOR
    from xrdrama.wire.schema import schema_hash

    print_line(f"xrdrama {xrdrama.__version__}, wire {PROTOCOL_MAJOR} ({schema_hash()})")
    return 0


@models_group.command("list")
def models_list(json: JSON = False) -> int:
    """List the models and where they are installed."""
    from xrdrama.tools.models import listed

    found = listed()
    if json:
        print_json({"models": found})
        return 0
    shown = table("", "model", "")
    for model in found:
        mark = "[green]here[/]" if model.here else "[yellow]--[/]"
        shown.add_row(mark, model.name, model.detail)
    console().print(shown)
    return 0


@models_group.command("get")
def models_get(
    name: Annotated[str, typer.Argument(help="hand, face, vosk or voice-zh.")],
    source: Annotated[str, typer.Option("--from", help="Folder or zip file of a vosk model.")] = "",
) -> int:
    """Install a model into the cache and print its path."""
    from xrdrama.tools.models import get, licence_of

    licence = licence_of(name)
    if licence:
        note_line(licence)
    print_line(str(get(name, source)))
    return 0
