"""A process that appends until it is killed: `python -m tests.adapters.eventlog.appending FILE N`.

It appends entries number N, N + 1, ... with their own ids and prints the number of each, and the
number in the log, once it is appended. With `doubling` its ids are its own in each process, as if
the log did not deduplicate.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from xrdrama.adapters.eventlog.sqlite import SqliteLog


def main(path: str, first: str, mode: str) -> None:
    """Append for ever."""
    log = SqliteLog(Path(path), synced=False)
    number = int(first)
    while True:
        own = f".{os.getpid()}" if mode == "doubling" else ""
        got = log.append("votes/gate", b"vote %d" % number, f"{number}{own}")
        os.write(1, b"%d %d\n" % (number, got.seq))
        number += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
