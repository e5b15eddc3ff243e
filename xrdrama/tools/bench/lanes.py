"""The state lane's deltas against whole frames, and the event log against bare SQLite."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.ledger.log import Entry
from xrdrama.show import advance, opening
from xrdrama.stage import load_stage
from xrdrama.tools.bench.advance import FOUR_WALLS, production_on
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.wire.codec import decode_frame, encode
from xrdrama.wire.deltas import Follower, Sender

VOTES = 500
"""Votes of one write: as many phones at once."""


def bench_deltas() -> list[BenchResult]:
    """Bytes of the lane with a moving camera and four walls, keyframes included, against whole
    frames; and the processor time of making and following it, against composing, encoding and
    decoding the same frames."""
    production, ticks = production_on(load_stage(FOUR_WALLS, "four"))
    first = opening(production)

    def composed() -> list[bytes]:
        show, frames = first, []
        for tick in ticks:
            show, frame = advance(show, tick)
            frames.append(encode(frame))
        return frames

    frames = composed()

    def deltas() -> list[bytes]:
        sender = Sender(1)
        return [sender.next(frame) for frame in frames]

    def followed() -> None:
        follower = Follower()
        for message in deltas():
            follower.take(message)

    one, other = (sum(map(len, each)) / len(frames) for each in (deltas(), frames))
    size = BenchResult(
        "delta_bytes", one, "bytes", other, round(one / other, 4), 0.35, one < 0.35 * other
    )
    whole = lambda: [decode_frame(frame) for frame in composed()]  # noqa: E731
    return [size, compared("deltas", followed, whole, goal=0.5, pairs=15)]


def bench_event_log() -> list[BenchResult]:
    """Writing 500 votes at once against the same rows in bare SQLite; both sync to the disk."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as folder, closing(SqliteLog(Path(folder) / "log")) as log:
        bare = sqlite3.connect(Path(folder) / "bare", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE votes (seq INTEGER PRIMARY KEY, key, data, id UNIQUE)")

        def votes() -> list[Entry]:
            start = next(numbers) * VOTES
            return [Entry("votes/gate", bytes(150), f"voter {start + n}") for n in range(VOTES)]

        def write() -> None:
            bare.execute("BEGIN")
            rows = [(vote.key, vote.data, vote.id) for vote in votes()]
            bare.executemany("INSERT INTO votes (key, data, id) VALUES (?, ?, ?)", rows)
            bare.execute("COMMIT")

        with closing(bare):
            return [compared("event_log", lambda: log.append_many(votes()), write, goal=4.0)]
