"""Votes on the options of a choice: the rule that an author writes, and how votes are counted.

Each voter has one vote, of the weight of its group. Votes count from the opening of the choice to
the end of its window and grace; then the option with the greatest sum is taken. Too few voters, or
none, take the `else`. Nothing here depends on the order of votes, except which of several votes of
one voter counts, and which voters count beyond MOST_VOTERS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from zlib import crc32

import msgspec
from msgspec.structs import replace

from xrdrama.document import Field, MapOf, OneOf, Place, Record, Text, Whole
from xrdrama.story.chance import draw

ELSE: Final = "else"
MOST_VOTERS: Final = 100_000
"""Voters of one choice that are counted; votes of more are refused."""
MOST_WEIGHT: Final = 1000
_BUCKETS: Final = 256
"""Parts of a ballot: a vote copies one of them."""

Ties = Literal["first", "draw", "else"]
Changes = Literal["last", "first"]
Why = Literal["most", "tie", "quorum", "picked"]


class VoteRule(msgspec.Struct, frozen=True):
    """How the votes on a choice are counted.

    `quorum`: how many must vote, a number or a share of the joined viewers, such as 30%. `ties`:
    which of the options with the most votes is taken: the first in the file, one drawn by the
    story's seed, or the `else`. `changes`: which of several votes of one voter counts.
    """

    place: Place = Place()
    quorum: str = "0"
    ties: Ties = "first"
    changes: Changes = "last"
    weights: Mapping[str, int] = {}

    def least(self, joined: int) -> int:
        """The voters that are needed, of so many joined viewers."""
        if self.quorum.endswith("%"):
            return -(-joined * int(self.quorum[:-1]) // 100)
        return int(self.quorum)

    def weight(self, group: str) -> int:
        """What a vote of a group counts: 1 without a weight of its own."""
        return self.weights.get(group, 1)


VOTE: Final = Record(
    VoteRule,
    {
        "quorum": Field(
            Text(
                "a number of voters, or a share such as 30%",
                "[0-9]{1,6}|([0-9]|[1-9][0-9]|100)%",
                most=6,
                form="write 12, or 30% of the joined viewers",
            ),
            "how many must vote, else the else is taken: 12, or 30% of the joined viewers (0)",
        ),
        "ties": Field(
            OneOf(("first", "draw", "else")),
            "of options with equally many votes: the first in the file, one by lot, or else"
            " (first)",
        ),
        "changes": Field(OneOf(("last", "first")), "which vote of a voter counts (last)"),
        "weights": Field(
            MapOf(Whole(1, MOST_WEIGHT), most=16), "votes of a group of viewers count so often (1)"
        ),
    },
    "How the votes for options with on: vote are counted.",
)


class Ballot(msgspec.Struct, frozen=True, gc=False):
    """The votes on an open choice.

    `opened` is when it opened, in nanoseconds of the show; a hold does not move it, so it
    identifies the opening. `sums` are weights by option, in the order of `options`.
    """

    opened: int
    options: tuple[str, ...]
    sums: tuple[int, ...]
    voters: int = 0
    changed: int = 0
    refused: int = 0
    cast: tuple[Mapping[str, tuple[str, int]], ...] = ()
    """Option and weight by voter, divided by a checksum of the voter."""

    @classmethod
    def of(cls, opened: int, options: tuple[str, ...]) -> Ballot:
        """A ballot without votes."""
        return cls(opened, options, (0,) * len(options))

    def counts(self) -> dict[str, int]:
        """The sums by option, in the order of the file."""
        return dict(zip(self.options, self.sums, strict=True))

    def vote_of(self, voter: str) -> str:
        """The option that a voter has voted for, or ""."""
        given = self.cast[_bucket(voter)].get(voter) if self.cast else None
        return given[0] if given else ""

    def with_vote(self, voter: str, option: str, weight: int) -> Ballot:
        """The ballot with a vote; an earlier one of the same voter is replaced."""
        parts = list(self.cast or ({},) * _BUCKETS)
        number = _bucket(voter)
        before = parts[number].get(voter)
        parts[number] = {**parts[number], voter: (option, weight)}
        counts = self.counts()
        if before is not None:
            counts[before[0]] -= before[1]
        counts[option] += weight
        return replace(
            self,
            sums=tuple(counts.values()),
            voters=self.voters + (before is None),
            changed=self.changed + (before is not None),
            cast=tuple(parts),
        )

    def among(self, options: tuple[str, ...]) -> Ballot:
        """The ballot on other options, as in a newer version of the story: votes for options that
        are not there any more are removed."""
        moved = replace(Ballot.of(self.opened, options), changed=self.changed, refused=self.refused)
        for part in self.cast:
            for voter, (option, weight) in part.items():
                if option in options:
                    moved = moved.with_vote(voter, option, weight)
        return moved


def _bucket(voter: str) -> int:
    return crc32(voter.encode()) % _BUCKETS


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What votes have decided: an option or `else`, and why. `dice` is the state after a draw."""

    result: str
    why: Why
    quorum: int
    joined: int
    dice: int


def decided(ballot: Ballot, rule: VoteRule, joined: int, dice: int) -> Decision:
    """The decision of a ballot at the end of its window."""
    joined = max(joined, ballot.voters)
    quorum = rule.least(joined)
    if ballot.voters < max(1, quorum):
        return Decision(ELSE, "quorum", quorum, joined, dice)
    most = max(ballot.sums)
    leading = [option for option, votes in ballot.counts().items() if votes == most]
    if len(leading) == 1:
        return Decision(leading[0], "most", quorum, joined, dice)
    if rule.ties == "else":
        return Decision(ELSE, "tie", quorum, joined, dice)
    number = 0
    if rule.ties == "draw":
        dice, number = draw(dice, 0, len(leading) - 1)
    return Decision(leading[number], "tie", quorum, joined, dice)


def why_refused(
    ballot: Ballot | None, rule: VoteRule, option: str, voter: str, opening: int | None
) -> tuple[str, str] | None:
    """The code and the reason why a vote does not count; None if it counts. `ballot` is None when
    no choice that is voted on is open; `opening` is that of the vote, None for the open one."""
    if ballot is None:
        return "vote_late", "no choice that is voted on is open now"
    if opening is not None and opening != ballot.opened:
        return "vote_late", "the vote is for an earlier opening of the choice"
    if option not in ballot.options:
        return "no_vote", f"{option!r} cannot be voted for here"
    known = ballot.vote_of(voter)
    if known and rule.changes == "first":
        return "already_voted", "this viewer has voted, and the first vote counts"
    if not known and ballot.voters >= MOST_VOTERS:
        return "too_many_voters", f"{MOST_VOTERS} viewers have voted, which is the most"
    return None
