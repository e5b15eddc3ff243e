"""The command of whoever directs from a page: console."""

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
        str, typer.Option(help="Where the show listens: tcp://HOST:PORT. Default: the one here.")
    ] = "",
    show: Annotated[str, typer.Option(help="The show, where its name does not find it.")] = "",
    listen: Annotated[
        str, typer.Option(help="The address to listen on; beyond this machine only with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 = any.", min=0, max=65_535)] = 0,
    cert: Annotated[Path | None, typer.Option(help="A certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key (PEM).")] = None,
    child: Annotated[bool, typer.Option("--child", hidden=True)] = False,
    secrets: Annotated[Path | None, typer.Option(hidden=True)] = None,
    json: Annotated[bool, typer.Option("--json", help="The address as JSON on stdout.")] = False,
) -> int:
    """Direct a running show from a browser."""
    from xrdrama.cli.printing.output import stop_on_signals
    from xrdrama.console.process import run_console
    from xrdrama.console.serving import Wanted
    from xrdrama.processes.console import Noticed, Opened

    def opened(opened: Opened | Noticed) -> None:
        if isinstance(opened, Noticed) and not child:
            sys.stderr.write(f"{opened.notice}\n")
            return
        if child or json:
            print_json(opened)
            sys.stdout.flush()
            return
        assert isinstance(opened, Opened)
        print_line(f"{opened.show}: open this in one browser (it works once, for an hour)")
        print_line(f"  {opened.url}")
        if opened.note:
            print_line(opened.note)
        if opened.fingerprint:
            print_line("The browser will warn of an unknown certificate; compare its SHA-256:")
            print_line(f"  {opened.fingerprint}")
        print_line("Others are invited from the page. Ctrl-C ends the console, not the show.")
        sys.stdout.flush()

    stop = stop_on_signals()
    run_console(Wanted(core, show, listen, port, cert, key, child, secrets), opened, stop)
    return 0
