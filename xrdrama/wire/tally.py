"""The tally of a vote, as frames show it and takes keep it."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.tracking.sample import Nanoseconds
from xrdrama.wire.events import Count


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """The votes for the options of a choice; after it, for some seconds, its result.

    `counts` are the sums of weights by option, in the order of the file; `voters` how many voted,
    `joined` how many viewers could have, `quorum` how many must have for the vote to count. `ties`
    and `changes` are the rules of the story. `result` is the option, or `else`, that was taken, and
    `why` the reason: most votes, a tie, too few voters, or a pick by other means before the end.
    """

    choice: str
    opening: Nanoseconds
    """When the choice opened: with `choice` it identifies the opening, and is part of a vote."""
    counts: dict[str, Count]
    voters: Count = 0
    joined: Count = 0
    quorum: Count = 0
    phase: Literal["open", "decided"] = "open"
    ties: Literal["first", "draw", "else"] = "first"
    changes: Literal["last", "first"] = "last"
    result: str = ""
    why: Literal["", "most", "tie", "quorum", "picked"] = ""
    changed: Count = 0
    """Votes that replaced an earlier one of the same voter."""
    refused: Count = 0
    """Votes that did not count: late, for an unknown option, or a second one of a voter."""
