"""Finds the show that runs on this machine."""

from __future__ import annotations

from xrdrama.adapters.web.board.memory import boards
from xrdrama.errors import UsageError


def found_core() -> str:
    """The endpoint of the only show that runs on this machine."""
    ports = boards()
    if not ports:
        raise UsageError(
            "no show runs on this machine",
            "start one with xrdrama run SHOW, or add --core tcp://HOST:PORT",
        )
    if len(ports) > 1:
        known = ", ".join(f"tcp://127.0.0.1:{port}" for port in ports)
        raise UsageError(
            f"{len(ports)} shows run on this machine", f"choose one of them with --core: {known}"
        )
    return f"tcp://127.0.0.1:{ports[0]}"
