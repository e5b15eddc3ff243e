"""Commands for render nodes and those who watch a show: nodes push, status, metrics."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.keys import KeyFile, pair_of
from xrdrama.cli.options import JSON
from xrdrama.cli.printing.output import print_json, print_line, stop_on_signals, writable_folder
from xrdrama.errors import UsageError

Running = Annotated[str, typer.Option(help="The running show: its port is that of run --port.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    nodes = typer.Typer(help="Prepare render nodes.", no_args_is_help=True)
    nodes.command("push")(push)
    app.add_typer(nodes, name="nodes")
    app.command()(status)
    app.command()(metrics)


def push(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    to: Annotated[
        Path,
        typer.Option(
            help="Folder for the files: shared with the node's machine, or copied there.",
            callback=lambda path: writable_folder("--to", path),
        ),
    ],
    json: JSON = False,
) -> int:
    """Copy what the pictures of a show depend on into a folder, for `render --content FOLDER`.

    Only files that are not there yet, or differ, are copied.
    """
    from xrdrama import content
    from xrdrama.tools.nodes.pushing import push as copy

    content.enter_project(content.find("show", show))
    pushed = copy(show, to)
    if json:
        print_json(pushed)
    else:
        print_line(
            f"{pushed.files} files of {pushed.show} in {pushed.folder}, {pushed.copied} of them"
            f" copied now ({pushed.bytes / 1e6:.1f} MB); content {pushed.content}"
        )
    return 0


def status(
    peer: Running = "tcp://127.0.0.1:7400",
    key: KeyFile = None,
    json: JSON = False,
) -> int:
    """Print how a running show does: its beat, its render nodes, and its alarms.

    Exits with 1 when there is an alarm.
    """
    from xrdrama.tools.nodes.status import status_of

    found = status_of(peer, pair_of(key))
    if json:
        print_json(found)
        return int(bool(found.alarms))
    print_line(f"{found.show}: frame {found.frame}, beat {found.beat or 'none yet'}")
    for node in found.nodes:
        print_line(
            f"  {node.name} ({', '.join(node.walls)}): {node.state}, frame {node.last_frame},"
            f" {node.skew_ms:g} ms behind the first, drawn in {node.draw_ms:g} ms,"
            f" missing {node.misses} times"
        )
    if found.nodes:
        print_line(f"  skew of the nodes: {found.skew_ms:g} ms (median)")
    for alarm in found.alarms:
        print_line(f"alarm {alarm.code}: {alarm.text}")
    return int(bool(found.alarms))


def metrics(
    peer: Running = "tcp://127.0.0.1:7400",
    listen: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the page.", min=0, max=65_535)] = 9464,
    key: KeyFile = None,
    once: Annotated[bool, typer.Option(help="Print the metrics, and end.")] = False,
) -> int:
    """Serve numbers about a running show for Prometheus, until stopped.

    It follows the show, through its restarts too; while none answers, xrdrama_up is 0.
    """
    try:
        from xrdrama.tools.nodes.watching import Watched, serve
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the Python package {error.name} is missing", "pip install 'xrdrama[metrics]'"
        ) from error

    stop = stop_on_signals()
    with closing(Watched(peer, pair_of(key))) as watched:
        if once:
            print_line(watched.text())
            watched.check()
            return int(not watched.is_up)
        return serve(watched, listen, port, stop, print_line)
