"""What new processes cost: importing the story package, checking a story from the command line."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from xrdrama.saving import save
from xrdrama.tools.bench.comparing import PAIRS, BenchResult

CHILDREN = 20
"""Number of pairs of new processes."""


def bench_import() -> list[BenchResult]:
    """`import xrdrama.story` against importing msgspec and yaml alone; CPU of new processes that
    have the bytecode of both at hand, as from a user's second start on."""
    with _bytecode() as environment:
        ours = _imports("import xrdrama.story", environment)
        theirs = _imports("import msgspec, yaml, yaml.cyaml", environment)
        nothing = _imports("pass", environment)
        ones, others, bases = zip(
            *((ours(), theirs(), nothing()) for _ in range(PAIRS)), strict=True
        )
    base = median(bases)
    one, other = (median(ones) - base) * 1e6, (median(others) - base) * 1e6
    ratio = one / other
    return [BenchResult("import_story", one, "us", other, round(ratio, 4), 1.5, ratio <= 1.5)]


@contextmanager
def _bytecode() -> Iterator[dict[str, str]]:
    """An environment whose processes keep bytecode, in a folder of their own, also where
    it is switched off, as in many containers."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environment


def _imports(code: str, environment: Mapping[str, str]) -> Callable[[], float]:
    """Runs code in a new process; its CPU seconds. The first run makes the bytecode."""
    timed = (
        f"import resource\n{code}\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\nprint(used.ru_utime + used.ru_stime)"
    )

    def run() -> float:
        command = [sys.executable, "-c", timed]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return float(done.stdout)

    run()
    return run


def bench_check() -> list[BenchResult]:
    """CPU of `xrdrama check` of a 75-line story, against importing msgspec, PyYAML and typer; both
    in new processes, in turn, with their bytecode at hand."""
    with tempfile.TemporaryDirectory() as folder, _bytecode() as environment:
        story = Path(folder) / "bench.branch.yaml"
        save(story, _story_of_75_lines())
        check = _child([sys.executable, "-m", "xrdrama", "check", str(story)], environment)
        imports = _child([sys.executable, "-c", "import msgspec, yaml, typer"], environment)
        check(), imports()  # their bytecode is cached now
        ones, others = zip(*((check(), imports()) for _ in range(CHILDREN)), strict=True)
    one, other = median(ones) * 1e6, median(others) * 1e6
    ratio = one / other
    return [BenchResult("check_story", one, "us", other, round(ratio, 4), 2.0, ratio <= 2.0)]


def _story_of_75_lines() -> str:
    """A story without problems: a head, beats with a timed choice each, an ending."""
    head = (
        "xrdrama: 1\nid: bench\ntitle: The Bench\nscene: lantern_street\nvars:\n"
        "  trust: {type: int, min: 0, max: 9}\ncast:\n  mo: {name: Mo}\nbeats:\n"
    )
    beats = "".join(
        f"  b{n}:\n    script: |\n      EXT. PIER - NIGHT\n"
        f"      MO: Is this stop {n}?  #lb{n}aaa\n"
        f"      {{if trust >= {n}}} MO: You know.  #lb{n}bbb\n"
        "      @wait 1s\n    choice:\n      window: {lasts: 4s}\n      options:\n"
        f"        go: {{text: Go, to: b{n + 1}, set: {{trust: trust + 1}}, on: [voice: ride]}}\n"
        f"      else: b{n + 1}\n"
        for n in range(1, 6)
    )
    text = (
        head + beats + "  b6:\n    script: |\n      MO: Here.  #lb6aaa\n    ending: {id: there}\n"
    )
    return text + "# a comment\n" * (75 - text.count("\n"))


def _child(command: list[str], environment: Mapping[str, str]) -> Callable[[], float]:
    """Runs a command that must succeed; its CPU seconds."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return run
