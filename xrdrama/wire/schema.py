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
    """32 hex digits over the canonical JSON of the schema."""
    text = msgspec.json.encode(wire_schema(), order="sorted")
    return blake2b(text, digest_size=16).hexdigest()
