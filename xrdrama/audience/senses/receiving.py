"""Viewers' voices and hands: from the sockets of their pages to recognisers, then to events.

Sounds and pictures go from a page to a recogniser's process on this machine and are kept nowhere.
Of what is recognised, the show gets what is near a phrase, or is a hand, of an option that is open;
it then decides by the same rule as for the stage's own microphone and camera.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from msgspec.json import encode

from xrdrama.adapters.web.access.limits import Limits, address_of
from xrdrama.adapters.web.access.sessions import Session
from xrdrama.adapters.web.audience.hub import POLICY, TRY_LATER, Hub, Refusal, Shows
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.tasks import Socket, until_one_ends
from xrdrama.audience.doing import source_of
from xrdrama.audience.senses.capture import Capture
from xrdrama.audience.senses.pipe import (
    FORGET,
    PICTURE,
    SOUND,
    FromRecogniser,
    Said,
    Saw,
    Speaks,
    Unreadable,
)
from xrdrama.audience.senses.recogniser import Recogniser
from xrdrama.audience.senses.understanding import (
    LOADING,
    MUTED,
    NO_WORDS,
    NOTHING_OPEN,
    UNLIKELY,
    has_hands,
    is_open_hand,
    offers_at,
    words_for,
)
from xrdrama.errors import RemoteProtocolError
from xrdrama.show import Production
from xrdrama.speech import judge
from xrdrama.timing import NS
from xrdrama.wire.audience import REPLACED
from xrdrama.wire.events import AnyEvent, Gestured, Heard
from xrdrama.wire.frame import Frame
from xrdrama.wire.senses import (
    Picture,
    Sense,
    Sound,
    Standing,
    Understood,
    decode_picture,
    decode_sound,
)

MOST: Final[Mapping[Sense, int]] = {"voice": 8, "gesture": 4}
"""Phones that are heard, or seen, at the same time: what two cores do (DECISIONS)."""
DOING: Final[Mapping[Sense, str]] = {"voice": "speak", "gesture": "show a hand"}
NOTHING_S: Final = 5.0
"""Seconds without a message after which a socket is closed."""
LATE: Final = 2 * NS
"""What arrives so much later than it could have is dropped, ns."""
MOST_DROPPED: Final = 100
"""Messages over the rate, after which a socket is closed."""
MOST_UNREADABLE: Final = 5
"""Pictures that cannot be decoded, after which a socket is closed."""
MOST_VOTES: Final = 256
PAUSE: Final = NS // 2
"""How often a hand that picks nothing is recorded, ns."""
Opens = Callable[[Sense, Callable[[FromRecogniser], None], Callable[[], None]], Recogniser]


class Senses:
    """All open microphones and cameras. `now` is the time of a seat's show in ns."""

    def __init__(
        self,
        shows: Shows,
        hub: Hub,
        production: Production,
        now: Callable[[Stream], int],
        opens: Opens,
        allowed: Iterable[Sense],
        clock: Callable[[], int] = time.monotonic_ns,
        *,
        no_vote: Callable[[int], str] = lambda seat: "",
        nothing_s: float = NOTHING_S,
    ) -> None:
        self._shows, self._hub, self._production = shows, hub, production
        self._now, self._clock, self._nothing_s = now, clock, nothing_s
        self._no_vote = no_vote
        self._limits: Limits = hub.limits
        self._captures: dict[tuple[Sense, int], Capture] = {}
        self._recognisers = {
            sense: opens(sense, self._recognised, partial(self._changed, sense))
            for sense in allowed
        }
        self._votes: OrderedDict[int, int] = OrderedDict()
        """The seat of the newest events, by their number in the log."""

    # -- sockets --------------------------------------------------------------------------------

    async def attend(self, socket: Socket, session: Session, host: str, sense: Sense) -> None:
        """Serve an accepted socket of a seat until it closes; closed with a reason if refused."""
        seat = session.number
        if refusal := self._refusal(seat, host, sense):
            self._limits.note("senses", f"viewer.{seat} at {address_of(host)}")
            await socket.close(TRY_LATER, refusal)
            return
        if (older := self._captures.get((sense, seat))) is not None:
            older.close(REPLACED, "this viewer has opened another page")
        capture = self._captures[sense, seat] = Capture(socket, seat, sense, self._clock())
        self._recognisers[sense].enter(seat)
        self._changed(sense)
        try:
            await until_one_ends(self._send(capture), self._receive(capture))
        finally:
            self._leave(capture)

    def _refusal(self, seat: int, host: str, sense: Sense) -> str:
        if sense not in self._recognisers:
            return "this show does not use viewers' voices or hands"
        if not is_near(host):
            return "voice and hands work only in the show's own network"
        others = sum(kind == sense and number != seat for kind, number in self._captures)
        if others >= MOST[sense]:
            return f"{MOST[sense]} phones {DOING[sense]} now, which is the most: try again soon"
        return ""

    def _leave(self, capture: Capture) -> None:
        if self._captures.get((capture.sense, capture.seat)) is capture:
            del self._captures[capture.sense, capture.seat]
            self._recognisers[capture.sense].leave(capture.seat)

    async def _send(self, capture: Capture) -> None:
        while True:
            await capture.wake.wait()
            capture.wake.clear()
            waiting, capture.waiting = capture.waiting, []
            for message in waiting:
                await capture.socket.send_text(encode(message).decode())
            if capture.closes is not None:
                await capture.socket.close(*capture.closes)
                return

    async def _receive(self, capture: Capture) -> None:
        while capture.closes is None:
            try:
                async with asyncio.timeout(self._nothing_s):
                    message = await capture.socket.receive()
            except TimeoutError:
                capture.close(POLICY, f"nothing came from this page for {self._nothing_s:g} s")
                break
            if message["type"] != "websocket.receive":
                return
            try:
                self._take(capture, message.get("bytes"))
            except RemoteProtocolError as error:
                self._limits.note("garbage", f"viewer.{capture.seat}")
                capture.close(POLICY, str(error))
        await asyncio.Event().wait()  # `_send` closes it

    # -- sounds and pictures --------------------------------------------------------------------

    def _take(self, capture: Capture, data: bytes | None) -> None:
        """A message of a page. RemoteProtocolError if no page sends it."""
        if data is None:
            raise RemoteProtocolError("a text, where sounds and pictures are expected")
        found = decode_sound(data) if capture.sense == "voice" else decode_picture(data)
        arrived = self._clock()
        if not capture.may(found, arrived):
            capture.dropped += 1
            if capture.dropped > MOST_DROPPED:
                self._limits.note("floods", f"viewer.{capture.seat}")
                capture.close(POLICY, "too many sounds or pictures: reload the page")
            return
        at, late = capture.clock.at(found.ms, arrived)
        capture.is_late = late > LATE
        muted = capture.sense == "voice" and self._is_muted(capture.seat)
        recogniser = self._recognisers[capture.sense]
        if muted and not capture.is_muted:
            recogniser.send(capture.seat, FORGET, at)
        capture.is_muted = muted
        capture.notify(self._standing(capture))
        if not muted and not capture.is_late:
            self._pass_on(capture, recogniser, found, at)

    def _pass_on(
        self, capture: Capture, recogniser: Recogniser, found: Sound | Picture, at: int
    ) -> None:
        if isinstance(found, Sound):
            recogniser.send(capture.seat, SOUND, at, found.pcm)
        elif not capture.is_busy:  # else the next picture is newer
            capture.is_busy = recogniser.send(capture.seat, PICTURE, at, found.jpeg)

    def _is_muted(self, seat: int) -> bool:
        stream = self._hub.stream_of(seat)
        return stream is not None and stream.frame is not None and stream.view.mutes(stream.frame)

    def _standing(self, capture: Capture) -> Standing:
        recogniser = self._recognisers[capture.sense]
        if recogniser.condition == "dead":
            return Standing("dead", recogniser.reason)
        if recogniser.condition != "on":
            return Standing("loading", LOADING[capture.sense])
        if capture.is_late:
            return Standing("slow", "The connection is too slow for this. Please tap.")
        return Standing("muted", MUTED.text) if capture.is_muted else Standing("on")

    def _changed(self, sense: Sense) -> None:
        """The recogniser of a sense started, ended, or will not run."""
        for (kind, _), capture in self._captures.items():
            if kind == sense:
                capture.is_busy = False
                capture.notify(self._standing(capture))

    # -- what is recognised ---------------------------------------------------------------------

    def _recognised(self, message: FromRecogniser) -> None:
        sense: Sense = "voice" if isinstance(message, Said | Speaks) else "gesture"
        capture = self._captures.get((sense, getattr(message, "seat", -1)))
        if capture is None:
            return
        if isinstance(message, Speaks):
            capture.notify(Understood("hearing"))
        elif isinstance(message, Said):
            self._said(capture, message)
        elif isinstance(message, Saw):
            capture.is_busy, capture.unreadable = False, 0
            self._saw(capture, message)
        elif isinstance(message, Unreadable):
            capture.is_busy = False
            capture.unreadable += 1
            if capture.unreadable >= MOST_UNREADABLE:
                self._limits.note("garbage", f"viewer.{capture.seat}")
                capture.close(POLICY, "the pictures of this camera cannot be read: reload the page")

    def _said(self, capture: Capture, said: Said) -> None:
        stream = self._hub.stream_of(capture.seat)
        frame = stream.frame if stream is not None else None
        if stream is None or frame is None:
            return
        if capture.is_muted:
            capture.notify(MUTED)
            return
        offers = offers_at(self._production, frame)
        if not said.text or not offers:
            capture.notify(NO_WORDS if offers else NOTHING_OPEN)
            return
        outcome, found = judge(said.text, said.phones, offers, self._production.voice)
        if outcome == "unlikely" or found is None:
            capture.notify(UNLIKELY)
            return
        if self._is_refused_vote(capture, stream, frame, found.option):
            return
        back = self._now(stream) - self._clock()
        began, ended = max(0, said.began + back), max(0, said.ended + back)
        source = source_of(capture.seat, "voice")
        measured = max(0, self._clock() - said.ended)
        self._record(capture, Heard(source, said.text, said.phones, began, ended, measured))

    def _saw(self, capture: Capture, saw: Saw) -> None:
        stream = self._hub.stream_of(capture.seat)
        frame = stream.frame if stream is not None else None
        if stream is None or frame is None or not has_hands(frame):
            return
        picks = is_open_hand(frame, saw.pose)
        if not picks and capture.posed == (saw.pose, saw.at // PAUSE):
            return
        capture.posed = saw.pose, saw.at // PAUSE
        for option in frame.open_choice.options if picks and frame.open_choice else ():
            if option.show == saw.pose and self._is_refused_vote(capture, stream, frame, option.id):
                return
        seen = max(0, saw.at + self._now(stream) - self._clock())
        measured = max(0, self._clock() - saw.at)
        source = source_of(capture.seat, "hand")
        event = Gestured(source, saw.pose, saw.score, seen, saw.position, measured)
        self._record(capture, event)

    def _is_refused_vote(self, capture: Capture, stream: Stream, frame: Frame, option: str) -> bool:
        """Whether it is a vote that this seat can only give by a tap; the page is informed."""
        why = self._no_vote(capture.seat) if stream.view.is_vote(frame, option) else ""
        if why:
            capture.notify(Understood("refused", why))
        return bool(why)

    def _record(self, capture: Capture, event: AnyEvent) -> None:
        def recorded(outcome: int | Refusal) -> None:
            if isinstance(outcome, Refusal):
                capture.notify(Understood("refused", outcome.text))
                return
            self._votes[outcome] = capture.seat
            while len(self._votes) > MOST_VOTES:
                self._votes.popitem(last=False)

        self._shows.send(capture.seat, secrets.randbits(52) + 1, event, recorded)

    def heard(self, frame: Frame) -> None:
        """A frame of a show: what it made of what seats said."""
        for feedback in frame.feedback:
            parts = feedback.source.split(".")
            if len(parts) == 3 and parts[0] == "audience" and parts[2] in ("voice", "hand"):
                sense: Sense = "voice" if parts[2] == "voice" else "gesture"
                capture = self._captures.get((sense, int(parts[1]))) if parts[1].isdigit() else None
                if capture is not None:
                    capture.notify(words_for(feedback))
        for refused in frame.refused:
            seat = self._votes.pop(refused.seq, None)
            for (_, number), capture in self._captures.items():
                if number == seat:
                    capture.notify(Understood("refused", refused.text))

    def counts(self) -> Mapping[Sense, int]:
        """How many seats are heard and seen."""
        return {
            sense: sum(kind == sense for kind, _ in self._captures) for sense in self._recognisers
        }

    async def close(self) -> None:
        """End the recognisers."""
        for recogniser in self._recognisers.values():
            await recogniser.close()


def is_near(host: str) -> bool:
    """Whether an address is this machine, or one of a local network."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return found.is_private or found.is_loopback or found.is_link_local
