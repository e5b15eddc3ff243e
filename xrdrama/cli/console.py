"""The command `console`: direct a running show from a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import print_json, print_line


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("console")(console_command)


def console_command(
    core: Annotated[
        str,
        typer.Option(
            help="Address of the show, tcp://HOST:PORT; default: the show on this machine."
        ),
    ] = "",
    show: Annotated[
        str, typer.Option(help="Show file, if it is not found by the show's name.")
    ] = "",
    listen: Annotated[
        str,
        typer.Option(help="Address to listen on; an address other than this machine's uses TLS."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 = any free port.", min=0, max=65_535)
    ] = 0,
    cert: Annotated[
        Path | None, typer.Option(help="TLS certificate (PEM file); default: a new one.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Private key of the certificate (PEM file).")
    ] = None,
    child: Annotated[bool, typer.Option("--child", hidden=True)] = False,
    secrets: Annotated[Path | None, typer.Option(hidden=True)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the address as JSON.")] = False,
) -> int:
    """Direct a running show from a browser."""
    from xrdrama.cli.printing.output import stop_on_signals
    from xrdrama.console.process import run_console
    from xrdrama.console.serving import ConsoleOptions
    from xrdrama.processes.console import Notice, Opened

    def opened(opened: Opened | Notice) -> None:
        if isinstance(opened, Notice) and not child:
            sys.stderr.write(f"{opened.notice}\n")
            return
        if child or json:
            print_json(opened)
            sys.stdout.flush()
            return
        assert isinstance(opened, Opened)
        print_line(
            f"{opened.show}: open this address in a browser (valid for one browser and one hour)"
        )
        print_line(f"  {opened.url}")
        if opened.note:
            print_line(opened.note)
        if opened.fingerprint:
            print_line(
                "The browser will warn about an unknown certificate; check that its SHA-256 is"
            )
            print_line(f"  {opened.fingerprint}")
        print_line("Invite others from the page. Ctrl-C ends the console; the show continues.")
        sys.stdout.flush()

    stop = stop_on_signals()
    run_console(ConsoleOptions(core, show, listen, port, cert, key, child, secrets), opened, stop)
    return 0
