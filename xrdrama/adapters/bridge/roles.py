"""Access rules of the bridge: who may join a show, and who may record which event."""

from __future__ import annotations

from typing import Final, NamedTuple

from xrdrama.adapters.bridge.keyring import Allowed
from xrdrama.adapters.bridge.keys import VARIABLE, RunKey
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import Command, Role, Sender, may_send, roles_for
from xrdrama.wire.events import AnyEvent, Faced, Joined, Reported, Voted
from xrdrama.wire.messages import PROTOCOL_MAJOR, Code, Hello, Record
from xrdrama.wire.schema import schema_hash

WITH_KEY: Final[frozenset[Role]] = frozenset(
    {"director", "operator", "recogniser", "tracker", "performer", "node"}
)
"""The roles that need the key of the run; others may follow frames and record their own events."""


class Refusal(NamedTuple):
    """A refusal: its code and its reason."""

    code: Code
    reason: str


def may_join(
    hello: Hello, key: RunKey, reserved: frozenset[str], who: Allowed | None = None
) -> Refusal | None:
    """None if the peer may join, else the refusal. `who` is whose key its connection has, if it
    comes from another machine."""
    if reason := _unlike(hello):
        return Refusal("version", reason)
    if who is not None:
        return _fits(hello, who)
    if hello.key:
        wrong = Refusal("key_wrong", f"this is not the key of this run; {_HOW}")
        return None if key.is_key(hello.key) else wrong
    if hello.role in WITH_KEY:
        return Refusal("key_needed", f"the role {hello.role} needs the key of this run; {_HOW}")
    for name in (hello.name, *hello.sources):
        if name.partition(".")[0] in reserved | {"director", "console"}:
            return Refusal(
                "source_reserved",
                f"the name {name!r} belongs to a process of the show: choose another one, or send"
                " the key of this run",
            )
    return None


def _fits(hello: Hello, who: Allowed) -> Refusal | None:
    """None if a peer from another machine says hello as what its key is for."""
    if hello.role != who.role:
        reason = f"the key {who.name!r} is for the role {who.role}, not {hello.role}"
        return Refusal("key_wrong", f"{reason}: make one with  xrdrama keys new --role")
    for name in (hello.name, *(hello.sources if who.role not in WITH_KEY else ())):
        if name != who.name and not name.startswith(f"{who.name}."):
            return Refusal(
                "source_reserved",
                f"the name {name!r} is not that of the key: use {who.name!r}, or {who.name!r}"
                " followed by a dot and more text",
            )
    return None


def sender_of(hello: Hello, record: Record) -> Sender | Refusal:
    """The sender of a record: the peer itself, or the person that a director's peer names."""
    if record.sender is None:
        return Sender(hello.name, hello.role)
    if hello.role == "director" and isinstance(record.event, Command):
        return record.sender
    return Refusal(
        "sender_not_yours",
        "only a peer with the role director may name the sender of a command: leave it out",
    )


def may_say(hello: Hello, event: AnyEvent, role: Role, *, has_key: bool) -> Refusal | None:
    """None if the peer may record the event, else the refusal; `role` is that of the sender."""
    if isinstance(event, Command):
        if may_send(role, event):
            return None
        allowed = " or ".join(roles_for(event))
        return Refusal(
            "not_director",
            f"this command needs the role {allowed}, and the sender has the role {role}: ask the"
            " director",
        )
    if not has_key and isinstance(event, Faced):
        return Refusal("key_needed", f"a live face needs the key of this run; {_HOW}")
    if not has_key and isinstance(event, Voted | Joined):
        return Refusal("key_needed", f"votes and viewers need the key of this run; {_HOW}")
    if isinstance(event, Reported) and not (has_key and role == "performer"):
        return Refusal(
            "not_performer", f"reports of a body need the role performer and the key; {_HOW}"
        )
    if not has_key and isinstance(event, TrackingSample):
        return Refusal("not_tracker", f"camera samples need the role tracker and the key; {_HOW}")
    if (hello.role in ("viewer", "performer") or not has_key) and not _owns(hello, event.source):
        return Refusal(
            "source_not_yours",
            f"the source {event.source!r} does not belong to {hello.name!r}: use the name in your "
            "hello, or"
            " declare the source there",
        )
    return None


def _owns(hello: Hello, source: str) -> bool:
    own = (hello.name, *hello.sources)
    return any(source == name or source.startswith(f"{name}.") for name in own)


_HOW: Final = (
    f"put the key in the hello: it is in {VARIABLE} for processes that the show starts, and in the"
    " file xrdrama/bridge-PORT.key under XDG_RUNTIME_DIR or ~/.local/state (bridge/README.md)"
)


def _unlike(hello: Hello) -> str:
    """The reason why a peer's version does not fit, or "".

    A peer without a schema must read the fields that it knows and ignore the others.
    """
    if hello.major == PROTOCOL_MAJOR and hello.schema in ("", schema_hash()):
        return ""
    ours, theirs = (
        f"version {major} (schema {schema or 'not named'})"
        for major, schema in ((PROTOCOL_MAJOR, schema_hash()), (hello.major, hello.schema))
    )
    return f"this core speaks {ours}, not {theirs}: use the same release of xrdrama on both sides"
