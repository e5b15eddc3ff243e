"""XML of other tools: read within limits and without entities, and texts written safely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.parsers import expat

import msgspec

from xrdrama.errors import UsageError

DEEPEST = 60
MOST_ELEMENTS = 400_000
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Element(msgspec.Struct):
    """An XML element: its line in the file, and its parts (texts and elements) in their order."""

    name: str
    keys: dict[str, str]
    line: int
    parts: list[Element | str] = []

    def children(self) -> Iterator[Element]:
        """The elements directly inside."""
        return (part for part in self.parts if isinstance(part, Element))

    def child(self, name: str) -> Element | None:
        """The first element directly inside with this name."""
        return next((child for child in self.children() if child.name == name), None)


def parse_xml(text: str, what: str) -> Element:
    """The root element. UsageError, with the line, for what is not XML, XML with a DOCTYPE (its
    entities could grow without bound or name other files), and XML over the limits.

    `what` is the noun of the file in messages.
    """
    root = Element("", {}, 1, [])
    stack = [root]
    parser = expat.ParserCreate()
    count = 0

    def start(name: str, keys: dict[str, str]) -> None:
        nonlocal count
        count += 1
        line = parser.CurrentLineNumber
        if len(stack) > DEEPEST:
            raise UsageError(f"line {line}: the {what} is nested more than {DEEPEST} levels deep",
                             "export it again")  # fmt: skip
        if count > MOST_ELEMENTS:
            raise UsageError(f"line {line}: the {what} has more than {MOST_ELEMENTS:,} elements",
                             "split it into several files")  # fmt: skip
        element = Element(name, keys, line, [])
        stack[-1].parts.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def characters(found: str) -> None:
        stack[-1].parts.append(found)

    def doctype(*_: object) -> None:
        raise UsageError(f"line {parser.CurrentLineNumber}: the {what} has a DOCTYPE",
                         "remove it: no entity of it would be read")  # fmt: skip

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise UsageError(
            f"line {error.lineno}, column {error.offset + 1}: the {what} is not valid XML: "
            f"{expat.ErrorString(error.code)}",
            "export it again with the tool that wrote it",
        ) from None
    except ValueError as error:
        raise UsageError(f"the {what} is not valid XML: {error}", "export it again") from None
    return next(root.children())


def text_node(text: str) -> str:
    """A text for between two tags; characters that XML cannot hold are replaced."""
    return escape(_IMPOSSIBLE.sub("\ufffd", text), quote=False)


def attribute(text: str) -> str:
    """A text for between double quotation marks; line breaks are kept as references."""
    shown = text_node(text).replace('"', "&quot;")
    return shown.replace("\n", "&#10;").replace("\t", "&#9;")
