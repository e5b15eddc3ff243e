"""Recognises a file of another kind than expected by its keys."""

from __future__ import annotations

from xrdrama.document.nodes import Mapping, Node
from xrdrama.errors import Problem

_KEY_OF = {
    "story": "beats",
    "stage": "walls",
    "show": "story",
    "scene": "environment",
    "camera move": "keys",
    "lens": "calibration",
    "performer": "figure",
    "gestures": "moods",
}
"""A key that every file of a kind has, and no file of another kind."""


def is_other_kind(root: Node, kind: str, problems: list[Problem]) -> bool:
    """True, and one problem, for a file that has the main key of another kind and not its own."""
    if not isinstance(root, Mapping) or root.get(_KEY_OF[kind]) is not None:
        return False
    found = [other for other, key in _KEY_OF.items() if root.get(key) is not None]
    if len(found) != 1:
        return False
    place = root.place
    message = f"this file is a {found[0]}, not a {kind}"
    hint = f"give the file of a {kind}; xrdrama check recognises files of every kind"
    problems.append(Problem(place.file, place.line, place.column, "F020", "error", message, hint))
    return True
