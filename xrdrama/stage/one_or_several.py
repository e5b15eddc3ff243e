"""A stage file has one thing under one key, or several by name under another: `camera:` and
`cameras:`, `canvas:` and `canvases:`."""

from __future__ import annotations

import msgspec

from xrdrama.document import Mapping, Node, Reading, place_of


class OneOrSeveral(msgspec.Struct, frozen=True):
    """The two keys, the code of a problem with both of them, and how to write each."""

    one: str
    several: str
    code: str
    missing: str
    """What to do if the file has none of the keys."""
    both: str
    """What to do if it has both."""
    such_as: str
    """The second key with an entry."""

    def check(self, root: Node, reading: Reading) -> None:
        """Note a problem if the root node of a file has none of the keys, both, or an empty mapping
        under the second."""
        named = self.names(root)
        if not has_key(root, self.one) and not has_key(root, self.several):
            reading.note(root.place, "F015", f"the key {self.one!r} is missing", self.missing)
        elif has_key(root, self.one) and has_key(root, self.several):
            message = f"the stage has both {self.one}: and {self.several}:"
            reading.note(place_of(root, self.one), self.code, message, self.both)
        elif named is not None and not named:
            place = place_of(root, self.several)
            reading.note(place, "F015", f"{self.several}: is empty", f"write {self.such_as}")

    def names(self, root: Node) -> tuple[str, ...] | None:
        """The names under the second key as written, also of entries with errors; None without a
        mapping there."""
        under = root.get(self.several) if isinstance(root, Mapping) else None
        return tuple(key.text for key, _ in under.entries) if isinstance(under, Mapping) else None


def has_key(root: Node, key: str) -> bool:
    """True if a mapping has a key."""
    return isinstance(root, Mapping) and root.get(key) is not None
