"""Render nodes of a run: what they must have, and the wait for them before the show starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from xrdrama import content
from xrdrama.adapters.bridge import Server
from xrdrama.content.drawn import drawn_files
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.show.ports import Stop
from xrdrama.wire.nodes import NodeContent

MISSING: Final = "node_missing"
"""The code of the alarm about nodes that are not in step."""
KEY_REFUSED: Final = "key_refused"
"""The code of the alarm about a connection whose key is not allowed."""


def node_content(loaded: content.Loaded) -> NodeContent:
    """What the render nodes of a show must have, and the walls of each."""
    show = content.show_file(loaded)
    files = {name: file.hash for name, file in drawn_files(loaded).items()}
    return NodeContent(show.id, dict(show.nodes), files)


def wait_for_nodes(
    server: Server, seconds: float, stop: Stop, notice: Callable[[str], None]
) -> set[str]:
    """Wait until all nodes can draw; the names of those that cannot after so many seconds."""
    if server.nodes is None:
        return set()
    missing = server.nodes.wait_joined(0.0)
    for name in sorted(missing):
        notice(
            f"waiting for the node {name}: xrdrama render --peer {server.endpoint} --name {name}"
        )
    for _ in range(round(seconds / 0.2)):
        if not missing or stop.is_set():
            break
        missing = server.nodes.wait_joined(0.2)
    if missing and not stop.is_set():
        notice(f"the show starts without the nodes {', '.join(sorted(missing))}")
    return missing


def alarms_of(outputs: Outputs, server: Server) -> dict[str, str]:
    """What is wrong with outputs, nodes and connections now: texts by code."""
    found = {MISSING: "; ".join(server.nodes.sync.alarms if server.nodes else ())}
    found[KEY_REFUSED] = server.guard.trouble if server.guard else ""
    return outputs.alarms() | {code: text for code, text in found.items() if text}
