"""The state lane as a whole frame and numbered changes: what a core sends, and how one follows.

A `Keyframe` has a whole frame; a `Delta` has what changed since the frame before. Both carry the
run's epoch and the number of the frame in it, which grows by one with each frame. A change is a
path into the frame's array and the value there: `[[4, "fog"], 0.5]` sets the parameter `fog`,
since `params` is element 4 of the frame (the tag is element 0); a path under `gone` is a key that
was removed from its map. Everything is compared and applied as canonical bytes, so what a
follower has is equal to what the core has, bit by bit, and `check` (CRC-32 of the bytes of the
frame) proves it: a follower that missed a delta, or got one of another run, asks for the whole
frame and never shows a wrong one.

    sender = Sender(epoch)                      follower = Follower()
    data = sender.next(frame_bytes)             frames = follower.take(data)
                                                if follower.lost: ask for a keyframe
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.codec import MAX_STATE, decode_frame
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import MOST_CHANGES, MOST_STEPS, Path

KEYFRAME_EVERY: Final = 250
"""Frames between two keyframes on the lane, for those that only listen and cannot ask."""
MOST_WAITING: Final = 1000
"""Deltas that a follower keeps while it waits for a keyframe."""

SMALL: Final = 72
"""Bytes: a value that takes no more is sent whole, without a look at what changed in it."""
DEEPEST: Final = MOST_STEPS - 1
_KINDS: Final = tuple(
    1 if 0x90 <= first <= 0x9F or first in (0xDC, 0xDD)
    else 2 if 0x80 <= first <= 0x8F or first in (0xDE, 0xDF)
    else 0
    for first in range(256)
)  # fmt: skip
"""By the first byte of msgpack: 1 an array, 2 a map, 0 anything else."""

_encode = msgspec.msgpack.Encoder(order="sorted").encode
_decode = msgspec.msgpack.decode
_items = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_entries = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
# As in `codec`: what malformed bytes raise; the others are those of a path that leads nowhere.
_GARBAGE: Final = (
    *(msgspec.MsgspecError, UnicodeDecodeError, RecursionError),
    *(LookupError, TypeError, ValueError),
)


class Changes(msgspec.Struct, frozen=True):
    """What changed from one frame to the next: new values by path, and keys that are gone."""

    now: list[tuple[Path, Any]]
    gone: list[Path]


def changes(before: bytes, after: bytes) -> Changes | None:
    """What changed between the canonical bytes of two frames; values are raw msgpack.

    None when a whole frame is the better way: most of it changed, or its very shape.
    """
    found = Changes([], [])
    if before == after:
        return found
    size = _compare((), msgspec.Raw(before), msgspec.Raw(after), found)
    too_many = len(found.now) + len(found.gone) > MOST_CHANGES
    replaced = any(not path for path, _ in found.now)
    return None if too_many or replaced or size >= len(after) else found


def _compare(path: Path, before: msgspec.Raw, after: msgspec.Raw, found: Changes) -> int:
    """Add the changes at `path`, where two values differ; about how many bytes they take."""
    content = memoryview(after)
    whole = len(content) + len(path) + 3
    kind = _KINDS[content[0]]
    if whole > SMALL and kind and kind == _KINDS[memoryview(before)[0]] and len(path) < DEEPEST:
        marks = len(found.now), len(found.gone)
        compare = _compare_arrays if kind == 1 else _compare_maps
        size = compare(path, before, after, found)
        if size < whole:
            return size
        del found.now[marks[0] :], found.gone[marks[1] :]
    found.now.append((path, after))
    return whole


def _compare_arrays(path: Path, before: msgspec.Raw, after: msgspec.Raw, found: Changes) -> int:
    old, new = _items(before), _items(after)
    if len(old) != len(new):
        return MAX_STATE
    size = 0
    for index, (one, other) in enumerate(zip(old, new, strict=True)):
        if one != other:
            size += _compare((*path, index), one, other, found)
    return size


def _compare_maps(path: Path, before: msgspec.Raw, after: msgspec.Raw, found: Changes) -> int:
    old, new = _entries(before), _entries(after)
    size = 0
    for key in old.keys() - new.keys():
        found.gone.append((*path, key))
        size += len(path) + len(key) + 3
    for key, value in new.items():
        if key not in old:
            found.now.append(((*path, key), value))
            size += len(path) + len(key) + 3 + len(memoryview(value))
        elif old[key] != value:
            size += _compare((*path, key), old[key], value, found)
    return size


def apply(tree: list[Any], now: Any, gone: Any) -> None:
    """Change a frame, as lists and maps without types, in place.

    LookupError, TypeError or ValueError for a path that leads nowhere; the tree is then partly
    changed and of no use any more.
    """
    for path in gone:
        place, last = _place(tree, path)
        if not isinstance(place, dict):
            raise TypeError("only a key of a map can be gone")
        del place[last]
    for path, value in now:
        place, last = _place(tree, path)
        if isinstance(place, list):
            place[_index(place, last)] = value
        elif isinstance(last, str):
            place[last] = value
        else:
            raise TypeError("a key of a map is a text")


def _place(tree: list[Any], path: Any) -> tuple[list[Any] | dict[str, Any], Any]:
    """The list or map that holds the last step of a path, and that step."""
    place: Any = tree
    *steps, last = path
    for step in steps:
        place = place[_index(place, step)] if isinstance(place, list) else place[step]
    if not isinstance(place, list | dict):
        raise TypeError("a path ends in a list or a map")
    return place, last


def _index(place: list[Any], step: Any) -> int:
    if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step < len(place):
        raise LookupError("no such element")
    return step


class Sender:
    """The core's end: makes the messages of the lane from the bytes of each frame."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.number = 0
        """The number of the newest frame; 0 before the first."""
        self._frame = b""
        self._since_whole = 0

    def next(self, frame: bytes, *, whole: bool = False) -> bytes:
        """The message for the next frame: what changed, or from time to time a whole one.

        `whole` makes it a keyframe, for somebody who joined.
        """
        before = self._frame
        self.skip(frame)
        self._since_whole += 1
        whole = whole or not before or self._since_whole >= KEYFRAME_EVERY
        found = None if whole else changes(before, frame)
        if found is None:
            self._since_whole = 0
            return self.keyframe()
        number = self.number
        check = zlib.crc32(frame)
        return _encode(("delta", self.epoch, number, number - 1, check, found.now, found.gone))

    def skip(self, frame: bytes) -> None:
        """The next frame, while nobody follows: it is counted, and no message is made."""
        self.number += 1
        self._frame = frame

    def keyframe(self) -> bytes:
        """The whole newest frame, for one who joins or has a gap; b"" before the first."""
        if not self._frame:
            return b""
        return _encode(("keyframe", self.epoch, self.number, msgspec.Raw(self._frame)))


class Follower:
    """A follower's end: frames from the messages of the lane, each of them exact and in order."""

    def __init__(self) -> None:
        self.gaps = 0
        """How often deltas were missing after the first frame."""
        self.bad = 0
        """Messages that were not understood, or did not give the frame that they should."""
        self.lost = True
        """True while a keyframe is needed."""
        self.epoch: int | None = None
        self.number = 0
        self._tree: list[Any] = []
        self._waiting: dict[int, list[Any]] = {}
        """Deltas that came too early, by the number of the frame that they follow."""

    def reset(self, epoch: int | None = None) -> None:
        """Forget everything: a core says hello, with its epoch."""
        self.epoch, self.number, self.lost = epoch, 0, True
        self._tree = []
        self._waiting.clear()

    def take(self, data: bytes) -> list[Frame]:
        """The frames that a message completes, oldest first; look at `lost` afterwards.

        Nothing is raised: what is not understood is counted, and a keyframe is needed then.
        """
        return list(self._taken(data))

    def _taken(self, data: bytes) -> Iterator[Frame]:
        try:
            if len(data) > MAX_STATE:
                raise ValueError("too large")
            tag, epoch, number, *rest = _decode(data, type=list)
            if tag not in ("keyframe", "delta") or not _are_counts(epoch, number):
                raise ValueError("not a message of this lane")
            if tag == "keyframe":
                yield from self._whole(epoch, number, rest[0])
            else:
                yield from self._changed(epoch, number, rest)
        except (*_GARBAGE, RemoteProtocolError):
            self.bad += 1
            self._lose(garbled=True)

    def _whole(self, epoch: int, number: int, tree: Any) -> Iterator[Frame]:
        newer = self.epoch is None or epoch > self.epoch
        if epoch != self.epoch and not newer:
            return  # of a run that is over
        if not newer and (number < self.number or (number == self.number and not self.lost)):
            return
        frame = decode_frame(_encode(tree))
        known = not newer and number == self.number
        if newer:
            self.reset(epoch)
        self.number, self._tree, self.lost = number, tree, False
        if not known:
            yield frame
        yield from self._waited()

    def _changed(self, epoch: int, number: int, rest: list[Any]) -> Iterator[Frame]:
        after, check, now, gone, *_ = rest
        if not _are_counts(after, check) or number <= after:
            raise ValueError("not a delta")
        if epoch != self.epoch:
            self._lose()
        elif after == self.number and self._tree:
            yield self._next(number, check, now, gone)
            yield from self._waited()
        elif number > self.number:
            self._lose()
            self._waiting[after] = [number, check, now, gone]
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[min(self._waiting)]

    def _waited(self) -> Iterator[Frame]:
        """The frames that were waiting for the one that came now."""
        while delta := self._waiting.pop(self.number, None):
            yield self._next(*delta)
        for after in [after for after in self._waiting if after < self.number]:
            del self._waiting[after]
        self.lost = bool(self._waiting)

    def _next(self, number: int, check: int, now: Any, gone: Any) -> Frame:
        tree, self._tree = self._tree, []  # none while it is changed: an error leaves it in pieces
        apply(tree, now, gone)
        data = _encode(tree)
        if zlib.crc32(data) != check:
            raise ValueError("another frame than the core has")
        frame = decode_frame(data)
        self.number, self._tree = number, tree
        return frame

    def _lose(self, *, garbled: bool = False) -> None:
        self.gaps += not self.lost and not garbled
        self.lost = True


def _are_counts(one: Any, other: Any) -> bool:
    return type(one) is int is type(other) and 0 <= one < 2**53 and 0 <= other < 2**53
