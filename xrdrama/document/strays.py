"""Problems of mappings: misplaced entries, unknown and missing keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from xrdrama.document.names import is_name
from xrdrama.document.nodes import Mapping, Node, Place, Scalar
from xrdrama.document.shapes import Reading
from xrdrama.document.wording import nearest, short, spaces, suggestion

Entry = tuple[Scalar, Node]


def is_empty(node: Node) -> bool:
    """True for a key without a value after its colon."""
    return isinstance(node, Scalar) and node.style is None and not node.text


def grown(node: Node, strays: list[Entry]) -> Node:
    """A mapping with the misplaced entries added."""
    if not strays:
        return node
    entries = node.entries if isinstance(node, Mapping) else ()
    return Mapping((*entries, *strays), node.place)


def is_left_over(key: Scalar, value: Node, before: Node) -> bool:
    """True for the rest of a text in braces after a comma: {text: Yes, I do}."""
    return (
        is_empty(value)
        and isinstance(before, Scalar)
        and before.style is None
        and before.place.line == key.place.line == value.place.line
        and not has_colon(key, value)
    )


def has_colon(key: Scalar, value: Node) -> bool:
    """True for an empty value after a colon, False for one that a comma has cut off."""
    end = key.place.column + len(key.text)
    return (value.place.line, value.place.column) > (key.place.line, end)


def note_left_over(before: Entry, key: Scalar, reading: Reading) -> None:
    """Note a text that a comma has cut off, and what to write instead."""
    name, value = before
    text, rest = value.text if isinstance(value, Scalar) else "", key.text.strip("\"'")
    hint = f'put the text in quotes: {name.text}: "{text}, {rest}"'
    if re.fullmatch(r"[+-]?[0-9]+", text) and re.fullmatch(r"[0-9]+[a-z]*", rest):
        hint = f"write {name.text}: {text}.{rest}"
    message = f"the comma ends the value of {name.text}; {short(key.text)} is left over"
    reading.note(key.place, "F016", message, hint)


def note_too_far_in(key: Scalar, beside: Scalar, reading: Reading) -> None:
    """Note a key that is inside a mapping and belongs beside it."""
    hint = f"{spaces(beside.place.column - 1)}, like {beside.text}:"
    reading.note(key.place, "F019", f"{short(key.text)} is indented one level too far", hint)


def note_too_far_out(key: Scalar, around: Entry, reading: Reading) -> None:
    """Note a key that belongs under another key."""
    name, group = around
    inside = group.entries if isinstance(group, Mapping) else ()
    column = inside[0][0].place.column if inside else name.place.column + 2
    like = f", like {inside[0][0].text}:" if inside else ""
    hint = spaces(column - 1) + like
    if inside and group.place != inside[0][0].place:
        hint = f"move it into the braces of {name.text}:"
    message = f"{short(key.text)} is not indented far enough: it belongs under {name.text}:"
    reading.note(key.place, "F018", message, hint)


def has_room(node: Node, key: Scalar) -> bool:
    """True for a mapping without that key, and for one that is still empty."""
    return node.get(key.text) is None if isinstance(node, Mapping) else is_empty(node)


def has_keys_of(node: Node, known: Collection[str], *, all_of_it: bool = False) -> bool:
    """True for a mapping that has only keys of a record."""
    if not isinstance(node, Mapping) or not node.entries:
        return False
    hits = [key.text in known for key, _ in node.entries]
    return all(hits) if all_of_it else any(hits)


def has_only_keys_of(node: Node, known: Collection[str]) -> bool:
    """True for a node without keys that a record does not know."""
    if not isinstance(node, Mapping):
        return True
    return all([key.text in known for key, _ in node.entries])  # faster than a generator


def is_no_item(node: Node) -> bool:
    """True for a list, and for a text that is not a name: `default` may be short for an item,
    `clips/a.wav` is not."""
    if isinstance(node, Scalar):
        return bool(node.text) and not is_name(node.text)
    return not isinstance(node, Mapping)


def is_headless(key: Scalar, node: Node, known: Collection[str], *, is_open: bool = False) -> bool:
    """True for the name of another item that is among the keys of an item. An open item may have
    keys that are not known here."""
    if not known or key.text in known:
        return False
    if is_open:
        return has_keys_of(node, known)
    headless = is_empty(node) and has_colon(key, node)
    return (headless or has_keys_of(node, known, all_of_it=True)) and not nearest(key.text, known)


def parted(
    node: Node, belongs_elsewhere: Callable[[Scalar, Node], bool]
) -> tuple[Node, list[Entry]]:
    """A mapping, and the entries in it that belong after it: one entry, or, if that is an empty
    key, all entries that follow."""
    if not isinstance(node, Mapping):
        return node, []
    kept: list[Entry] = []
    lifted: list[Entry] = []
    for number, (key, value) in enumerate(node.entries):
        if not belongs_elsewhere(key, value):
            kept.append((key, value))
        elif is_empty(value) and node.entries[number + 1 :]:
            rest = node.entries[number + 1 :]
            return Mapping(tuple(kept), node.place), [
                *lifted, (key, Mapping(rest, rest[0][0].place))
            ]  # fmt: skip
        else:
            lifted.append((key, value))
    return (Mapping(tuple(kept), node.place) if lifted else node), lifted


def note_unknown(key: Scalar, known: Collection[str], reading: Reading) -> None:
    """Note a key that is none of those that are known."""
    reading.note(key.place, "F014", f"unknown key {short(key.text)}", suggestion(key.text, known))


def missing_keys(required: list[str], either: tuple[str, ...], given: Collection[str]) -> list[str]:
    """The required keys that are not given; of the keys `either`, one is enough."""
    missing = [key for key in required if key not in given]
    return missing if not either or any(key in given for key in either) else [*missing, either[0]]


def note_missing(missing: dict[str, str], place: Place, reading: Reading) -> None:
    """Note the keys that are missing, each with what it means."""
    listed = " and ".join(repr(key) for key in missing)
    what = f"the key {listed} is missing" if len(missing) == 1 else f"the keys {listed} are missing"
    hint = "add " + ", and ".join(f"{key}: ({doc})" for key, doc in missing.items())
    reading.note(place, "F015", what, hint)


def note_no_group(
    known: list[str], required: list[str], such_as: str, node: Node, place: Place, reading: Reading
) -> None:
    """Note a text or a list where a mapping with known keys was expected."""
    message = f"expected a mapping with keys such as {', '.join(known[:4])}"
    if is_empty(node):
        reading.note(place, "F013", message, "write the keys on the lines below, indented")
    elif isinstance(node, Scalar) and node.style in ("|", ">"):
        hint = f"remove the {node.style}: it marks a block of text"
        reading.note(node.place, "F013", message, hint)
    elif such_as:
        reading.note(node.place, "F013", message, f"such as {such_as}")
    elif isinstance(node, Scalar) and len(required) == 1:
        hint = f"write {{{required[0]}: {' '.join(node.text.split())[:60]}}}"
        reading.note(node.place, "F013", message, hint)
    else:
        key = [*required, *known][0]
        reading.note(node.place, "F013", message, f"write {key}: and its value on the line below")
