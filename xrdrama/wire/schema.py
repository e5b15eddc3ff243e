"""The published schema of the wire, and the hash that peers compare at hello."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec

from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import PROTOCOL_MAJOR, FromCore, FromPeer


@cache
def wire_schema() -> dict[str, Any]:
    """JSON Schema of every message, frame and entry (bridge/schema/wire.schema.json)."""
    (peer, core, entry, frame), components = msgspec.json.schema_components(
        [FromPeer, FromCore, Entry, Frame], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama wire",
        "major": PROTOCOL_MAJOR,
        "fromPeer": peer,
        "fromCore": core,
        "entry": entry,
        "frame": frame,
        "$defs": components,
    }


@cache
def schema_hash() -> str:
    """32 hex digits over the canonical JSON of the schema, without its words for people.

    So a better sentence in a docstring neither parts peers nor outdates takes.
    """
    text = msgspec.json.encode(_bare(wire_schema()), order="sorted")
    return blake2b(text, digest_size=16).hexdigest()


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _bare(value)
            for key, value in schema.items()
            if not (key == "description" and isinstance(value, str))
        }
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema
