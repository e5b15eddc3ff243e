"""All files of one story, as an editor sees them: where each name is defined and used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from xrdrama.authoring.editing.occurrences import FileIndex, Kind, Occurrence
from xrdrama.document import Mapping as NodeMapping
from xrdrama.document import Scalar, Sequence
from xrdrama.story import Story


class CueNote(msgspec.Struct, frozen=True):
    """What is known of a cue of a set: its text, its length, the parameters that it moves."""

    doc: str
    seconds: float
    params: tuple[str, ...]


class SetNote(msgspec.Struct, frozen=True):
    """What is known of a set: its cues, and where its file defines them."""

    file: str
    cues: Mapping[str, CueNote]
    lines: Mapping[str, tuple[int, int]] = {}
    """The line and column of each cue in the file."""


class Around(msgspec.Struct, frozen=True):
    """What a story can use of other files."""

    sets: Mapping[str, SetNote] = {}
    sounds: tuple[str, ...] = ()
    stories: Mapping[str, str] = {}
    """The files of the stories by name."""
    tables: Mapping[str, Mapping[str, str]] = {}
    """The translated texts by language and id."""


class Project(msgspec.Struct, frozen=True, dict=True):
    """The files of a story: the one that it is named after, included ones, plans, tables, shows."""

    main: str
    files: Mapping[str, FileIndex]
    around: Around = Around()
    story: Story | None = None
    """The story as far as it could be read."""

    @cached_property
    def named(self) -> dict[tuple[Kind, str], tuple[Occurrence, ...]]:
        """The occurrences of each name in all files."""
        found: dict[tuple[Kind, str], list[Occurrence]] = {}
        for index in self.files.values():
            for one in index.occurrences:
                found.setdefault((one.kind, one.name), []).append(one)
        return {key: tuple(ones) for key, ones in found.items()}

    def of(self, one: Occurrence) -> tuple[Occurrence, ...]:
        """All occurrences of what an occurrence names. Options belong to their beat; those of test
        plans name no beat."""
        found = self.named.get((one.kind, one.name), ())
        if one.kind == "option":
            return tuple(other for other in found if other.beat == one.beat or not other.beat)
        return found

    def definitions(self, one: Occurrence) -> tuple[Occurrence, ...]:
        """Where the name is defined; roles and variables may be defined in several files."""
        found = tuple(other for other in self.of(one) if other.defines)
        if one.kind == "option" and not one.beat:  # of a test plan
            return tuple(o for o in self.named.get(("option", one.name), ()) if o.defines)
        return found

    def defined(self, kind: Kind) -> dict[str, Occurrence]:
        """The definitions of a kind by name; of beats, the groups too."""
        found: dict[str, Occurrence] = {}
        for (one_kind, name), ones in self.named.items():
            first = next((one for one in ones if one.defines), None)
            if one_kind == kind and first is not None:
                found[name] = first
        return found

    def used(self, kind: Kind) -> list[str]:
        """The names of a kind that are used anywhere."""
        return [name for one, name in self.named if one == kind]

    def scene_of(self, file: str, beat: str) -> str:
        """The set of a beat."""
        index = self.files.get(file)
        main = self.files.get(self.main)
        own = (index.scenes.get(beat) or index.scenes.get("")) if index else ""
        return own or (main.scenes.get("", "") if main else "")

    def options(self) -> Iterator[Occurrence]:
        """The options that are defined."""
        for (kind, _), ones in self.named.items():
            if kind == "option":
                yield from (one for one in ones if one.defines)

    @cached_property
    def variables(self) -> dict[str, VariableNote]:
        """The declared variables with their types, read from the files, also from ones with
        errors elsewhere."""
        found: dict[str, VariableNote] = {}
        for index in self.files.values():
            declared = index.root.get("vars") if isinstance(index.root, NodeMapping) else None
            for key, value in declared.entries if isinstance(declared, NodeMapping) else ():
                if isinstance(value, NodeMapping):
                    found.setdefault(key.text, _note(value))
        return found


class VariableNote(msgspec.Struct, frozen=True):
    """A variable as it is declared: a description, and the words of an enum."""

    text: str
    words: tuple[str, ...] = ()


def _note(node: NodeMapping) -> VariableNote:
    def word(key: str) -> str:
        value = node.get(key)
        return value.text.strip() if isinstance(value, Scalar) else ""

    kind, listed = word("type"), node.get("of")
    items = listed.items if isinstance(listed, Sequence) else ()
    words = tuple(one.text for one in items if isinstance(one, Scalar))
    if kind in ("int", "float"):
        noun = "a whole number" if kind == "int" else "a number"
        text = f"{noun}, {word('min')} to {word('max')}"
    elif kind == "enum":
        text = "one of " + ", ".join(words)
    elif kind == "computed":
        text = f"computed from {word('from')}"
    else:
        text = {"bool": "true or false", "text": "a text"}.get(kind, "a variable")
    if word("init"):
        text += f"; at first {word('init')}"
    return VariableNote(text, words)
