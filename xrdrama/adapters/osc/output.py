"""The output `osc`: what a show does, as messages over UDP.

The state is sent when it changes and, since UDP loses packets, again every two seconds. What
`sends` lists is sent once, when it happens: such as /cue/10/start for QLab when a beat begins.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Final, Literal

import msgspec

from xrdrama.errors import UsageError
from xrdrama.show.ports import Output, OutputContext
from xrdrama.show.settings import converted
from xrdrama.timing import NS
from xrdrama.tracking.osc import message
from xrdrama.wire.frame import Frame

REPEATED: Final = 2 * NS
MOST_OPTIONS: Final = 32
_Address = Annotated[
    str,
    msgspec.Meta(pattern=r"^/[!-~]+$", max_length=200, description="an OSC address such as /cue/1"),
]
Message = tuple[str, tuple[str | int | float, ...]]


class Send(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message of one's own: when a beat begins, a choice opens, an option is picked, or the show
    ends, by the name of that."""

    when: Literal["beat", "choice", "pick", "ending"]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    address: _Address


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where messages go, what their addresses begin with, and messages of one's own."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65_535, description="UDP port")]
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "127.0.0.1"
    prefix: _Address = "/xrdrama"
    sends: Annotated[tuple[Send, ...], msgspec.Meta(max_length=500)] = ()

    def __post_init__(self) -> None:
        """UsageError for what cannot be an address."""
        try:
            ip_address(self.address)
        except ValueError:
            raise UsageError(
                f"{self.address!r} is not an IP address", "write one such as 192.168.1.20"
            ) from None


SETTINGS = Settings


def open(name: str, settings: Mapping[str, Any], context: OutputContext) -> Output:
    """The OSC output `name` of a show; UsageError if the settings are invalid."""
    return Sending(converted(f"the OSC output {name}", settings, Settings))


class Sending:
    """Sends what frames say. `present` raises if a datagram cannot be sent at once."""

    def __init__(self, settings: Settings) -> None:
        self._to = (settings.address, settings.port)
        self._prefix, self._sends = settings.prefix, settings.sends
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._state: dict[str, Message] = {}
        self._now: dict[str, str] = {}
        self._repeat_at = 0

    def present(self, frame: Frame) -> None:
        """Send what is new in a frame."""
        state = {said[0]: said for said in state_of(frame)}
        due = frame.time.shows_at >= self._repeat_at
        wanted = [said for key, said in state.items() if due or self._state.get(key) != said]
        wanted += [("/pick", (pick.choice, pick.option, pick.trigger)) for pick in frame.picks]
        messages = [(self._prefix + address, values) for address, values in wanted]
        messages += [(send.address, ()) for send in self._happened(frame)]
        # Noted first: what cannot be sent now comes with the repeated state.
        self._state = state
        if due:
            self._repeat_at = frame.time.shows_at + REPEATED
        for address, values in messages:
            self._socket.sendto(message(address, values), self._to)

    def _happened(self, frame: Frame) -> Iterator[Send]:
        now = {"beat": frame.beat, "choice": _choice(frame), "ending": frame.ending}
        new = {(when, name) for when, name in now.items() if self._now.get(when) != name}
        new |= {("pick", pick.option) for pick in frame.picks}
        self._now = now
        return (send for send in self._sends if (send.when, send.name) in new)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def state_of(frame: Frame) -> Iterator[Message]:
    """The state of a frame: messages, without the prefix."""
    yield "/beat", (frame.beat,)
    yield "/scene", (frame.scene,)
    yield "/choice", (_choice(frame),)
    options = frame.choice.options if frame.choice else ()
    yield "/options", tuple(option.id for option in options[:MOST_OPTIONS])
    yield "/held", (int(frame.held),)
    yield "/panic", (int(frame.panic),)
    yield "/rolling", (int(frame.rolling),)
    yield "/slate", (frame.slate,)
    yield "/ending", (frame.ending,)


def _choice(frame: Frame) -> str:
    return frame.choice.id if frame.choice else ""
