"""The log of the votes of one run while it grows: what is refused, appended and proved (sans-IO).

A seat votes with one key, and a key has one seat. The rules, with the codes of the refusals:

- `other_run`: the vote is for another run of a show.
- `bad_signature`: the key has not signed the vote.
- `other_key`: this seat has voted with another key. `key_taken`: another seat has this key.
- `vote_replayed`: the key has used the nonce before, in another request. The same request sent
  again is the same vote, and gets its receipt again.
- `vote_unsigned`: a vote without a signature, from a seat that has signed one.

In the event log, an entry `votes/CHOICE` has the leaf and the seat, an entry `votes/heads` a head.
Leaves and the head that covers them are appended together. Seats are not published.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeVar

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.ledger.log import Entry, Logged
from xrdrama.ledger.tree import Tree
from xrdrama.ledger.votes import (
    Head,
    Leaf,
    Receipt,
    Short,
    Sign,
    Verify,
    Vote,
    head_of,
    is_voted,
    parse_leaf,
    receipt_of,
)

T = TypeVar("T")
RUN: Final = "votes/run"
HEADS: Final = "votes/heads"
Why = Literal[
    "other_run", "bad_signature", "other_key", "key_taken", "vote_replayed", "vote_unsigned"
]
TEXTS: Final[dict[Why, str]] = {
    "other_run": "This vote is for another run of a show: reload the page.",
    "bad_signature": "The signature of this vote is wrong: reload the page and vote again.",
    "other_key": "You have voted with another key, in another window: vote there again.",
    "key_taken": "Another viewer has voted with this key: vote again with a new one.",
    "vote_replayed": "This vote was sent before. It counts once.",
    "vote_unsigned": "Your earlier vote was signed, so a vote without a signature cannot replace"
    " it: reload the page.",
}


class Run(msgspec.Struct, frozen=True):
    """The first entry of a log: the run, the show, and the public key of the log in hex."""

    run: Short
    show: Short
    key: str


class Kept(msgspec.Struct, frozen=True):
    """What the event log has of a vote: the line of its leaf, and the seat."""

    leaf: str
    seat: int


class Given(msgspec.Struct, frozen=True):
    """A vote that may be appended, or was (`index` of its leaf)."""

    seat: int
    id: int
    line: str
    vote: Vote
    index: int | None = None


class VoteLog:
    """The votes of a run, as far as they are in the event log, and those that are on their way."""

    def __init__(self, run: Run, sign: Sign, verify: Verify) -> None:
        self.run = run
        self._sign, self._verify = sign, verify
        self.lines: list[str] = []
        self.heads: list[Head] = []
        self._tree = Tree()
        self._prepared: Head | None = None
        self._requests: dict[str, tuple[int | None, str]] = {}
        """Index and line by id in the event log; None while it is on its way."""
        self._nonces: set[tuple[str, str]] = set()
        self._key_of: dict[int, str] = {}
        self._seat_of: dict[str, int] = {}
        self._voted: set[tuple[int, str, str]] = set()

    # -- checking -------------------------------------------------------------------------------

    def refusal(self, seat: int, id: int, leaf: Leaf, vote: Vote) -> Why | None:
        """Why a vote of a seat cannot be appended, or None."""
        known = self._requests.get(request_id(seat, id))
        if known is not None:
            return None if known[1] == leaf.line else "vote_replayed"
        if vote.run != self.run.run:
            return "other_run"
        if not is_voted(leaf, self._verify):
            return "bad_signature"
        if self._key_of.get(seat, leaf.key) != leaf.key:
            return "other_key"
        if self._seat_of.get(leaf.key, seat) != seat:
            return "key_taken"
        return "vote_replayed" if (leaf.key, vote.nonce) in self._nonces else None

    def knows(self, seat: int, id: int) -> bool:
        """Whether a request of a seat is in the log, or on its way."""
        return request_id(seat, id) in self._requests

    def has_signed(self, seat: int) -> bool:
        """Whether a seat has voted with a key."""
        return seat in self._key_of

    def has_voted(self, seat: int, choice: str, opening: str) -> bool:
        """Whether a seat has a signed vote on an opening."""
        return (seat, choice, opening) in self._voted

    def take(self, seat: int, id: int, leaf: Leaf, vote: Vote) -> Given:
        """A vote that was not refused; a new one is on its way now, until it is `appended`."""
        name = request_id(seat, id)
        index, _ = self._requests.setdefault(name, (None, leaf.line))
        self._note(seat, leaf, vote)
        return Given(seat, id, leaf.line, vote, index)

    def forget(self, given: Given) -> None:
        """A vote could not be appended: its request may be sent again."""
        self._requests.pop(request_id(given.seat, given.id), None)

    def _note(self, seat: int, leaf: Leaf, vote: Vote) -> None:
        self._nonces.add((leaf.key, vote.nonce))
        self._key_of[seat], self._seat_of[leaf.key] = leaf.key, seat
        self._voted.add((seat, vote.choice, vote.opening))

    # -- appending ------------------------------------------------------------------------------

    def prepared(self, given: Iterable[Given], at: int) -> list[Entry]:
        """The entries of new votes and of the head over all votes, to be appended in one write.

        `at` is in milliseconds since 1970. Call `confirm` when they are in the event log. When they
        could not be appended, make a new `VoteLog` from the event log.
        """
        entries = []
        for one in given:
            if self._requests[request_id(one.seat, one.id)][0] is not None:
                continue  # a write that seemed to fail had reached the log
            kept = msgspec.json.encode(Kept(one.line, one.seat))
            name = request_id(one.seat, one.id)
            entries.append(Entry(f"votes/{one.vote.choice}", kept, name))
            self._requests[name] = (self._append(one.line), one.line)
        if not entries:
            return []
        head = self._prepared = head_of(self._tree, self.run.run, at, self._sign)
        entries.append(Entry(HEADS, msgspec.json.encode(head), f"head/{head.size}"))
        return entries

    def confirm(self) -> None:
        """What was prepared is in the event log: receipts are under its head from now on."""
        if self._prepared is not None:
            self.heads.append(self._prepared)
        self._prepared = None

    def index(self, seat: int, id: int) -> int:
        """The index of the leaf of a request that was prepared."""
        index, _ = self._requests[request_id(seat, id)]
        assert index is not None
        return index

    def receipt(self, index: int) -> Receipt:
        """The receipt of a leaf under the newest head."""
        return receipt_of(self._tree, index, self.lines[index], self.heads[-1])

    def consistency(self, size: int) -> tuple[str, ...] | None:
        """The proof that the newest head begins with the first `size` leaves, in hex; None if it
        has fewer."""
        if not self.heads or not 0 <= size <= self.heads[-1].size:
            return None
        return tuple(one.hex() for one in self._tree.consistency(size, self.heads[-1].size))

    def _append(self, line: str) -> int:
        self.lines.append(line)
        return self._tree.append(line.encode())

    def load(self, logged: Iterable[Logged]) -> VoteLog:
        """Take what an event log has, once; returns itself. RemoteProtocolError for a log that is
        not one of votes, or that is of another run."""
        for entry in logged:
            if entry.key == RUN:
                if _decoded(entry, Run) != self.run:
                    raise RemoteProtocolError("this log of votes is of another run, or another key")
            elif entry.key == HEADS:
                self.heads.append(_decoded(entry, Head))
            else:
                kept = _decoded(entry, Kept)
                leaf, vote = parse_leaf(kept.leaf)
                self._note(kept.seat, leaf, vote)
                self._requests[entry.id] = (self._append(kept.leaf), kept.leaf)
        return self


def opened_entry(run: Run) -> Entry:
    """The entry with which a log of votes begins."""
    return Entry(RUN, msgspec.json.encode(run), "run")


def run_of(logged: Iterable[Logged]) -> Run | None:
    """The run of a log of votes, from its first entry; None for an empty log."""
    first = next(iter(logged), None)
    if first is None:
        return None
    if first.key != RUN:
        raise RemoteProtocolError("this event log is not one of votes")
    return _decoded(first, Run)


def request_id(seat: int, id: int) -> str:
    """The id in the event log of a request of a seat."""
    return f"{seat}/{id}"


def _decoded(entry: Logged, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(entry.data, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError(f"entry {entry.seq} of the log of votes: {error}") from error
