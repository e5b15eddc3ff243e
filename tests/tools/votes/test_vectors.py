"""The vectors with which the page's proofs are tested are those of our own code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from xrdrama.adapters.signing.p256 import SigningKey
from xrdrama.ledger.tree import Tree
from xrdrama.ledger.votes import Leaf, Vote, head_of

VECTORS = Path(__file__).parents[3] / "bridge/web/viewer/test/votes/vectors.json"
LOG_KEY = SigningKey(bytes(range(1, 33)))


def leaf(number: int) -> str:
    key, option = SigningKey(bytes([number + 1]) * 32), ("girl", "医生")[number % 2]
    text = Vote("run-1", "pier/choice", "1850000000", option, f"{number}").text
    group = "" if number % 3 else "front"
    return Leaf(text, key.public.hex(), key.sign(text.encode()).hex(), group).line


def vectors() -> dict[str, Any]:
    """Seven leaves, the head after each, and all their proofs, in hex."""
    leaves = [leaf(number) for number in range(7)]
    trees = [Tree([one.encode() for one in leaves[:size]]) for size in range(1, 8)]
    heads = [head_of(tree, "run-1", 1_800_000_000_000 + len(tree), LOG_KEY.sign) for tree in trees]

    def in_hex(path: tuple[bytes, ...]) -> list[str]:
        return [one.hex() for one in path]

    return {
        "key": LOG_KEY.public.hex(),
        "leaves": leaves,
        "heads": msgspec.to_builtins(heads),
        "inclusion": [[in_hex(tree.inclusion(n)) for n in range(len(tree))] for tree in trees],
        "consistency": [
            [in_hex(tree.consistency(n)) for n in range(1, len(tree) + 1)] for tree in trees
        ],
    }


def test_vectors_of_the_page_are_ours() -> None:
    """Write them again with `python -m tests.tools.votes.test_vectors`."""
    assert json.loads(VECTORS.read_text("utf-8")) == vectors()


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", "utf-8")
