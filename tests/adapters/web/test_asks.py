"""What may be asked, by whom, within which bounds; what is no message at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama import content
from xrdrama.adapters.web.asks import (
    MOST_BYTES,
    RefusedError,
    Role,
    decode_ask,
    event_of,
    may,
)
from xrdrama.adapters.web.sheet import Sheet, sheet_of
from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.codec import checked
from xrdrama.wire.events import Forced, Panic, ParamSet, Pressed
from xrdrama.wire.messages import Record

GOOD: list[dict[str, Any]] = [
    {"do": "param", "name": "fog", "value": 0.5},
    {"do": "param", "name": "fog", "value": None},
    {"do": "hold", "on": True},
    {"do": "force", "beat": "taper"},
    {"do": "undo"},
    {"do": "confirm", "on": True},
    {"do": "decide", "yes": False},
    {"do": "pick", "option": "take"},
    {"do": "slate", "text": "12A, take 3"},
    {"do": "roll", "on": True},
    {"do": "panic", "on": True},
]
NOW: dict[str, Any] = {
    "scene": "lantern_street",
    "beat": "taper",
    "undo": "counting",
    "proposal": {"option": "take"},
    "choice": {"options": [{"id": "take"}]},
}


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return sheet_of(content.produce(content.load_show("lantern_demo")), "")


@pytest.mark.parametrize("ask", GOOD, ids=lambda ask: ask["do"])
def test_a_director_may_everything_and_the_core_takes_it(ask: dict[str, Any], sheet: Sheet) -> None:
    decoded = decode_ask(json.dumps({"id": 1, **ask}))
    checked(Record(1, 0, event_of(decoded, "director", "director.1", sheet, NOW)))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("director", {a["do"] for a in GOOD}),
        ("operator", {"param", "hold", "slate", "roll", "panic"}),
        ("viewer", set()),
    ],
)
def test_roles(role: Role, allowed: set[str]) -> None:
    decoded = [decode_ask(json.dumps({"id": 1, **ask})) for ask in GOOD]
    asked = {good["do"] for good, ask in zip(GOOD, decoded, strict=True) if may(role, ask)}
    assert asked == allowed


def test_an_operator_may_panic_and_only_a_director_takes_it_back(sheet: Sheet) -> None:
    into, out = (decode_ask(json.dumps({"id": 1, "do": "panic", "on": on})) for on in (True, False))
    assert event_of(into, "operator", "operator.2", sheet, NOW) == Panic("operator.2", True)
    with pytest.raises(RefusedError, match="ask the director"):
        event_of(out, "operator", "operator.2", sheet, NOW)


def test_who_asks_is_named_but_for_a_pick_which_is_the_directors(sheet: Sheet) -> None:
    def event(**ask: Any) -> object:
        return event_of(
            decode_ask(json.dumps({"id": 1, **ask})), "director", "director.7", sheet, NOW
        )

    assert event(do="param", name="fog", value=0.25) == ParamSet("director.7", "fog", 0.25)
    assert event(do="force", beat="home") == Forced("director.7", "home")
    assert event(do="pick", option="take") == Pressed("director", "take")


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        ({"do": "param", "name": "fog", "value": 1.01}, "fog goes from 0 to 1, not 1.01"),
        ({"do": "param", "name": "fog", "value": -0.01}, "goes from"),
        ({"do": "param", "name": "mist", "value": 0.5}, "no parameter 'mist'"),
        ({"do": "force", "beat": "nowhere"}, "no beat 'nowhere'"),
        ({"do": "pick", "option": "keep"}, "not offered"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ask: dict[str, Any], why: str, sheet: Sheet) -> None:
    with pytest.raises(RefusedError, match=why):
        event_of(decode_ask(json.dumps({"id": 1, **ask})), "director", "d", sheet, NOW)


def test_undo_and_decide_need_something_to_undo_and_decide(sheet: Sheet) -> None:
    for ask in ({"do": "undo"}, {"do": "decide", "yes": True}):
        with pytest.raises(RefusedError):
            event_of(decode_ask(json.dumps({"id": 1, **ask})), "director", "d", sheet, {})


@pytest.mark.parametrize(
    "data",
    [
        "", "{}", "[]", "null", "7", '{"do":"quit","id":1}', '{"do":"hold","id":1}',
        '{"do":"hold","id":1,"on":1}', '{"do":"hold","id":0,"on":true}',
        '{"do":"hold","id":1,"on":true,"more":1}', '{"do":"param","id":1,"name":"fog","value":NaN}',
        '{"do":"param","id":1,"name":"fog","value":1e999}',
        '{"do":"param","id":1,"name":"fog","value":"1"}',
        '{"do":"slate","id":1,"text":"' + "x" * 121 + '"}',
        '{"do":"force","id":1,"beat":"' + "x" * 65 + '"}',
        " " * (MOST_BYTES + 1), "[" * 4000, b"\xff\xfe", b'{"do":"slate","id":1,"text":"\xff"}',
    ],
)  # fmt: skip
def test_garbage_is_one_error(data: str | bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_ask(data)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_that_error_too(data: bytes | str) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_ask(data)
