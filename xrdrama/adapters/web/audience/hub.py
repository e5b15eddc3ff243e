"""The open sockets of viewers' pages: states to them, requests from them, answers back.

A page has no queue: it is sent what changed since the state that it has, so a slow page gets the
newest state and costs no memory, and one that receives nothing for `SEND_TIMEOUT_S` is closed. All
runs on one event loop; the show's frames and answers come in by `call_soon_threadsafe`.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar, get_args

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from xrdrama.adapters.web.access.limits import LOOPBACK, Claim, Limit, Limits, Places, address_of
from xrdrama.adapters.web.access.sessions import Session
from xrdrama.adapters.web.audience.allowance import Allowance
from xrdrama.adapters.web.audience.finding import (
    TOO_OFTEN,
    Answered,
    Finding,
)
from xrdrama.adapters.web.audience.pages import Page, Seat
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.audience import (
    REPLACED,
    Answer,
    Answers,
    AskWhole,
    Code,
    FromPage,
    MarkerFound,
    Proof,
    Refused,
    decode_from_page,
)
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame

INTERVAL: Final = 0.1
"""Seconds between two states."""
SILENT: Final = 1.5
"""Seconds without a frame after which pages say that the show does not answer."""
SEND_TIMEOUT_S: Final = 8.0
GOODBYE: Final = 1.0
"""Seconds within which all pages must be closed."""
SOCKETS: Final = Limit("sockets", "pages", 1200, 0, 4, 4, 64)
ADDRESS_ASKS_A_SECOND: Final = 100.0
ADDRESS_ASKS_AT_ONCE: Final = 300.0
MOST_SEATS_REMEMBERED: Final = 4096
GOING_AWAY, POLICY, TRY_LATER = 1001, 1008, 1013
T = TypeVar("T")


class Recording(NamedTuple):
    """An event that a request becomes. `answer` makes the answer from its number in the log; it is
    given when a frame says what came of the `marker`, where there is one. `first` is done before
    the event is sent: it calls what it gets, with a refusal if it failed."""

    event: AnyEvent
    answer: Callable[[int], Answer]
    first: Callable[[Callable[[Refusal | None], None]], None] | None = None
    marker: str = ""


class Refusal(NamedTuple):
    """Why a request has no effect."""

    text: str
    code: Code

    def answer(self, id: int) -> Refused:
        """The answer to a request."""
        return Refused(id, self.text[:300], self.code)


Outcome = Callable[[int | Refusal], None]
"""Called with the number of an event in the log, or with why it was refused."""


class Shows(Protocol):
    """The shows that pages follow: the room's, or one for each seat."""

    def stream(self, seat: int) -> Stream | str:
        """The states for a seat, which is joining; or why there is no place for it."""

    def left(self, seat: int) -> None:
        """The last socket of a seat was closed."""

    def send(self, seat: int, id: int, event: AnyEvent, outcome: Outcome) -> None:
        """Record an event; sent again with the same seat and id it counts once. `outcome` is
        called later, on the event loop."""

    def advance(self) -> None:
        """Called before each state is made."""

    def joined(self, viewers: int) -> None:
        """So many viewers are joined now; called once a second."""


Do = Callable[[Stream, int, Any], Recording | Refusal | Proof]
"""What a request of a seat becomes; a proof is answered at once."""


class Counts(msgspec.Struct, frozen=True):
    """The audience now: seats with an open page, open pages, requests that were recorded, and
    refusals by kind."""

    joined: int = 0
    pages: int = 0
    recorded: int = 0
    refused: dict[str, int] = {}


class Hub:
    """All open pages. `does` says what each kind of request becomes. `clock` is in seconds."""

    def __init__(
        self,
        shows: Shows,
        does: Mapping[type[FromPage], Do],
        clock: Callable[[], float] = time.monotonic,
        *,
        limits: Limits | None = None,
        groups: dict[int, str] | None = None,
        notice: Callable[[str], None] = lambda _: None,
        counted: Callable[[Counts], None] = lambda _: None,
    ) -> None:
        self.limits = limits or Limits(clock)
        self._shows, self._does, self._clock = shows, does, clock
        self._notice, self._counted = notice, counted
        self._places = Places(SOCKETS, self.limits)
        self._pages: dict[Page, None] = {}
        """In the order in which they came."""
        self._seats: OrderedDict[int, Seat] = OrderedDict()
        self._addresses: OrderedDict[str, Allowance] = OrderedDict()
        self.groups: dict[int, str] = {} if groups is None else groups
        """The group of each seat that was here."""
        self._recorded = 0
        self._arrived = clock()
        self._acts: OrderedDict[tuple[str, str], tuple[int, int]] = OrderedDict()
        """The seat and id of the newest recorded events, by source and option."""
        self._sent: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """The seat and id of the newest recorded events, by their number in the log."""
        self._finding = Finding()

    # -- the show -------------------------------------------------------------------------------

    def arrived(self, frame: Frame) -> None:
        """A frame of the room's show has arrived."""
        self._arrived = self._clock()
        self.refused(frame)

    def refused(self, frame: Frame) -> None:
        """Answer the requests whose events had no effect, as a frame says."""
        for answered in self._finding.judged(frame.feedback):
            self._give(answered)
        for feedback in frame.feedback:
            found = self._acts.pop((feedback.source, feedback.said), None)
            if found is not None and feedback.verdict == "nothing_open":
                self._has_no_effect(*found, CLOSED)
        for refused in frame.refused:
            if (sender := self._sent.pop(refused.seq, None)) is not None:
                code: Code = next((code for code in CODES if code == refused.code), "closed")
                self._has_no_effect(*sender, Refusal(refused.text, code))

    def _has_no_effect(self, number: int, id: int, why: Refusal) -> None:
        answer = why.answer(id)
        self._seat(number).keep(id, answer)
        self._notify(number, answer)

    @property
    def is_silent(self) -> bool:
        """True while no frames arrive."""
        return self._clock() - self._arrived > SILENT

    def counts(self) -> Counts:
        """How many viewers there are, and what was refused."""
        joined = len({page.seat for page in self._pages})
        refused = {str(kind): count for kind, count in self.limits.counts.items()}
        return Counts(joined, len(self._pages), self._recorded, refused)

    def stream_of(self, seat: int) -> Stream | None:
        """The states of a seat that has an open page; None if it has none."""
        return next((page.stream for page in self._pages if page.seat == seat), None)

    async def watch(self) -> None:
        """Publish states and counts until cancelled."""
        counted_at = -1.0
        while True:
            self.publish()
            now = self._clock()
            if now - counted_at >= 1.0:
                counted_at = now
                counts = self.counts()
                self._counted(counts)
                self._shows.joined(counts.joined)
                for text in self.limits.news():
                    self._notice(text)
            await asyncio.sleep(INTERVAL)

    def publish(self) -> None:
        """Make the next state of every show, and send it to its pages."""
        self._shows.advance()
        for answered in self._finding.overdue(self._clock()):
            self._give(answered)
        for stream in {page.stream for page in self._pages}:
            if self.is_silent:
                stream.silence(True)
            stream.publish()
        for page in self._pages:
            if page.n != page.stream.n:
                page.wake.set()

    async def close_pages(self, reason: str) -> None:
        """Close all pages with a reason."""
        closing = [page.socket.close(GOING_AWAY, reason) for page in self._pages]
        await asyncio.wait([asyncio.gather(*closing, return_exceptions=True)], timeout=GOODBYE)

    # -- pages ----------------------------------------------------------------------------------

    async def attend(self, socket: WebSocket, session: Session, host: str) -> None:
        """Serve an accepted socket of a seat until it closes; closed with a reason if there is no
        place."""
        seat = session.number
        self.groups[seat] = session.group
        mine = [page for page in self._pages if page.seat == seat]
        if len(mine) >= SOCKETS.one_session:
            self._replace(mine[0])
        claim = self._places.claim(session, host)
        stream = self._shows.stream(seat) if isinstance(claim, Claim) else claim
        if isinstance(claim, str) or isinstance(stream, str):
            if isinstance(claim, Claim):
                claim.release()
            await socket.close(TRY_LATER, str(stream)[:120])
            return
        page = Page(socket, seat, claim, stream)
        stream.publish()
        page.wake.set()
        self._pages[page] = None
        coroutines = (self._send(page), self._receive(page, host))
        tasks = {asyncio.create_task(each) for each in coroutines}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._remove(page)
            for task in tasks:
                task.cancel()
                with contextlib.suppress(
                    asyncio.CancelledError, WebSocketDisconnect, RuntimeError, OSError
                ):
                    await task

    def _remove(self, page: Page) -> None:
        page.claim.release()
        self._pages.pop(page, None)
        if not any(other.seat == page.seat for other in self._pages):
            self._shows.left(page.seat)

    def _replace(self, page: Page) -> None:
        page.claim.release()
        page.reason = "this viewer has opened newer pages: close them, or reload this one"
        page.wake.set()

    async def _send(self, page: Page) -> None:
        while True:
            await page.wake.wait()
            page.wake.clear()
            if page.reason:
                await page.socket.close(REPLACED, page.reason)
                return
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._send_news(page)
            except TimeoutError:
                self.limits.note("slow", f"viewer.{page.seat}")
                return

    async def _send_news(self, page: Page) -> None:
        if page.answers:
            answers = list(page.answers)
            page.answers.clear()
            await page.socket.send_text(msgspec.json.encode(Answers(answers)).decode())
        if page.n != page.stream.n:
            text, page.n = page.stream.text(page.n), page.stream.n
            await page.socket.send_text(text)

    async def _receive(self, page: Page, host: str) -> None:
        address = address_of(host)
        while True:
            message = await page.socket.receive()
            if message["type"] != "websocket.receive":
                return
            if not self._may_ask(page.seat, address):
                self.limits.note("floods", f"viewer.{page.seat} at {address}")
                await page.socket.close(POLICY, "too many messages: the page will reconnect")
                return
            data = message.get("text")
            try:
                asked = decode_from_page(message.get("bytes") or b"" if data is None else data)
            except RemoteProtocolError as error:
                self.limits.note("garbage", f"viewer.{page.seat} at {address}")
                await page.socket.close(POLICY, str(error).encode()[:110].decode("utf-8", "ignore"))
                return
            self._do(page, asked)

    def _may_ask(self, seat: int, address: str) -> bool:
        now = self._clock()
        if not self._seat(seat).allowance.take(now):
            return False
        if address == LOOPBACK:  # many viewers may share it: a tunnel or a proxy
            return True
        allowance = self._addresses.get(address)
        if allowance is None:
            allowance = Allowance(now, ADDRESS_ASKS_A_SECOND, ADDRESS_ASKS_AT_ONCE)
            self._addresses[address] = allowance
            while len(self._addresses) > MOST_SEATS_REMEMBERED:
                self._addresses.popitem(last=False)
        return allowance.take(now)

    def _seat(self, number: int) -> Seat:
        seat = self._seats.get(number)
        if seat is None:
            seat = self._seats[number] = Seat(self._clock())
        self._seats.move_to_end(number)
        while len(self._seats) > MOST_SEATS_REMEMBERED:
            self._seats.popitem(last=False)
        return seat

    # -- requests -------------------------------------------------------------------------------

    def _do(self, page: Page, asked: FromPage) -> None:
        if isinstance(asked, AskWhole):
            page.n = -1
            page.wake.set()
            return
        seat, id = self._seat(page.seat), asked.id
        if id in seat.answers:
            answer = seat.answers[id]
            if answer is not None:  # else it is answered when the show answers
                page.answer(answer)
            return
        if isinstance(asked, MarkerFound) and not seat.finds.take(self._clock()):
            page.answer(self._too_often(page).answer(id))
            return
        done = self._done(page, asked)
        if not isinstance(done, Recording):
            answer = done.answer(id) if isinstance(done, Refusal) else done
            seat.keep(id, answer)
            page.answer(answer)
            return
        if done.marker and not self._finding.add(
            done.event.source, done.marker, page.seat, id, done.answer, self._clock()
        ):
            page.answer(self._too_often(page).answer(id))
            return
        seat.keep(id, None)
        if done.first is None:
            self._record(page.seat, id, done)
        else:
            done.first(lambda why: self._record(page.seat, id, done, why))

    def _record(self, seat: int, id: int, done: Recording, why: Refusal | None = None) -> None:
        if why is not None:
            self._answered(seat, id, done, why)
            return
        self._remember(seat, id, done.event)
        self._shows.send(
            seat, id, done.event, lambda outcome: self._answered(seat, id, done, outcome)
        )

    def _done(self, page: Page, asked: FromPage) -> Recording | Refusal | Proof:
        if self.is_silent:
            return Refusal("The show does not answer. Please wait.", "silent")
        do = self._does.get(type(asked))
        if do is None:
            return Refusal("This show does not support that.", "not_supported")
        return do(page.stream, page.seat, asked)

    def _too_often(self, page: Page) -> Refusal:
        self.limits.note("finds", f"viewer.{page.seat}")
        return Refusal(*TOO_OFTEN)

    def _answered(self, number: int, id: int, done: Recording, outcome: int | Refusal) -> None:
        seat = self._seat(number)
        if done.marker:
            if not isinstance(outcome, Refusal):
                self._recorded += 1
                if answered := self._finding.recorded(done.event.source, done.marker, outcome):
                    self._give(answered)
                return
            self._finding.forget(done.event.source, done.marker)
        if isinstance(outcome, Refusal):
            answer: Answer = outcome.answer(id)
            if outcome.code in ("silent", "too_much"):
                seat.answers.pop(id, None)  # the page may send it again
            else:
                seat.keep(id, answer)
        else:
            self._recorded += 1
            _keep(self._sent, outcome, (number, id))
            if seat.answers.get(id) is not None:  # its frame came first: it had no effect
                return
            answer = done.answer(outcome)
            seat.keep(id, answer)
        self._notify(number, answer)

    def _remember(self, seat: int, id: int, event: AnyEvent) -> None:
        option = getattr(event, "option", None)
        if option is not None:
            _keep(self._acts, (event.source, option), (seat, id))

    def _give(self, answered: Answered) -> None:
        self._seat(answered.seat).keep(answered.answer.id, answered.answer)
        self._notify(answered.seat, answered.answer)

    def _notify(self, seat: int, answer: Answer) -> None:
        """Send an answer to the open pages of a seat."""
        for page in self._pages:
            if page.seat == seat:
                page.answer(answer)


def _keep(kept: OrderedDict[T, tuple[int, int]], key: T, value: tuple[int, int]) -> None:
    kept[key] = value
    while len(kept) > MOST_SEATS_REMEMBERED:
        kept.popitem(last=False)


CODES: Final[tuple[Code, ...]] = get_args(Code)
CLOSED: Final = Refusal("This option cannot be picked now.", "closed")
