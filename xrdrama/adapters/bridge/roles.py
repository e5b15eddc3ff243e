"""Who may join a show, and who may say what: by role, by key, by source."""

from __future__ import annotations

from typing import Final, NamedTuple

from xrdrama.adapters.bridge.keys import VARIABLE, RunKey
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import Command, Role, Sender, may_send, roles_for
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.messages import PROTOCOL_MAJOR, Code, Hello, Record
from xrdrama.wire.schema import schema_hash

WITH_KEY: Final[frozenset[Role]] = frozenset({"director", "operator", "recogniser", "tracker"})
"""The roles that need the key of the run; the others may follow, and report what is their own."""


class No(NamedTuple):
    """Why not."""

    code: Code
    reason: str


def may_join(hello: Hello, key: RunKey, reserved: frozenset[str]) -> No | None:
    """None when the peer is let in, else why not."""
    if reason := _unlike(hello):
        return No("version", reason)
    if hello.key:
        return None if key.is_key(hello.key) else No("key_wrong", f"not this run's key; {_HOW}")
    if hello.role in WITH_KEY:
        return No("key_needed", f"the role {hello.role} needs the key of this run; {_HOW}")
    for name in (hello.name, *hello.sources):
        if name.partition(".")[0] in reserved | {"director", "console"}:
            return No(
                "source_reserved",
                f"the name {name!r} belongs to a process of the show: choose another one, or send"
                " the key of this run",
            )
    return None


def sender_of(hello: Hello, record: Record) -> Sender | No:
    """Who is accountable for a record: the peer itself, or the person a director's peer names."""
    if record.sender is None:
        return Sender(hello.name, hello.role)
    if hello.role == "director" and isinstance(record.event, Command):
        return record.sender
    return No(
        "sender_not_yours",
        "only a peer with the role director may name the sender of a command: leave it out",
    )


def may_say(hello: Hello, event: AnyEvent, role: Role, *, has_key: bool) -> No | None:
    """None when the peer may record the event, else why not; `role` is that of the sender."""
    if isinstance(event, Command):
        if may_send(role, event):
            return None
        allowed = " or ".join(roles_for(event))
        return No(
            "not_director",
            f"this command needs the role {allowed}, and the sender has the role {role}: ask the"
            " director",
        )
    if not has_key and isinstance(event, TrackingSample):
        return No("not_tracker", f"camera samples need the role tracker and the key; {_HOW}")
    if (hello.role == "viewer" or not has_key) and not _owns(hello, event.source):
        return No(
            "source_not_yours",
            f"the source {event.source!r} is not of {hello.name!r}: use the name of your hello, or"
            " declare the source there",
        )
    return None


def _owns(hello: Hello, source: str) -> bool:
    own = (hello.name, *hello.sources)
    return any(source == name or source.startswith(f"{name}.") for name in own)


_HOW: Final = (
    f"put it in your hello: it is in {VARIABLE} for processes that the show starts, and in the"
    " file xrdrama/bridge-PORT.key under XDG_RUNTIME_DIR or ~/.local/state (bridge/README.md)"
)


def _unlike(hello: Hello) -> str:
    """Why a peer cannot be understood, "" when it can.

    A peer that names no schema promises to read what it knows and to ignore what follows.
    """
    if hello.major == PROTOCOL_MAJOR and hello.schema in ("", schema_hash()):
        return ""
    ours, theirs = (
        f"version {major} (schema {schema or 'not named'})"
        for major, schema in ((PROTOCOL_MAJOR, schema_hash()), (hello.major, hello.schema))
    )
    return f"this core speaks {ours}, not {theirs}: use the same release of xrdrama on both sides"
