"""Chapbook and Snowman: links and prose. Modifiers, inserts and code are listed."""

from __future__ import annotations

import re

from xrdrama.authoring.exchange.twee.nodes import Book, Link, Node, Nodes, Words, link_of, plain

_PART = re.compile(r"\[\[((?:[^\]\n]|\](?!\]))+)\]\]|<%[\s\S]{0,4000}?%>|(?<!\\)\{[^{}\n]{1,400}\}")


def parse_chapbook(text: str, line: int, book: Book) -> Nodes:
    """The nodes of a Chapbook passage; its variables section and modifiers are listed."""
    rows = text.split("\n")
    if "--" in (row.strip() for row in rows):
        end = next(number for number, row in enumerate(rows) if row.strip() == "--")
        for number in range(end):
            if rows[number].strip():
                book.lose(line + number, f"variables section: {rows[number].strip()[:80]}")
        rows[: end + 1] = [""] * (end + 1)
    for number, row in enumerate(rows):
        if re.fullmatch(r"\s*\[(?!\[)[^\[\]]*\]\s*", row):
            book.lose(line + number, f"modifier {row.strip()[:80]}")
            rows[number] = ""
    return _nodes("\n".join(rows), line, book)


def parse_snowman(text: str, line: int, book: Book) -> Nodes:
    """The nodes of a Snowman passage; its code is listed."""
    return _nodes(text, line, book)


def _nodes(text: str, line: int, book: Book) -> Nodes:
    found: list[Node] = []
    at = counted = 0
    for match in _PART.finditer(text):
        found.append(Words(plain(text[at : match.start()], line, book), line))
        line += text.count("\n", counted, match.start())
        at, counted = match.end(), match.start()
        if match[1]:
            label, to = link_of(match[1])
            found.append(Link((Words(plain(label, line, book), line),), to, (), line))
        else:
            book.lose(line, f"{'code' if match[0][1] == '%' else 'insert'} {match[0][:80]}")
    found.append(Words(plain(text[at:], line, book), line))
    return tuple(found)
