"""The verdict on published votes: recomputed from leaves and heads, as anyone can.

bridge/votes/verify.mjs is a second implementation of the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final, Literal

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.ledger.tree import Tree
from xrdrama.ledger.votes import (
    Head,
    Key,
    Leaf,
    Number,
    Short,
    Verify,
    Vote,
    is_signed,
    is_voted,
    parse_leaf,
)

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Counts = dict[str, Count]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the votes of a choice are counted: which vote of a key, and how often that of a group."""

    changes: Literal["last", "first"] = "last"
    weights: dict[str, Annotated[int, msgspec.Meta(ge=1, le=1000)]] = {}


class Decided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the show counted at the end of an opening of a choice. `counts` has all votes, and
    `unsigned` those without a signature, which are not in the log."""

    choice: Short
    opening: Number
    counts: Counts
    unsigned: Counts = {}


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `votes.json` says: the run, the key of its log, the rules of its choices, the results of
    the show, and the leaves that the show did not count, with the code of the reason."""

    version: Annotated[int, msgspec.Meta(ge=1, le=1)]
    run: Short
    show: Short
    key: Key
    choices: dict[str, Rule] = {}
    decided: tuple[Decided, ...] = ()
    uncounted: dict[Count, Short] = {}


class Verdict(msgspec.Struct, frozen=True):
    """What published votes are worth.

    `first_fault` is the index of the first leaf that is wrong, or that no correct head covers; null
    if only a result is wrong. `reason` says what was found. `result` are the signed votes by
    option, one of each key in the weight of its group; with several choices or openings
    `choice/opening/option`. `unsigned` are the votes without a signature that the show says it had.
    """

    leaves: int
    valid: bool
    first_fault: int | None
    result: dict[str, int]
    unsigned: dict[str, int] = {}
    uncounted: int = 0
    reason: str = ""


Opening = tuple[str, str]
"""The choice, and when it opened."""
NO_RULE: Final = Rule()


def verified(log: Log, lines: Sequence[str], heads: Iterable[Head], verify: Verify) -> Verdict:
    """The verdict on a published log."""
    tree, votes = Tree(), dict[int, tuple[Leaf, Vote]]()
    roots = [tree.root()]
    faults = list[tuple[int, str]]()
    nonces = set[tuple[str, str]]()
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
        elif vote.run != log.run:
            faults.append((index, "this vote is of another run"))
        elif (leaf.key, vote.nonce) in nonces:
            faults.append((index, "this vote is there twice"))
        nonces.add((leaf.key, vote.nonce))
        if index not in log.uncounted:
            votes[index] = leaf, vote
    faults += _faults_of_heads(log, heads, roots, verify)
    counts = counted(log, votes.values())
    fault = min(faults, default=None)
    wrong = next(_wrong_results(log, counts, len(lines)), "")
    return Verdict(
        len(lines),
        fault is None and not wrong,
        fault[0] if fault else None,
        _named(counts),
        _named({(one.choice, one.opening): one.unsigned for one in log.decided if one.unsigned}),
        len(log.uncounted),
        fault[1] if fault else wrong,
    )


def counted(log: Log, votes: Iterable[tuple[Leaf, Vote]]) -> dict[Opening, dict[str, int]]:
    """The votes of each opening by option: one of each key, in the weight of its group."""
    given: dict[tuple[str, str, str], tuple[str, int]] = {}
    for leaf, vote in votes:
        rule = log.choices.get(vote.choice, NO_RULE)
        place = (vote.choice, vote.opening, leaf.key)
        if not (rule.changes == "first" and place in given):
            given[place] = vote.option, rule.weights.get(leaf.group, 1)
    counts: dict[Opening, dict[str, int]] = {}
    for (choice, opening, _), (option, weight) in given.items():
        found = counts.setdefault((choice, opening), {})
        found[option] = found.get(option, 0) + weight
    return counts


def _faults_of_heads(
    log: Log, heads: Iterable[Head], roots: Sequence[bytes], verify: Verify
) -> Iterator[tuple[int, str]]:
    covered, leaves = 0, len(roots) - 1
    for head in sorted(heads, key=lambda head: head.size):
        if head.run != log.run:
            yield covered, "a head is of another run"
            return
        if not is_signed(head, bytes.fromhex(log.key), verify):
            yield covered, "the signature of a head is wrong"
            return
        if head.size > leaves or roots[head.size].hex() != head.root:
            yield covered, f"the head of {head.size} leaves has another root"
            return
        covered = head.size
    if covered < leaves:
        yield covered, "no head covers this vote"


def _wrong_results(log: Log, counts: dict[Opening, dict[str, int]], leaves: int) -> Iterator[str]:
    for index in sorted(log.uncounted):
        if index >= leaves:
            yield f"vote {index} is said not to count, and is not in the log"
    for one in log.decided:
        signed = counts.get((one.choice, one.opening), {})
        for option in sorted({*one.counts, *signed, *one.unsigned}):
            found = signed.get(option, 0) + one.unsigned.get(option, 0)
            said = one.counts.get(option, 0)
            if found != said:
                yield (
                    f"{one.choice}: the show counted {said} for {option}, and the votes give"
                    f" {found}"
                )


def _named(counts: dict[Opening, dict[str, int]]) -> dict[str, int]:
    several = len(counts) > 1
    return dict(
        sorted(
            (f"{choice}/{opening}/{option}" if several else option, number)
            for (choice, opening), options in counts.items()
            for option, number in options.items()
        )
    )
