"""Who may come in: tokens, cookies, tries, hosts and origins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.web.access.sessions import (
    COOKIE_LASTS,
    SLOWEST,
    TOKEN_LASTS,
    TRIES,
    TRIES_WITHIN,
    Doorkeeper,
    Secrets,
    Session,
    WrongTokenError,
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


def delay(door: Doorkeeper, token: str, address: str = "a") -> float:
    """Seconds after which a wrong token is answered."""
    with pytest.raises(WrongTokenError) as wrong:
        door.enter(token, address)
    return wrong.value.delay


def test_a_token_works_once(door: Doorkeeper) -> None:
    token = door.invite("operator")
    cookie = door.enter(token, "a")
    assert cookie and door.session(cookie) == Session("operator", 1)
    assert delay(door, token) == 0


def test_a_token_expires(door: Doorkeeper, clock: Clock) -> None:
    early, late = door.invite("director"), door.invite("director")
    clock.now += TOKEN_LASTS - 1
    assert door.enter(early, "a")
    clock.now += 2
    assert delay(door, late) == 0


def test_a_cookie_expires(door: Doorkeeper, clock: Clock) -> None:
    cookie = door.enter(door.invite("director"), "a")
    clock.now += COOKIE_LASTS - 2
    assert door.session(cookie)
    clock.now += 3
    assert door.session(cookie) is None


@given(st.data())
def test_altered_cookie_is_refused(data: st.DataObject) -> None:
    door = Doorkeeper()
    cookie = door.enter(door.invite("viewer"), "a")
    at = data.draw(st.integers(0, len(cookie) - 1))
    other = data.draw(st.characters().filter(lambda c: c != cookie[at]))
    assert door.session(cookie[:at] + other + cookie[at + 1 :]) is None
    assert door.session(cookie) == Session("viewer", 1)


@given(st.text(max_size=200))
def test_any_text_is_no_cookie_and_no_token(text: str) -> None:
    door = Doorkeeper()
    door.invite("director")
    assert door.session(text) is None
    assert delay(door, text) == 0


def test_another_role_cannot_be_written_into_a_cookie(door: Doorkeeper) -> None:
    cookie = door.enter(door.invite("viewer"), "a")
    assert door.session(cookie.replace("viewer", "director")) is None


def test_a_cookie_is_not_accepted_with_a_later_time_or_another_signature(
    door: Doorkeeper, clock: Clock
) -> None:
    cookie = door.enter(door.invite("director"), "a")
    clock.now += 60
    body, time, signature = door.enter(door.invite("director"), "a").rsplit(".", 2)
    assert door.session(f"{cookie.rsplit('.', 2)[0]}.{time}.{cookie.rsplit('.', 1)[1]}") is None
    assert door.session(f"{body}.{time}") is None and door.session(f"{body}..") is None
    assert door.session(f"{body}.{time}.{signature}") == Session("director", 2)  # the control


def test_cookies_stay_valid_when_the_clock_steps_back(door: Doorkeeper, clock: Clock) -> None:
    cookie = door.enter(door.invite("director"), "a")
    clock.now -= 10
    assert door.session(cookie) == Session("director", 1)


@pytest.mark.parametrize("text", ["\ud800.1.AAAA.BBBB", "viewer.1", ".", "", "x" * 10_000])
def test_broken_text_is_refused_as_cookie(door: Doorkeeper, text: str) -> None:
    assert door.session(text) is None


def test_cookie_of_another_process_is_refused(door: Doorkeeper, clock: Clock) -> None:
    other = Doorkeeper(clock)
    cookie = other.enter(other.invite("director"), "a")
    assert other.session(cookie) and door.session(cookie) is None


def test_wrong_tokens_slow_their_address_down_and_lock_nobody_out(
    door: Doorkeeper, clock: Clock
) -> None:
    token, other = door.invite("director"), door.invite("director")
    delays = [delay(door, "wrong") for _ in range(TRIES + 6)]
    assert delays[:TRIES] == [0.0] * TRIES
    assert delays[TRIES:] == sorted(delays[TRIES:]) and delays[TRIES] > 0
    assert delays[-1] == SLOWEST
    assert delay(door, "wrong", "b") == 0, "other addresses are not slowed down"
    assert door.enter(token, "a"), "a valid token is accepted at any time"
    assert door.enter(other, "b")
    clock.now += TRIES_WITHIN + 1
    assert delay(door, "wrong") == 0


def test_a_doorkeeper_that_is_started_again_knows_its_cookies_and_invitations(
    clock: Clock,
) -> None:
    kept: list[Secrets] = []
    first = Doorkeeper(clock, keep=kept.append)
    used, unused = first.invite("operator"), first.invite("viewer")
    cookie = first.enter(used, "a")
    again = Doorkeeper(clock, kept=kept[-1])
    assert again.session(cookie) == Session("operator", 1)
    assert delay(again, used) == 0, "a used invitation stays used"
    assert again.session(again.enter(unused, "a")) == Session("viewer", 2)
    assert Doorkeeper(clock).session(cookie) is None, "the control: without what was kept"


def test_secrets_with_a_short_key_are_rejected(clock: Clock) -> None:
    door = Doorkeeper(clock, kept=Secrets(b"", 3))
    assert (
        Doorkeeper(clock, kept=Secrets(b"", 3)).session(door.enter(door.invite("viewer"), "a"))
        is None
    )


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
