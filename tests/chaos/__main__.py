"""Break a running show in every way that is tested, and print what was lost: `make chaos`.

python -m tests.chaos [--kills 100]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.chaos.faults import Outcome, cuts, flips, kills, on_one_show


def outcomes(folder: Path, times: int) -> list[Outcome]:
    """The result of every fault."""
    killed = kills(folder / "kills", times)
    take = (folder / "kills" / "out" / "night_watch.take").read_bytes()
    broken = [cuts(take, 10_000), flips(take, 1_000)]
    return [killed, *broken, *on_one_show(folder / "one", floods=50_000, keys=100, pauses=3)]


def main() -> int:
    """Print the table; 1 if anything was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how often the core is killed")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="xrdrama-chaos-") as folder:
        found = outcomes(Path(folder), asked.kills)
    table = Table("fault", "times", "lost", "doubled", "wrong", "", expand=True)
    for one in found:
        numbers = (one.times, one.lost, one.doubled, one.wrong)
        table.add_row(one.fault, *map(str, numbers), one.note, style=None if one.is_good else "red")
    console = Console()
    console.print(table)
    is_good = all(one.is_good for one in found)
    said = "nothing was lost" if is_good else "SOMETHING WAS LOST"
    console.print(f"{said} ({time.monotonic() - began:.0f} s)")
    return int(not is_good)


if __name__ == "__main__":
    sys.exit(main())
