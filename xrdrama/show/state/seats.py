"""Seats: viewers with a phone whose voice or hand may pick, each apart from all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

AUDIENCE: Final = "audience"
"""The source of every event of a seat begins with this: audience.SEAT.voice."""
MOST_SEATS: Final = 64
"""Seats whose voices or hands are known; the newest."""

Sense = TypeVar("Sense")


def seat_of(source: str) -> str:
    """The seat of an event's source, as audience.7; "" for the stage's own inputs."""
    parts = source.split(".")
    return ".".join(parts[:2]) if parts[0] == AUDIENCE and len(parts) > 1 else ""


def with_seat(known: Mapping[str, Sense], seat: str, now: Sense) -> dict[str, Sense]:
    """What is known by seat, with one seat changed; the one that was silent longest goes."""
    others = {name: one for name, one in known.items() if name != seat}
    return dict(list({**others, seat: now}.items())[-MOST_SEATS:])
