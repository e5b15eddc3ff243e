"""Decode a page's JSON message to a command of `xrdrama.wire.commands`. Nothing is decided here.

A page's message has an `id`, which comes back with the answers, `do`, the name of the command, and
its fields. Bounds come from the declaration; the core decides who may send it and what it does.
"""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.commands import Command, commands, name_of

MOST_BYTES: Final = 4096
_Id = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]


class Sent(NamedTuple):
    """A command as a page sent it."""

    id: int
    command: Command
    words: dict[str, Any]
    """`do` and the fields, as the page sent them."""


def decode_command(data: str | bytes, source: str) -> Sent:
    """The command of a page's message, sent by `source`; RemoteProtocolError if it is invalid."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise RemoteProtocolError(f"a message of {size} bytes; {MOST_BYTES} are allowed")
    try:
        sent = _decoder().decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError(f"not a message of this console: {error}") from None
    words = msgspec.to_builtins(sent)
    id = words.pop("id")
    fields = {name: value for name, value in words.items() if name != "do"}
    return Sent(id, _kinds()[words["do"]](source=source, **fields), words)


@cache
def _kinds() -> dict[str, type[Command]]:
    return {name_of(kind): kind for kind in commands()}


@cache
def _decoder() -> msgspec.json.Decoder[msgspec.Struct]:
    return msgspec.json.Decoder(reduce(or_, [_spoken(kind) for kind in commands()]))


def _spoken(kind: type[Command]) -> Any:
    """A command as a JSON object: its own fields without `source`, and an id."""
    types = get_type_hints(kind, include_extras=True)
    fields = [(name, types[name]) for name in kind.__struct_fields__ if name != "source"]
    return msgspec.defstruct(
        kind.__name__,
        [("id", _Id), *fields],
        tag_field="do",
        tag=name_of(kind),
        forbid_unknown_fields=True,
        frozen=True,
    )
