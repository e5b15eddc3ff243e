"""Sends the packets of camera moves and of recordings: `track simulate` and `track replay`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xrdrama import content, plugins
from xrdrama.adapters.trackers.operator import Operator, Settings, monotonic_since_now
from xrdrama.adapters.trackers.replay import LogPlayer, load_log
from xrdrama.errors import UsageError
from xrdrama.tracking.edge import UNCHANGED
from xrdrama.tracking.moves import load_move


def simulate_moves(
    moves: Sequence[str], to: str, rate: float, seconds: float, subject: str, protocol: str
) -> int:
    """Send the packets of camera moves, starting now; returns the number of packets.

    A move is a name or file, or NAME=SUBJECT; `subject` is that of a move without one. UsageError
    for two moves of one subject.
    """
    _check_target(to)
    paths: dict[str, Path] = {}
    for given in moves:
        name, equals, own = given.rpartition("=") if "=" in given else (given, "", subject)
        if equals and not (name and own):
            raise UsageError(f"{given!r} is not valid", "write NAME=SUBJECT, such as demo=1")
        if own in paths:
            raise UsageError(
                f"two moves have the subject {own!r}: {paths[own]} and {name}",
                "write each move as NAME=SUBJECT, such as two_cameras_a=1 two_cameras_b=2",
            )
        paths[own] = content.find("move", name)
    texts = {own: content.read_text(path) for own, path in paths.items()}
    for own, path in paths.items():
        load_move(texts[own], str(path))
    first, *others = paths
    settings = Settings(
        move=texts[first], name=str(paths[first]), rate=rate, to=to, subject=first,
        protocol=protocol, seconds=seconds, others={own: texts[own] for own in others},
    )  # fmt: skip
    move = load_move(texts[first], str(paths[first]))
    operator = Operator("operator", move, settings, plugins.tracker(protocol))
    stop = threading.Event()
    try:
        operator.send(stop, monotonic_since_now())
    except KeyboardInterrupt:
        stop.set()
    return operator.sent


def replay_log(file: Path, to: str, rate: float) -> dict[str, Any]:
    """Send the datagrams of a recording at `rate` times its pace, starting now; what was sent.
    UsageError as for `load_log`."""
    log = load_log(file)
    _check_target(to)
    player = LogPlayer("replay", log, plugins.tracker(log.protocol), UNCHANGED, to)
    stop = threading.Event()
    try:
        player.send(stop, monotonic_since_now(), rate=rate)
    except KeyboardInterrupt:
        stop.set()
    return {"sent": player.sent, "of": len(log.entries), "protocol": log.protocol, "to": to}


def _check_target(to: str) -> None:
    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"--to {to!r} is not valid", "write HOST:PORT, such as 127.0.0.1:40000")
