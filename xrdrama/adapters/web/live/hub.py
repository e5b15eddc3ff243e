"""The live socket of a console: a snapshot, then what changes; commands in, answers back.

Every page has a queue of one: what it was not sent yet is merged into the next message, so a slow
page gets the newest state and costs no memory. All runs on one event loop; the core's frames and
answers come in from another thread by `call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from xrdrama.adapters.web.access.limits import PAGES, Claim, Limits, Places
from xrdrama.adapters.web.access.sessions import Session
from xrdrama.adapters.web.board.memory import Fate, PictureName, Vitals
from xrdrama.adapters.web.board.pace import Pace
from xrdrama.adapters.web.live.commands import Sent, decode_command
from xrdrama.adapters.web.live.ring import Flat, Ring
from xrdrama.adapters.web.live.sheet import Sheet
from xrdrama.adapters.web.live.view import View
from xrdrama.errors import RemoteProtocolError, XrdramaError
from xrdrama.wire.commands import Command, ParamSet, Sender
from xrdrama.wire.frame import CommandRefused, Frame
from xrdrama.wire.messages import Recorded, Refused

INTERVAL: Final = 1 / 30
"""Seconds between two messages to one page."""
GOODBYE: Final = 0.5
"""Seconds within which all pages must be closed."""
LAST_NEWS: Final = 2.0
"""Seconds within which all pages must have received how the show ended, before they are closed."""
SEND_TIMEOUT_S: Final = 8.0
"""A page that receives nothing for so many seconds is closed."""
ASKS_A_SECOND: Final = 60.0
ASKS_AT_ONCE: Final = 120.0
SILENT: Final = 1.0
"""Seconds without a frame after which pages say that the show does not answer."""
MOST_WAITING: Final = 400
"""Most unanswered commands of operators; those of a director are sent even then."""
REMEMBERED: Final = 500
"""Most recorded commands and refusals that are kept until the matching one arrives."""
OWN: Final = frozenset(
    {
        "doings", "desks", "vitals", "pictures", "pace", "silent", "age", "fate", "take",
        "limits",
    }
)  # fmt: skip
"""The names in the state that are not from the frame."""

T = TypeVar("T")
GOING_AWAY, POLICY, TRY_LATER, REPLACED = 1001, 1008, 1013, 4001
"""Why a socket is closed. A page does not come back by itself after `REPLACED`."""
Answer = Callable[[Recorded | Refused], None]


class Desk(Protocol):
    """Sends commands to the show. `answered` is called with the core's answer, in any thread."""

    def send(self, command: Command, sender: Sender, answered: Answer) -> None:
        """Record a command; XrdramaError when it cannot be sent."""


class Monitor(Protocol):
    """Performance of the show on its machine (the board)."""

    def vitals(self) -> Vitals | None:
        """The vitals; None if they are not known."""

    def pictures(self) -> tuple[PictureName, ...]:
        """The available pictures."""

    def fate(self) -> Fate:
        """The state of the show."""


class _Allowance:
    """The rate limit of a session's messages (token bucket)."""

    def __init__(self, now: float) -> None:
        self.left, self.at = ASKS_AT_ONCE, now

    def take(self, now: float) -> bool:
        """Whether one more message is within the rate."""
        self.left = min(ASKS_AT_ONCE, self.left + (now - self.at) * ASKS_A_SECOND)
        self.at = now
        self.left = max(-1.0, self.left - 1)
        return self.left >= 0


class _Page:
    """One open socket: the version that it has, and its waiting answers."""

    def __init__(self, socket: WebSocket, session: Session, claim: Claim) -> None:
        self.socket, self.session, self.claim = socket, session, claim
        self.reason = ""
        """Why it must be closed; "" while it may stay."""
        self.version = -1
        self.sent = -1
        """The version that was sent completely; `version` may still be under way."""
        self.answers: deque[dict[str, Any]] = deque(maxlen=256)
        self.wake = asyncio.Event()

    def answer(self, id: int, **answer: Any) -> None:
        """Queue an answer to a command."""
        self.answers.append({"id": id, **answer})
        self.wake.set()


class Hub:
    """All open pages and the state that they share. `clock` is in seconds."""

    def __init__(
        self,
        sheet: Sheet,
        desk: Desk,
        monitor: Monitor,
        clock: Callable[[], float] = time.monotonic,
        *,
        limits: Limits | None = None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.limits = limits or Limits(clock)
        self._notice = notice
        self._places = Places(PAGES, self.limits)
        self._allowances: dict[int, _Allowance] = {}
        self._waiting = 0
        """Commands that the show has not answered yet."""
        self.sheet, self._desk, self._monitor, self._clock = sheet, desk, monitor, clock
        self.ring = Ring()
        self.boot = secrets.token_hex(4)
        self.number = -1
        """The number of the newest frame."""
        self._view = View()
        self._pages: set[_Page] = set()
        self._pace = Pace(sheet.rate)
        self._arrived: float | None = None
        self._is_over = False
        """True after the pages were sent how the show ended: nothing changes that any more."""
        self._doings: deque[Flat] = deque(maxlen=8)
        self._recorded: OrderedDict[int, tuple[_Page, int]] = OrderedDict()
        """By number in the log: the page that sent the command, and its id there."""
        self._refused: OrderedDict[int, CommandRefused] = OrderedDict()
        self._encoded: dict[int, bytes] = {}

    # -- what happens ---------------------------------------------------------------------------

    def frame(self, frame: Frame) -> None:
        """Update the state with a frame of the show."""
        if self._is_over or frame.number == self.number:  # a late one would count as an answer
            return
        if frame.number < self.number:  # the show was restarted
            self._view, self._pace = View(), Pace(self.sheet.rate)
        self.number = frame.number
        self._arrived = self._clock()
        self._pace.frame(frame.number, self._arrived)
        self.ring.take(self._view.of(frame), keep=OWN)
        if "silent" in self.ring.state:
            self.ring.change({"silent": None, "age": None, "fate": None})
        for refused in frame.refused:
            _keep(self._refused, refused.seq, refused)
            self._answer_refused(refused.seq)
        self._wake()

    def _answer_refused(self, seq: int) -> None:
        """Answer the page whose command had no effect, once both its number and that are known."""
        if seq not in self._refused or seq not in self._recorded:
            return
        refused, (page, id) = self._refused.pop(seq), self._recorded.pop(seq)
        page.answer(id, refused=refused.text, code=refused.code)
        kept = [doing for doing in self._doings if doing["seq"] != seq]
        if len(kept) < len(self._doings):
            self._doings = deque(kept, maxlen=self._doings.maxlen)
            self.ring.change({"doings": kept or None})

    async def watch(self) -> None:
        """Once a second, publish the vitals and whether the show still answers. Runs until
        cancelled."""
        while not self._is_over:
            vitals = self._monitor.vitals()
            self._pace.second(vitals)
            changes: Flat = {
                "vitals": msgspec.to_builtins(vitals) if vitals else None,
                "pictures": list(self._monitor.pictures()) or None,
                "pace": {"made": self._pace.made(), "drawn": self._pace.drawn()},
                "silent": self.is_silent or None,
                "age": self._age() if self.is_silent else None,
                "limits": self.limits.summary(),
                "take": (vitals.take if vitals else "") or self.ring.state.get("take"),
            }
            if self.is_silent and (fate := self._monitor.fate()) in ("ended", "died"):
                changes["fate"] = fate
            self.ring.change(changes)
            self._wake()
            for text in self.limits.news():
                self._notice(text)
            await asyncio.sleep(SILENT)

    def audience_link(self) -> str:
        """The link that viewers open to join; "" without one."""
        vitals = self._monitor.vitals()
        return vitals.audience.join if vitals and vitals.audience else ""

    def _age(self) -> float | None:
        """Seconds since the newest frame; None before the first."""
        return None if self._arrived is None else round(self._clock() - self._arrived, 1)

    @property
    def is_silent(self) -> bool:
        """True while no frames arrive."""
        return self._arrived is None or self._clock() - self._arrived > SILENT

    async def close_pages(self, reason: str, *, with_show: bool) -> None:
        """Close all pages with a reason: this console ends, maybe because its show does."""
        if with_show:
            fate = "died" if self._monitor.fate() == "died" else "ended"
            self.ring.change({"silent": True, "fate": fate})
            self._is_over = True
            self._wake()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_sent(self.ring.version), LAST_NEWS)
        closing = [page.socket.close(GOING_AWAY, reason) for page in self._pages]
        await asyncio.wait([asyncio.gather(*closing, return_exceptions=True)], timeout=GOODBYE)

    async def _all_sent(self, version: int) -> None:
        """Wait until the state of `version` was sent to all open pages, however slow they are."""
        while any(page.sent < version for page in self._pages):
            await asyncio.sleep(INTERVAL)

    def _wake(self) -> None:
        self._encoded.clear()
        for page in self._pages:
            page.wake.set()

    # -- pages ----------------------------------------------------------------------------------

    async def attend(self, socket: WebSocket, session: Session, since: str, host: str = "") -> None:
        """Serve an accepted socket until it closes. `since` is where the page was, or "".

        It is closed with a reason if there is no place; a director always gets one.
        """
        if oldest := self._places.replaced(session):
            self._let_go(next(page for page in self._pages if page.claim is oldest))
        claim = self._places.claim(session, host)
        if isinstance(claim, str):
            await socket.close(TRY_LATER, claim)
            return
        page = _Page(socket, session, claim)
        boot, _, version = since.partition(".")
        if boot == self.boot and version.isdecimal():
            page.version = int(version[:15])
        page.wake.set()
        self._pages.add(page)
        self._count_desks()
        sending = asyncio.create_task(self._send(page))
        receiving = asyncio.create_task(self._receive(page))
        try:
            await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._remove(page)
            for task in (sending, receiving):
                task.cancel()
                with contextlib.suppress(
                    asyncio.CancelledError, WebSocketDisconnect, RuntimeError, OSError
                ):
                    await task

    def _remove(self, page: _Page) -> None:
        page.claim.release()
        self._pages.discard(page)
        self._count_desks()

    def _let_go(self, page: _Page) -> None:
        """Make room for a director: the page's own task closes it."""
        page.claim.release()
        page.reason = "a newer page of a director replaced this one: reload to use this page again"
        page.wake.set()

    def _count_desks(self) -> None:
        self.ring.change({"desks": sorted(page.session.who for page in self._pages) or None})
        self._wake()

    async def _send(self, page: _Page) -> None:
        while True:
            await page.wake.wait()
            page.wake.clear()
            if page.reason:
                await page.socket.close(REPLACED, page.reason)
                return
            data = self._news(page)
            version = page.version
            if data is not None:
                try:
                    await asyncio.wait_for(page.socket.send_text(data.decode()), SEND_TIMEOUT_S)
                except TimeoutError:
                    return
            page.sent = version
            await asyncio.sleep(INTERVAL)

    def _news(self, page: _Page) -> bytes | None:
        """What a page has not received yet, as one message."""
        version, answers = page.version, list(page.answers)
        page.answers.clear()
        page.version = self.ring.version
        if not answers and version == self.ring.version:
            return None
        if not answers and version in self._encoded:
            return self._encoded[version]
        message: dict[str, Any] = {"v": f"{self.boot}.{self.ring.version}", "n": self.number}
        changed = self.ring.since(version)
        if changed is None:
            message["is"] = self.ring.state
        elif changed:
            message["now"] = changed
        if answers:
            message["answers"] = answers
        data = msgspec.json.encode(message)
        if not answers:
            self._encoded[version] = data
        return data

    async def _receive(self, page: _Page) -> None:
        while True:
            message = await page.socket.receive()
            if message["type"] != "websocket.receive":
                return
            data = message.get("text")
            allowance = self._allowances.setdefault(page.session.number, _Allowance(self._clock()))
            if not allowance.take(self._clock()):
                await page.socket.close(POLICY, "too many messages: the page will reconnect")
                return
            try:
                raw = message.get("bytes") or b"" if data is None else data
                sent = decode_command(raw, page.session.who)
            except RemoteProtocolError as error:
                await page.socket.close(POLICY, str(error).encode()[:110].decode("utf-8", "ignore"))
                return
            self._send_on(page, sent)

    def _send_on(self, page: _Page, sent: Sent) -> None:
        """Send a command to the core, for the person at the page."""
        session = page.session
        if self.is_silent:
            page.answer(
                sent.id, refused="the show does not answer; nothing was sent", code="silent"
            )
            return
        if session.role != "director" and self._waiting >= MOST_WAITING:
            text = "too many commands wait for the show's answer; nothing was sent: try again"
            page.answer(sent.id, refused=text, code="too_much")
            return
        loop = asyncio.get_running_loop()

        def answered(answer: Recorded | Refused) -> None:
            with contextlib.suppress(RuntimeError):  # this process ends
                loop.call_soon_threadsafe(self._answered, page, sent, answer)

        self._waiting += 1
        try:
            self._desk.send(sent.command, Sender(session.who, session.role), answered)
        except XrdramaError as error:
            self._waiting -= 1
            page.answer(sent.id, refused=str(error), code="not_sent")

    def _answered(self, page: _Page, sent: Sent, answer: Recorded | Refused) -> None:
        self._waiting -= 1
        if isinstance(answer, Refused):
            page.answer(sent.id, refused=answer.reason, code=answer.code)
            return
        page.answer(sent.id, recorded=answer.seq, n=self.number)
        self.ring.change({"doings": self._did(page.session.who, sent, answer.seq)})
        _keep(self._recorded, answer.seq, (page, sent.id))
        self._answer_refused(answer.seq)
        self._wake()

    def _did(self, who: str, sent: Sent, seq: int) -> list[Flat]:
        """The newest commands of all pages; a slider that is dragged is one of them."""
        doing = {"n": self.number, "seq": seq, "who": who, **sent.words}
        newest = self._doings[0] if self._doings else {}
        same = {"do": newest.get("do"), "param": newest.get("param"), "who": newest.get("who")}
        if isinstance(sent.command, ParamSet) and same.items() <= doing.items():
            self._doings.popleft()
        self._doings.appendleft(doing)
        return list(self._doings)


def _keep(kept: OrderedDict[int, T], seq: int, value: T) -> None:
    kept[seq] = value
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
