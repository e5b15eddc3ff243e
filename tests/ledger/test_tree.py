"""Merkle trees: roots equal the definition, proofs hold, and wrong ones do not."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.ledger.tree import EMPTY, Tree, consistent, included, leaf_hash, node_hash

LEAVES = [bytes([n]) for n in range(40)]
TREE = Tree(LEAVES)


def defined(leaves: list[bytes]) -> bytes:
    """The root by the recursive definition (RFC 9162, 2.1.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return node_hash(defined(leaves[:split]), defined(leaves[split:]))


def test_roots_are_those_of_the_definition() -> None:
    for size in range(len(LEAVES) + 1):
        assert TREE.root(size) == defined(LEAVES[:size])
    assert Tree().root() == EMPTY


def test_known_roots() -> None:
    # Computed by hand: sha256(00), and sha256(01 | sha256(00) | sha256(00 00)).
    assert Tree([b""]).root() == sha256(b"\0").digest()
    both = sha256(b"\1" + sha256(b"\0").digest() + sha256(b"\0\0").digest()).digest()
    assert Tree([b"", b"\0"]).root() == both


def test_every_inclusion_proof_holds_and_for_nothing_else() -> None:
    for size in range(1, len(LEAVES) + 1):
        root = TREE.root(size)
        for index in range(size):
            path = TREE.inclusion(index, size)
            assert included(LEAVES[index], index, size, path, root)
            assert not included(b"other", index, size, path, root)
            assert not included(LEAVES[index], index, size, (*path, root), root)
            assert size == 1 or not included(LEAVES[index], index, size, path[:-1], root)
            assert not included(LEAVES[index], size, size, path, root)


def test_every_consistency_proof_holds_and_for_nothing_else() -> None:
    forked = Tree([*LEAVES[:20], b"forked", *LEAVES[21:]])
    for second in range(len(LEAVES) + 1):
        for first in range(second + 1):
            path = TREE.consistency(first, second)
            old, new = TREE.root(first), TREE.root(second)
            assert consistent(first, old, second, new, path)
            assert not consistent(first, old, second, new, (*path, new))
            if second > 20 and first <= 20 and first > 0:
                assert consistent(first, old, second, forked.root(second),
                                  forked.consistency(first, second))  # fmt: skip
            if first > 20:
                assert not consistent(first, old, second, forked.root(second),
                                      forked.consistency(first, second))  # fmt: skip


@given(st.lists(st.binary(max_size=8), max_size=30), st.binary(max_size=8), st.data())
@settings(max_examples=60)
def test_changed_leaf_changes_the_root(
    leaves: list[bytes], other: bytes, data: st.DataObject
) -> None:
    if leaves:
        index = data.draw(st.integers(0, len(leaves) - 1))
        changed = [*leaves[:index], other, *leaves[index + 1 :]]
        assert (Tree(changed).root() == Tree(leaves).root()) == (changed == leaves)


def test_sizes_beyond_the_tree_are_refused() -> None:
    for wrong in (
        lambda: TREE.root(41),
        lambda: TREE.inclusion(40),
        lambda: TREE.consistency(3, 2),
    ):
        with pytest.raises(ValueError, match="are not sizes"):
            wrong()
