"""Names of files in authors' files: relative, with `/`, inside the content's folders."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from xrdrama.document.names import invisible_in
from xrdrama.document.nodes import Node
from xrdrama.document.shapes import MISSING, Reading, Schema, Text
from xrdrama.document.wording import short

MOST = 200
_CONTROL = re.compile("[\ud800-\udfff\t\n]")
_DRIVE = re.compile(r"[A-Za-z]:(?![^/\\])|[A-Za-z]:[\\/]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HIDDEN = re.compile(r"(?:^|/)\.(?!\.?(?:/|$))[^/]*")


def name_fault(name: str) -> tuple[str, str]:
    """Why a file name is invalid, and what to write; two empty texts for a valid one.

    Whether a name with `..` leaves its folder is checked when the file is looked up.
    """
    if not name or len(name) > MOST:
        return f"the file name has {len(name)} characters", f"use 1 to {MOST} characters"
    shown = short(name)
    if _CONTROL.search(name) or invisible_in(name):
        return f"{shown} contains an invisible character", "delete it"
    if _ADDRESS.match(name):
        return f"{shown} is a URL, not a file name", (
            "copy the file into the folder of this file and write its name"
        )
    if _DRIVE.match(name) or name.startswith(("/", "\\", "~")):
        hint = "copy the file into the folder of this file and write a relative path"
        return f"{shown} is an absolute path", hint
    if "\\" in name:
        return f"{shown} contains a backslash", f"write {name.replace(chr(92), '/')}"
    if _HIDDEN.search(name):
        return f"{shown} is a hidden file, or is in a hidden folder", "rename it"
    return "", ""


class FileName(msgspec.Struct, frozen=True):
    """The name of a file, relative to the folder of the file that mentions it."""

    wanted: str = "a file"

    def read(self, node: Node, reading: Reading) -> Any:
        """The name as it was written."""
        name = Text(self.wanted, most=MOST).read(node, reading)
        if name is MISSING:
            return MISSING
        message, hint = name_fault(name)
        if message:
            reading.note(node.place, "F003", message, hint)
            return MISSING
        return name

    def schema(self) -> Schema:
        """A string schema."""
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": MOST,
            "pattern": r"^(?![/~]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://)[^\\\u0000-\u001f]+$",
        }
