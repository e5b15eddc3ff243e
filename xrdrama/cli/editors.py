"""The command for editors: lsp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.errors import DeviceError


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(lsp)


def lsp(
    log: Annotated[
        Path | None, typer.Option("--log", help="Write all messages to this file.")
    ] = None,
    stdio: Annotated[
        bool, typer.Option("--stdio", hidden=True, help="Always so; editors add it.")
    ] = True,
) -> int:
    """Answer an editor on stdin and stdout: problems, completion, renaming and more, while you
    type. Editors start it; branches/README.md shows how."""
    try:
        from xrdrama.tools.language_server.server import serve
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        raise DeviceError(
            f"the package {name} is not installed", "pip install 'xrdrama[author]'"
        ) from None
    serve(log)
    return 0
