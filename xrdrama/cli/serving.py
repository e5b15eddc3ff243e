"""Commands for the audience: serve, and the internal command of the server's process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.options import (
    JSON,
    ConsolePort,
    Inputs,
    Network,
    NoConsole,
    Out,
    Port,
    Resume,
    ResumeDamaged,
    Seconds,
    Window,
)
from xrdrama.cli.printing.output import console, print_json, stop_on_signals, writable_file
from xrdrama.cli.printing.results import print_recording, print_result
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.processes.audience import AudienceOptions

Listen = Annotated[
    str,
    typer.Option(
        help="Address to listen on; 0.0.0.0 for phones in the network. Other machines need HTTPS."
    ),
]
WebPort = Annotated[
    int, typer.Option(help="Port of the viewers' page; 0 = any free port.", min=0, max=65_535)
]
Cert = Annotated[
    Path | None,
    typer.Option(help="TLS certificate (PEM file); default: one of this machine's own authority."),
]
Key = Annotated[Path | None, typer.Option(help="Private key of the certificate (PEM file).")]
Tickets = Annotated[
    int,
    typer.Option(
        help="Admit viewers only with so many tickets, each for one viewer, instead of one link.",
        min=0,
        max=2000,
    ),
]
TicketsFile = Annotated[
    Path | None, typer.Option("--tickets-file", help="File for the links of the tickets.")
]
Code = Annotated[
    Path | None,
    typer.Option(help="Write the QR code of the link as a picture (.svg or .png), for the wall."),
]
HelpPort = Annotated[
    int,
    typer.Option(
        help="Port of the plain page that explains how a phone trusts the certificate.",
        min=0,
        max=65_535,
    ),
]
Events = Annotated[
    str,
    typer.Option(
        "--audience",
        metavar="nats://HOST:4222/LOG",
        help="Keep votes and viewers' events on a NATS server; default: in files beside the take.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(serve)
    app.command("audience", hidden=True)(audience_process)
    app.command("recognise", hidden=True)(recogniser_process)


def serve(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    listen: Listen = "127.0.0.1",
    port: WebPort = 0,
    cert: Cert = None,
    key: Key = None,
    tickets: Tickets = 0,
    tickets_file: TicketsFile = None,
    code: Code = None,
    help_port: HelpPort = 0,
    audience: Events = "",
    window: Window = False,
    seconds: Seconds = None,
    out: Out = Path("out/serve"),
    inputs: Inputs = None,
    resume: Resume = None,
    resume_from_damaged: ResumeDamaged = False,
    bridge_port: Port = 0,
    network: Network = "",
    no_console: NoConsole = False,
    console_port: ConsolePort = 0,
    json: JSON = False,
) -> int:
    """Play a show for phones, desktops and headsets' browsers.

    Prints the link that viewers open. All viewers follow the show and pick its options, or each
    plays a branch of their own (audience: mode: of the show file).
    """
    from xrdrama import content
    from xrdrama.app import run_show
    from xrdrama.run.options import RunOptions

    if tickets and tickets_file is None:
        raise UsageError("--tickets needs a file for their links", "add --tickets-file FILE")
    picture = writable_file("--code", code, (".svg", ".png")) if code else None
    content.enter_project(content.find("show", show))
    _refuse_unreachable(listen, (port, help_port), cert, key, waits=resume is not None)
    if audience:
        from xrdrama.adapters.eventlog.placed import refuse_unusable

        refuse_unusable(audience)
    files = [str(path or "") for path in (cert, key, tickets_file, picture)]
    options = RunOptions(
        show=show, out=out, viewer="window" if window else None, video=window, seconds=seconds,
        inputs=tuple(inputs or ()), resume=resume, resume_damaged=resume_from_damaged,
        port=bridge_port, network=network, console=not no_console, console_port=console_port,
        audience=_audience(show, listen, port, files, tickets, help_port, audience),
    )  # fmt: skip
    result = run_show(options, console(stderr=True), stop_on_signals())
    print_result(result, json=json)
    return print_recording(result)


def _audience(
    show: str,
    listen: str,
    port: int,
    files: list[str],
    tickets: int,
    help_port: int,
    events: str,
) -> AudienceOptions:
    from xrdrama.processes.audience import AudienceOptions

    cert, key, tickets_file, code_file = files
    prints = sys.stderr.isatty()
    return AudienceOptions(
        show, listen, port, cert, key, tickets, tickets_file, code_file, help_port, prints, events
    )


def _refuse_unreachable(
    listen: str, ports: tuple[int, int], cert: Path | None, key: Path | None, *, waits: bool
) -> None:
    """UsageError or DeviceError, before anything is started, without the server's packages, for
    an address or port that cannot be used, or without TLS for an address."""
    from xrdrama.audience.joining import refuse_taken, tls_of
    from xrdrama.processes.console import is_installed

    if not is_installed():
        raise UsageError("the audience server is not installed", "pip install 'xrdrama[console]'")
    # The server of a show that was killed may use its port for some seconds: a resumed one waits.
    refuse_taken(listen, *((0, 0) if waits else ports))
    tls_of(listen, cert, key)


def audience_process(
    endpoint: str,
    show: str,
    listen: Listen = "127.0.0.1",
    port: WebPort = 0,
    cert: Cert = None,
    key: Key = None,
    tickets: Tickets = 0,
    tickets_file: TicketsFile = None,
    code_file: Code = None,
    help_port: HelpPort = 0,
    events: Annotated[str, typer.Option()] = "",
    secrets: Annotated[Path | None, typer.Option()] = None,
    votes: Annotated[Path | None, typer.Option()] = None,
) -> int:
    """(internal) Serve the viewers of the show SHOW, which runs at ENDPOINT."""
    from xrdrama.audience.process import AudienceServer, run_audience

    def say(message: object) -> None:
        print_json(message)
        sys.stdout.flush()

    options = AudienceServer(
        endpoint,
        show,
        listen,
        port,
        cert,
        key,
        tickets,
        tickets_file,
        code_file,
        help_port,
        secrets,
        votes,
        events,
    )
    run_audience(options, say, stop_on_signals())
    return 0


def recogniser_process() -> int:
    """(internal) Listen to, or look at, viewers' phones for the audience server."""
    from xrdrama.audience.senses.worker import recognise

    return recognise(stop_on_signals())
