"""Settings of plug-ins: what a `SETTINGS` type declares, and what a show file says, read by it.

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        file: Annotated[str, FILE, Meta(description="the recording")]
        latency: Annotated[int, duration(most=10 * NS)] = 900_000_000
        phrases: Annotated[tuple[str, ...], PHRASES] = ()

A show keeps the settings of its inputs and outputs unread: which there are is known to the plug-in
alone. Bounds, words and types are those of the declaration. Rules that hold between settings are
its `__post_init__`, which raises UsageError.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

from xrdrama.document import (
    FLAG,
    Field,
    ListOf,
    MapOf,
    Mapping,
    Node,
    OneOf,
    Place,
    Reading,
    Real,
    Record,
    Scalar,
    Shape,
    Text,
    Whole,
    suggestion,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.plausible import TIME, Quantity, with_likely_units
from xrdrama.document.quantities import Duration
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.document.wording import short
from xrdrama.errors import Problem, UsageError
from xrdrama.show.validation import explained

GROUP: Final = "settings"
"""Settings may also be in a group of this name: a plug-in may call one `use`."""
_KIND: Final = "setting"

FILE: Final = msgspec.Meta(extra={_KIND: "file"})
"""Of a text: the name of a file in the folders of the show's content."""
MODEL: Final = msgspec.Meta(extra={_KIND: "model"})
"""The same of a file or a folder."""
PERFORMER: Final = msgspec.Meta(extra={_KIND: "performer"})
"""Of a text: the id of a performer of the show, which the input drives."""
PHRASES: Final = msgspec.Meta(extra={_KIND: "phrases"})
"""Of a tuple of texts: every phrase that the story listens for. The show gives it; the show file
cannot."""


def duration(
    *, least: int = 0, most: int = 2**60, plausible: tuple[float, float, float] | None = None
) -> msgspec.Meta:
    """Of a whole number: nanoseconds, written as `1.5s`, in a range of nanoseconds. `plausible` are
    seconds: least, most and usual; others get a warning."""
    return msgspec.Meta(ge=least, le=most, extra={_KIND: "duration", "plausible": plausible})


T = TypeVar("T", bound=msgspec.Struct)


class ContentName(str):
    """The name of a file of the show's content, as it is written, and its place."""

    place: Place
    is_model: bool


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a plug-in that declares none."""


class _Given(dict[str, Any]):
    """What is given of the settings of a declaration, by name."""

    __struct_fields__ = ()


class _FileOf(msgspec.Struct, frozen=True):
    """The name of a file, which keeps its place until somebody looks for the file."""

    is_model: bool

    def read(self, node: Node, reading: Reading) -> Any:
        """A ContentName."""
        name = FileName("a file or folder" if self.is_model else "a file").read(node, reading)
        if name is MISSING:
            return MISSING
        found = ContentName(name)
        found.place, found.is_model = node.place, self.is_model
        return found

    def schema(self) -> Schema:
        """A string schema."""
        return FileName().schema()


def record_of(declared: type[msgspec.Struct]) -> Record:
    """The shape of the settings that a type declares: what a show file may say of them."""
    info = inspect.type_info(declared)
    assert isinstance(info, inspect.StructType)
    return _record(info)


def needs(declared: type[msgspec.Struct]) -> tuple[str, ...]:
    """The settings that get the story's phrases."""
    info = inspect.type_info(declared)
    assert isinstance(info, inspect.StructType)
    return tuple(f.encode_name for f in info.fields if _extra(f.type).get(_KIND) == "phrases")


def driven(declared: type[msgspec.Struct]) -> tuple[str, ...]:
    """The settings that name a performer: they stay when a source is replaced."""
    info = inspect.type_info(declared)
    assert isinstance(info, inspect.StructType)
    return tuple(f.encode_name for f in info.fields if _extra(f.type).get(_KIND) == "performer")


def given_text(given: Mapping, name: str) -> str:
    """The text of a setting as the show file gives it, beside `use:` or in the group; "" if it is
    not there, or is not a text."""
    group = given.get(GROUP)
    for mapping in (given, group):
        node = mapping.get(name) if isinstance(mapping, Mapping) else None
        if isinstance(node, Scalar):
            return node.text
    return ""


def read_settings(
    declared: type[msgspec.Struct], given: Mapping, place: Place, problems: list[Problem]
) -> dict[str, Any] | None:
    """The settings that a show file gives, by name; None, and problems, when they cannot be read.

    Names of files are ContentNames. `given` are the entries beside `use:`, at `place`.
    """
    shape = record_of(declared)
    reading = Reading(place.file, problems)
    entries = _flat(given, reading)
    if not shape.fields and entries:
        key = entries[0][0]
        message, hint = f"unknown key {short(key.text)}", "it has no settings: remove it"
        reading.note(key.place, "F014", message, hint)
    if not shape.fields or entries is None:
        return None if entries or entries is None else {}
    before = len(problems)
    found = shape.read_named(Mapping(tuple(entries), given.place), reading, None, place)
    fresh = [problem for problem in problems[before:] if problem.severity == "error"]
    if found is MISSING and not fresh:
        reading.note(place, "H014", "it has no settings", suggestion("", shape.fields))
    problems[before:] = with_likely_units(
        tuple(_quantities(declared)), Mapping(tuple(entries), given.place), problems[before:]
    )
    return None if found is MISSING or fresh else dict(found)


def validated(
    declared: type[msgspec.Struct], settings: dict[str, Any], place: Place
) -> Problem | None:
    """What is wrong with settings that can be read: a rule of the declaration between them."""
    try:
        msgspec.convert(settings, declared, strict=False)
    except msgspec.ValidationError as error:
        message, hint = explained(error, record_of(declared).fields)
    except UsageError as error:
        message, hint = error.message, error.remedy
    except Exception as error:  # of a plug-in
        message = f"its plug-in cannot validate this: {type(error).__name__}: {error}"
        hint = "update or remove the plug-in"
    else:
        return None
    return Problem(place.file, place.line, place.column, "H014", "error", message, hint)


def converted(who: str, settings: abc.Mapping[str, Any], declared: type[T]) -> T:
    """The settings that a plug-in was opened with, paths as text. UsageError, which begins with
    `who` (`the OSC input desk`), if they are invalid."""
    plain = {
        key: value.__fspath__() if hasattr(value, "__fspath__") else value
        for key, value in settings.items()
    }
    try:
        return msgspec.convert(plain, declared, strict=False)
    except UsageError as error:
        message, remedy = error.message, error.remedy
    except msgspec.ValidationError as error:
        message, remedy = explained(error, record_of(declared).fields)
    raise UsageError(f"{who}: {message}", remedy)


def files_of(value: Any) -> Iterator[ContentName]:
    """The names of files among settings."""
    if isinstance(value, ContentName):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from files_of(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from files_of(item)


def with_files(value: Any, find: Callable[[ContentName], str]) -> Any:
    """Settings with each name of a file replaced by what `find` returns for it; lists for
    tuples, as JSON has them."""
    if isinstance(value, ContentName):
        return find(value)
    if isinstance(value, dict):
        return {key: with_files(item, find) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [with_files(item, find) for item in value]
    return value


def _flat(given: Mapping, reading: Reading) -> list[tuple[Any, Node]] | None:
    """The entries beside `use:` and those of the group, as one; None when that is not one."""
    entries = [entry for entry in given.entries if entry[0].text != GROUP]
    group = given.get(GROUP)
    if group is not None and not isinstance(group, Mapping):
        reading.note(group.place, "F013", "expected a mapping with settings",
                     "write the settings beside use:")  # fmt: skip
        return None
    names = {key.text for key, _ in entries}
    for key, value in group.entries if group else ():
        if key.text in names:
            message = f"{short(key.text)} is set twice: beside `settings` and in it"
            reading.note(key.place, "Y008", message, "remove one of them")
        else:
            entries.append((key, value))
    return entries


def _record(info: inspect.StructType) -> Record:
    fields = {
        field.encode_name: Field(
            shape, _description(field.type) or getattr(shape, "wanted", "a value"), field.required
        )
        for field in info.fields
        if (shape := _shape(field.type)) is not None
    }
    return Record(_Given, fields)


def _shape(info: inspect.Type) -> Shape | None:
    """What a file may say for a value of a type; None for what the show gives."""
    kind, description = _extra(info).get(_KIND), _description(info)
    info = _plain(info)
    if kind == "phrases":
        return None
    if kind in ("file", "model"):
        return _FileOf(kind == "model")
    if kind == "duration" and isinstance(info, inspect.IntType):
        return Duration(_first(info.ge, 0), _first(info.le, 2**62))
    return _group(info) or _scalar(info, description)


def _group(info: inspect.Type) -> Shape | None:
    match info:
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType():
            return ListOf(_shape(info.item_type) or Text(), most=_first(info.max_length, 1000))
        case inspect.TupleType(item_types=items):
            return ListOf(_shape(items[0]) or Text(), most=len(items))
        case inspect.StructType():
            return _record(info)
        case inspect.DictType():
            return MapOf(_shape(info.value_type) or Text())
    return None


def _scalar(info: inspect.Type, description: str) -> Shape:
    match info:
        case inspect.BoolType():
            return FLAG
        case inspect.IntType(ge=ge, gt=gt, le=le, lt=lt):
            least = _first(ge, None if gt is None else gt + 1, -(2**53))
            return Whole(least, _first(le, None if lt is None else lt - 1, 2**53))
        case inspect.FloatType(ge=ge, gt=gt, le=le, lt=lt):
            return Real(_first(ge, gt, -1e9), _first(le, lt, 1e9))
        case inspect.LiteralType(values=values):
            return OneOf(tuple(map(str, values)))
        case inspect.StrType(pattern=pattern, min_length=shortest, max_length=longest):
            wanted = description or "text"
            return Text(wanted, pattern or "", _first(shortest, 1), _first(longest, 500))
    return Text(most=4096)


def _plain(info: inspect.Type) -> inspect.Type:
    """A type without its documentation and without None."""
    while True:
        if isinstance(info, inspect.Metadata):
            info = info.type
        elif isinstance(info, inspect.UnionType):
            kinds = [kind for kind in info.types if not isinstance(kind, inspect.NoneType)]
            # Of several the one that takes any text: the plug-in distinguishes them.
            info = next((kind for kind in kinds if isinstance(kind, inspect.StrType)), kinds[0])
        else:
            return info


def _extra(info: inspect.Type) -> dict[str, Any]:
    """What the declaration says beside the type, such as that a text is the name of a file."""
    if isinstance(info, inspect.UnionType):
        kinds = [kind for kind in info.types if not isinstance(kind, inspect.NoneType)]
        return _extra(kinds[0])
    return info.extra or {} if isinstance(info, inspect.Metadata) else {}


def _description(info: inspect.Type) -> str:
    if isinstance(info, inspect.UnionType):
        return next(filter(None, map(_description, info.types)), "")
    schema = info.extra_json_schema if isinstance(info, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def _first(*values: Any) -> Any:
    return next(value for value in values if value is not None)


def _quantities(declared: type[msgspec.Struct], path: str = "") -> Iterator[Quantity]:
    """The plausible ranges of a declaration's durations."""
    info = inspect.type_info(declared)
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        ranged = _extra(field.type).get("plausible")
        kind = _plain(field.type)
        if ranged is not None:
            least, most, usual = ranged
            source = f"what {declared.__module__} declares"
            yield Quantity(f"{path}{field.encode_name}", TIME, least, most, usual, (), source)
        if isinstance(kind, inspect.ListType | inspect.VarTupleType):
            item = _plain(kind.item_type)
            if isinstance(item, inspect.StructType):
                yield from _quantities(item.cls, f"{path}{field.encode_name}.*.")
