"""OSC in and out over real UDP sockets, and what untrusted messages may not do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.bridge.cores import free_port
from tests.fakes import RecordingIngress
from tests.show.small import played, small
from xrdrama.adapters.osc import input as osc_input
from xrdrama.adapters.osc import output as osc_output
from xrdrama.adapters.osc.triggers import MOST_A_SECOND, Trigger, Triggers
from xrdrama.errors import DeviceError, RemoteProtocolError, UsageError
from xrdrama.timing import NS
from xrdrama.tracking.osc import message, messages
from xrdrama.wire.commands import CueStarted, HeldStory, Panic, ParamSet, Rolled, Stopped, may_send
from xrdrama.wire.events import MarkerSeen, Pressed

MAP = (
    Trigger("/pick", "pick", "remember"),
    Trigger("/door", "marker", "door_god"),
    Trigger("/cue", "cue", "lanterns_up"),
    Trigger("/fog", "param", "fog"),
    Trigger("/hold", "hold"),
    Trigger("/roll", "roll"),
    Trigger("/panic", "panic"),
    Trigger("/stop", "stop"),
)
BUNDLE = b"#bundle\0" + bytes(7) + b"\1"


def bundle(*parts: bytes) -> bytes:
    return BUNDLE + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def test_a_message_is_that_of_the_specification() -> None:
    """The first example of the OSC 1.0 specification, byte by byte."""
    expected = bytes.fromhex("2f6f7363696c6c61746f722f342f6672657175656e6379002c66000043dc0000")
    assert message("/oscillator/4/frequency", [440.0]) == expected
    assert list(messages(message("/foo", [1000, -1, "hello", 1.5]))) == [
        ("/foo", [1000, -1, "hello", 1.5], None)
    ]


def test_listed_messages_do_what_the_show_file_says_and_no_others() -> None:
    triggers = Triggers("desk", MAP)
    sent = bundle(
        message("/pick", []), message("/pick", [0]), message("/door", [1]), message("/cue", []),
        message("/fog", [0.25]), message("/fog", []), message("/fog", [float("nan")]),
        message("/hold", [1]), message("/hold", [0]), message("/roll", []),
        message("/panic", [0]), message("/panic", [1]), message("/stop", []), message("/quit", []),
        message("/p*", []), b"/hold\0\0\0,F\0\0", b"/pick\0\0\0,F\0\0", message("/hold", ["no"]),
    )  # fmt: skip
    assert list(triggers.events(sent, 7)) == [
        Pressed("desk", "remember"), MarkerSeen("desk", "door_god", 7),
        CueStarted("desk", "lanterns_up"), ParamSet("desk", "fog", 0.25), HeldStory("desk", True),
        HeldStory("desk", False), Rolled("desk", True), Panic("desk", True), Stopped("desk", ""),
        HeldStory("desk", False),
    ]  # fmt: skip
    assert dict(triggers.dropped) == {
        "parameters without a number": 2, "addresses that the show file does not list": 2,
        "hold with a text": 1,
    }  # fmt: skip


def test_a_flood_acts_so_often_in_a_second_and_is_counted() -> None:
    triggers = Triggers("desk", MAP)
    acted = [event for n in range(300) for event in triggers.events(message("/pick", []), n)]
    assert len(acted) == MOST_A_SECOND
    assert sum(triggers.dropped.values()) == 300 - MOST_A_SECOND
    assert len(list(triggers.events(message("/pick", []), 2 * NS))) == 1


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda b: message("/fog", [0.5]) + b))
def test_bytes_from_anywhere_give_events_that_an_operator_may_send_or_one_error(
    data: bytes,
) -> None:
    triggers = Triggers("desk", MAP)
    try:
        events = list(triggers.events(data, 0))
    except RemoteProtocolError:
        return
    for event in events:
        assert isinstance(event, Pressed | MarkerSeen) or may_send("operator", event)  # type: ignore[arg-type]


def test_over_udp_only_listed_senders_count_and_bad_packets_are_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port(socket.SOCK_DGRAM)
    go = {"address": "/go", "do": "pick", "name": "remember"}
    found = osc_input.open("desk", {"port": port, "triggers": [go]})
    ingress = RecordingIngress(fixed_rate=False)
    thread = threading.Thread(target=found.run, args=(ingress, ingress.stop))
    thread.start()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        stranger.bind(("127.0.0.2", 0))
        stranger.sendto(message("/go", []), ("127.0.0.1", port))
        for datagram in (b"\xff\xfe", b"abcd", message("/none", []), message("/go", [])):
            sender.sendto(datagram, ("127.0.0.1", port))
    deadline = threading.Event()
    for _ in range(600):
        if ingress.records or deadline.wait(0.05):
            break
    ingress.stop.set()
    thread.join(30)
    assert [event for _, event in ingress.records] == [Pressed("desk", "remember")]
    said = capsys.readouterr().err
    assert "OSC messages of other senders: 1" in said
    assert "OSC bad packets: 1" in said
    assert "OSC addresses that the show file does not list: 1" in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"triggers": []}, "triggers"),
        ({"triggers": [{"address": "/a", "do": "pick"}]}, "needs a name"),
        ({"triggers": [{"address": "/a", "do": "hold", "name": "x"}]}, "takes no name"),
        ({"triggers": [{"address": "/a*", "do": "hold"}]}, "wildcards"),
        ({"triggers": [{"address": "a", "do": "hold"}]}, "address"),
        ({"triggers": [{"address": "/a", "do": "quit"}]}, "quit"),
        ({"triggers": [{"address": "/a", "do": "hold"}] * 2}, "2 triggers"),
        ({"triggers": [{"address": "/a", "do": "hold"}], "senders": ["desk"]}, "IP address"),
        ({"triggers": [{"address": "/a", "do": "hold"}], "port": 70_000}, "port"),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused_in_words(wrong: Mapping[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        osc_input.open("desk", wrong)


def test_a_recording_that_cannot_be_read_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "desk.osc").write_text("0.5 2f610000\nnan 2f610000\n")
    given = {"file": str(tmp_path / "desk.osc"), "triggers": [{"address": "/a", "do": "hold"}]}
    with pytest.raises(DeviceError, match="line 2"):
        osc_input.open("desk", given)


def test_the_output_says_what_is_new_and_repeats_the_state() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        _, frames = played([], 3.0, small(), fps=10)
        first = frames[0]
        sends = [{"when": "beat", "name": first.beat, "address": "/cue/1/start"}]
        output = osc_output.open("qlab", {"port": receiver.getsockname()[1], "sends": sends}, None)  # type: ignore[arg-type]
        output.present(first)
        state = {}
        for _ in range(9):
            address, values, _ = next(messages(receiver.recv(4096)))
            state[address] = values
        assert state["/xrdrama/beat"] == [first.beat] and state["/xrdrama/panic"] == [0]
        assert next(messages(receiver.recv(4096)))[0] == "/cue/1/start"
        output.present(first)  # nothing is new
        receiver.setblocking(False)
        with pytest.raises(BlockingIOError):
            receiver.recv(4096)
        later = next(frame for frame in frames if frame.time.shows_at >= 2 * NS)
        output.present(later)
        assert len(receiver.recv(4096)) > 0
        output.close()
