"""The protocol of viewers' pages: bounds, garbage, and the TypeScript that is generated from it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3
from xrdrama.tools.viewer_types import protocol_typescript
from xrdrama.wire.audience import (
    MOST_BYTES,
    Answers,
    AskWhole,
    Changed,
    MarkerFound,
    Recorded,
    Tap,
    Whole,
    decode_from_page,
    named,
)
from xrdrama.wire.frame import Light


def test_requests_are_decoded() -> None:
    assert decode_from_page('{"id": 7, "do": "tap", "option": "remember", "by": "gaze"}') == Tap(
        7, "remember", "gaze"
    )
    assert decode_from_page(b'{"id": 8, "do": "marker", "marker": "door_god"}') == MarkerFound(
        8, "door_god"
    )
    assert decode_from_page('{"do": "whole"}') == AskWhole()


def test_names_are_composed() -> None:
    tap = decode_from_page('{"id": 1, "do": "tap", "option": "cafe\u0301"}')
    assert isinstance(tap, Tap) and tap.option == "caf\u00e9"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"do": "force", "id": 1, "beat": "end"}',
        '{"do": "tap", "id": 1}',
        '{"do": "tap", "id": 0, "option": "a"}',
        '{"do": "tap", "id": 9007199254740992, "option": "a"}',
        '{"do": "tap", "id": 1.5, "option": "a"}',
        '{"do": "tap", "id": 1, "option": "a", "by": "vote"}',
        '{"do": "tap", "id": 1, "option": "a", "source": "director"}',
        '{"do": "tap", "id": 1, "option": "' + "a" * 65 + '"}',
        '{"do": "whole", "id": 1}',
        "[" * 3000,
        '{"do": "tap", "id": 1, "option": "' + "a" * MOST_BYTES + '"}',
    ],
)
def test_other_messages_are_refused(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_from_page(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
_NEARLY = st.fixed_dictionaries(
    {"do": st.sampled_from(["tap", "marker", "whole"]) | _JSON},
    optional={"id": st.integers() | _JSON, "option": _JSON, "marker": _JSON, "by": _JSON},
)


@settings(max_examples=150)
@given(st.binary(max_size=200) | _NEARLY.map(lambda value: json.dumps(value).encode()))
def test_garbage_gives_the_one_error(data: bytes) -> None:
    try:
        found = decode_from_page(data)
    except RemoteProtocolError:
        return
    assert isinstance(found, Tap | MarkerFound | AskWhole)


def _sent(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


def test_messages_to_pages_have_the_names_of_the_protocol() -> None:
    assert _sent(Whole(3, {"beat": "door"})) == {"n": 3, "is": {"beat": "door"}}
    assert _sent(Changed(4, 3, {"beat": None})) == {"n": 4, "after": 3, "now": {"beat": None}}
    assert _sent(Answers([Recorded(7, 231)])) == {"answers": [{"id": 7, "recorded": 231}]}


def test_values_of_frames_become_objects() -> None:
    light = Light("moon", Vec3(0.5, 0.25, 1.0))
    assert named({"lights": (light,)}) == {
        "lights": [{"id": "moon", "colour": {"x": 0.5, "y": 0.25, "z": 1.0}, "direction": None}]
    }


def test_typescript_has_every_request_and_name() -> None:
    text = protocol_typescript().decode()
    assert "export type FromPage = Tap | MarkerFound | SignedVote | AskProof | AskWhole;" in text
    assert 'by: "gaze" | "key" | "pinch" | "switch" | "tap" | "trigger";' in text
    assert "[param: `p/${string}`]: number | string;" in text
    assert "export interface Changed {\n  n: number;\n  after: number;\n  now: Changes;\n}" in text
