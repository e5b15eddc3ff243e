"""The schema that is published, and the hash that peers compare."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wire.values import MESSAGES, values_of
from xrdrama.wire import events, schema
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame
from xrdrama.wire.schema import schema_hash, wire_schema


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The schema built again from the module, without its cache."""
    monkeypatch.setattr(schema, "wire_schema", wire_schema.__wrapped__)
    return monkeypatch


def hashed() -> str:
    found: str = schema_hash.__wrapped__()
    return found


def with_field(kind: type[msgspec.Struct], *, docstring: str = "", extra: bool = True) -> Any:
    """A struct as it is, or with one more field at its end."""
    fields: list[Any] = [
        (f.name, f.type, f.default if f.default is not msgspec.NODEFAULT else f.default_factory)
        if not f.required
        else (f.name, f.type)
        for f in msgspec.structs.fields(kind)
    ]
    if extra:
        fields.append(("appended", int, 0))
    config = kind.__struct_config__
    return msgspec.defstruct(
        kind.__name__, fields, array_like=True, frozen=True, tag=config.tag,
        namespace={"__doc__": docstring or kind.__doc__},
    )  # fmt: skip


def test_the_hash_is_32_hex_digits_and_stands() -> None:
    assert len(schema_hash()) == 32
    assert int(schema_hash(), 16) >= 0
    assert hashed() == schema_hash()


def test_a_field_more_is_another_hash(fresh: pytest.MonkeyPatch) -> None:
    assert hashed() == schema_hash()
    fresh.setattr(schema, "Entry", with_field(Entry))
    assert hashed() != schema_hash()


def test_the_same_fields_with_better_words_are_the_same_hash(fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr(schema, "Entry", with_field(Entry, docstring="Said better.", extra=False))
    assert "Said better." in json.dumps(schema.wire_schema())
    assert hashed() == schema_hash()


def test_another_bound_is_another_hash(fresh: pytest.MonkeyPatch) -> None:
    before = hashed()
    text = json.dumps(wire_schema())
    assert '"maxLength": 500' in text
    bent = json.loads(text.replace('"maxLength": 500', '"maxLength": 501'))
    fresh.setattr(schema, "wire_schema", lambda: bent)
    assert hashed() != before


def test_another_major_is_another_hash(fresh: pytest.MonkeyPatch) -> None:
    before = hashed()
    fresh.setattr(schema, "PROTOCOL_MAJOR", 2)
    assert hashed() != before


def test_everything_that_can_be_said_is_in_the_schema() -> None:
    names = set(wire_schema()["$defs"])
    spoken = {kind.__name__ for _, kind in MESSAGES}
    happened = {
        kind.__name__
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
    }
    assert spoken | happened | {Frame.__name__, "TrackingSample", "Pose"} <= names


@pytest.mark.parametrize(("side", "kind"), MESSAGES, ids=lambda v: getattr(v, "__name__", v))
@given(data=st.data())
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_values_fit_the_schema(side: str, kind: Any, data: st.DataObject) -> None:
    message = json.loads(msgspec.json.encode(data.draw(values_of(kind))))
    name = {"peer": "fromPeer", "core": "fromCore"}.get(side, side)
    whole = wire_schema()
    # The schema itself is checked once, below.
    jsonschema.Draft202012Validator({"$defs": whole["$defs"], **whole[name]}).validate(message)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(wire_schema())
