"""The socket of viewers' pages: states, requests that count once, limits."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.adapters.web.audience.server import AudienceServer, Viewer
from tests.waiting import wait_until
from xrdrama.adapters.web.audience import hub as hubs
from xrdrama.adapters.web.audience.finding import WAITS_S
from xrdrama.adapters.web.audience.hub import Refusal
from xrdrama.adapters.web.audience.pages import ASKS_AT_ONCE
from xrdrama.wire.audience import REPLACED
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import CommandRefused


def test_a_page_gets_the_whole_state_then_what_changes(served: AudienceServer) -> None:
    with served.watch() as page:
        page.until(lambda p: p.wholes)
        assert page.state["title"] == "The demo" and page.state["mode"] == "room"
        assert page.state["set"] == f"hash-of-{page.state['scene']}"
        seconds = page.state["seconds"]
        served.play(5)
        page.until(lambda p: p.state["seconds"] > seconds)
        assert page.wholes == 1 and page.gaps == 0


def test_pages_have_the_state_of_the_show(served: AudienceServer) -> None:
    with served.watch() as page:
        frame = served.play_to_choice()
        assert frame.open_choice is not None
        page.until(lambda p: p.n == served.shows.states.n)
        assert page.state == json.loads(json.dumps(served.shows.states.view.of(frame)))
        assert page.gaps == 0


def test_a_page_that_asks_gets_the_whole_state(served: AudienceServer) -> None:
    with served.watch() as page:
        page.until(lambda p: p.wholes == 1)
        page.say('{"do": "whole"}')
        page.until(lambda p: p.wholes == 2)


def _option(served: AudienceServer) -> str:
    frame = served.play_to_choice()
    assert frame.open_choice is not None
    return frame.open_choice.options[0].id


def test_a_tap_is_recorded_for_its_seat(served: AudienceServer) -> None:
    option = _option(served)
    with served.watch() as page:
        answer = page.ask(do="tap", option=option, by="gaze")
        assert answer == {"id": answer["id"], "recorded": 1}
        ((seat, _, event),) = served.shows.sent
        assert event == Pressed(f"audience.{seat}.gaze", option)
        beat = served.play(3).beat
        assert beat != page.state.get("beat") or served.play(100).beat != page.state["beat"]


def test_the_same_request_is_answered_again_and_counts_once(served: AudienceServer) -> None:
    option = _option(served)
    with served.watch() as page:
        first = page.ask(7, do="tap", option=option)
        assert page.ask(7, do="tap", option=option) == first
    with served.watch(page.cookie) as again:  # after the connection was lost
        assert again.ask(7, do="tap", option=option) == first
    assert len(served.shows.sent) == 1


def test_a_request_sent_again_before_the_answer_counts_once(served: AudienceServer) -> None:
    option = _option(served)
    served.shows.waits = True
    text = json.dumps({"id": 7, "do": "tap", "option": option})
    with served.watch() as page:
        page.say(text)
        page.ask(do="tap", option="nothing")  # the first was received, too
    with served.watch(page.cookie) as again:  # its first connection was lost
        again.say(text)
        again.ask(do="tap", option="nothing")
        (record,) = served.shows.waiting
        served.on_loop(record)
        again.until(lambda p: 7 in p.answers)
        assert again.answers[7] == [{"id": 7, "recorded": 1}]


def test_two_seats_may_use_the_same_ids(served: AudienceServer) -> None:
    option = _option(served)
    with served.watch() as one, served.watch() as two:
        assert one.ask(7, do="tap", option=option)["recorded"] == 1
        assert two.ask(7, do="tap", option=option)["recorded"] == 2


def test_an_option_that_is_not_open_is_refused(served: AudienceServer) -> None:
    with served.watch() as page:
        answer = page.ask(do="tap", option="nothing")
        assert answer["code"] == "closed" and not served.shows.sent


def test_the_second_of_two_picks_is_refused_as_too_late(served: AudienceServer) -> None:
    option = _option(served)
    with served.watch() as one, served.watch() as two:
        one.ask(7, do="tap", option=option)
        assert two.ask(8, do="tap", option=option)["recorded"] == 2
        served.play(2)
        two.until(lambda p: len(p.answers[8]) == 2)
        assert two.answers[8][1]["code"] == "closed"
        assert len(one.answers[7]) == 1


def test_refusals_of_a_busy_show_may_be_sent_again(
    served: AudienceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    option = _option(served)
    busy = Refusal("Please try again.", "too_much")
    send = served.shows.send
    monkeypatch.setattr(served.shows, "send", lambda seat, id, event, outcome: outcome(busy))
    with served.watch() as page:
        assert page.ask(7, do="tap", option=option)["code"] == "too_much"
        monkeypatch.setattr(served.shows, "send", send)
        assert page.ask(7, do="tap", option=option)["recorded"] == 1


def test_a_silent_show_is_in_the_state_of_pages(served: AudienceServer) -> None:
    option = _option(served)
    with served.watch() as page:
        page.until(lambda p: p.wholes)
        served.clock.now += 2 * hubs.SILENT
        page.until(lambda p: p.state.get("silent"))
        assert page.ask(do="tap", option=option)["code"] == "silent"
        served.play()
        page.until(lambda p: "silent" not in p.state)


@pytest.mark.parametrize(
    "data",
    [
        "hello",
        b"\xff\xfe",
        '{"do": "force", "id": 1, "beat": "end"}',
        '{"do": "tap", "id": 1, "option": "a", "role": "director"}',
        "[" * 4000,
    ],
)
def test_garbage_closes_the_page(served: AudienceServer, data: str | bytes) -> None:
    with served.watch() as page:
        page.say(data)
        code, reason = page.closed()
        assert code == hubs.POLICY and "message" in reason
    assert served.hub.limits.counts["garbage"] == 1
    with served.watch() as other:
        other.until(lambda p: p.wholes)


def test_a_message_that_is_too_long_closes_the_page(served: AudienceServer) -> None:
    with served.watch() as page:
        page.say("x" * 100_000)
        assert page.closed()[0] in (1009, hubs.POLICY)


def test_a_flood_closes_its_page_only(served: AudienceServer) -> None:
    with served.watch() as other, served.watch() as page:
        with contextlib.suppress(ConnectionClosed):  # before all are sent
            for _ in range(int(ASKS_AT_ONCE) + 5):
                page.say('{"do": "whole"}')
        code, reason = page.closed()
        assert code == hubs.POLICY and "too many" in reason
        served.play()
        other.until(lambda p: p.n == served.shows.states.n)
    assert served.hub.limits.counts["floods"] == 1
    assert "too many messages" in served.hub.limits.news()[0]


def test_a_flood_is_counted_by_seat_not_by_socket(served: AudienceServer) -> None:
    """No page sends as many as would close it alone."""
    cookie, few = served.join(), int(ASKS_AT_ONCE) // 3
    for _ in range(100):
        with served.watch(cookie) as page:
            with contextlib.suppress(ConnectionClosed):  # before all are sent
                for _ in range(few):
                    page.say('{"do": "whole"}')
                page.until(lambda p: p.wholes)
                continue
            assert page.closed()[0] == hubs.POLICY
            break
    assert served.hub.limits.counts["floods"] >= 1


def test_the_oldest_page_of_a_seat_is_replaced(served: AudienceServer) -> None:
    first = served.watch()
    others = [served.watch(first.cookie) for _ in range(hubs.SOCKETS.one_session)]
    assert first.closed()[0] == REPLACED
    for page in others:
        page.until(lambda p: p.wholes)
    for page in (first, *others):
        page.__exit__()


def test_a_reader_that_stops_reading_is_closed_and_the_others_are_not(
    served: AudienceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "SEND_TIMEOUT_S", 0.5)
    slow, request = _raw(served)
    slow.sendall(request)
    with served.watch() as page:
        states = served.shows.states
        big = "x" * 200_000

        def fill() -> None:
            states._ring.change({"captions": [big, states.n]})
            states._texts.clear()
            served.hub.publish()

        deadline = time.monotonic() + 20
        while not served.hub.limits.counts["slow"] and time.monotonic() < deadline:
            served.on_loop(fill)
            page.until(lambda p: p.n == states.n)
        assert served.hub.limits.counts["slow"] == 1
    slow.close()


def _raw(served: AudienceServer) -> tuple[socket.socket, bytes]:
    """A connection whose receive buffer is small, and the request of a web socket."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    place.connect(("127.0.0.1", served.port))
    lines = [
        "GET /watch HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Origin: {served.origin}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Cookie: {served.join()}", "", "",
    ]  # fmt: skip
    return place, "\r\n".join(lines).encode()


@pytest.mark.parametrize("what", ["forged", "absent", "altered"])
def test_sockets_without_a_seat_are_refused(served: AudienceServer, what: str) -> None:
    name, _, value = served.join().partition("=")
    cookies = {"forged": f"{name}=viewer.1.a.b", "absent": "a=b", "altered": f"{name}={value}x"}
    with pytest.raises(InvalidStatus) as refused:
        served.watch(cookies[what])
    assert refused.value.response.status_code == 403


def test_sockets_of_other_sites_are_refused(served: AudienceServer) -> None:
    with pytest.raises(InvalidStatus):
        served.watch(origin="http://elsewhere.example")


def test_an_old_cookie_is_refused(served: AudienceServer) -> None:
    cookie = served.join()
    served.clock.now += 13 * 3600
    with pytest.raises(InvalidStatus):
        served.watch(cookie)


def test_a_find_is_answered_when_the_show_has_said_what_it_did(served: AudienceServer) -> None:
    find = {"do": "marker", "marker": "door_god"}
    with served.watch() as one, served.watch() as two:
        unknown = one.ask(do="marker", marker="elsewhere")
        assert unknown["code"] == "unknown_marker" and "'elsewhere'" in unknown["refused"]
        for id, page in ((41, one), (42, two)):
            page.say(json.dumps({"id": id, **find}))
        wait_until(lambda: len(served.shows.sent) == 2)
        assert not one.answers.get(41)
        one.say(json.dumps({"id": 43, **find}))  # the first still waits
        one.until(lambda p: p.answers.get(43))
        assert one.answers[43][0]["code"] == "too_often"
        served.play()
        one.until(lambda p: p.answers.get(41))
        two.until(lambda p: p.answers.get(42))
        assert sorted(str(page.answers[id][0].get("code")) for id, page in ((41, one), (42, two))) \
            == ["None", "opens_nothing"]  # fmt: skip


def test_a_find_of_which_no_frame_speaks_is_answered_all_the_same(served: AudienceServer) -> None:
    with served.watch() as page:
        page.say(json.dumps({"id": 41, "do": "marker", "marker": "door_god"}))
        wait_until(lambda: served.shows.sent)
        served.clock.now += WAITS_S + 0.1
        served.on_loop(served.hub.publish)
        page.until(lambda p: p.answers.get(41))
        assert page.answers[41][0]["code"] == "not_known"


def test_finds_have_a_rate_limit_of_their_own(served: AudienceServer) -> None:
    with served.watch() as page:
        asked = [page.ask(do="marker", marker="elsewhere")["code"] for _ in range(8)]
        assert asked == ["unknown_marker"] * 6 + ["too_often"] * 2
        assert page.ask(do="tap", option="elsewhere")["code"] == "closed"  # the page stays open
        served.clock.now += 2.0
        served.play()
        assert page.ask(do="marker", marker="elsewhere")["code"] == "unknown_marker"
    assert "finds" in served.on_loop(served.hub.counts).refused


def _joined(served: AudienceServer) -> tuple[int, int]:
    counts = served.on_loop(served.hub.counts)
    return counts.joined, counts.pages


def test_viewers_are_counted_by_seat(served: AudienceServer) -> None:
    with served.watch() as one, served.watch(one.cookie) as two, served.watch() as three:
        pages: tuple[Viewer, ...] = (one, two, three)
        for page in pages:
            page.until(lambda p: p.wholes)
        assert _joined(served) == (2, 3)


def test_a_page_that_was_away_for_30_s_gets_the_whole_state_and_its_answer(
    served: AudienceServer,
) -> None:
    option = _option(served)
    served.shows.waits = True
    asked: dict[str, Any] = {"id": 41, "do": "tap", "option": option}
    with served.watch() as page:
        page.until(lambda p: p.wholes)
        page.say(json.dumps(asked))
        page.ask(do="tap", option="nothing")
    (record,) = served.shows.waiting
    served.on_loop(record)
    served.clock.now += 30
    served.play(30 * 24)
    with served.watch(page.cookie) as back:
        answer = back.ask(**asked)
        assert answer["id"] == 41 and "recorded" in answer
        back.until(lambda p: p.n == served.shows.states.n)
        assert back.wholes == 1 and back.gaps == 0
    assert len(served.shows.sent) == 1


def test_a_recorded_event_that_the_show_refuses_is_answered_again(
    served: AudienceServer,
) -> None:
    option = _option(served)
    with served.watch() as page:
        seq = page.ask(7, do="tap", option=option)["recorded"]
        refused = CommandRefused(seq, "vote", "vote_late", "the vote has ended")
        frame = msgspec.structs.replace(served.show.step(), refused=(refused,))
        served.on_loop(lambda: served.hub.arrived(frame))
        page.until(lambda p: len(p.answers[7]) == 2)
        assert page.answers[7][1]["code"] == "vote_late"
        assert page.ask(7, do="tap", option=option)["code"] == "vote_late"


def test_the_number_of_joined_viewers_is_recorded(served: AudienceServer) -> None:
    with served.watch() as page:
        page.until(lambda p: p.wholes)
        served.clock.now += 2
        wait_until(lambda: served.shows.viewers == 1)
    served.clock.now += 2
    wait_until(lambda: served.on_loop(served.hub.counts).joined == 0)
