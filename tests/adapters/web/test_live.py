"""The live socket, with a real server and real frames of the demo drama."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.adapters.web.console import ConsoleServer
from tests.waiting import TIMEOUT
from xrdrama.adapters.web.board.memory import Board, Vitals
from xrdrama.adapters.web.live import hub as live
from xrdrama.wire.commands import HeldStory, ParamSet


def test_a_snapshot_then_only_what_changes(served: ConsoleServer) -> None:
    with served.live() as page:
        first = page.until(lambda p: "beat" in p.state).messages[0]
        assert first["is"]["beat"] == "counting" and first["is"]["p/fog"] == 0.42
        served.play()
        page.until(lambda p: p.n == served.hub.number)
        last = page.messages[-1]
        assert "is" not in last and "timecode" in last["now"] and "p/moon" not in last["now"]


def shared(served: ConsoleServer) -> dict[str, Any]:
    """The state as all pages have it, sooner or later."""
    state: dict[str, Any] = served.on_loop(lambda: json.loads(json.dumps(served.hub.ring.state)))
    return state


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_snapshot_and_deltas_are_the_state(served: ConsoleServer, strides: list[int]) -> None:
    with served.live() as page:
        for stride in strides:
            served.play(stride)
            page.until(lambda p: p.n == served.hub.number)
        page.until(lambda p: p.state == shared(served), "the state of the hub")


def test_camera_pose_is_sent_in_metres_and_degrees(served: ConsoleServer) -> None:
    with served.live() as page:
        page.until(lambda p: "camera" in p.state)
        frame = served.play()
        page.until(lambda p: p.n == frame.number)
        assert frame.tracked is not None
        pose = frame.tracked.camera
        at = (pose.position.x, pose.position.y, pose.position.z)
        assert page.state["camera"][:3] == pytest.approx(at, abs=0.001)
        assert page.state["camera"][3:] == pytest.approx(pose.rotation.angles(), abs=0.01)


def test_a_parameter_is_moved_recorded_and_seen_by_both_consoles(served: ConsoleServer) -> None:
    with served.live() as one, served.live() as two:
        answer = one.ask(do="param", param="fog", value=0.75)
        assert answer["recorded"] == 0 and "refused" not in answer
        served.play(2)
        for page in (one, two):
            page.until(lambda p: p.state.get("p/fog") == 0.75, "fog moved")
            page.until(lambda p: "by" in p.state)
            assert page.state["over"] == ["fog"]
            assert page.state["by"] == {"fog": "director.1"}
            assert page.state["doings"][0]["who"] == "director.1"
        two.ask(do="param", param="fog", value=0.25)
        served.play(2)
        for page in (one, two):
            page.until(lambda p: p.state.get("p/fog") == 0.25, "the last one wins")
            page.until(lambda p: p.state.get("by") == {"fog": "director.2"})
        assert one.state == two.state or one.v != two.v
    assert [e for e in served.show.events if isinstance(e, ParamSet)] == [
        ParamSet("director.1", "fog", 0.75),
        ParamSet("director.2", "fog", 0.25),
    ]


def test_whose_hand_it_is_outlasts_the_frames_that_were_on_their_way(
    served: ConsoleServer,
) -> None:
    early = served.show.step()  # made before anybody moved anything, and delivered afterwards
    with served.live() as page:
        page.ask(do="param", param="fog", value=0.75)
        served.on_loop(lambda: served.hub.frame(early))
        served.play(2)
        page.until(lambda p: p.state.get("over") == ["fog"])
        assert page.state["by"] == {"fog": "director.1"}
        page.ask(do="param", param="fog", value=None)
        served.play(8)
        page.until(lambda p: "over" not in p.state and "by" not in p.state)


def test_a_console_that_dies_mid_drag_leaves_its_value_and_another_releases_it(
    served: ConsoleServer,
) -> None:
    with served.live() as other:
        dying = served.live()
        for step in range(10):
            dying.ask(do="param", param="moon", value=1.5 + step / 100)
        dying.socket.socket.shutdown(socket.SHUT_RDWR)  # no goodbye
        served.play(2)
        other.until(lambda p: p.state.get("p/moon") == 1.59)
        assert other.state["over"] == ["moon"]
        other.until(lambda p: p.state.get("by") == {"moon": "director.2"})
        assert "recorded" in other.ask(do="param", param="moon", value=None)
        served.play(2)
        other.until(lambda p: "over" not in p.state, "released")
        other.until(lambda p: "by" not in p.state)


def test_a_page_that_was_away_catches_up_from_where_it_was(served: ConsoleServer) -> None:
    with served.live() as page:
        served.play()
        page.until(lambda p: p.n == served.hub.number)
        where, had = page.v, dict(page.state)
    served.play(24 * 30)  # half a minute of the show
    with served.live(since=where) as back:
        back.state = had
        message = back.hear()
        assert "now" in message and "is" not in message
        back.until(lambda p: p.n == served.hub.number)
        back.until(lambda p: p.state == shared(served), "the state of the hub")
        assert len(json.dumps(message)) < 16_000


@pytest.mark.parametrize("since", ["", "00000000.1", "x", "9" * 400, "..", "-1.-1"])
def test_new_page_gets_the_whole_state(served: ConsoleServer, since: str) -> None:
    with served.live(since=since) as page:
        assert page.hear()["is"]["beat"] == "counting"


def test_a_since_of_the_future_is_the_whole_state(served: ConsoleServer) -> None:
    with served.live(since=f"{served.hub.boot}.999999") as page:
        assert "is" in page.hear()


def test_a_page_that_reads_slowly_gets_the_newest(served: ConsoleServer) -> None:
    with served.live() as page:
        page.until(lambda p: "beat" in p.state)
        heard = len(page.messages)
        frames = [served.show.step() for _ in range(200)]
        served.on_loop(lambda: [served.hub.frame(frame) for frame in frames])
        page.until(lambda p: p.n == frames[-1].number)
        assert len(page.messages) - heard < 10, "frames were merged, not queued"


def test_page_that_receives_nothing_is_closed(
    served: ConsoleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SEND_TIMEOUT_S", 0.5)
    served._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # its sockets', too
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stuck.connect(("127.0.0.1", served.port))
    stuck.sendall(
        (
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {served.origin}\r\n"
            f"Cookie: {served.cookie()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
    )
    with stuck, served.live() as quick:
        quick.until(lambda p: len(p.state.get("desks", [])) == 2)
        # A wide state, ever new, fills every buffer between here and there; one of them always
        # fits, so that who reads is never waited for.
        deadline = time.monotonic() + TIMEOUT
        turn = 0
        while len(quick.state["desks"]) == 2:
            turn += 1
            wide = {"bulk": f"{turn}" + "x" * 30_000}
            served.on_loop(lambda wide=wide: (served.hub.ring.change(wide), served.hub._wake()))
            quick.hear()
            assert time.monotonic() < deadline
        assert quick.state["desks"] == ["director.2"]


# -- what is not taken --------------------------------------------------------------------------


def refused_handshake(served: ConsoleServer, **headers: str) -> int:
    named = {n: v for n, v in headers.items() if n != "Origin"}
    with (
        pytest.raises(InvalidStatus) as error,
        connect(
            f"ws://127.0.0.1:{served.port}/live",
            origin=headers.get("Origin"),  # type: ignore[arg-type]
            additional_headers=named,
            open_timeout=TIMEOUT,
        ),
    ):
        pass
    return error.value.response.status_code


def test_page_needs_a_valid_cookie_and_origin(served: ConsoleServer) -> None:
    good = served.cookie()
    assert refused_handshake(served, Origin=served.origin) == 403
    assert refused_handshake(served, Origin=served.origin, Cookie=good[:-1] + "x") == 403
    assert refused_handshake(served, Origin="http://evil.example", Cookie=good) == 403
    assert refused_handshake(served, Cookie=good) == 403, "a page sends its origin"
    with served.live(cookie=good) as page:
        assert page.hear()


def closed_after(page: Any, *messages: str | bytes) -> ConnectionClosed:
    with pytest.raises(ConnectionClosed) as error:
        for message in messages:
            page.socket.send(message)
        while True:
            page.hear()
    return error.value


@pytest.mark.parametrize(
    "garbage", ["hello", "{}", b"\x00\xff", '{"do":"quit","id":1}', "[" * 3000, "x" * 5000]
)
def test_garbage_closes_with_a_reason(served: ConsoleServer, garbage: str | bytes) -> None:
    with served.live() as page:
        closed = closed_after(page, garbage)
        assert closed.rcvd is not None and closed.rcvd.code == 1008 and closed.rcvd.reason
    assert served.show.events == []


def test_page_with_a_too_large_message_is_closed(served: ConsoleServer) -> None:
    with served.live() as page:
        closed = closed_after(page, "x" * 70_000)
        assert closed.rcvd is not None and closed.rcvd.code == 1009


def test_flood_of_messages_closes_only_its_own_page(served: ConsoleServer) -> None:
    flood = [json.dumps({"do": "held", "on": True, "id": n + 1}) for n in range(1000)]
    with served.live() as quiet, served.live() as loud:
        closed = closed_after(loud, *flood)
        assert closed.rcvd is None or "too many" in closed.rcvd.reason
        taken = sum(isinstance(event, HeldStory) for event in served.show.events)
        assert taken == live.ASKS_AT_ONCE
        assert "recorded" in quiet.ask(do="slate", text="still here")


def test_out_of_range_is_refused_on_the_page_and_nothing_happens(served: ConsoleServer) -> None:
    with served.live() as page:
        for words, code, text in (
            ({"do": "param", "param": "fog", "value": 7}, "out_of_range", "0 to 1"),
            ({"do": "param", "param": "mist", "value": 0}, "unknown_param", "'mist'"),
            ({"do": "forced", "beat": "nowhere"}, "unknown_beat", "no beat"),
            ({"do": "pick", "option": "remember"}, "not_offered", "cannot be picked now"),
            ({"do": "decided", "yes": True}, "nothing_to_decide", "no pick waits"),
            ({"do": "undo"}, "nothing_to_undo", "no pick was made"),
        ):
            refused = page.refusal(served, **words)
            assert refused["code"] == code and text in refused["refused"]
        assert "doings" not in page.state or not page.state["doings"]
        page.ask(do="param", param="fog", value=1)
        served.play(2)
        page.until(lambda p: p.state.get("p/fog") == 1)
        assert page.state["doings"][0]["param"] == "fog"


@pytest.mark.parametrize(("role", "taken"), [("viewer", 0), ("operator", 2), ("director", 4)])
def test_roles_limit_what_is_taken(served: ConsoleServer, role: str, taken: int) -> None:
    with served.live(role) as page:
        answers = [
            page.ask(do="param", param="fog", value=0.5),
            page.ask(do="panic", on=True),
            page.ask(do="panic", on=False),
            page.ask(do="forced", beat="taper"),
        ]
    assert sum("recorded" in answer for answer in answers) == taken
    assert {one["code"] for one in answers if "refused" in one} <= {"not_director"}
    assert len(served.show.events) == taken


def test_a_show_that_is_silent_takes_nothing_and_pages_say_so(served: ConsoleServer) -> None:
    with served.live() as page:
        page.until(lambda p: "beat" in p.state and "silent" not in p.state)
        served.clock.now += live.SILENT + 0.1
        page.until(lambda p: p.state.get("silent"), "silent")
        assert "does not answer" in page.ask(do="held", on=True)["refused"]
        served.play()
        page.until(lambda p: "silent" not in p.state)
        assert "recorded" in page.ask(do="held", on=True)


def test_ended_show_is_distinguished_from_a_silent_one(served: ConsoleServer) -> None:
    board = Board(served.port, {})
    with served.live() as page:
        board.publish(Vitals(take="out/lantern_demo.take", at=1.0))
        page.until(lambda p: p.state.get("vitals"))
        served.clock.now += live.SILENT + 0.1
        page.until(lambda p: p.state.get("silent"), "it hangs")
        assert "fate" not in page.state
        board.close()
        page.until(lambda p: p.state.get("fate") == "ended", "it took its board down")
        assert page.state["take"] == "out/lantern_demo.take", "known for longer than the board"
        served.play()
        page.until(lambda p: "silent" not in p.state and "fate" not in p.state)


@pytest.mark.parametrize("with_show", [True, False])
def test_pages_get_the_reason_why_their_console_ends(
    served: ConsoleServer, with_show: bool
) -> None:
    with served.live() as page:
        page.until(lambda p: "beat" in p.state)
        served.part("the reason", with_show=with_show)
        with pytest.raises(ConnectionClosed) as error:
            while True:
                page.hear()
        assert error.value.rcvd is not None and error.value.rcvd.reason == "the reason"
        assert page.state.get("fate") == ("ended" if with_show else None)


def test_another_console_does_not_end_what_waits_for_an_answer(served: ConsoleServer) -> None:
    """A pick that waits, and a panic: only their own answers end them."""
    with served.live("operator") as operator, served.live() as director:
        director.ask(do="confirm", on=True)
        director.ask(do="forced", beat="taper")
        while not (served.play().choice):
            pass
        served.show.press("viewer", "take")
        served.play(2)
        director.until(lambda p: p.state.get("proposal"))
        operator.until(lambda p: p.state.get("proposal"))
        for refused in (
            operator.refusal(served, do="held", on=False),
            director.refusal(served, do="held", on=False),
            director.refusal(served, do="confirm", on=False),
        ):
            assert refused["code"] == "decision_pending" and "yes or no" in refused["refused"]
        assert "recorded" in director.ask(do="panic", on=True)
        served.play(2)
        director.until(lambda p: p.state.get("panic"))
        for words in ({"do": "decided", "yes": True}, {"do": "held", "on": False}):
            refused = director.refusal(served, **words)
            assert refused["code"] == "panic_on" and "end the panic" in refused["refused"]
        assert "recorded" in director.ask(do="panic", on=False)
        served.play(2)
        director.until(lambda p: "panic" not in p.state)
        assert "recorded" in director.ask(do="decided", yes=True)
        served.play(2)
        director.until(lambda p: p.state.get("beat") == "bring_in" and "proposal" not in p.state)
        assert "recorded" in director.ask(do="confirm", on=False)


def test_remaining_seconds_and_roll_are_sent(served: ConsoleServer) -> None:
    with served.live() as page:
        page.ask(do="roll", on=True)
        since = served.play().number
        page.until(lambda p: p.state.get("rolling"))
        assert page.state["rolls"] == 1
        assert page.state["rolled"] == pytest.approx(since / 24, abs=0.001)
        page.ask(do="roll", on=False)
        page.ask(do="forced", beat="taper")
        while not (frame := served.play()).choice:
            pass
        frame = served.play(24)
        page.until(lambda p: p.n == frame.number)
        assert "rolled" not in page.state and page.state["rolls"] == 1
        assert frame.choice is not None and frame.choice.left is not None
        assert page.state["seconds"] == pytest.approx(6.0 * frame.choice.left, abs=0.06)
        page.ask(do="held", on=True)
        served.play(48)
        page.until(lambda p: p.state.get("held"))
        page.ask(do="held", on=False)
        frame = served.play(24)
        page.until(lambda p: p.n == frame.number)
        assert frame.choice is not None and frame.choice.left is not None
        assert page.state["seconds"] == pytest.approx(6.0 * frame.choice.left, abs=0.06), "a hold"


def test_picks_and_verdicts_of_skipped_frames_are_kept(served: ConsoleServer) -> None:
    with served.live() as page:
        page.ask(do="forced", beat="taper")
        served.play(24 * 40)
        page.until(lambda p: p.n == served.hub.number)
        assert page.state["picks"], "the pick by silence is still sent"
        assert page.state["picks"][0]["trigger"] == "timeout"


def test_restarted_show_has_no_old_picks(served: ConsoleServer) -> None:
    with served.live() as page:
        page.ask(do="forced", beat="taper")
        served.play(24 * 40)
        page.until(lambda p: p.n == served.hub.number and p.state.get("picks"))
        fresh = type(served.show)()
        frame = fresh.step()
        served.on_loop(lambda: served.hub.frame(frame))
        page.until(lambda p: p.n == 0)
        assert "picks" not in page.state and page.state["beat"] == "counting"
