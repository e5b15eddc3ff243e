"""Who may watch: a link for the room, which many use, or tickets for one use; then a seat.

A seat is a number in a signed cookie, so the same browser gets the same seat again after its
connection was lost, its page reloaded, or this process restarted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from xrdrama.adapters.web.access.limits import LOOPBACK, Limits
from xrdrama.adapters.web.access.sessions import COOKIE_LASTS, Doorkeeper, Secrets, Session

MOST_SEATS: Final = 4096
ONE_ADDRESS: Final = 32
"""New seats that one address gets, so that one phone cannot take many (in a network where all
phones have one address, use tickets)."""
MOST_TICKETS: Final = 2000


class FullError(Exception):
    """An address has got too many seats, or there are no more: the message is for people."""


class Seats:
    """Issues seats for tokens. `door` holds the keys; see `Doorkeeper`."""

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.time,
        *,
        kept: Secrets | None = None,
        keep: Callable[[Secrets], None] = lambda _: None,
        port: int = 0,
        tickets_only: bool = False,
        groups: Sequence[str] = (),
    ) -> None:
        self._door = Doorkeeper(clock, kept=kept, keep=keep, port=port, most_invites=MOST_TICKETS)
        self._limits = limits
        self.tickets_only = tickets_only
        self._by_address: Counter[str] = Counter()
        self.rooms: dict[str, str] = {
            group: self._door.room(COOKIE_LASTS, MOST_SEATS, group)
            for group in (() if tickets_only else groups or ("",))
        }
        """The token of the link of each group, of "" without groups; none if only tickets are
        valid."""

    @property
    def room(self) -> str:
        """The token of the room's link, or of the first group's; "" if only tickets are valid."""
        return next(iter(self.rooms.values()), "")

    def ticket(self, group: str = "") -> str:
        """A token that admits one browser, once."""
        return self._door.invite("viewer", COOKIE_LASTS, group=group)

    def enter(self, token: str, address: str) -> str:
        """The cookie of a new seat. WrongTokenError; FullError when there is no seat."""
        if address != LOOPBACK and self._by_address[address] >= ONE_ADDRESS:
            self._limits.note("seats", address)
            raise FullError(
                f"This address has {ONE_ADDRESS} viewers, which is the most that one may have."
            )
        cookie = self._door.enter(token[:200], address)
        self._by_address[address] += 1
        return cookie

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie; None if it is forged, altered or expired."""
        return self._door.session(cookie)
