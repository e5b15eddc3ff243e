"""The page of a map: one HTML file without any other, made of the files in this folder.

`page.html` has places for texts in @SIGNS@; scripts and styles are allowed by their hash alone.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

from xrdrama.authoring.mapping.svg import DARK, LIGHT

SCRIPTS = ("place.js", "map.js", "draw.js", "view.js", "panel.js", "main.js")


def page(title: str, value: dict[str, Any]) -> str:
    """The page that shows `value`, which `described` makes."""
    folder = files("xrdrama.tools.mapping")
    script = "\n".join(folder.joinpath(name).read_text("utf-8") for name in SCRIPTS)
    style = folder.joinpath("page.css").read_text("utf-8")
    style = style.replace("@LIGHT@", LIGHT).replace("@DARK@", DARK)
    # `<` would let a text end the element that it is in.
    story = msgspec.json.encode(value).decode().replace("<", "\\u003c")
    parts = {
        "TITLE": escape(f"{title}: map"),
        "STYLE_HASH": _hash(style),
        "SCRIPT_HASH": _hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "STORY": story,
    }
    text = folder.joinpath("page.html").read_text("utf-8")
    pieces = text.split("@")
    return "".join(parts.get(piece, piece) for piece in pieces)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
