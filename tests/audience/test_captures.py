"""Microphones and cameras of pages: places, rates, garbage, mute, and what reaches the show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.show.small import MS, OPENS, said, small
from xrdrama.adapters.web.access.limits import Limits
from xrdrama.adapters.web.audience.view import View
from xrdrama.audience.senses.pipe import FORGET, SOUND, Said, Saw, Speaks, Unreadable
from xrdrama.audience.senses.receiving import MOST, Senses, is_near
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.events import Gestured, Heard
from xrdrama.wire.frame import CommandRefused, Feedback, Frame
from xrdrama.wire.senses import HEADER, Sense

PRODUCTION = small()


def frames_until(at: int) -> Frame:
    show = opening(PRODUCTION)
    rate = FrameRate(20, 1)
    for number in range(at * 20 // NS + 1):
        show, frame = advance(show, Tick(FrameTime.of(number, rate)))
    return frame


SPEAKING, OPEN = frames_until(NS), frames_until(OPENS + 400 * MS)


class FakeRecogniser:
    """Lists what it gets."""

    def __init__(self) -> None:
        self.condition, self.reason = "on", ""
        self.got: list[tuple[int, int, bytes]] = []
        self.seats: list[int] = []

    def enter(self, seat: int) -> None:
        self.seats.append(seat)

    def leave(self, seat: int) -> None:
        self.seats.remove(seat)

    def send(self, seat: int, what: int, at: int, data: bytes = b"") -> bool:
        if self.condition == "on":
            self.got.append((seat, what, data))
        return self.condition == "on"

    async def close(self) -> None:
        pass


class Socket:
    """A page's socket: `say` puts what the page sends."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.received: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None

    def say(self, data: bytes | str) -> None:
        key = "bytes" if isinstance(data, bytes) else "text"
        self.inbox.put_nowait({"type": "websocket.receive", key: data})

    async def receive(self) -> dict[str, Any]:
        return await self.inbox.get()

    async def send_text(self, text: str) -> None:
        self.received.append(json.loads(text))

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        self.closed = code, reason or ""

    @property
    def reason(self) -> str:
        return self.closed[1] if self.closed else ""


class Room:
    """Senses with fakes around them; the clock is the test's."""

    def __init__(
        self,
        frame: Frame = OPEN,
        allowed: tuple[Sense, ...] = ("voice", "gesture"),
        nothing_s: float = 60.0,
    ) -> None:
        self.now = 1000 * NS
        self.sent: list[Any] = []
        self.limits = Limits(lambda: 0.0)
        self.view = View(PRODUCTION, "", "room", lambda scene: "", senses=allowed)
        self.stream = SimpleNamespace(frame=frame, view=self.view)
        self.view.note(frame)
        hub = SimpleNamespace(limits=self.limits, stream_of=lambda seat: self.stream)
        shows = SimpleNamespace(send=self._send)
        self.recognisers: dict[Sense, FakeRecogniser] = {}
        self.senses = Senses(
            shows, hub, PRODUCTION, lambda stream: 60 * NS, self._open, allowed,  # type: ignore[arg-type]
            lambda: self.now, nothing_s=nothing_s,
        )  # fmt: skip

    def _open(self, sense: Sense, heard: Any, changed: Any) -> Any:
        self.heard, self.changed = heard, changed
        self.recognisers[sense] = FakeRecogniser()
        return self.recognisers[sense]

    def _send(self, seat: int, id: int, event: Any, outcome: Callable[[int], None]) -> None:
        self.sent.append(event)
        outcome(len(self.sent))

    def attend(self, seat: int, sense: Sense = "voice", host: str = "127.0.0.1") -> Socket:
        socket = Socket()
        session = SimpleNamespace(number=seat)
        attending = self.senses.attend(socket, session, host, sense)  # type: ignore[arg-type]
        socket.task = asyncio.ensure_future(attending)  # type: ignore[attr-defined]
        return socket


def sound(ms: int = 0, samples: int = 1600) -> bytes:
    return HEADER.pack(1, 1, 0, ms) + b"\1\0" * samples


TINY = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x40\0\x40" + b"\0" * 20


def picture(ms: int = 0) -> bytes:
    return HEADER.pack(2, 1, 0, ms) + TINY


async def settle() -> None:
    for _ in range(8):
        await asyncio.sleep(0)  # lets the tasks run


def plays(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 20))


def verdicts(socket: Socket) -> list[str]:
    return [one["verdict"] for one in socket.received if one["is"] == "understood"]


def utterance(room: Room, text: str, seat: int = 7) -> Said:
    heard = said(text, room.now - NS)
    return Said(seat, heard.text, heard.phones, heard.began, heard.ended)


def test_what_is_near_an_open_phrase_reaches_the_show_and_nothing_else_does() -> None:
    async def test() -> None:
        room = Room()
        socket = room.attend(7)
        await settle()
        socket.say(sound())
        await settle()
        assert room.recognisers["voice"].got == [(7, SOUND, b"\1\0" * 1600)]
        assert socket.received == [{"is": "standing", "now": "on", "text": ""}]
        room.heard(Speaks(7, 5))
        room.heard(utterance(room, "the weather has been lovely this week"))
        room.heard(utterance(room, ""))
        room.heard(utterance(room, "let her go", seat=9))  # it has left
        assert room.sent == []
        room.heard(utterance(room, "let her go"))
        (event,) = room.sent
        assert isinstance(event, Heard)
        assert (event.source, event.text) == ("audience.7.voice", "let her go")
        assert (event.began, event.ended) == (59 * NS, 59 * NS + 800 * MS)
        await settle()
        assert verdicts(socket) == ["hearing", "unlikely", "unlikely"]
        # What is not near a phrase is not even sent back.
        assert not any("weather" in json.dumps(one) for one in socket.received)
        said_again = Feedback("audience.7.voice", "let her", "again")
        other = Feedback("audience.8.voice", "let her go", "candidate")
        refused = CommandRefused(
            1, "vote", "already_voted", "you have voted", event.source, "viewer"
        )
        room.senses.heard(
            msg(feedback=(said_again, other, Feedback("mic", "x", "again")), refused=(refused,))
        )
        await settle()
        assert [one["text"] for one in socket.received[-2:]] == [
            "Please say it again.", "you have voted",
        ]  # fmt: skip

    plays(test)


def msg(**changes: Any) -> Frame:
    from msgspec.structs import replace

    return replace(OPEN, **changes)


def test_the_microphone_is_muted_while_a_line_plays() -> None:
    async def test() -> None:
        room = Room(SPEAKING)
        socket = room.attend(7)
        await settle()
        socket.say(sound())
        await settle()
        assert room.recognisers["voice"].got == [(7, FORGET, b"")]
        assert socket.received[-1] == {
            "is": "standing", "now": "muted", "text": "Muted while lines play.",
        }  # fmt: skip
        room.heard(utterance(room, "let her go"))
        assert room.sent == [] and room.senses.counts()["voice"] == 1
        # The control: after the line it is heard.
        room.stream.frame = OPEN
        room.view.note(OPEN)
        socket.say(sound(100))
        await settle()
        assert room.recognisers["voice"].got[-1][1] == SOUND
        assert socket.received[-1]["now"] == "on"

    plays(test)


def test_nothing_is_heard_where_nothing_is_open() -> None:
    async def test() -> None:
        room = Room(msg(choice=None))
        socket = room.attend(7)
        await settle()
        room.heard(utterance(room, "let her go"))
        room.stream.frame = msg(panic=True)
        room.heard(utterance(room, "let her go"))
        await settle()
        assert verdicts(socket) == ["nothing_open", "nothing_open"] and room.sent == []

    plays(test)


def test_hands_that_pick_are_recorded_each_and_others_now_and_then() -> None:
    async def test() -> None:
        room = Room()
        socket = room.attend(7, "gesture")
        await settle()
        for n in range(3):
            socket.say(picture(n * 100))
        await settle()
        # One at a time: those that came meanwhile are left out.
        assert len(room.recognisers["gesture"].got) == 1
        for pose in ("fist", "fist", "other", "other", "victory"):
            room.heard(Saw(7, pose, 0.9, room.now))
        poses = [event.pose for event in room.sent if isinstance(event, Gestured)]
        assert poses == ["fist", "fist", "other", "victory"]
        assert room.sent[0].source == "audience.7.hand" and room.sent[0].seen == 60 * NS
        room.stream.frame = msg(choice=None)
        room.heard(Saw(7, "fist", 0.9, room.now))
        assert len(room.sent) == 4

    plays(test)


def test_too_many_phones_are_refused_in_words() -> None:
    async def test() -> None:
        room = Room()
        for sense, most in MOST.items():
            sockets = [room.attend(seat, sense) for seat in range(most + 1)]
            await settle()
            assert [socket.closed for socket in sockets[:-1]] == [None] * most
            code, reason = sockets[-1].closed or (0, "")
            assert code == 1013 and f"{most} phones" in reason
            assert room.senses.counts()[sense] == most
        assert room.limits.counts["senses"] == 2
        assert "microphones and cameras" in room.limits.news()[0]

    plays(test)


def test_a_new_page_of_a_viewer_replaces_the_old_one() -> None:
    async def test() -> None:
        room = Room()
        first = room.attend(7)
        await settle()
        second = room.attend(7)
        await settle()
        assert first.closed and first.closed[0] == 4001 and second.closed is None
        assert room.senses.counts()["voice"] == 1

    plays(test)


@pytest.mark.parametrize(
    ("data", "reason"),
    [("hello", "a text"), (b"\0" * 90, "kind 1"), (sound(samples=9000), "bytes"),
     (picture(), "kind 2")],
)  # fmt: skip
def test_garbage_closes_the_socket_and_is_counted(data: bytes | str, reason: str) -> None:
    async def test() -> None:
        room = Room()
        socket = room.attend(7)
        await settle()
        socket.say(data)
        await settle()
        assert socket.closed and socket.closed[0] == 1008 and reason in socket.closed[1]
        assert room.limits.counts["garbage"] == 1
        await settle()
        assert room.recognisers["voice"].seats == [] and not room.recognisers["voice"].got

    plays(test)


def test_floods_are_dropped_then_closed() -> None:
    async def test() -> None:
        room = Room()
        socket = room.attend(7)
        await settle()
        for n in range(31):  # three seconds at once are within the rate
            socket.say(sound(n * 100))
        await settle()
        assert len(room.recognisers["voice"].got) == 30 and not socket.reason
        for n in range(101):
            socket.say(sound(n * 100))
        await settle()
        assert "too many" in socket.reason
        assert room.limits.counts["floods"] == 1

    plays(test)


def test_unreadable_pictures_close_the_camera() -> None:
    async def test() -> None:
        room = Room()
        socket = room.attend(7, "gesture")
        await settle()
        for _ in range(5):
            room.heard(Unreadable(7))
        await settle()
        assert socket.closed and "cannot be read" in socket.closed[1]

    plays(test)


def test_a_page_that_stops_sending_and_one_that_is_late() -> None:
    async def test() -> None:
        room = Room()
        late = room.attend(7)
        await settle()
        late.say(sound(0))
        await settle()
        room.now += 4 * NS
        late.say(sound(100))
        await settle()
        assert late.received[-1]["now"] == "slow" and len(room.recognisers["voice"].got) == 1
        silent = Room(nothing_s=0.01).attend(8)
        await silent.task  # type: ignore[attr-defined]
        assert silent.closed and "nothing came" in silent.closed[1]

    plays(test)


def test_a_recogniser_that_starts_or_does_not_run_is_said() -> None:
    async def test() -> None:
        room = Room()
        recogniser = room.recognisers["voice"]
        recogniser.condition = "loading"
        socket = room.attend(7)
        await settle()
        recogniser.condition, recogniser.reason = "dead", "It does not run here. Please tap."
        room.senses._changed("voice")
        recogniser.condition = "on"
        room.senses._changed("voice")
        await settle()
        assert [(one["now"], bool(one["text"])) for one in socket.received] == [
            ("loading", True), ("dead", True), ("on", False),
        ]  # fmt: skip

    plays(test)


def test_only_this_machine_and_local_networks_and_only_what_the_show_allows() -> None:
    near = ("127.0.0.1", "192.168.4.9", "10.1.2.3", "fe80::1%eth0", "fd00::2", "::ffff:10.0.0.1")
    assert all(is_near(host) for host in near)
    assert not any(is_near(host) for host in ("", "8.8.8.8", "2606:4700::1", "host.example"))

    async def test() -> None:
        room = Room(allowed=("voice",))
        far, unasked = room.attend(7, host="8.8.8.8"), room.attend(7, "gesture")
        await settle()
        assert far.closed and "own network" in far.closed[1]
        assert unasked.closed and "does not use" in unasked.closed[1]

    plays(test)


def test_a_vote_that_only_a_tap_can_give_is_refused_in_words() -> None:
    async def test() -> None:
        room = Room()
        room.senses._no_vote = lambda seat: "Votes of a group are given by a tap."
        room.view.is_vote = lambda frame, option: option == "leave"  # type: ignore[method-assign]
        voice, hand = room.attend(7), room.attend(7, "gesture")
        await settle()
        room.heard(utterance(room, "let her go"))
        room.heard(Saw(7, "fist", 0.9, room.now))
        await settle()
        assert verdicts(voice) == verdicts(hand) == ["refused"] and room.sent == []
        # The control: what is not a vote.
        room.heard(utterance(room, "I remember you"))
        room.heard(Saw(7, "open_palm", 0.9, room.now))
        assert len(room.sent) == 2

    plays(test)
