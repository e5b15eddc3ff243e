"""What the messages of an OSC sender do in a show: only what the show file lists.

An address is compared as it is, without OSC's wildcards. A message whose first argument is 0 is the
release of a button and does nothing, but for `hold`, `roll` and `param`, which take its value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Annotated, Final, Literal

import msgspec

from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.timing import NS
from xrdrama.tracking.osc import messages
from xrdrama.wire.commands import CueStarted, HeldStory, Panic, ParamSet, Rolled, Stopped
from xrdrama.wire.events import AnyEvent, MarkerSeen, Pressed

MOST_A_SECOND: Final = 100
"""Messages that may act within a second; more are dropped and counted."""
Does = Literal["pick", "marker", "cue", "param", "hold", "roll", "panic", "stop"]
_NAMED: Final = frozenset({"pick", "marker", "cue", "param"})
_VALUED: Final = frozenset({"param", "hold", "roll"})
_FOR_NAMES: Final[dict[str, Callable[[str, str, int], AnyEvent]]] = {
    "pick": lambda source, name, at: Pressed(source, name),
    "marker": MarkerSeen,
    "cue": lambda source, name, at: CueStarted(source, name),
    "panic": lambda source, name, at: Panic(source, True),
    "stop": lambda source, name, at: Stopped(source, name),
}


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address, and what a message to it does.

    `name` is the option, marker, cue or parameter; for `stop` the performer ("": all of them).
    """

    address: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^/[!-~]+$", max_length=200, description="an OSC address such as /door/open"
        ),
    ]
    do: Does
    name: Annotated[str, msgspec.Meta(max_length=64)] = ""

    def __post_init__(self) -> None:
        """UsageError if the name is missing, or not expected."""
        if set(self.address) & set("#*,?[]{}"):
            raise UsageError(
                f"the address {self.address} has wildcards", "write one trigger for each address"
            )
        if self.do in _NAMED and not self.name:
            raise UsageError(f"{self.address}: {self.do} needs a name", f"add name: the {self.do}")
        if self.name and self.do not in _NAMED and self.do != "stop":
            raise UsageError(f"{self.address}: {self.do} takes no name", "remove name")


class Triggers:
    """Datagrams to events of the source `name`. `dropped` counts what did nothing, by reason."""

    def __init__(self, name: str, triggers: tuple[Trigger, ...]) -> None:
        self.dropped: Counter[str] = Counter()
        self._name = name
        self._by_address = {trigger.address: trigger for trigger in triggers}
        self._since, self._acted = 0, 0

    def events(self, datagram: bytes, at: int) -> Iterator[AnyEvent]:
        """The events of a datagram that came at `at` (ns of the show).

        RemoteProtocolError if any of it is invalid: then nothing of it acts.
        """
        for address, arguments, _ in tuple(messages(datagram, booleans=True)):
            trigger = self._by_address.get(address)
            if trigger is None:
                self.dropped["addresses that the show file does not list"] += 1
                continue
            event = self._event(trigger, arguments, at)
            if event is not None and self._has_room(at):
                yield event

    def _event(self, trigger: Trigger, arguments: list[float | str], at: int) -> AnyEvent | None:
        first = arguments[0] if arguments else None
        if trigger.do not in _VALUED:
            if first == 0:
                return None  # a button was released
            return _FOR_NAMES[trigger.do](self._name, trigger.name, at)
        if trigger.do == "param":
            if not isinstance(first, int | float) or not isfinite(first) or abs(first) > 1e9:
                self.dropped["parameters without a number"] += 1
                return None
            return ParamSet(self._name, trigger.name, float(first))
        if isinstance(first, str):
            self.dropped[f"{trigger.do} with a text"] += 1
            return None
        kind = HeldStory if trigger.do == "hold" else Rolled
        return kind(self._name, first is None or bool(first))

    def _has_room(self, at: int) -> bool:
        if not 0 <= at - self._since < NS:
            self._since, self._acted = at, 0
        self._acted += 1
        if self._acted > MOST_A_SECOND:
            self.dropped[f"messages beyond {MOST_A_SECOND} a second"] += 1
            return False
        return True


def recorded(text: str, place: str) -> list[tuple[int, bytes]]:
    """The times (ns) and datagrams of a recording: a line has seconds, and a datagram in hex.

    RemoteProtocolError, which begins with `place` and the line, if one cannot be read.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        seconds, _, data = line.strip().partition(" ")
        if not seconds:
            continue
        try:
            at = float(seconds)
            datagram = bytes.fromhex(data)
            if not 0 <= at <= 86_400:
                raise ValueError("the time is not from 0 to 86400 s")
            tuple(messages(datagram))
        except (ValueError, RemoteProtocolError) as error:
            raise RemoteProtocolError(f"{place}, line {number}: {error}") from None
        found.append((round(at * NS), datagram))
    return sorted(found, key=lambda one: one[0])
