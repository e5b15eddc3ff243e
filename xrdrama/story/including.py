"""Joins a story with the branch files that it includes, such as the episodes of a season.

An included file is a branch file of its own: its beats, cast, variables, storylet groups and hidden
plots belong to the story that includes it. Its default set applies to its own beats; its title and
its start are those of an episode that is played alone.

S160  an included file that cannot be read, or is not a branch file
S161  a file that is included twice, or that includes itself
S162  a name that two files define
S163  files in different languages
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec

from xrdrama.document import Place, Reading, Scalar, compose
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.shapes import MISSING, Mention
from xrdrama.errors import UsageError
from xrdrama.story.form import PROSE, STORY
from xrdrama.story.written import RawBeat, RawHidden, RawStory

MOST_FILES: Final = 200
Files = Callable[[str], tuple[str, str]]
"""The file name and the text of a branch file by its name; UsageError when it cannot be read."""
T = TypeVar("T")


def with_included(raw: RawStory, reading: Reading, files: Files | None) -> RawStory:
    """The story together with all files that it includes, directly or not."""
    joined = _Joined(reading, files)
    joined.add(raw)
    return joined.story(raw)


class _Joined:
    def __init__(self, reading: Reading, files: Files | None) -> None:
        self.reading, self.files = reading, files
        self.seen: dict[str, Place] = {}
        self.parts: list[RawStory] = []

    def add(self, raw: RawStory) -> None:
        self.seen.setdefault(raw.id, raw.place)
        self.parts.append(_with_own_set(raw))
        for mention in raw.include:
            if mention.name in self.seen:
                self.reading.note(
                    mention.place, "S161", f"{mention.name!r} is already part of this story",
                    "include each file once, and no file in itself",
                )  # fmt: skip
                continue
            self.seen[mention.name] = mention.place
            if len(self.seen) > MOST_FILES:
                message = f"the story includes more than {MOST_FILES} files"
                self.reading.note(mention.place, "S161", message, "join some of them")
                return
            part = self.read(mention)
            if part is not None:
                self.add(part)

    def read(self, mention: Mention) -> RawStory | None:
        """The raw story of an included file; None, and its problems, when it cannot be read."""
        reading, before = self.reading, len(self.reading.problems)
        try:
            if self.files is None:
                raise UsageError("included files are not available here", "check the story's file")
            file, text = self.files(mention.name)
        except UsageError as error:
            reading.note(mention.place, "S160", error.message, error.remedy)
            return None
        root = compose(text, file, reading.problems, PROSE)
        if root is None or is_other_kind(root, "story", reading.problems):
            return None
        raw = STORY.read(root, reading)
        if raw is MISSING:
            if len(reading.problems) == before:
                reading.note(mention.place, "S160", f"{file} cannot be read", "check this file")
            return None
        assert isinstance(raw, RawStory)
        return raw

    def story(self, main: RawStory) -> RawStory:
        """All parts as one; names that two of them define are reported."""
        for part in self.parts[1:]:
            if part.language != main.language:
                self.reading.note(
                    part.given.get("language", part.place), "S163",
                    f"this file is written in {part.language!r}, the story in {main.language!r}",
                    "write all files of a story in one language, and translate it with a table",
                )  # fmt: skip
        return msgspec.structs.replace(
            main,
            beats=self.together("beat", [part.beats for part in self.parts]),
            cast=self.together("role", [part.cast or {} for part in self.parts], same=True),
            variables=self.together(
                "variable", [part.variables or {} for part in self.parts], same=True
            ),
            storylets=self.together("storylet group", [part.storylets for part in self.parts]),
            markers=self.together("marker", [part.markers for part in self.parts], same=True),
            hidden=(*main.hidden, *(p for part in self.parts[1:] for p in _own_hidden(part))),
            given={
                key: place for part in reversed(self.parts) for key, place in part.given.items()
            },
        )

    def together(
        self, what: str, parts: list[Mapping[str, T]], *, same: bool = False
    ) -> dict[str, T]:
        """The definitions of all parts. With `same`, equal ones may be repeated."""
        found: dict[str, T] = {}
        for part in parts:
            for name, one in part.items():
                known = found.setdefault(name, one)
                if known is one or (same and _alike(known, one)):
                    continue
                first = getattr(known, "place", Place())
                self.reading.note(
                    getattr(one, "place", Place()), "S162", f"duplicate {what} {name!r}",
                    f"the first is in {first.file}, line {first.line}; rename or delete one",
                )  # fmt: skip
        return found


def _alike(one: object, other: object) -> bool:
    """True for equal definitions in different places."""
    assert isinstance(one, msgspec.Struct) and isinstance(other, msgspec.Struct)
    return type(one) is type(other) and _plain(one) == _plain(other)


def _plain(one: msgspec.Struct) -> dict[str, object]:
    """The fields of a definition without positions."""
    fields = {name: value for name, value in msgspec.structs.asdict(one).items() if name != "place"}
    return {k: v.text if isinstance(v, Scalar) else v for k, v in fields.items()}


def _own_hidden(part: RawStory) -> list[RawHidden]:
    """The hidden plots of an included file, which open in its own beats only."""
    own = tuple(part.beats)
    return [p if p.beats else msgspec.structs.replace(p, beats=own) for p in part.hidden]


def _with_own_set(raw: RawStory) -> RawStory:
    """The story with its default set written into its beats, which another file may not have."""
    if raw.scene is None:
        return raw
    scene = raw.scene

    def placed(beat: RawBeat) -> RawBeat:
        return beat if beat.scene is not None else msgspec.structs.replace(beat, scene=scene)

    return msgspec.structs.replace(raw, beats={n: placed(b) for n, b in raw.beats.items()})
