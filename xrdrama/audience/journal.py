"""The journal of viewers' own shows: what a restarted audience server needs to continue them.

An event log (`ledger.log`) beside the take. A pick is in it before it is answered; where each show
is, every `PLACES_EVERY_S` seconds. Playing the picks again gives the same show.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

import msgspec

from xrdrama import content
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import EventLog
from xrdrama.wire.audience import Id
from xrdrama.wire.events import AnyEvent

PLACES_EVERY_S: Final = 2.0
"""Seconds of an own show that a restarted server plays again at most."""
MOST_IDS: Final = 256
"""Picks of one seat that are known again when they are sent again."""
_PICK, _PLACES, _GONE, _STORY = "own/pick", "own/places", "own/gone", "own/story"


class Pick(msgspec.Struct, frozen=True, array_like=True):
    """An event in the log of a seat's show, which took it in its frame number `frame`."""

    seat: int
    frame: int
    id: Id
    seq: int
    event: AnyEvent


class KeptShow(msgspec.Struct):
    """How far the show of a seat was, and its picks."""

    frame: int = 0
    picks: list[Pick] = []


def digest_of(loaded: content.Loaded) -> str:
    """The hash of the files of a show: with others, its picks do not mean the same."""
    found = sha256()
    for name, text in sorted(loaded.texts.items()):
        found.update(f"{name}\0{len(text)}\0{text}".encode())
    return found.hexdigest()


class Journal:
    """Writes the picks of own shows to `log`; without one they are numbered and not kept.

    `kept` are the shows of the server before, by seat, and `lost` the seats whose shows cannot be
    continued: those given, and all if the files of the show have changed. DeviceError if the log
    cannot be read.
    """

    def __init__(
        self, log: EventLog | None = None, story: str = "", lost: Iterable[int] = ()
    ) -> None:
        self._log = log
        self._seq = 0
        self._places: dict[int, int] = {}
        self._ids: dict[int, OrderedDict[int, int]] = {}
        """The numbers of the newest picks of each seat, by id."""
        self.kept: dict[int, KeptShow] = {}
        self.lost = set(lost)
        if log is not None:
            self._read(log, story)

    def _read(self, log: EventLog, story: str) -> None:
        written_for = ""
        for entry in log.replay():
            self._seq = entry.seq
            try:
                written_for = self._take(entry.seq, entry.key, entry.data) or written_for
            except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
                raise DeviceError(
                    f"entry {entry.seq} of the journal of viewers' own shows is damaged: {error}",
                    "remove its file; viewers begin again",
                ) from None
        if written_for != story:
            self.lost |= set(self.kept)
            self._begin()
            self._write(_STORY, story.encode())

    def _begin(self) -> None:
        self.kept, self._ids = {}, {}

    def _take(self, seq: int, key: str, data: bytes) -> str:
        """Read an entry; the hash of the show's files if it is that."""
        if key == _STORY:
            self._begin()
            return data.decode()
        if key == _PICK:
            pick = msgspec.structs.replace(msgspec.msgpack.decode(data, type=Pick), seq=seq)
            show = self.kept.setdefault(pick.seat, KeptShow(picks=[]))
            show.picks.append(pick)
            show.frame = max(show.frame, pick.frame + 1)
            self._remember(pick.seat, pick.id, seq)
        elif key == _PLACES:
            for seat, frame in msgspec.msgpack.decode(data, type=dict[int, int]).items():
                self.kept.setdefault(seat, KeptShow(picks=[])).frame = frame
        elif key == _GONE:
            seat = msgspec.msgpack.decode(data, type=int)
            self.kept.pop(seat, None)
            self._ids.pop(seat, None)
        return ""

    def _remember(self, seat: int, id: int, seq: int) -> None:
        ids = self._ids.setdefault(seat, OrderedDict())
        ids[id] = seq
        while len(ids) > MOST_IDS:
            ids.popitem(last=False)

    def pick(self, seat: int, frame: int, id: int, event: AnyEvent) -> tuple[int, bool]:
        """Write an event of a seat's show: its number, and whether it was written before.

        DeviceError when it could not be written; it must not count then.
        """
        ids = self._ids.get(seat)
        if ids is not None and id in ids:
            return ids[id], True
        if self._log is None:
            self._seq += 1
        else:
            self._write(_PICK, msgspec.msgpack.encode(Pick(seat, frame, id, 0, event)))
        self._remember(seat, id, self._seq)
        return self._seq, False

    def places(self, frames: Mapping[int, int]) -> None:
        """Write how far shows are, by seat, if that has changed. DeviceError."""
        changed = {seat: at for seat, at in frames.items() if self._places.get(seat) != at}
        if self._log is None or not changed:
            return
        self._places = dict(frames)
        self._write(_PLACES, msgspec.msgpack.encode(changed))

    def gone(self, seats: Iterable[int]) -> None:
        """Write that shows are forgotten. DeviceError."""
        for seat in seats:
            self._places.pop(seat, None)
            self._ids.pop(seat, None)
            if self._log is not None:
                self._write(_GONE, msgspec.msgpack.encode(seat))

    def _write(self, key: str, data: bytes) -> None:
        assert self._log is not None
        self._seq = self._log.append(key, data, f"{key}/{self._seq + 1}").seq

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
