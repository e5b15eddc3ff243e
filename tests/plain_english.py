"""Check the wording of everything that a person reads: `python tests/plain_english.py`.

Strings, comments and docstrings of Python files, Markdown, the console's TypeScript and the
Makefile are searched for words and sentence shapes that readers stumble over, and the names in
Python files for words that say nothing about their meaning. `make lint` runs it.

`UNCLEAN` names files that have not been reworded yet. Remove a file once it is clean
(`--update` does so); never add one. `EXEMPT` holds the few lines that must stay as they are.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNCLEAN = Path(__file__).with_name("unclean.txt")

PROSE = [
    (r"\bmend(s|ed|ing)?\b", "fix"),
    (r"\banew\b", "again, new"),
    (r"\bvigils?\b", "watchdog"),
    (r"\btold\b|\btells?\b", "say, report, notify, distinguish"),
    (r"\blets? be\b", "leave unchanged"),
    (r"\bwanted here\b", "expected"),
    (
        r"\b(stands?|stood) (here|there|where|behind|beside|before|after|among|between|nowhere"
        r"|twice|once|under|above|below|round|alone|in(?! for\b)|one level|too far|further|right"
        r"|so|as)\b",
        "is, belongs",
    ),
    (
        r"\b(lies?|lay) (here|there|where|behind|beside|before|after|among|between|under|above"
        r"|below|in|on|over|near|beyond)\b",
        "is",
    ),
    (r"(?<!there )\b(is|are) no (?!longer\b|more\b|less\b|other\b)[a-z]+", "is not a, has no"),
    (r"\b(is|are) none\b(?! of (the|these|those|our)\b)", "is not one of, there is no"),
    (r"\bone too many\b(?! lantern)", "unexpected"),
    (r"\bpart\b.{0,40}\bby commas\b", "separate with commas"),
    (r"\btake\b.{1,30}\baway\b", "remove"),
    (r"\btake\b.{1,30}\bout of the show\b", "remove from the show"),
    (r"\bgo(es)? on\b(?! (the|a)\b)", "continue"),
    (r"\bpretend(s|ed)?\b", "mocked, simulated"),
    (r"\bfurther (in|out)\b", "indented too far"),
    (r"\b(is|are|stands?) here twice\b", "is a duplicate"),
    (r"\bhas slipped\b", "is not indented"),
    (r"\b(hears?|heard|told) of\b", "notified, informed"),
    (r"\bfalls? silent\b|\bfell silent\b", "stops sending"),
    (r"\bway back\b", "undo"),
    (r"\bno place in\b|\bhas no place\b", "is not allowed in"),
    (r"\b(whence|thence|hither|thither|nought|naught|unto|lest|upon)\b", "a current word"),
    (r"\bafter so long\b", "after N seconds"),
    (r"\bsays the same twice\b|\bsay the same twice\b", "mean the same"),
    (r"\bgives? way\b", "is replaced by, stops"),
    (r"\bwhoever\b", "a client that, a viewer who"),
    (r"\bbreaks? off\b", "is truncated, ends early"),
    (r"\bwhat became of\b", "the result of, the state of"),
    (r"\bround and round\b", "in a loop"),
    (r"\bso be it\b|\bfor want of\b|\blets there be\b", "plain words"),
]
"""A pattern of prose, and what to write instead. Case does not matter."""

NAMES = {
    "told": "reported, content",
    "tell": "report, print, notify",
    "anew": "restart",
    "vigil": "watchdog",
    "vigils": "watchdog",
    "mend": "fix",
    "mended": "fixed",
    "afterglow": "SECONDS_AFTER_ENDING",
    "patience": "a timeout",
    "hitherto": "so_far",
}
"""A word of a name in Python, and what to write instead."""

EXEMPT = [
    ("", "tell her the truth", "a phrase of a test's speech"),
    ("", "tell me your name", "a phrase of a test's speech"),
    ("", "tell me about it", "a phrase of a test's speech"),
    ("xrdrama/speech/irregular.py", "upon AH P AA N", "an entry of the table of pronunciations"),
]
"""Path (or the start of one), text of the line, and why the line must stay as it is."""

SKIPPED = ("tests/plain_english.py", "tests/test_plain_english.py")

_PROSE = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in PROSE]
_ANY = re.compile("|".join(pattern for pattern, _ in PROSE), re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

Finding = tuple[int, str, str]


def prose(text: str, first: int = 1) -> Iterator[Finding]:
    """Line, words found, what to write instead: for each hit in a text that begins at `first`."""
    if not _ANY.search(text):
        return
    for pattern, instead in _PROSE:
        for match in pattern.finditer(text):
            if match[0].endswith(" None"):
                continue  # Python's None in a piece of code
            yield first + text.count("\n", 0, match.start()), match[0], instead


def python(text: str) -> Iterator[Finding]:
    """The same for the strings, comments and names of a Python file."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT):
            yield from prose(token.string, token.start[0])
        elif token.type == tokenize.NAME:
            for word in _WORD.findall(token.string):
                if word.lower() in NAMES:
                    yield token.start[0], token.string, NAMES[word.lower()]


def findings(path: str, text: str) -> list[Finding]:
    """All that is found in the file at `path`, without the lines of `EXEMPT`."""
    lines = text.splitlines()
    exempt = [line for start, line, _ in EXEMPT if path.startswith(start)]
    found = python(text) if path.endswith(".py") else prose(text)
    return sorted(f for f in found if not any(line in lines[f[0] - 1] for line in exempt))


def files() -> list[str]:
    """Every file whose wording is checked."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
         "*.py", "*.md", "bridge/web/src/*.ts", "bridge/web/viewer/*.ts", "Makefile"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    return [path for path in listed if path not in SKIPPED and (ROOT / path).is_file()]


def unclean() -> list[str]:
    """Files that have not been reworded yet."""
    return UNCLEAN.read_text("utf-8").split() if UNCLEAN.is_file() else []


def main(arguments: list[str]) -> int:
    """Print what is found outside the unclean files, or (with a path) in those files."""
    known = unclean()
    wanted = arguments if arguments != ["--update"] else []
    found = {path: findings(path, (ROOT / path).read_text("utf-8")) for path in files()}
    if "--update" in arguments:
        left = [path for path in known if found.get(path)]
        UNCLEAN.write_text("".join(f"{path}\n" for path in left), "utf-8")
        known = left
    moved = {Path(path).name for path in known if path not in found}
    known += [path for path in found if Path(path).name in moved]
    status = 0
    for path, hits in found.items():
        if path.startswith(tuple(wanted)) if wanted else path not in known:
            for line, text, instead in hits:
                status = 1
                sys.stdout.write(f"{path}:{line}: {' '.join(text.split())!r}: write {instead}\n")
    if status and not wanted:
        sys.stdout.write("reword these lines (see tests/plain_english.py)\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
