"""Limits of what one session and one address may use at once, with places reserved for directors.

All counts belong to one event loop. A session is one invitation that was used. An address is one
IPv4 address or one IPv6 /64 network; all of loopback is one address, which many local clients
share (a tunnel or a proxy, say), so it has the largest share.
"""

from __future__ import annotations

import ipaddress
import time
from collections import Counter
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from xrdrama.adapters.web.access.sessions import Session

LOOPBACK: Final = "this machine"
"""The name of every loopback address."""
SECONDS_BETWEEN_NOTICES: Final = 30.0
"""Seconds between two messages about the same limit."""
RECENT: Final = 60.0
"""Seconds for which a limit that was reached is shown as an alarm."""

Kind = Literal[
    "pages", "pictures", "connections", "requests", "tokens", "sockets", "seats", "floods",
    "garbage", "slow", "senses", "finds",
]  # fmt: skip
_WHAT: Final[dict[Kind, str]] = {
    "pages": "pages were refused",
    "pictures": "picture requests were refused",
    "connections": "connections that sent no valid request were closed",
    "requests": "requests were refused: too many connections",
    "tokens": "wrong invitations were answered with a delay",
    "sockets": "viewers' pages were refused",
    "seats": "viewers were refused: one address may have only so many",
    "floods": "viewers' pages were closed: they sent too many messages",
    "garbage": "viewers' pages were closed: they sent what no page sends",
    "slow": "viewers' pages were closed: they received nothing for too long",
    "senses": "microphones and cameras of viewers were refused",
    "finds": "finds of markers were refused: one viewer sent too many",
}


def address_of(host: str) -> str:
    """The address that limits count: an IPv4 address, an IPv6 /64, or `LOOPBACK`."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return LOOPBACK
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Limit(msgspec.Struct, frozen=True):
    """The limits of one kind: how many may be open at once."""

    kind: Kind
    noun: str
    total: int
    kept: int
    """How many of `total` are reserved for directors."""
    one_session: int
    one_director: int
    one_address: int
    """For all sessions at an address that is not loopback; directors are not counted."""


PAGES: Final = Limit("pages", "pages", 64, 16, 4, 8, 16)
PICTURES: Final = Limit("pictures", "pictures", 64, 16, 8, 16, 24)
REQUESTS: Final = Limit("requests", "connections", 640, 128, 24, 64, 96)


class Limits:
    """Counts refusals, with a notice for each kind from time to time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.counts: Counter[Kind] = Counter()
        self._newest: dict[Kind, tuple[str, float]] = {}
        self._noticed: dict[Kind, tuple[int, float]] = {}

    def note(self, kind: Kind, who: str) -> None:
        """Count one refusal of a session or an address."""
        self.counts[kind] += 1
        self._newest[kind] = who, self._clock()

    def news(self) -> list[str]:
        """The notices that are due: a sentence for each kind, one in `SECONDS_BETWEEN_NOTICES`
        seconds."""
        now, found = self._clock(), []
        for kind, count in self.counts.items():
            known, at = self._noticed.get(kind, (0, -SECONDS_BETWEEN_NOTICES))
            if count > known and now - at >= SECONDS_BETWEEN_NOTICES:
                self._noticed[kind] = count, now
                found.append(self._text(kind, count))
        return found

    def summary(self) -> dict[str, object] | None:
        """For the page: `total`, one `text` for each kind, and whether it is `recent`."""
        if not self.counts:
            return None
        newest = max(at for _, at in self._newest.values())
        return {
            "total": self.counts.total(),
            "texts": [self._text(kind, count) for kind, count in self.counts.items()],
            "recent": self._clock() - newest < RECENT,
        }

    def _text(self, kind: Kind, count: int) -> str:
        return f"{count} {_WHAT[kind]} (last: {self._newest[kind][0]})"


class Claim:
    """One place in use, until `release`."""

    def __init__(self, places: Places, session: Session, address: str) -> None:
        self.session, self.address = session, address
        self._places = places

    def release(self) -> None:
        """Give the place back. May be called twice."""
        self._places.release(self)


class Places:
    """The places of one kind."""

    def __init__(self, limit: Limit, limits: Limits) -> None:
        self._limit, self._limits = limit, limits
        self._claims: dict[Claim, None] = {}  # in the order in which they came

    def __len__(self) -> int:
        return len(self._claims)

    def claim(self, session: Session, host: str) -> Claim | str:
        """A place; or why it is refused and what to do, in at most 120 characters."""
        address = address_of(host)
        refusal = self._refusal(session, address)
        if refusal:
            self._limits.note(self._limit.kind, f"{session.who} at {address}")
            return refusal
        claim = Claim(self, session, address)
        self._claims[claim] = None
        return claim

    def replaced(self, session: Session) -> Claim | None:
        """The oldest claim that must be closed so that a director gets a place; None if there is
        room.

        It is of the same session when that has all it may have, else of the director with the
        most claims. The caller closes what it stands for and releases it.
        """
        if session.role != "director":
            return None
        mine = self._of(session.number)
        if len(mine) >= self._limit.one_director:
            return mine[0]
        if len(self._claims) < self._limit.total:
            return None
        directors = [one for one in self._claims if one.session.role == "director"]
        held = Counter(one.session.number for one in directors)
        most = max(held.values(), default=0)
        return next((one for one in directors if held[one.session.number] == most), None)

    def release(self, claim: Claim) -> None:
        """Give a place back."""
        self._claims.pop(claim, None)

    def _of(self, number: int) -> list[Claim]:
        return [one for one in self._claims if one.session.number == number]

    def _refusal(self, session: Session, address: str) -> str:
        limit, noun = self._limit, self._limit.noun
        director = session.role == "director"
        most = limit.one_director if director else limit.one_session
        if len(self._of(session.number)) >= most:
            return f"this browser has {most} {noun} open, the limit for one invitation: close one"
        if director:
            full = len(self._claims) >= limit.total
            return f"all {limit.total} places are in use: close other {noun}" if full else ""
        others = [one for one in self._claims if one.session.role != "director"]
        here = sum(one.address == address for one in others)
        if address != LOOPBACK and here >= limit.one_address:
            return f"{address} has {here} {noun} open, the limit for one address: close one"
        if len(others) >= limit.total - limit.kept:
            return f"all {len(others)} places for viewers are in use: wait, or ask the director"
        return ""
