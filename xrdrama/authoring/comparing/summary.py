"""The changes between two versions of a story in a few lines."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.authoring.comparing.changes import Change, Kind

NAMED = ("beat", "option", "variable", "hidden plot", "storylets")
"""Parts that are listed by id; of others, the number is given."""
MOST = 8
_KINDS: tuple[Kind, ...] = ("added", "removed", "renamed", "changed", "moved", "stale")
_PLURALS = {"storylets": "storylet groups", "script": "parts of scripts", "cast": "speakers",
            "story": "keys of the story"}  # fmt: skip


def summary(changes: Iterable[Change]) -> list[str]:
    """Lines such as "beats added: gate, river" and "lines changed: 3"; [] without changes."""
    names: dict[tuple[str, Kind], dict[str, None]] = {}
    for one in changes:
        name = f"{one.beat}/{one.name}" if one.what == "option" else one.name
        if one.kind == "renamed":
            name = f"{one.before} to {one.after}"
        if one.what not in NAMED:
            name = f"{one.beat}/{one.name or len(names.get((one.what, one.kind), ()))}"
        names.setdefault((one.what, one.kind), {})[name] = None
    order = [*NAMED, *dict.fromkeys(what for what, _ in names if what not in NAMED)]
    return [
        f"{_plural(what)} {kind}: {_listed(what, list(names[what, kind]))}"
        for what in order
        for kind in _KINDS
        if (what, kind) in names
    ]


def _plural(what: str) -> str:
    return _PLURALS.get(what, what + "s")


def _listed(what: str, names: list[str]) -> str:
    if what not in NAMED:
        return str(len(names))
    more = [f"{len(names) - MOST} more"] if len(names) > MOST else []
    return ", ".join([*names[:MOST], *more])
