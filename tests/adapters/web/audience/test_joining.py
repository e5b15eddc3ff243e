"""Who may watch: links, tickets, seats; pages that say what to do; files of the show."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.adapters.web.audience.server import AudienceServer
from xrdrama.adapters.web.access.limits import Limits
from xrdrama.adapters.web.access.sessions import Secrets, WrongTokenError
from xrdrama.adapters.web.audience.hub import INTERVAL
from xrdrama.adapters.web.audience.seats import ONE_ADDRESS, FullError, Seats
from xrdrama.adapters.web.audience.site import SAFE


def test_the_link_of_the_room_admits_many(served: AudienceServer) -> None:
    cookies = {served.join() for _ in range(20)}
    assert len(cookies) == 20
    assert b"viewer" in served.get("/", Cookie=cookies.pop()).body


def test_the_same_browser_keeps_its_seat(served: AudienceServer) -> None:
    cookie = served.join()
    again = served.get(f"/join?token={served.seats.room}", Cookie=cookie)
    assert again.status == 303 and "set-cookie" not in again.headers
    assert served.get("/seat", Cookie=cookie).body == b'{"seat":1,"mode":"room"}'


def test_the_token_is_not_in_the_address_of_the_page(served: AudienceServer) -> None:
    answer = served.get(f"/join?token={served.seats.room}")
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


@pytest.mark.parametrize("token", ["", "aaaa-bbbb-cccc", "x" * 5000, "%00%ff"])
def test_a_wrong_token_gives_a_page_that_says_what_to_do(
    served: AudienceServer, token: str
) -> None:
    answer = served.get(f"/join?token={token}")
    assert answer.status == 403 and b"Scan the code" in answer.body


def test_without_a_seat_a_page_says_what_to_do(served: AudienceServer) -> None:
    for path in ("/", "/sets/h1/set.glb", "/figures/f1.glb", "/sounds/line/l1"):
        answer = served.get(path)
        assert answer.status == 401 and b"Scan the code" in answer.body, path
    assert served.get("/seat").status == 401


def test_many_wrong_tokens_are_answered_late(
    served: AudienceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds == INTERVAL:  # the hub's, which this replaces too: without it nothing else runs
            await real(seconds)
        else:
            slept.append(seconds)

    monkeypatch.setattr("xrdrama.adapters.web.audience.site.asyncio.sleep", sleep)
    answers = [served.get("/join?token=wrong").status for _ in range(8)]
    assert answers == [403] * 5 + [429] * 3 and len(slept) == 3
    assert served.join()  # the valid one is accepted at once


def test_tickets_admit_one_viewer_each(tmp_path: Path) -> None:
    with AudienceServer(tmp_path, tickets_only=True) as served:
        assert served.seats.room == ""
        ticket = served.seats.ticket()
        served.join(ticket)
        assert served.get(f"/join?token={ticket}").status == 403


def test_a_ticket_expires(served: AudienceServer) -> None:
    ticket = served.seats.ticket()
    served.clock.now += 13 * 3600
    assert served.get(f"/join?token={ticket}").status == 403


def test_one_address_gets_a_limited_number_of_seats() -> None:
    limits = Limits(lambda: 0.0)
    seats = Seats(limits, lambda: 0.0)
    for _ in range(ONE_ADDRESS):
        seats.enter(seats.room, "192.0.2.7")
    with pytest.raises(FullError):
        seats.enter(seats.room, "192.0.2.7")
    seats.enter(seats.room, "192.0.2.8")
    assert limits.counts["seats"] == 1


def test_a_wrong_token_takes_no_seat() -> None:
    seats = Seats(Limits(lambda: 0.0), lambda: 0.0)
    for _ in range(ONE_ADDRESS + 1):
        with pytest.raises(WrongTokenError):
            seats.enter("wrong", "192.0.2.7")
    assert seats.enter(seats.room, "192.0.2.7")


def test_seats_and_the_link_outlive_the_process() -> None:
    kept: list[Secrets] = []
    before = Seats(Limits(lambda: 0.0), lambda: 0.0, keep=kept.append)
    cookie, ticket = before.enter(before.room, "192.0.2.7"), before.ticket()
    after = Seats(Limits(lambda: 0.0), lambda: 0.0, kept=kept[-1])
    assert after.room == before.room and after.session(cookie) == before.session(cookie)
    assert after.session(after.enter(ticket, "192.0.2.8")) != after.session(cookie)
    other = Seats(Limits(lambda: 0.0), lambda: 0.0)
    assert other.session(cookie) is None


def test_sets_and_sounds_are_served_to_seats(served: AudienceServer) -> None:
    cookie = served.join()
    glb = served.get("/sets/h1/set.glb", Cookie=cookie)
    assert glb.body == b"glTF" and "immutable" in glb.headers["cache-control"]
    assert glb.headers["content-type"] == "model/gltf-binary"
    figure = served.get("/figures/f1.glb", Cookie=cookie)
    assert figure.body == b"glTF" and "immutable" in figure.headers["cache-control"]
    assert served.get("/sounds/line/l1", Cookie=cookie).body == b"OggS"
    for path in (
        "/sets/h2/set.glb",
        "/figures/f2.glb",
        "/sets/h1/warnings.json",
        "/sounds/line/l2",
    ):
        assert served.get(path, Cookie=cookie).status == 404, path
    for path in ("/sounds/../seats.py", "/sounds/%2e%2e/x", "/sets/h1/..%2fset.glb"):
        assert served.get(path, Cookie=cookie).status == 404, path


def test_answers_carry_the_safety_headers(served: AudienceServer) -> None:
    cookie = served.join()
    for path in ("/", "/seat", "/sw.js", "/assets/a.js", "/nowhere", "/join?token=x"):
        headers = served.get(path, Cookie=cookie if path != "/join?token=x" else "").headers
        for name, value in SAFE.items():
            assert headers[name.lower()] == value, path
    assert "unsafe" not in SAFE["Content-Security-Policy"]


def test_other_host_names_are_refused(served: AudienceServer) -> None:
    assert served.get("/", Host="elsewhere.example").status == 421
