"""Addresses of event logs on servers: what they say, and what is refused, by name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.eventlog.address import Address, refuse_unreachable
from xrdrama.adapters.eventlog.placed import exists, kind_of, open_placed
from xrdrama.errors import DeviceError, UsageError


def test_an_address_names_its_servers_and_its_log() -> None:
    one = Address.parse("nats://127.0.0.1/stage")
    assert one == Address(("nats://127.0.0.1:4222",), "stage")
    assert str(one) == "stage at nats://127.0.0.1:4222"
    many = Address.parse("tls://a.example:4333,[2001:db8::1]/stage_2?replicas=3")
    assert many.servers == ("tls://a.example:4333", "tls://[2001:db8::1]:4222")
    assert (many.stream, many.replicas) == ("xrdrama_stage_2", 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nats://127.0.0.1", "does not name an event log"),
        ("nats://127.0.0.1/a.b", "letters, digits"),
        ("nats:///log", "names no host"),
        ("http://127.0.0.1/log", "scheme is 'http'"),
        ("nats://127.0.0.1:99999/log", "Port out of range"),
        ("nats://127.0.0.1/log?replicas=2", "may be 1, 3 or 5"),
        ("nats://127.0.0.1/log?sync=1", "option that is not known"),
        ("nats://192.0.2.7/log", "would not be encrypted: use tls://"),
    ],
)
def test_another_form_is_refused(text: str, words: str) -> None:
    with pytest.raises(DeviceError, match=words):
        Address.parse(text)


def test_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(DeviceError, match="set NATS_USER") as raised:
        Address.parse("nats://crew:lantern@127.0.0.1/log")
    assert "lantern" not in str(raised.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for address in (text, f"nats://{text}", f"nats://127.0.0.1/{text}"):
        try:
            Address.parse(address)
        except DeviceError as error:
            assert error.remedy


def test_a_server_that_does_not_answer_is_named_before_the_show() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        refuse_unreachable(Address.parse(f"nats://127.0.0.1:{port}/log"))
    with pytest.raises(DeviceError, match="cannot be reached"):
        refuse_unreachable(Address.parse(f"nats://127.0.0.1:{port}/log"))


def test_a_log_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "boat.take.votes"
    assert not exists(path)
    open_placed(path).close()
    assert exists(path)
    # Resumed with a server: its log is in the file already.
    open_placed(path, "nats://127.0.0.1:1/log").close()
    with pytest.raises(UsageError, match="not the address of an event log"):
        kind_of("redis://127.0.0.1/log")
