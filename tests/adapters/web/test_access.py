"""Who may come in: tokens, cookies, tries, hosts and origins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.web.access import (
    COOKIE_LASTS,
    TOKEN_LASTS,
    TRIES,
    TRIES_WITHIN,
    Doorkeeper,
    Session,
    TooManyTriesError,
    is_our_host,
    is_our_origin,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Doorkeeper:
    return Doorkeeper(clock)


def test_a_token_works_once(door: Doorkeeper) -> None:
    token = door.invite("operator")
    cookie = door.enter(token, "a")
    assert cookie and door.session(cookie) == Session("operator", 1)
    assert door.enter(token, "a") is None


def test_a_token_expires(door: Doorkeeper, clock: Clock) -> None:
    early, late = door.invite("director"), door.invite("director")
    clock.now += TOKEN_LASTS - 1
    assert door.enter(early, "a")
    clock.now += 2
    assert door.enter(late, "a") is None


def test_a_cookie_expires(door: Doorkeeper, clock: Clock) -> None:
    cookie = door.enter(door.invite("director"), "a") or ""
    clock.now += COOKIE_LASTS - 2
    assert door.session(cookie)
    clock.now += 3
    assert door.session(cookie) is None


@given(st.data())
def test_an_altered_cookie_is_no_cookie(data: st.DataObject) -> None:
    door = Doorkeeper()
    cookie = door.enter(door.invite("viewer"), "a") or ""
    at = data.draw(st.integers(0, len(cookie) - 1))
    other = data.draw(st.characters().filter(lambda c: c != cookie[at]))
    assert door.session(cookie[:at] + other + cookie[at + 1 :]) is None
    assert door.session(cookie) == Session("viewer", 1)


@given(st.text(max_size=200))
def test_any_text_is_no_cookie_and_no_token(text: str) -> None:
    door = Doorkeeper()
    door.invite("director")
    assert door.session(text) is None
    assert door.enter(text, "a") is None


def test_another_role_cannot_be_written_into_a_cookie(door: Doorkeeper) -> None:
    cookie = door.enter(door.invite("viewer"), "a") or ""
    assert door.session(cookie.replace("viewer", "director")) is None


def test_a_cookie_of_another_process_is_none_of_ours(door: Doorkeeper, clock: Clock) -> None:
    other = Doorkeeper(clock)
    cookie = other.enter(other.invite("director"), "a") or ""
    assert other.session(cookie) and door.session(cookie) is None


def test_five_tries_a_minute_and_then_even_the_right_token_waits(
    door: Doorkeeper, clock: Clock
) -> None:
    token = door.invite("director")
    for _ in range(TRIES):
        assert door.enter("wrong", "a") is None
    with pytest.raises(TooManyTriesError):
        door.enter(token, "a")
    assert door.enter(door.invite("director"), "b"), "others are not locked out"
    clock.now += TRIES_WITHIN + 1
    assert door.enter(token, "a")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8000", True), ("localhost:8000", True), ("[::1]:8000", True),
        ("192.168.1.20:8000", True), ("desk.local:1", True), ("evil.example:8000", False),
        ("localhost.evil.example", False), ("", False), ("127.0.0.1.evil.example", False),
    ],
)  # fmt: skip
def test_hosts(host: str, ours: bool) -> None:
    assert is_our_host(host, frozenset({"localhost", "desk.local"})) == ours


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://127.0.0.1:80", True), ("https://127.0.0.1:80", False), ("null", False),
        ("http://127.0.0.1:81", False), ("", False), ("http://127.0.0.1:80.evil.example", False),
    ],
)  # fmt: skip
def test_origins(origin: str, ours: bool) -> None:
    assert is_our_origin(origin, "http", "127.0.0.1:80") == ours
