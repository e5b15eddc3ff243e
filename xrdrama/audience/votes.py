"""Signed votes of phones: checked, recorded durably in the log of votes, and answered with proofs.

A vote goes into the log of votes first, and to the show once it is on the disk. So a vote that the
show has counted is in the log, also after this process was killed; a leaf that the show did not
count (it came too late) is named when the votes are published.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from xrdrama.adapters.eventlog.placed import open_placed
from xrdrama.adapters.signing.p256 import SigningKey, verify
from xrdrama.adapters.web.access.kept import read_secrets, write_secrets
from xrdrama.adapters.web.access.sessions import Secrets
from xrdrama.adapters.web.audience.hub import Refusal
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.ledger.log import EventLog, NotAppended
from xrdrama.ledger.tree import leaf_hash
from xrdrama.ledger.votelog import TEXTS, Given, Run, VoteLog, opened_entry, run_of
from xrdrama.ledger.votes import Leaf, Receipt, Vote, parse_leaf
from xrdrama.story import Story
from xrdrama.wire.audience import Proof, SignedVote
from xrdrama.wire.frame import Frame

LATE: Final = Refusal("This vote has ended.", "vote_late")
NOT_VOTED: Final = Refusal("Nobody votes on this option.", "no_vote")
ALREADY: Final = Refusal("You have voted, and the first vote counts.", "already_voted")
NO_LEAF: Final = Refusal("The log of votes has no such vote: reload the page.", "no_such_leaf")
NO_KEY: Final = "the key of the log of votes is missing or cannot be read by this user alone"
Done = Callable[[Refusal | None], None]


def is_voted_on(story: Story) -> bool:
    """Whether a story has options that are voted on."""
    return any(
        option.voted
        for beat in story.order
        if beat.choice is not None
        for option in beat.choice.options
    )


class Desk:
    """Takes votes and keeps them in `log`. It is used on the event loop of the server; the log is
    written in a thread, all votes that came meanwhile at once."""

    def __init__(
        self,
        log: EventLog,
        run: Run,
        key: SigningKey,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._log, self._run, self._key, self._now = log, run, key, now
        self._votes = self._loaded()
        self._waiting: list[tuple[Given, Done]] = []
        self._is_unsure = False
        self._writing: asyncio.Task[None] | None = None

    @property
    def run(self) -> Run:
        """The run, and the public key of its log."""
        return self._run

    @property
    def fingerprint(self) -> str:
        """What people compare of the log's key: the beginning of its SHA-256."""
        digest = sha256(bytes.fromhex(self._run.key)).hexdigest()[:16]
        return " ".join(digest[at : at + 4] for at in range(0, 16, 4))

    def _loaded(self) -> VoteLog:
        return VoteLog(self._run, self._key.sign, verify).load(self._log.replay())

    # -- votes ----------------------------------------------------------------------------------

    def refusal(
        self, seat: int, group: str, asked: SignedVote, frame: Frame | None
    ) -> Refusal | None:
        """Why a vote of a seat is refused, or None. The window is that of the show: the time of the
        phone plays no part."""
        why = self._votes.refusal(seat, asked.id, *_signed(asked, group))
        if why is not None:
            return Refusal(TEXTS[why], why)
        if self._votes.knows(seat, asked.id):  # sent again: the show knows whether it counts
            return None
        tally = frame.tally if frame is not None else None
        if tally is None or tally.phase != "open":
            return LATE
        if (tally.choice, str(tally.opening)) != (asked.choice, asked.opening):
            return LATE
        if asked.option not in tally.counts:
            return NOT_VOTED
        voted = self._votes.has_voted(seat, asked.choice, asked.opening)
        return ALREADY if tally.changes == "first" and voted else None

    def unsigned(self, seat: int) -> Refusal | None:
        """Why a vote without a signature is refused, or None."""
        if not self._votes.has_signed(seat):
            return None
        return Refusal(TEXTS["vote_unsigned"], "vote_unsigned")

    def leaf_hash(self, asked: SignedVote, group: str) -> str:
        """The hash of a vote's leaf in hex: the show's log names the leaf by it."""
        return leaf_hash(_signed(asked, group)[0].line.encode()).hex()

    def take(self, seat: int, group: str, asked: SignedVote, done: Done) -> None:
        """Record a vote that was not refused; `done` is called when it is on the disk."""
        given = self._votes.take(seat, asked.id, *_signed(asked, group))
        if given.index is not None:
            done(None)
            return
        self._waiting.append((given, done))
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                why = await self._append([given for given, _ in batch])
                for _, done in batch:
                    done(why)
        finally:
            self._writing = None

    async def _append(self, given: list[Given]) -> Refusal | None:
        try:
            if self._is_unsure:
                await self._read_again(given)
            entries = self._votes.prepared(given, int(self._now() * 1000))
            self._is_unsure = True
            results = await asyncio.to_thread(self._log.append_many, entries)
            if refused := next((one for one in results if isinstance(one, NotAppended)), None):
                raise DeviceError(f"the log of votes refused an entry: {refused.reason}")
        except (DeviceError, RemoteProtocolError) as error:
            self._forget(given)
            return Refusal(f"The vote could not be recorded: {error}", "not_recorded")
        self._votes.confirm()
        self._is_unsure = False
        return None

    async def _read_again(self, given: list[Given]) -> None:
        """After a write that failed, it is unknown what is in the log."""
        self._votes = await asyncio.to_thread(self._loaded)
        for one in [*given, *(later for later, _ in self._waiting)]:
            self._votes.take(one.seat, one.id, *parse_leaf(one.line))

    def _forget(self, given: list[Given]) -> None:
        for one in given:
            self._votes.forget(one)

    # -- proofs ---------------------------------------------------------------------------------

    def receipt(self, seat: int, id: int) -> Receipt:
        """The receipt of a vote that is on the disk."""
        return self._votes.receipt(self._votes.index(seat, id))

    def proof(self, id: int, index: int, size: int) -> Proof | Refusal:
        """The proof that a leaf is in the log, and that the log begins with an earlier head."""
        consistency = self._votes.consistency(size)
        if consistency is None or index >= len(self._votes.lines):
            return NO_LEAF
        receipt = self._votes.receipt(index)
        return Proof(id, receipt.head, receipt.path, consistency)


def open_desk(path: Path, show: str, server: str = "") -> Desk:
    """The desk of a take's log of votes in the file `path`, or on a server of event logs.

    The log is made if it does not exist.

    DeviceError when it cannot be used, or when the log is there and its key is not: nobody could
    sign for it.
    """
    key_file = path.with_name(f"{path.name}.key")
    log = open_placed(path, server)
    try:
        run = run_of(log.replay())
    except RemoteProtocolError as error:
        raise DeviceError(f"{path}: {error}", "move the file away") from error
    kept = read_secrets(key_file)
    if run is not None:
        if kept is None:
            raise DeviceError(f"{key_file}: {NO_KEY}", "start a new take")
        return Desk(log, run, SigningKey(kept.key))
    key = SigningKey()
    write_secrets(key_file, Secrets(key=key.secret))
    run = Run(secrets.token_hex(8), show, key.public.hex())
    log.append_many([opened_entry(run)])
    return Desk(log, run, key)


def _signed(asked: SignedVote, group: str) -> tuple[Leaf, Vote]:
    vote = Vote(asked.run, asked.choice, asked.opening, asked.option, asked.nonce)
    return Leaf(vote.text, asked.key, asked.signature, group), vote
