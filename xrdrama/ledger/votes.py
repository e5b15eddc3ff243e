"""Votes as leaves of a public log: what a phone signs, what the log signs, and how anyone checks.

A vote is the text that a phone signs with its own key (ECDSA, P-256, SHA-256), a JSON array:

    ["xrdrama vote 1","<run>","<choice>","<opening>","<option>","<nonce>"]

A leaf of the log is a line of JSON with that text, the key and the signature in hex, and the group
of the viewer. A head is the log's signed statement of its size and root (RFC 9162). The text of a
head is a JSON array, too:

    ["xrdrama head 1","<run>",<size>,"<root>",<milliseconds since 1970>]

A receipt proves what its phone has voted for: so there is no secrecy against somebody who demands
to see it. A key is one phone in one run of a show, not one person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
Key = Annotated[str, msgspec.Meta(pattern="^04[0-9a-f]{128}$")]
"""A point of P-256 in its uncompressed form, in hex."""
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Number = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether a key (65 bytes) has signed a text: (key, signature, text)."""
Sign = Callable[[bytes], bytes]


class Vote(msgspec.Struct, frozen=True):
    """What a phone signs: an option of an opening of a choice in a run of a show, and a nonce that
    it uses once."""

    run: Short
    choice: Short
    opening: Number
    option: Short
    nonce: Short

    @property
    def text(self) -> str:
        """The text that is signed."""
        return compact([VOTE, self.run, self.choice, self.opening, self.option, self.nonce])


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed vote: its text, the phone's public key and signature in hex. `group` is what the
    log says of the phone: the group whose link it joined with, or ""."""

    vote: Annotated[str, msgspec.Meta(max_length=1024)]
    key: Key
    signature: Hex64
    group: Annotated[str, msgspec.Meta(max_length=64)] = ""

    @property
    def line(self) -> str:
        """The line of JSON whose bytes are the leaf of the tree."""
        return compact(msgspec.to_builtins(self))


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
