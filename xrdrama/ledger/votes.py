"""Votes as leaves of a public log: what a phone signs, what the log signs, and how anyone checks.

A vote is the text that a phone signs with its own Ed25519 key, a JSON array:

    ["xrdrama vote 1","<show>","<choice>","<opening>","<option>","<nonce>"]

A leaf of the log is a line of JSON with that text, the key and the signature in hex. A head is the
log's signed statement of its size and root (RFC 9162). The text of a head is a JSON array, too:

    ["xrdrama head 1","<run>",<size>,"<root>",<milliseconds since 1970>]

A receipt proves what its phone has voted for: so there is no secrecy against somebody who demands
to see it. A key is one phone, not one person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.ledger.tree import Tree, consistent, included

VOTE: Final = "xrdrama vote 1"
HEAD: Final = "xrdrama head 1"
MOST_LEAF: Final = 2048
"""Characters of a leaf."""
Hex32 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Hex64 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{128}$")]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Number = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether a key (32 bytes) has signed a text: (key, signature, text)."""
Sign = Callable[[bytes], bytes]


class Vote(msgspec.Struct, frozen=True):
    """What a phone signs: an option of an opening of a choice, and a nonce that it uses once."""

    show: Short
    choice: Short
    opening: Number
    option: Short
    nonce: Short

    @property
    def text(self) -> str:
        """The text that is signed."""
        return compact([VOTE, self.show, self.choice, self.opening, self.option, self.nonce])


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed vote: its text, the phone's public key and signature in hex."""

    vote: Annotated[str, msgspec.Meta(max_length=1024)]
    key: Hex32
    signature: Hex64

    @property
    def line(self) -> str:
        """The line of JSON whose bytes are the leaf of the tree."""
        return compact({"vote": self.vote, "key": self.key, "signature": self.signature})


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The log's signed statement of its size and root at a time (milliseconds since 1970)."""

    run: Short
    size: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    root: Hex32
    at: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    signature: Hex64

    @property
    def text(self) -> str:
        """The text that is signed."""
        return compact([HEAD, self.run, self.size, self.root, self.at])


class Receipt(msgspec.Struct, frozen=True):
    """The proof that a leaf is in the log: its index, a signed head, and the path to its root."""

    leaf: str
    index: int
    head: Head
    path: tuple[Hex32, ...]

    def holds(self, log_key: bytes, verify: Verify) -> bool:
        """Whether the head is signed by the log's key and has the leaf at this index."""
        head = self.head
        path = [bytes.fromhex(one) for one in self.path]
        return is_signed(head, log_key, verify) and included(
            self.leaf.encode(), self.index, head.size, path, bytes.fromhex(head.root)
        )


def compact(value: object) -> str:
    """JSON as JavaScript's JSON.stringify writes it."""
    return msgspec.json.encode(value).decode()


def parse_leaf(line: str) -> tuple[Leaf, Vote]:
    """A leaf and its vote. RemoteProtocolError for any other text, also for the same one spelled
    differently."""
    try:
        leaf = msgspec.json.decode(line.encode(), type=Leaf)
        parts = msgspec.json.decode(leaf.vote.encode(), type=tuple[str, str, str, str, str, str])
        vote = msgspec.convert(dict(zip(Vote.__struct_fields__, parts[1:], strict=True)), type=Vote)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise RemoteProtocolError(f"not a signed vote: {error}") from error
    if parts[0] != VOTE or vote.text != leaf.vote or leaf.line != line or len(line) > MOST_LEAF:
        raise RemoteProtocolError("not a signed vote in its one form")
    return leaf, vote


def is_voted(leaf: Leaf, verify: Verify) -> bool:
    """Whether the key of a leaf has signed its vote."""
    return verify(bytes.fromhex(leaf.key), bytes.fromhex(leaf.signature), leaf.vote.encode())


def is_signed(head: Head, log_key: bytes, verify: Verify) -> bool:
    """Whether the log's key has signed a head."""
    return verify(log_key, bytes.fromhex(head.signature), head.text.encode())


def head_of(tree: Tree, run: str, at: int, sign: Sign) -> Head:
    """The signed head of a tree."""
    unsigned = Head(run, len(tree), tree.root().hex(), at, "0" * 128)
    return msgspec.structs.replace(unsigned, signature=sign(unsigned.text.encode()).hex())


def receipt_of(tree: Tree, index: int, leaf: str, head: Head) -> Receipt:
    """The receipt of a leaf under a head of its tree."""
    path = tuple(one.hex() for one in tree.inclusion(index, head.size))
    return Receipt(leaf, index, head, path)


def are_of_one_log(
    one: Head, other: Head, log_key: bytes, path: Sequence[bytes], verify: Verify
) -> bool:
    """Whether two heads, such as those of two phones, are of one log that only grew. A log that
    shows different votes to different phones cannot give a path for which this is true."""
    old, new = sorted((one, other), key=lambda head: head.size)
    return (
        old.run == new.run
        and is_signed(old, log_key, verify)
        and is_signed(new, log_key, verify)
        and consistent(old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), path)
    )


class Verdict(msgspec.Struct, frozen=True):
    """What a published log is worth. `first_fault` is the index of the first leaf that is wrong, or
    that no correct head covers; `reason` says what was found. `result` are the votes by option: the
    last (or first) vote of each key; with several choices `choice/opening/option`."""

    leaves: int
    valid: bool
    first_fault: int | None
    result: dict[str, int]
    reason: str = ""


def verified(
    lines: Sequence[str], heads: Iterable[Head], log_key: bytes, verify: Verify, *, first: bool
) -> Verdict:
    """The verdict on a published log; `first`: the first vote of a key counts, not the last."""
    tree, faults, votes, nonces = Tree(), [], [], set[tuple[str, str]]()
    roots = [tree.root()]
    for index, line in enumerate(lines):
        tree.append(line.encode())
        roots.append(tree.root())
        try:
            leaf, vote = parse_leaf(line)
        except RemoteProtocolError as error:
            faults.append((index, str(error)))
            continue
        if not is_voted(leaf, verify):
            faults.append((index, "the signature of this vote is wrong"))
        elif (leaf.key, vote.nonce) in nonces:
            faults.append((index, "this vote is there twice"))
        nonces.add((leaf.key, vote.nonce))
        votes.append((leaf, vote))
    covered = 0
    for head in sorted(heads, key=lambda head: head.size):
        if not is_signed(head, log_key, verify):
            faults.append((covered, "the signature of a head is wrong"))
        elif head.size > len(lines) or roots[head.size].hex() != head.root:
            faults.append((covered, f"the head of {head.size} leaves has another root"))
            break
        covered = max(covered, head.size)
    else:
        if covered < len(lines):
            faults.append((covered, "no head covers this vote"))
    fault = min(faults, default=None)
    counts = _result(votes, first=first)
    reason = fault[1] if fault else ""
    return Verdict(len(lines), fault is None, fault[0] if fault else None, counts, reason)


def _result(votes: Sequence[tuple[Leaf, Vote]], *, first: bool) -> dict[str, int]:
    """The votes by option: one of each key in each opening."""
    given: dict[tuple[str, str, str], str] = {}
    for leaf, vote in votes:
        place = (vote.choice, vote.opening, leaf.key)
        if not (first and place in given):
            given[place] = vote.option
    several = len({place[:2] for place in given}) > 1
    counts: dict[str, int] = {}
    for (choice, opening, _), option in given.items():
        name = f"{choice}/{opening}/{option}" if several else option
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))
