"""Comments inside a look of a show file, kept when a director saves the look again."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEY = re.compile(r"(\s*)(\"[^\"]*\"|'[^']*'|[^\s:#'\"{}][^:#{}]*?)\s*:(?=\s|$)")
Path = tuple[str, ...]


def with_comments(block: list[str], old: list[str]) -> list[str]:
    """The new lines of a look with the comments of the old ones: above and behind the same keys;
    those of keys that are gone at the end. Lines have no line ends."""
    above: dict[Path, list[str]] = {}
    behind: dict[Path, str] = {}
    waiting: list[str] = []
    for path, _, comment in _parts(old):
        if path is None:
            waiting += [comment] if comment else []
            continue
        above[path], waiting = waiting, []
        if comment:
            behind[path] = comment
    done: list[str] = []
    for (path, indent, _), line in zip(_parts(block), block, strict=True):
        done += [" " * indent + comment for comment in above.pop(path or (), [])]
        done.append(f"{line}  {behind.pop(path)}" if path in behind else line)
    lost = [*(comment for some in above.values() for comment in some), *behind.values(), *waiting]
    inside = " " * (len(block[0]) - len(block[0].lstrip()) + 2)
    return [*done, *(inside + comment for comment in lost)]


def _parts(lines: list[str]) -> Iterator[tuple[Path | None, int, str]]:
    """For each line the path of its key (None without one), its indent, and its comment or ""."""
    above: list[tuple[int, str]] = []
    for line in lines:
        at = _comment_at(line)
        found = _KEY.match(line[:at])
        if found is None:
            yield None, 0, line[at:].rstrip()
            continue
        indent = len(found[1])
        while above and above[-1][0] >= indent:
            above.pop()
        above.append((indent, found[2].strip("\"'")))
        yield tuple(name for _, name in above), indent, line[at:].rstrip()


def _comment_at(line: str) -> int:
    """Where the comment of a line begins; its length without one."""
    quote, escaped = "", False
    for at, letter in enumerate(line):
        if quote:
            ends = letter == quote and not escaped
            escaped = quote == '"' and letter == "\\" and not escaped
            quote = "" if ends else quote
        elif letter in "\"'" and (at == 0 or line[at - 1] in " \t:{,[" + letter):
            quote = letter  # also of '' in single quotes, which is one quote
        elif letter == "#" and (at == 0 or line[at - 1].isspace()):
            return at
    return len(line)
