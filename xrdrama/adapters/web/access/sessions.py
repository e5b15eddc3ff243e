"""Access control: tokens for one use, signed cookies that expire, origins.

A token is one of 31**12, so it cannot be guessed: wrong ones slow their address down, and a valid
one is accepted at any time, from any address.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256, sha384
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec
from itsdangerous import BadSignature, TimestampSigner

Role = Literal["director", "operator", "viewer"]
"""The role of the person at a page. A viewer sees everything and cannot send commands."""

TRIES: Final = 5
"""Wrong tokens of one address, within `TRIES_WITHIN` seconds, that are answered at once."""
TRIES_WITHIN: Final = 60.0
SLOWEST: Final = 8.0
"""Seconds, the longest delay of the answer to a wrong token."""
TOKEN_LASTS: Final = 3600.0
COOKIE_LASTS: Final = 12 * 3600.0
MOST_INVITES: Final = 64
MOST_ADDRESSES: Final = 1024
KEY_BYTES: Final = 32
MOST_IN_COOKIE: Final = 400
"""Characters of a cookie; ours have about 90."""
TOKEN_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""The characters of a token: none that looks like another one."""
TOKEN_GROUPS: Final = 3
"""Groups of four characters each: 31**12 tokens."""


class Session(msgspec.Struct, frozen=True):
    """The session of an admitted browser: its role, its number, and a viewer's group ("": none)."""

    role: Role
    number: int
    group: str = ""

    @property
    def who(self) -> str:
        """The name of its commands in the log."""
        return f"{self.role}.{self.number}"


class WrongTokenError(Exception):
    """A token that is not valid; it is answered after `delay` seconds."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"wrong token, answered after {delay:g} s")
        self.delay = delay


class Invite(msgspec.Struct, frozen=True):
    """An unused invitation: the digest of its token, its role, when it expires, how many browsers
    it still admits, and the group that they join."""

    digest: bytes
    role: Role
    expires: float
    uses: int = 1
    group: str = ""


class Secrets(msgspec.Struct, frozen=True):
    """What a restarted console must know so that its pages stay valid."""

    key: bytes = b""
    number: int = 0
    """Of the newest session."""
    invites: tuple[Invite, ...] = ()
    port: int = 0
    room: str = ""
    """The token of the room's link, which a restarted process must show again."""
    rooms: dict[str, str] = {}
    """The token of each group's link."""
    instance: str = ""
    """The instance of the audience server at the bridge."""


class CookieSigner(TimestampSigner):
    """Signs the text of a cookie together with the time, in seconds of `clock`.

    SHA-384, because its 48 bytes fill 64 characters of base64: every other digest leaves bits in
    the last character that can be changed without harm to the signature.
    """

    def __init__(self, key: bytes, clock: Callable[[], float]) -> None:
        super().__init__(key, salt=b"console cookie", key_derivation="hmac", digest_method=sha384)
        self._clock, self._latest = clock, 0

    def get_timestamp(self) -> int:
        """The time that a signature carries, and by which its age is measured.

        It never goes back, as the system's time may: a cookie from the future is not accepted.
        """
        self._latest = max(self._latest, int(self._clock()))
        return self._latest


class Doorkeeper:
    """Issues tokens and cookies.

    `clock` is in seconds of a clock that outlives the process. `keep` is called with the secrets
    whenever they change; a Doorkeeper with `kept` continues from them.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        kept: Secrets | None = None,
        keep: Callable[[Secrets], None] = lambda _: None,
        port: int = 0,
        most_invites: int = MOST_INVITES,
    ) -> None:
        kept = kept or Secrets()
        self._most_invites = most_invites
        self._rooms = {"": kept.room, **kept.rooms}
        self._clock, self._keep, self._port = clock, keep, port
        self._key = kept.key if len(kept.key) == KEY_BYTES else secrets.token_bytes(KEY_BYTES)
        self._signer = CookieSigner(self._key, clock)
        self._invites = {one.digest: one for one in kept.invites}
        self._number = kept.number
        self._failed: dict[str, deque[float]] = {}

    def invite(self, role: Role, lasts: float = TOKEN_LASTS, uses: int = 1, group: str = "") -> str:
        """A new token that admits one browser (`uses` browsers), within `lasts` seconds."""
        token = "-".join(
            "".join(secrets.choice(TOKEN_SIGNS) for _ in range(4)) for _ in range(TOKEN_GROUPS)
        )
        now = self._clock()
        self._invites = {k: v for k, v in self._invites.items() if v.expires > now}
        while len(self._invites) >= self._most_invites:
            del self._invites[next(iter(self._invites))]
        self._invites[_digest(token)] = Invite(_digest(token), role, now + lasts, uses, group)
        self._save()
        return token

    def room(self, lasts: float, uses: int, group: str = "") -> str:
        """The token of the link for viewers, or of a group of them: the kept one if it is still
        valid."""
        room = self._rooms.get(group, "")
        known = self._invites.get(_digest(room)) if room else None
        if known is None or known.expires <= self._clock():
            room = self._rooms[group] = self.invite("viewer", lasts, uses, group)
            self._save()
        return room

    def enter(self, token: str, address: str) -> str:
        """The cookie for a token, which becomes invalid after its last use; WrongTokenError if the
        token is not valid."""
        shown = _digest(token)
        found = None
        for known in self._invites:  # all of them, and each in constant time
            if hmac.compare_digest(known, shown):
                found = known
        if found is None:
            raise WrongTokenError(self._note_failure(address))
        invite = self._invites.pop(found)
        if invite.expires <= self._clock():
            raise WrongTokenError(self._note_failure(address))
        if invite.uses > 1:
            self._invites[found] = msgspec.structs.replace(invite, uses=invite.uses - 1)
        self._number += 1
        self._save()
        return self._cookie(invite.role, self._number, invite.group)

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie; None if it is forged, altered or expired."""
        try:
            signed = self._signer.unsign(
                cookie[:MOST_IN_COOKIE].encode("utf-8", "replace"), max_age=int(COOKIE_LASTS)
            )
        except BadSignature:  # SignatureExpired is one, too
            return None
        role, number, *group = signed.decode().split(".", 2)
        words = {"role": role, "number": int(number), "group": "".join(group)}
        return msgspec.convert(words, Session)

    def _cookie(self, role: Role, number: int, group: str) -> str:
        text = f"{role}.{number}.{group}" if group else f"{role}.{number}"
        return self._signer.sign(text).decode()

    def _save(self) -> None:
        invites = tuple(self._invites.values())
        rooms = dict(self._rooms)
        room = rooms.pop("", "")
        self._keep(Secrets(self._key, self._number, invites, self._port, room, rooms))

    def _note_failure(self, address: str) -> float:
        """Count a wrong token; returns the delay of its answer in seconds."""
        now = self._clock()
        failed = self._failed.pop(address, None) or deque[float](maxlen=2 * TRIES)
        while failed and failed[0] <= now - TRIES_WITHIN:
            failed.popleft()
        failed.append(now)
        self._failed[address] = failed
        while len(self._failed) > MOST_ADDRESSES:
            del self._failed[next(iter(self._failed))]
        beyond = len(failed) - TRIES
        return 0.0 if beyond <= 0 else min(SLOWEST, 0.5 * 2 ** (beyond - 1))


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
