"""What a page sends: JSON of a declared command, within its bounds; anything else is one error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.web.live.commands import MOST_BYTES, decode_command
from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.codec import checked
from xrdrama.wire.commands import (
    Decided,
    Forced,
    HeldStory,
    Panic,
    ParamSet,
    PickedByHand,
    commands,
    may_send,
)
from xrdrama.wire.messages import Record

GOOD: list[dict[str, Any]] = [
    {"do": "param", "param": "fog", "value": 0.5},
    {"do": "param", "param": "fog", "value": None},
    {"do": "held", "on": True},
    {"do": "forced", "beat": "taper"},
    {"do": "undo"},
    {"do": "confirm", "on": True},
    {"do": "decided", "yes": False},
    {"do": "pick", "option": "take"},
    {"do": "slate", "text": "12A, take 3"},
    {"do": "roll", "on": True},
    {"do": "reload"},
    {"do": "panic", "on": True},
]


@pytest.mark.parametrize("words", GOOD, ids=lambda words: words["do"])
def test_page_message_is_a_command_that_the_core_reads(words: dict[str, Any]) -> None:
    sent = decode_command(json.dumps({"id": 7, **words}), "director.1")
    assert (sent.id, sent.words, sent.command.source) == (7, words, "director.1")
    assert type(sent.command) in commands()
    checked(Record(1, 0, sent.command))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("director", {words["do"] for words in GOOD}),
        ("operator", {"param", "held", "slate", "roll", "panic"}),
        ("viewer", set()),
        ("engine", set()),
    ],
)
def test_roles_that_may_send(role: str, allowed: set[str]) -> None:
    sent = [decode_command(json.dumps({"id": 1, **words}), "x") for words in GOOD]
    assert {one.words["do"] for one in sent if may_send(role, one.command)} == allowed


def test_operator_starts_a_panic_and_only_a_director_ends_it() -> None:
    start, end = Panic("x", True), Panic("x", False)
    assert may_send("operator", start) and not may_send("operator", end)
    assert may_send("director", start) and may_send("director", end)


def test_fields_of_the_page_are_those_of_the_declaration() -> None:
    def command(**words: Any) -> object:
        return decode_command(json.dumps({"id": 1, **words}), "director.7").command

    assert command(do="param", param="fog", value=0.25) == ParamSet("director.7", "fog", 0.25)
    assert command(do="forced", beat="home") == Forced("director.7", "home")
    assert command(do="pick", option="take") == PickedByHand("director.7", "take")
    assert command(do="held", on=False) == HeldStory("director.7", False)
    assert command(do="decided", yes=True) == Decided("director.7", True)


@pytest.mark.parametrize(
    "data",
    [
        "", "{}", "[]", "null", "7", '{"do":"quit","id":1}', '{"do":"held","id":1}',
        '{"do":"held","id":1,"on":1}', '{"do":"held","id":0,"on":true}',
        '{"do":"held","id":1,"on":true,"more":1}',
        '{"do":"held","id":1,"on":true,"source":"director"}',
        '{"do":"param","id":1,"param":"fog","value":NaN}',
        '{"do":"param","id":1,"param":"fog","value":1e999}',
        '{"do":"param","id":1,"param":"fog","value":"1"}',
        '{"do":"slate","id":1,"text":"' + "x" * 501 + '"}',
        '{"do":"forced","id":1,"beat":"' + "x" * 65 + '"}',
        " " * (MOST_BYTES + 1), "[" * 4000, b"\xff\xfe", b'{"do":"slate","id":1,"text":"\xff"}',
    ],
)  # fmt: skip
def test_garbage_is_one_error(data: str | bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_command(data, "director.1")


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_that_error_too(data: bytes | str) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_command(data, "director.1")
