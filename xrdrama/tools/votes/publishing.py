"""The votes of a take, as a folder that anyone can verify: leaves, heads, rules and results.

The take says what the show counted: it is replayed. Its entries name the leaves of signed votes by
their hash. Seats, addresses and times of votes are not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from xrdrama.adapters.eventlog.placed import exists, open_placed
from xrdrama.adapters.web.access.kept import secrets_path
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.ledger.published import Decided, Log, Rule, counted
from xrdrama.ledger.tree import leaf_hash
from xrdrama.ledger.votelog import VoteLog, run_of
from xrdrama.ledger.votes import parse_leaf
from xrdrama.show import Production
from xrdrama.show.take import Take
from xrdrama.tools.takes.replaying import frames_of, open_take
from xrdrama.tools.votes.verifying import publish, verify_folder
from xrdrama.wire.events import Voted
from xrdrama.wire.tally import Tally

NOT_RECORDED = "not_recorded"
"""The code of a leaf that never reached the show: its server was killed before."""


class Publication(msgspec.Struct, frozen=True):
    """What was published, and the verdict on it: it is verified as anyone would."""

    folder: str
    leaves: int
    heads: int
    valid: bool
    result: dict[str, int]
    unsigned: dict[str, int]
    uncounted: int
    reason: str


def publish_take(path: Path, folder: Path, *, embedded: bool = False) -> Publication:
    """Write the votes of a take to a folder. UsageError without a log of votes, or for a take that
    cannot be replayed; RemoteProtocolError for a damaged log; DeviceError when it cannot be
    written."""
    votes = read_log(path)
    take, _, production = open_take(path, embedded=embedded)
    refused, tallies = _replayed(take, production)
    uncounted = _uncounted(votes, take, refused)
    rules = _rules(production)
    bare = Log(1, votes.run.run, votes.run.show, votes.run.key, rules, (), uncounted)
    log = msgspec.structs.replace(bare, decided=_decided(bare, votes, tallies))
    publish(folder, log, votes.lines, votes.heads)
    verdict = verify_folder(folder)
    return Publication(
        str(folder), verdict.leaves, len(votes.heads), verdict.valid, verdict.result,
        verdict.unsigned, verdict.uncounted, verdict.reason,
    )  # fmt: skip


def read_log(take: Path) -> VoteLog:
    """The log of votes beside a take. UsageError if it does not exist."""
    path = secrets_path(take, "votes")
    if not exists(path):
        raise UsageError(
            f"{path} does not exist: no signed votes were recorded with this take",
            "choose the take of a show with on: vote that ran with xrdrama serve",
        )
    log = open_placed(path)
    try:
        run = run_of(log.replay())
        if run is None:
            raise RemoteProtocolError(f"{path} is empty")
        return VoteLog(run, _no_signing, lambda *_: False).load(log.replay())
    finally:
        log.close()


def _no_signing(text: bytes) -> bytes:
    raise UsageError("a log that is over is not signed again")


def _replayed(take: Take, production: Production) -> tuple[dict[int, str], list[Tally]]:
    """The codes of refused votes by their number in the take, and the results of the show."""
    refused: dict[int, str] = {}
    tallies = []
    for _, frame, _ in frames_of(take, production):
        refused |= {one.seq: one.code for one in frame.refused if one.command == "vote"}
        tallies += [pick.tally for pick in frame.picks if pick.tally is not None]
    return refused, tallies


def _uncounted(votes: VoteLog, take: Take, refused: Mapping[int, str]) -> dict[int, str]:
    """The code of each leaf that the show did not count."""
    upto = take.ticks[-1].upto if take.ticks else 0
    numbers = {
        entry.event.leaf: entry.seq
        for entry in take.entries
        if isinstance(entry.event, Voted) and entry.event.leaf and entry.seq <= upto
    }
    found = {}
    for index, line in enumerate(votes.lines):
        number = numbers.get(leaf_hash(line.encode()).hex())
        code = NOT_RECORDED if number is None else refused.get(number, "")
        if code:
            found[index] = code
    return found


def _rules(production: Production) -> dict[str, Rule]:
    stories = [production.story, *(later.story for _, later in production.later)]
    return {
        beat.choice.id: Rule(beat.choice.vote.changes, dict(beat.choice.vote.weights))
        for story in stories
        for beat in story.order
        if beat.choice is not None and any(option.voted for option in beat.choice.options)
    }


def _decided(log: Log, votes: VoteLog, tallies: list[Tally]) -> tuple[Decided, ...]:
    """The results of the show; what the signed votes do not give was not signed."""
    leaves = [parse_leaf(line) for n, line in enumerate(votes.lines) if n not in log.uncounted]
    signed = counted(log, leaves)
    decided = []
    for tally in tallies:
        opening = str(tally.opening)
        known = signed.get((tally.choice, opening), {})
        rest = {option: count - known.get(option, 0) for option, count in tally.counts.items()}
        unsigned = {option: count for option, count in rest.items() if count > 0}
        decided.append(Decided(tally.choice, opening, tally.counts, unsigned))
    return tuple(decided)
