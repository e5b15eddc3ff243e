"""Runs a copy of ink-proof, the public test cases of ink, with our runtime and our import.

    git clone https://github.com/chromy/ink-proof
    python tests/peers/ink_suite.py ink-proof

Compiles the ink cases with the compiler that is found (`make peers` installs one in
tests/peers/runtimes/node_modules/.bin), plays them in the child process, and compares with the
transcripts; then imports each case and compares what the story says with what the runtime says
for the same picks. Nothing of the folder is copied. The exit status is 0 when exactly the
cases fail that `KNOWN` names with a reason, and no imported story says something else without a
loss that is listed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.authoring.ink.side_by_side import ERROR, difference, imported
from xrdrama.authoring.ink.reading import read_ink
from xrdrama.errors import XrdramaError
from xrdrama.processes.ink import InkReply, InkRuntime, compile_ink

KNOWN = {
    "I074": "random", "I106": "random", "I107": "random",
    "I121": "inkjs's compiler writes 7.0 as 7", "I133": "inkjs's compiler writes 7.0 as 7",
    "I131": "bink ends with signal 11", "B004": "bink refuses a number above 32 bits",
}  # fmt: skip


def say(line: str) -> None:
    """Prints a line."""
    sys.stdout.write(f"{line}\n")


def transcript(story: str, picks: list[str]) -> Iterator[str]:
    """What the players of ink-proof print, line by line."""
    names = read_ink(story, "case").names
    with InkRuntime("case", story, names) as runtime:
        reply = runtime.play_on()
        while True:
            yield from printed(reply)
            if not reply.choices:
                return
            pick = picks.pop(0) if picks else ""
            if not pick:
                return
            index = int(pick) - 1
            reply = runtime.choose(index)


def printed(reply: InkReply) -> Iterator[str]:
    """The text, then an error or the choices with numbers."""
    for line in reply.lines:
        yield line.text
        if line.tags:
            yield "# tags: " + ", ".join(line.tags)
    if reply.error:
        yield reply.error
    for number, choice in enumerate(reply.choices, 1):
        yield f"{number}: {choice.text}"


def squeezed(lines: Iterator[str] | list[str]) -> list[str]:
    """Without blank lines, prompts and outer spaces."""
    rows = [row.removeprefix("?> ").strip() for line in lines for row in line.split("\n")]
    return [row for row in rows if row and row != "?>"]


def main(folder: Path) -> int:
    """Runs the folder and prints the counts."""
    counts = {}
    failed = []
    for kind in ("ink", "bytecode"):
        cases = sorted(path for path in (folder / kind).iterdir() if path.is_dir())
        passed = 0
        for case in cases:
            fault = check(case, kind)
            passed += not fault
            if fault:
                failed.append(case.name)
                say(f"{case.name}: {fault}")
        counts[kind] = (passed, len(cases))
    for kind, (passed, total) in counts.items():
        say(f"{passed} of {total} {kind} cases pass")
    silent = compare(folder)
    surprises = differing(set(failed))
    for name, how in surprises.items():
        say(f"{name}: {how}")
    return int(silent or bool(surprises))


def differing(failed: set[str]) -> dict[str, str]:
    """The cases that fail, or pass, otherwise than `KNOWN` says."""
    new = {name: "fails, and KNOWN does not name it" for name in sorted(failed - KNOWN.keys())}
    return new | {
        name: f"passes now: delete it from KNOWN ({KNOWN[name]})"
        for name in sorted(KNOWN.keys() - failed)
    }


def compare(folder: Path) -> bool:
    """Imports the cases and plays them beside their runtime; True if any differs silently."""
    same: list[str] = []
    listed: list[str] = []
    silent: list[str] = []
    refused: list[str] = []
    broken: list[str] = []
    for case in sorted(path for path in (folder / "ink").iterdir() if path.is_dir()):
        text = compile_ink(case / "story.ink").text
        if not text:
            continue
        try:
            story, lost = imported(text)
        except XrdramaError as error:
            refused.append(case.name)
            say(f"{case.name}: not imported: {error}")
            continue
        try:
            fault = next(filter(None, (difference(text, story, seed) for seed in range(3))), "")
        except XrdramaError as error:
            fault = str(error)
        if fault.startswith(ERROR):
            broken.append(case.name)
            say(f"{case.name}: {fault[:200]}")
            continue
        (same if not fault else listed if lost else silent).append(case.name)
        if fault:
            say(f"{case.name}: {'; '.join(lost[:2]) or 'NOTHING LISTED'}: {fault[:200]}")
    say(f"imported: {len(same)} say the same as in ink, {len(listed)} differ with a listed loss, "
        f"{len(silent)} differ silently, {len(refused)} cannot be imported, "
        f"{len(broken)} have an error of ink and are compared up to it")  # fmt: skip
    return bool(silent)


def check(case: Path, kind: str) -> str:
    """What differs first, or ""."""
    expected = squeezed((case / "transcript.txt").read_text("utf-8-sig").splitlines())
    picks = (case / "input.txt").read_text("utf-8-sig").split()
    got: list[str] = []
    try:
        if kind == "ink":
            compiled = compile_ink(case / "story.ink")
            if not compiled.text:
                return f"not compiled: {compiled.problems[0]}"
            story = compiled.text
        else:
            story = (case / "bytecode.json").read_text("utf-8-sig")
        for row in transcript(story, picks):
            got += squeezed([row])
    except XrdramaError as error:
        got.append(str(error))
    for number, (one, other) in enumerate(
        zip(got + [""] * 999, expected + [""] * 999, strict=False)
    ):
        if one != other:
            return f"row {number}: got {one[:160]!r}, expected {other[:100]!r}"
    return ""


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python tests/peers/ink_suite.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
