"""Who may come in: tokens for one use, signed cookies that expire, origins, tries a minute."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Final, get_args
from urllib.parse import urlsplit

import msgspec

from xrdrama.adapters.web.asks import Role

TRIES: Final = 5
"""Wrong tokens that an address may show in `TRIES_WITHIN` seconds."""
TRIES_WITHIN: Final = 60.0
TOKEN_LASTS: Final = 3600.0
COOKIE_LASTS: Final = 12 * 3600.0
MOST_INVITES: Final = 64
MOST_ADDRESSES: Final = 1024
TOKEN_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""What a token is made of: nothing that looks like another sign on a tablet's keyboard."""
TOKEN_GROUPS: Final = 3
"""Of four signs each: 31**12 tokens, of which an address may try 300 an hour."""


class Session(msgspec.Struct, frozen=True):
    """A browser that was let in: its role, and its number among all that were."""

    role: Role
    number: int

    @property
    def who(self) -> str:
        """The name that its doings carry in the log."""
        return f"{self.role}.{self.number}"


class TooManyTriesError(Exception):
    """This address has shown too many wrong tokens; it must wait."""


class Doorkeeper:
    """Hands out tokens and cookies. Its secrets live and die with the process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._invites: dict[bytes, tuple[Role, float]] = {}
        self._numbers = count(1)
        self._failed: dict[str, deque[float]] = {}

    def invite(self, role: Role, lasts: float = TOKEN_LASTS) -> str:
        """A token that lets one browser in, once, within `lasts` seconds."""
        token = "-".join(
            "".join(secrets.choice(TOKEN_SIGNS) for _ in range(4)) for _ in range(TOKEN_GROUPS)
        )
        now = self._clock()
        self._invites = {k: v for k, v in self._invites.items() if v[1] > now}
        while len(self._invites) >= MOST_INVITES:
            del self._invites[next(iter(self._invites))]
        self._invites[_digest(token)] = (role, now + lasts)
        return token

    def enter(self, token: str, address: str) -> str | None:
        """The cookie for a token, which is used up; None for a wrong one. TooManyTriesError."""
        failed = self._failures(address)
        if len(failed) >= TRIES:
            raise TooManyTriesError
        shown = _digest(token)
        found = None
        for known in self._invites:  # all of them, and each in constant time
            if hmac.compare_digest(known, shown):
                found = known
        if found is None:
            self._note_failure(address, failed)
            return None
        role, expires = self._invites.pop(found)
        if expires <= self._clock():
            self._note_failure(address, failed)
            return None
        return self._cookie(role, next(self._numbers))

    def session(self, cookie: str) -> Session | None:
        """Who a cookie was given to; None when it is forged, altered or expired."""
        body, dot, mac = cookie[:400].rpartition(".")
        if not dot or not hmac.compare_digest(
            self._mac(body).encode(), mac.encode("utf-8", "replace")
        ):
            return None
        role, number, expires = body.split(".")
        if float(expires) <= self._clock() or role not in get_args(Role):
            return None
        return msgspec.convert({"role": role, "number": int(number)}, Session)

    def _cookie(self, role: Role, number: int) -> str:
        body = f"{role}.{number}.{int(self._clock() + COOKIE_LASTS)}"
        return f"{body}.{self._mac(body)}"

    def _mac(self, body: str) -> str:
        return hmac.new(self._key, body.encode("utf-8", "replace"), sha256).hexdigest()

    def _failures(self, address: str) -> deque[float]:
        failed = self._failed.get(address) or deque[float](maxlen=TRIES)
        while failed and failed[0] <= self._clock() - TRIES_WITHIN:
            failed.popleft()
        return failed

    def _note_failure(self, address: str, failed: deque[float]) -> None:
        failed.append(self._clock())
        self._failed.pop(address, None)
        self._failed[address] = failed
        while len(self._failed) > MOST_ADDRESSES:
            del self._failed[next(iter(self._failed))]


def is_our_host(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header names this server: a number, or one of our names.

    A page elsewhere can make its own name point here (DNS rebinding), but not a number.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a Host header means the machine that it was sent on."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def is_our_origin(origin: str, scheme: str, host: str) -> bool:
    """Whether an Origin header is that of our own page."""
    return hmac.compare_digest(origin.encode("utf-8", "replace"), f"{scheme}://{host}".encode())


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
