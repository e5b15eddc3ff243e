"""Reads compiled ink: the JSON that inklecate, Inky and inkjs write (versions 18 to 21).

The form is documented in ink's `Documentation/ink_JSON_runtime_format.md`: a tree of containers; a
path such as `pier.0.c-1` names what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from xrdrama.errors import AuthoringError, Problem

VERSIONS: Final = range(18, 22)
MAX_CHARACTERS: Final = 20_000_000
MAX_DEPTH: Final = 120
"""Most containers inside each other."""
MAX_ITEMS: Final = 1_000_000
_BYTE: Final = re.compile(r"\(byte (\d+)\)")
COMPILE_AGAIN: Final = "compile the ink file again"


class Container:
    """A list of content, and content by name that is only reached by paths."""

    def __init__(self, parent: Container | None, key: str) -> None:
        self.parent, self.key = parent, key
        self.items: list[Any] = []
        self.named: dict[str, Container] = {}
        self.name, self.flags = "", 0

    @property
    def path(self) -> str:
        """Its path, with names where it has one."""
        parts: list[str] = []
        at: Container | None = self
        while at is not None and at.parent is not None:
            parts.append(at.name or at.key)
            at = at.parent
        return ".".join(reversed(parts))

    def ancestors(self) -> Iterator[Container]:
        """The containers around it, the nearest first."""
        at = self.parent
        while at is not None:
            yield at
            at = at.parent


class Spot(msgspec.Struct, frozen=True):
    """A position: before the item `index` of a container."""

    container: Any
    index: int

    @property
    def path(self) -> str:
        """The position as ink writes it."""
        return f"{self.container.path}.{self.index}".lstrip(".")


class Ink(msgspec.Struct, frozen=True):
    """A compiled story: its content, its global variables with their first values, its lists."""

    file: str
    root: Any
    names: tuple[str, ...]
    lists: dict[str, Any]
    externals: tuple[str, ...]
    """External functions that are called."""
    knots: tuple[str, ...]

    def spot(self, path: str, at: Container) -> Spot | None:
        """The position that a path names, seen from an item in `at`; None without one."""
        words = path.split(".")
        here: Container = self.root
        if words and words[0] == "":
            here, words = at, words[1:]
            # The first ^ of a relative path is the container of the item itself.
            words = words[1:] if words and words[0] == "^" else words
        for number, word in enumerate(words):
            if word == "^":
                if here.parent is None:
                    return None
                here = here.parent
                continue
            if word.isdecimal() and len(word) < 8:
                if int(word) >= len(here.items):
                    return None if int(word) > len(here.items) else Spot(here, int(word))
                inner = here.items[int(word)]
                if number == len(words) - 1:
                    return Spot(here, int(word))
            else:
                inner = here.named.get(word)
            if not isinstance(inner, Container):
                return None
            here = inner
        return Spot(here, 0)


def read_ink(text: str, file: str) -> Ink:
    """The story of compiled ink. AuthoringError with the position of what is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise _refused(file, f"the file has more than {MAX_CHARACTERS} characters", "divide it")
    text = text.removeprefix("\ufeff")
    try:
        data = msgspec.json.decode(text)
    except RecursionError:
        raise _refused(file, "the JSON is nested too deeply", COMPILE_AGAIN) from None
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _malformed(file, text, error) from None
    if not isinstance(data, dict) or "inkVersion" not in data or "root" not in data:
        raise _refused(
            file, "this is not compiled ink: it has no inkVersion and root",
            "compile it with Inky (Export to JSON), inklecate or inkjs-compiler",
        )  # fmt: skip
    version = data["inkVersion"]
    if version not in VERSIONS or isinstance(version, bool):
        raise _refused(
            file, f"the version of this compiled ink is {str(version)[:20]}; "
            f"{VERSIONS[0]} to {VERSIONS[-1]} can be read", f"{COMPILE_AGAIN} with ink 1.2",
            "I124",
        )  # fmt: skip
    lists = data.get("listDefs", {})
    if not isinstance(data["root"], list) or not isinstance(lists, dict):
        raise _refused(file, "root is not a list, or listDefs not an object", COMPILE_AGAIN)
    root = _Builder(file).container(data["root"], None, "", 0)
    return Ink(
        file, root, tuple(_globals(root)), lists, tuple(sorted(_externals(root))),
        tuple(name for name in root.named if name != "global decl"),
    )  # fmt: skip


class _Builder:
    def __init__(self, file: str) -> None:
        self.file, self.count = file, 0

    def container(
        self, data: list[Any], parent: Container | None, key: str, depth: int
    ) -> Container:
        made = Container(parent, key)
        if depth > MAX_DEPTH:
            raise _refused(
                self.file, f"containers are nested more than {MAX_DEPTH} deep", COMPILE_AGAIN
            )
        self.count += len(data) + 1
        if self.count > MAX_ITEMS:
            raise _refused(self.file, f"it has more than {MAX_ITEMS} items", "divide the story")
        if not data:
            return made
        for number, item in enumerate(data[:-1]):
            is_list = isinstance(item, list)
            inner = self.container(item, made, str(number), depth + 1) if is_list else item
            made.items.append(inner)
        last = data[-1]
        if isinstance(last, dict):
            self._terminate(made, last, depth)
        elif last is not None:
            raise _refused(
                self.file, f"the container {made.path or 'root'} ends with "
                f"{type(last).__name__}, not with null or an object", COMPILE_AGAIN,
            )  # fmt: skip
        return made

    def _terminate(self, made: Container, last: dict[str, Any], depth: int) -> None:
        for name, value in last.items():
            if name == "#f":
                made.flags = value if isinstance(value, int) else 0
            elif name == "#n":
                made.name = str(value)
            elif isinstance(value, list):
                made.named[name] = self.container(value, made, name, depth + 1)
        if made.name and made.parent is not None:
            made.parent.named.setdefault(made.name, made)


def walk(container: Container) -> Iterator[tuple[Container, int, Any]]:
    """Every item of a container and of those inside, with the container that it is in."""
    waiting, seen = [container], {id(container)}
    while waiting:
        one = waiting.pop()
        for index, item in enumerate(one.items):
            if isinstance(item, Container):
                if id(item) not in seen:
                    seen.add(id(item))
                    waiting.append(item)
            else:
                yield one, index, item
        for inner in one.named.values():
            if id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


def _globals(root: Container) -> Iterator[str]:
    declared = root.named.get("global decl")
    for item in declared.items if declared else ():
        if isinstance(item, dict) and isinstance(item.get("VAR="), str):
            yield item["VAR="]


def _externals(root: Container) -> set[str]:
    """The external functions that have no fallback in ink."""
    named = {
        item["x()"] for _, _, item in walk(root)
        if isinstance(item, dict) and isinstance(item.get("x()"), str)
    }  # fmt: skip
    return {name for name in named if name not in root.named}


def _refused(file: str, message: str, hint: str, code: str = "I123") -> AuthoringError:
    return AuthoringError([Problem(file, 1, 1, code, "error", message, hint)])


def _malformed(file: str, text: str, error: Exception) -> AuthoringError:
    found = _BYTE.search(str(error))
    # A text that is cut off is wrong at its end, where the parser names no byte.
    before = text.encode("utf-8", "replace")[: int(found[1]) if found else None]
    rows = before.decode("utf-8", "replace").split("\n")
    what = _BYTE.sub("", str(error)).strip()
    problem = Problem(
        file, len(rows), len(rows[-1]) + 1, "I123", "error", f"this is not valid JSON: {what}",
        f"{COMPILE_AGAIN}: it may have been cut off",
    )  # fmt: skip
    return AuthoringError([problem])
