"""The core's end over real loopback sockets: who is let in, what counts once, what ends nothing."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from itertools import count

import msgspec
import pytest
import zmq

from tests.adapters.bridge.cores import Core, Raw, Sockets, free_port, hello
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Server
from xrdrama.adapters.bridge.server import AT_ONCE, MOST_PEERS
from xrdrama.errors import DeviceError
from xrdrama.run.ingress import MOST_SAMPLES
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.tools.schemas import golden_messages
from xrdrama.tracking import TrackingSample
from xrdrama.wire.codec import MAX_COMMAND, decode_frame, encode
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import DeviceFound, DeviceLost, Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import (
    PROTOCOL_MAJOR,
    Bye,
    Hello,
    Promise,
    Record,
    Recorded,
    Refused,
    Snapshot,
    Started,
    Welcome,
)
from xrdrama.wire.schema import schema_hash

NewCore = Callable[..., Core]
NewRaw = Callable[[Core], Raw]
FRAME: Frame = golden_messages()["frame"]


def pressed(id: int, option: str = "stay") -> Record:
    return Record(id, 0, Pressed("keys", option))


def frame(number: int, filling: int = 0) -> bytes:
    time_ = msgspec.structs.replace(FRAME.time, number=number)
    return encode(msgspec.structs.replace(FRAME, time=time_, beat="x" * filling))


# -- hello --------------------------------------------------------------------------------------


def test_welcome_names_the_ports(core: Core, raw: Raw) -> None:
    welcome = raw.greet()
    assert (welcome.show, welcome.rate, welcome.fixed_rate) == ("night", (24, 1), False)
    assert welcome.schema == schema_hash()
    for port, endpoint in (
        (welcome.state_port, core.server.state_endpoint),
        (welcome.track_port, core.server.track_endpoint),
    ):
        assert endpoint.endswith(f":{port}")
    core.begin()
    assert raw.hear() == Started(core.origin)


def test_late_peer_gets_started(core: Core, raw: Raw) -> None:
    core.begin()
    raw.greet(sources=("mic",))
    assert raw.hear() == Started(core.origin)
    wait_until(lambda: core.take().entries)
    assert core.take().entries[0].event == DeviceFound("mic")


@pytest.mark.parametrize(
    "said",
    [
        {"major": PROTOCOL_MAJOR + 1},
        {"schema": "0" * 32},
        {"major": PROTOCOL_MAJOR + 1, "schema": "0" * 32},
        {"major": 0, "schema": ""},
    ],
    ids=str,
)
def test_another_protocol_is_refused_and_both_sides_are_named(
    said: dict[str, int | str], core: Core, raw: Raw
) -> None:
    other = hello(**said)
    raw.say(other)
    refused = raw.refused()
    assert refused.id == 0
    for speaks in (
        f"version {PROTOCOL_MAJOR} (schema {schema_hash()})",
        f"version {other.major} (schema {other.schema or 'not named'})",
    ):
        assert speaks in refused.reason
    assert "same release" in refused.reason
    raw.say(pressed(1))
    assert raw.refused().reason == "say hello first"
    assert core.server.wait_ready(set(), 0.0) == set() and core.take().entries == ()
    raw.greet()  # who comes to know better is let in


def test_peer_without_a_schema_is_accepted(raw: Raw) -> None:
    """bridge/README.md: the hash, or nothing; fields are only ever appended."""
    assert raw.greet(schema="").schema == schema_hash()


def test_nothing_counts_before_hello(core: Core, raw: Raw) -> None:
    for message in (pressed(1), Promise("mic", 5), Snapshot(), Bye()):
        raw.say(message)
        assert raw.refused() == Refused(0, "say hello first", "hello_first")
    assert core.take().entries == ()


def test_the_show_waits_for_every_source(core: Core, new_raw: NewRaw) -> None:
    assert core.server.wait_ready({"mic", "hand"}, 0.0) == {"mic", "hand"}
    new_raw(core).greet("one", sources=("mic",))
    assert core.server.wait_ready({"mic"}, TIMEOUT) == set()
    assert core.server.wait_ready({"mic", "hand"}, 0.3) == {"hand"}
    new_raw(core).greet("two", sources=("hand", "more"))
    assert core.server.wait_ready({"mic", "hand"}, TIMEOUT) == set()


def test_more_peers_than_are_known_at_a_time(core: Core, new_raw: NewRaw) -> None:
    first, second = new_raw(core), new_raw(core)
    first.greet("first")
    second.greet("second")
    for number in range(MOST_PEERS - 1):
        new_raw(core).greet(f"peer{number}")
        if number % 50 == 0:
            second.say(pressed(number))  # who is heard is not forgotten
            second.recorded()
    first.say(pressed(1))
    assert first.refused().reason == "say hello first"
    second.say(pressed(1000))
    second.recorded()


# -- records ------------------------------------------------------------------------------------


def test_what_is_acknowledged_is_in_the_file(core: Core, raw: Raw) -> None:
    raw.greet()
    for number in range(100):
        raw.say(pressed(number + 7, f"option{number}"))
        assert raw.recorded() == Recorded(number + 7, number)
        entry = core.take().entries[-1]
        assert (entry.seq, entry.peer, entry.id) == (number, "raw", number + 7)
    assert core.options() == [f"option{n}" for n in range(100)]


def test_the_same_id_again_is_answered_again_and_counts_once(core: Core, raw: Raw) -> None:
    raw.greet()
    for _ in range(5):
        for number in (3, 4):
            raw.say(pressed(number, f"option{number}"))
            assert raw.recorded() == Recorded(number, number - 3)
    assert core.options() == ["option3", "option4"]


def test_same_id_with_another_event_is_refused_and_never_acknowledged(core: Core, raw: Raw) -> None:
    raw.greet()
    raw.say(pressed(3, "stay"))
    assert raw.recorded() == Recorded(3, 0)
    raw.say(pressed(3, "leave"))
    refused = raw.refused()
    assert (refused.id, refused.code) == (3, "id_reused") and "instance" in refused.reason
    raw.say(pressed(3, "stay"))  # the first one is still known
    assert raw.recorded() == Recorded(3, 0)
    assert core.options() == ["stay"]


def test_ids_belong_to_the_name_not_to_the_connection(core: Core, new_raw: NewRaw) -> None:
    one, again, other = (new_raw(core) for _ in range(3))
    one.greet("one")
    one.say(pressed(3))
    assert one.recorded() == Recorded(3, 0)
    again.greet("one")
    again.say(pressed(3))
    assert again.recorded() == Recorded(3, 0)
    other.greet("other")
    other.say(pressed(3))
    assert other.recorded() == Recorded(3, 1)


def test_a_core_that_was_killed_knows_what_it_acknowledged(
    new_core: NewCore, new_raw: NewRaw
) -> None:
    port = free_port()
    core = new_core(port=port)
    raw = new_raw(core)
    raw.greet()
    raw.say(pressed(3, "before"))
    raw.recorded()
    core.close()
    core = new_core(port=port, resume=True)
    raw = new_raw(core)
    raw.greet()
    raw.say(pressed(3, "before"))
    assert raw.recorded() == Recorded(3, 0)
    raw.say(pressed(4, "after"))
    assert raw.recorded() == Recorded(4, 1)
    assert core.options() == ["before", "after"]


def test_live_an_event_counts_when_it_arrives_whatever_it_says(core: Core, raw: Raw) -> None:
    raw.greet()
    for at in (0, 2**61, -(2**61)):
        raw.say(Record(at % 97, at, Pressed("keys", "stay")))
        raw.recorded()
    now = time.monotonic_ns() - core.origin
    stamps = [entry.at for entry in core.take().entries]
    assert stamps == sorted(stamps) and stamps[0] >= 0 and stamps[-1] <= now


def test_too_much_at_once_is_refused_and_counted(core: Core, raw: Raw) -> None:
    raw.greet()
    extra = 88
    for number in range(MOST_SAMPLES + extra):
        raw.say(Record(number, 0, TrackingSample("freed", "1", number, Pose())))
    answers = [raw.hear() for _ in range(MOST_SAMPLES + extra)]
    refused = [one for one in answers if isinstance(one, Refused)]
    assert len(refused) == core.ingress.dropped == extra
    assert {one.code for one in refused} == {"too_much"}
    assert len(core.take().entries) == MOST_SAMPLES
    assert len(core.ingress.before(2**62)) == MOST_SAMPLES  # the show takes them
    raw.say(Record(refused[0].id, 0, Pressed("keys", "again")))  # the same id was not used up
    assert raw.recorded().seq == MOST_SAMPLES
    assert core.ingress.dropped == extra


def test_a_flood_does_not_stop_the_others(core: Core, new_raw: NewRaw) -> None:
    flood, other = new_raw(core), new_raw(core)
    flood.greet("flood")
    other.greet("other")
    for number in range(50_000):
        flood.send(encode(pressed(number)))
    for number in range(20):
        other.say(pressed(number))
        other.hear()
        core.server.publish(frame(number), [])
    wait_until(lambda: core.ingress.dropped > 0)  # the control: it was a flood


def test_outgoing_messages_do_not_wait_for_the_end_of_a_flood(core: Core, sockets: Sockets) -> None:
    """However much has come, so many are taken; then it is the turn of what goes out."""
    server = Server(show="other", rate=(24, 1), fixed_rate=False, door=core.ingress, now=int)
    flood = sockets.open(zmq.DEALER, server.endpoint)

    def taken() -> int:
        for _ in range(2 * AT_ONCE):
            flood.send(b"no message")
        before = server.bad
        server._receive()
        assert server.bad - before <= AT_ONCE
        return server.bad - before

    try:
        wait_until(lambda: taken() == AT_ONCE)  # the control: more had come
    finally:
        server.close()


# -- invalid messages ----------------------------------------------------------------------------

GOOD = encode(hello("mutant", sources=("mic",)))


def garbage(count: int) -> list[bytes]:
    """Random bytes, mutated and cut messages."""
    chance = random.Random(11)
    messages = [GOOD, encode(pressed(5)), encode(Promise("mic", 9)), encode(Snapshot())]
    found = [message[:cut] for message in messages for cut in range(len(message))]
    while len(found) < count:
        if chance.random() < 0.3:
            found.append(chance.randbytes(chance.randrange(200)))
            continue
        mutant = bytearray(chance.choice(messages))
        for _ in range(chance.randrange(1, 4)):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        found.append(bytes(mutant))
    return found


def still_works(core: Core, raw: Raw, id: int) -> None:
    raw.say(Record(id, 0, Pressed("keys", f"control{id}")))
    seq = raw.recorded().seq
    assert core.options()[seq] == f"control{id}"


def test_garbage_is_refused_and_counted_and_ends_nothing(core: Core, new_raw: NewRaw) -> None:
    hostile, other = new_raw(core), new_raw(core)
    other.greet("other")
    for number, data in enumerate(garbage(3000)):
        hostile.send(data)
        if number % 500 == 0:
            still_works(core, other, number)
    wait_until(lambda: core.server.bad > 1000)
    still_works(core, other, 10**6)
    said = [hostile.hear() for _ in range(100)]
    assert all(isinstance(one, Refused | Welcome) for one in said)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        msgspec.msgpack.encode(["hello"]),
        msgspec.msgpack.encode(["no such message", 1]),
        msgspec.msgpack.encode({"type": "hello"}),
        msgspec.msgpack.encode(["hello", 1, "", "x" * 65, "engine"]),
        msgspec.msgpack.encode(["hello", 1, "", "name", "king"]),
        msgspec.msgpack.encode(["record", 1, 0, ["param", "d", "fog", float("nan")]]),
        msgspec.msgpack.encode(["record", 1, 0, ["param", "d", "fog", float("inf")]]),
        msgspec.msgpack.encode(["record", -1, 0, ["pressed", "d", "fog"]]),
        msgspec.msgpack.encode(["record", 1, 2**63, ["pressed", "d", "fog"]]),
        b"\xdd\xff\xff\xff\xff" + b"\x91" * 50,
        b"\x91" * (MAX_COMMAND - 1),
        GOOD + b"\x00",
        GOOD * 2,
        b"x" * (MAX_COMMAND + 1),
        encode(FRAME),  # what only a core may say
    ],
    ids=lambda data: f"{len(data)}-{data[:8].hex()}",
)
def test_each_sort_of_garbage_is_answered_with_why(data: bytes, core: Core, raw: Raw) -> None:
    raw.greet()
    raw.send(data)
    refused = raw.refused()
    assert refused.id == 0 and refused.reason and core.server.bad == 1
    still_works(core, raw, 7)


def test_more_than_one_part_is_refused(core: Core, raw: Raw) -> None:
    raw.greet()
    raw.send(b"", encode(pressed(1)))
    assert "one part" in raw.refused().reason
    raw.send(encode(pressed(1)), encode(pressed(2)), b"frame")
    assert "one part" in raw.refused().reason
    still_works(core, raw, 7)


def test_endless_message_closes_its_connection(core: Core, new_raw: NewRaw) -> None:
    hostile, other = new_raw(core), new_raw(core)
    hostile.greet("hostile")
    other.greet("other")
    hostile.send(b"x" * (64 * 1024 * 1024))
    still_works(core, other, 7)
    hostile.say(pressed(1))  # connected again, as somebody new
    assert hostile.refused().reason == "say hello first"


@pytest.mark.parametrize("lane", ["endpoint", "state_endpoint", "track_endpoint"])
def test_bytes_that_are_not_even_zeromq(lane: str, core: Core, raw: Raw, sockets: Sockets) -> None:
    raw.greet()
    host, _, port = getattr(core.server, lane).removeprefix("tcp://").partition(":")
    chance = random.Random(4)
    for size in (1, 64, 100_000):
        with socket.create_connection((host, int(port)), timeout=TIMEOUT) as line:
            line.settimeout(0.2)
            try:
                line.sendall(chance.randbytes(size))
                line.recv(1)
            except OSError:
                continue
    sockets.meet(zmq.REQ if lane != "endpoint" else zmq.SUB, getattr(core.server, lane))
    still_works(core, raw, 7)
    (subscriber,) = subscribed(sockets, core, b"frame")
    assert received(subscriber, core, 1) == [1]


# -- the state and track lanes ------------------------------------------------------------------


def subscribed(
    sockets: Sockets, core: Core, *topics: bytes, lane: str = ""
) -> list[zmq.Socket[bytes]]:
    """Subscribers that the core knows, one for each topic, with nothing on its way to them.

    They have heard a topic that is said on their lane, and do not want it any more.
    """
    said = b"track/probe" if lane else b"frame"
    endpoint = lane or core.server.state_endpoint
    made = [sockets.open(zmq.SUB, endpoint, topic, said) for topic in topics]
    numbers, last = count(1_000_000), 0

    def all_hear() -> bool:
        nonlocal last
        last = next(numbers)
        core.server.publish(frame(last), [("probe", frame(last))])
        return all(one.poll(0) for one in made)

    wait_until(all_hear, every=0.05)
    for one in made:
        while decode_frame(one.recv_multipart()[1]).number != last:
            pass
        one.unsubscribe(said)
    return made


def received(subscriber: zmq.Socket[bytes], core: Core, number: int) -> list[int]:
    """The numbers of what comes after a frame was published."""
    core.server.publish(frame(number), [])
    found: list[int] = []
    while subscriber.poll(100 if found else round(TIMEOUT * 1000)):
        topic, data = subscriber.recv_multipart()
        assert topic == b"frame"
        found.append(decode_frame(data).number)
    return found


def test_frames_come_in_order_and_whole(core: Core, sockets: Sockets) -> None:
    (subscriber,) = subscribed(sockets, core, b"frame")
    for number in range(200):
        core.server.publish(frame(number, 500), [])
    found = []
    for _ in range(200):
        _, data = subscriber.recv_multipart()
        found.append(decode_frame(data).number)
    assert found == list(range(200))


def test_only_subscribed_topics_are_received(core: Core, sockets: Sockets) -> None:
    nonsense, other, everything = subscribed(sockets, core, b"nonsense", b"track/", b"")
    assert received(everything, core, 3) == [3]
    assert not nonsense.poll(100) and not other.poll(0)


def test_each_camera_has_its_topic(core: Core, sockets: Sockets) -> None:
    lane = core.server.track_endpoint
    both, one = subscribed(sockets, core, b"track/", b"track/cam1", lane=lane)
    core.server.publish(frame(0), [("cam1", b"one"), ("cam2", b"two")])
    found = [both.recv_multipart(), both.recv_multipart()]
    assert found == [[b"track/cam1", b"one"], [b"track/cam2", b"two"]]
    assert one.recv_multipart() == [b"track/cam1", b"one"] and not one.poll(100)


def test_a_snapshot_is_the_newest_frame(core: Core, raw: Raw) -> None:
    raw.greet()
    raw.say(Snapshot())
    raw.say(pressed(1))
    raw.recorded()  # no frame before it: none was made yet
    for number in range(50):
        core.server.publish(frame(number), [])
    core.begin()
    assert isinstance(raw.hear(), Started)
    raw.say(Snapshot())
    newest = raw.hear()
    assert isinstance(newest, Frame) and newest.number == 49


def test_a_slow_viewer_misses_frames_stops_nobody_and_gets_the_newest(
    core: Core, raw: Raw, sockets: Sockets
) -> None:
    raw.greet()
    slow, quick = subscribed(sockets, core, b"frame", b"frame")
    most, seen, late = 6000, list[int](), list[int]()

    def keeps_up() -> bool:
        while quick.poll(0):
            seen.append(decode_frame(quick.recv_multipart()[1]).number)
        return seen[-1:] == [number]

    for number in range(most):
        core.server.publish(frame(number, 10_000), [])
        if number % 100 == 99:  # the show publishes no faster than this
            wait_until(keeps_up, every=0.001)
    assert seen == list(range(most))
    raw.say(Snapshot())
    newest = raw.hear()
    assert isinstance(newest, Frame) and newest.number == most - 1
    numbers = count(most)

    def is_up_to_date() -> bool:
        core.server.publish(frame(next(numbers)), [])
        while slow.poll(20):
            late.append(decode_frame(slow.recv_multipart()[1]).number)
        return late[-1:] >= [most]

    wait_until(is_up_to_date)
    assert late == sorted(set(late))
    assert sum(number < most for number in late) < most  # the control: it was slow


# -- coming and going ---------------------------------------------------------------------------


def test_a_promise_moves_the_watermark_of_its_own_source_only(
    new_core: NewCore, new_raw: NewRaw
) -> None:
    core = new_core(fixed_rate=True, sources=("mic", "hand"))
    raw = new_raw(core)
    raw.greet(sources=("mic",))
    raw.say(Promise("hand", 10 * NS))
    raw.say(Promise("mic", 10 * NS))
    wait_until(lambda: core.ingress.wait_for(10 * NS, 0.0) == ["hand"])
    raw.say(Bye())
    wait_until(lambda: core.ingress.wait_for(11 * NS, 0.0) == ["hand"])


def test_at_a_fixed_rate_the_acknowledgement_comes_with_the_frame(
    new_core: NewCore, new_raw: NewRaw
) -> None:
    core = new_core(fixed_rate=True, sources=("mic",))
    raw = new_raw(core)
    raw.greet(sources=("mic",))
    raw.say(Record(5, 3 * NS, Pressed("mic", "stay")))
    raw.say(Record(5, 3 * NS, Pressed("mic", "stay")))
    raw.say(Promise("mic", 4 * NS))
    assert core.ingress.wait_for(4 * NS, TIMEOUT) == []
    assert raw.silent() and core.take().entries == ()
    assert core.ingress.before(3 * NS) == () and raw.silent()
    (entry,) = core.ingress.before(4 * NS)
    assert entry.at == 3 * NS and raw.recorded() == Recorded(5, 0)
    raw.say(Record(5, 3 * NS, Pressed("mic", "stay")))
    assert raw.recorded() == Recorded(5, 0)
    assert len(core.take().entries) == 1


def test_process_that_was_lost_before_the_start_is_found_again(core: Core, raw: Raw) -> None:
    raw.greet("ear.1", sources=("ear",))
    core.server.lost("ear", "killed by signal 9")
    wait_until(lambda: core.server.wait_ready({"ear"}, 0.0) == {"ear"})
    raw.greet("ear.2", sources=("ear",))
    raw.greet("ear.2", sources=("ear",))  # a second hello does not mean that it is back
    wait_until(lambda: len(core.take().entries) == 2)
    kinds = [type(entry.event) for entry in core.take().entries]
    assert kinds == [DeviceLost, DeviceFound]


def test_lost_process_is_reported_and_must_send_hello_again(core: Core, raw: Raw) -> None:
    core.begin()
    raw.greet(sources=("mic",))
    raw.hear()
    assert core.server.wait_ready({"mic"}, TIMEOUT) == set()
    core.server.lost("mic", "killed by signal 9" + "!" * 1000)
    wait_until(lambda: core.server.wait_ready({"mic"}, 0.0) == {"mic"})
    raw.say(pressed(1))
    assert raw.refused().reason == "say hello first"
    raw.greet(sources=("mic",))
    wait_until(lambda: len(core.take().entries) >= 3)
    found, lost, again = (entry.event for entry in core.take().entries)
    assert found == again == DeviceFound("mic")
    assert isinstance(lost, DeviceLost) and lost.reason.startswith("killed by signal 9!")


def test_a_port_that_is_taken_is_named(core: Core) -> None:
    port = int(core.server.endpoint.rpartition(":")[2])
    with pytest.raises(DeviceError, match=str(port)) as caught:
        Server(show="other", rate=(24, 1), fixed_rate=False, door=core.ingress, now=int, port=port)
    assert "--port" in caught.value.remedy


def test_a_server_that_never_started_can_be_closed(core: Core) -> None:
    server = Server(show="other", rate=(24, 1), fixed_rate=False, door=core.ingress, now=int)
    server.close()


def test_the_hello_of_the_golden_messages_is_let_in(core: Core, raw: Raw) -> None:
    golden = golden_messages()["hello"]
    assert isinstance(golden, Hello)
    raw.say(golden)
    assert raw.refused().code == "key_wrong"  # that of no run
    raw.say(msgspec.structs.replace(golden, key=core.server.key.value))
    assert isinstance(raw.hear(), Welcome)


def test_a_director_may_say_what_a_director_may(core: Core, raw: Raw) -> None:
    raw.greet("console", role="director")
    raw.say(Record(1, 0, ParamSet("director", "fog", 0.5)))
    raw.recorded()
    assert core.take().entries[0].event == ParamSet("director", "fog", 0.5)
