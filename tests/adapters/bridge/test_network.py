"""Peers of other machines: only with an allowed key, and only as what it is for."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zmq

from tests.adapters.bridge.cores import Core, Raw, Sockets, free_port, hello
from tests.adapters.bridge.test_following import frame
from tests.waiting import stays_false, wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.curve import MOST_FAILED, Network, network_at
from xrdrama.adapters.bridge.keyring import Keyring, Pair, read_pair
from xrdrama.cli import run
from xrdrama.errors import DeviceError, UsageError
from xrdrama.wire.codec import decode_from_core, encode
from xrdrama.wire.commands import HeldStory
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Record, Recorded, Refused, Welcome

CLIENT = Path(__file__).parents[3] / "bridge" / "python"
ADDRESS = "127.0.0.2"
"""An address of this machine that counts as that of a network."""


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


@pytest.fixture
def open_core(ring: Keyring, new_core: Callable[..., Core]) -> Core:
    """A core that listens for the keys of a node, an operator and an engine."""
    for name, role in (("left", "node"), ("desk", "operator"), ("lights", "engine")):
        ring.new(name, role)
    return new_core(network=network_at(ADDRESS, ring), port=free_port())


def pair_of(ring: Keyring, name: str) -> Pair:
    return read_pair(ring.folder / f"{name}.json")


def abroad(core: Core) -> str:
    return core.server.endpoint.replace("127.0.0.1", ADDRESS)


def stranger(ring: Keyring) -> Pair:
    """A pair that the core has never seen, with the core's real public key."""
    public, secret = (key.decode() for key in zmq.curve_keypair())
    return msgspec.structs.replace(pair_of(ring, "left"), public=public, secret=secret)


def said(sockets: Sockets, core: Core, pair: Pair | None) -> zmq.Socket[bytes]:
    """A socket that connects over the network, with these keys."""
    return sockets.open(zmq.DEALER, abroad(core), pair=pair)


def answer(socket: zmq.Socket[bytes]) -> object:
    assert socket.poll(10_000)
    return decode_from_core(socket.recv())


def test_an_allowed_key_records_an_event_and_follows_frames(open_core: Core, ring: Keyring) -> None:
    frames: list[Frame] = []
    answers: list[object] = []
    peer = Peer(
        abroad(open_core), name="lights", role="engine", sources=(), pair=pair_of(ring, "lights")
    )
    peer.subscribe(frames.append)
    open_core.begin()
    assert peer.wait_for_start(threading.Event())
    peer.record(Pressed("lights.go", "stay"), on_answer=answers.append)
    wait_until(lambda: answers)
    assert isinstance(answers[0], Recorded)
    assert open_core.options() == ["stay"]
    # Only what its key is for: another source, and a command, are refused.
    peer.record(Pressed("keys", "stay"), on_answer=answers.append)
    peer.record(HeldStory("lights", True), on_answer=answers.append)
    wait_until(lambda: len(answers) == 3)
    assert [one.code for one in answers[1:] if isinstance(one, Refused)] == [
        "source_not_yours", "not_director",
    ]  # fmt: skip
    open_core.publish(encode(frame(1)))
    wait_until(lambda: frames)
    peer.close()
    assert open_core.server.guard is not None and open_core.server.guard.trouble == ""


@pytest.mark.parametrize("how", ["unknown key", "no key", "key of another core"])
def test_who_is_not_allowed_gets_no_answer_and_is_an_alarm(
    open_core: Core, ring: Keyring, sockets: Sockets, how: str
) -> None:
    left = pair_of(ring, "left")
    other = msgspec.structs.replace(left, server=stranger(ring).public)
    pairs = {"unknown key": stranger(ring), "no key": None, "key of another core": other}
    socket = said(sockets, open_core, pairs[how])
    socket.send(encode(hello("left", role="node")))
    before = open_core.server.bad
    stays_false(lambda: bool(socket.poll(0)), 0.5)
    assert open_core.server.bad == before  # nothing of it was read
    assert not open_core.server._peers
    guard = open_core.server.guard
    assert guard is not None
    if how == "unknown key":  # the others end before the core can know whose they are
        wait_until(lambda: guard.refused > 0)
        assert "a connection from 127.0.0." in guard.trouble
    # The control: the right key, in the same way, is let in.
    allowed = said(sockets, open_core, left)
    allowed.send(encode(hello("left", role="node")))
    assert isinstance(answer(allowed), Welcome)


def test_a_peer_that_is_not_let_in_says_why(open_core: Core, ring: Keyring) -> None:
    left = pair_of(ring, "left")
    other = msgspec.structs.replace(left, server=stranger(ring).public)
    for pair, reason in ((stranger(ring), "does not allow the key 'left'"), (other, "another key")):
        peer = Peer(abroad(open_core), name="left", role="node", sources=(), pair=pair)
        with pytest.raises(DeviceError, match=reason):
            peer.wait_for_start(threading.Event())
        peer.close(0.0)
    with pytest.raises(UsageError, match="needs a key"):
        Peer("tcp://192.0.2.7:7400", name="left", role="node", sources=())


def test_cores_that_end_within_a_handshake_are_not_another_core(
    ring: Keyring, new_core: Callable[..., Core]
) -> None:
    ring.new("left", "node")
    port = free_port()
    pair = pair_of(ring, "left")
    with socket.create_server((ADDRESS, port)) as dying:
        dying.settimeout(10)
        peer = Peer(f"tcp://{ADDRESS}:{port}", name="left", role="node", sources=(), pair=pair)
        peer.connect()
        for _ in range(MOST_FAILED - 1):
            dying.accept()[0].close()
    stays_false(lambda: peer.failure, 0.3)
    core = new_core(network=network_at(ADDRESS, ring), port=port)
    core.begin()
    assert peer.wait_for_start(threading.Event())
    peer.close(0.0)
    # The control: one more in a row, and the peer gives up.
    port = free_port()
    with socket.create_server((ADDRESS, port)) as dying:
        dying.settimeout(10)
        peer = Peer(f"tcp://{ADDRESS}:{port}", name="left", role="node", sources=(), pair=pair)
        peer.connect()
        for _ in range(MOST_FAILED):
            dying.accept()[0].close()
        wait_until(lambda: "another key" in peer.failure)
    peer.close(0.0)


def test_commands_say_why_they_are_not_let_in(
    open_core: Core, ring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ring.folder / "stranger.json"
    made.write_bytes(msgspec.json.encode(stranger(ring)))
    made.chmod(0o600)
    for words in (["status"], ["metrics", "--once"]):
        assert run([*words, "--peer", abroad(open_core), "--key", str(made)]) == 2
        assert "does not allow the key 'left'" in capsys.readouterr().err
    command = [sys.executable, str(CLIENT / "xrdrama_client.py"), abroad(open_core)]
    for file, said in ((made, "allow this key there"), (ring.folder, "not a file of xrdrama keys")):
        done = subprocess.run(
            [*command, str(file)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1 and said in done.stderr and done.stderr.count("\n") == 1


def test_a_key_is_for_its_role_and_its_name(
    open_core: Core, ring: Keyring, sockets: Sockets
) -> None:
    socket = said(sockets, open_core, pair_of(ring, "left"))
    for changes, code in (
        ({"name": "left", "role": "director"}, "key_wrong"),
        ({"name": "left", "role": "engine"}, "key_wrong"),
        ({"name": "right", "role": "node"}, "source_reserved"),
        ({"name": "lefty", "role": "node"}, "source_reserved"),
    ):
        socket.send(encode(hello(**changes)))
        refused = answer(socket)
        assert isinstance(refused, Refused) and refused.code == code, changes
    socket.send(encode(hello("left.status", role="node")))
    assert isinstance(answer(socket), Welcome)
    # The run's own key is of no use with a key for another role.
    socket.send(encode(hello("left", role="director", key=open_core.server.key.value)))
    refused = answer(socket)
    assert isinstance(refused, Refused) and refused.code == "key_wrong"


def test_an_operator_holds_the_story_over_the_network(
    open_core: Core, ring: Keyring, sockets: Sockets
) -> None:
    socket = said(sockets, open_core, pair_of(ring, "desk"))
    socket.send(encode(hello("desk", role="operator")))
    assert isinstance(answer(socket), Welcome)
    socket.send(encode(Record(1, 0, HeldStory("desk", True))))
    assert isinstance(answer(socket), Recorded)


def test_this_machine_is_served_as_before(open_core: Core, new_raw: Callable[[Core], Raw]) -> None:
    new_raw(open_core).greet("console", role="director")
    raw = new_raw(open_core)
    raw.say(hello("desk", role="operator"))  # the name alone is not enough
    assert raw.refused().code == "key_needed"


def test_the_python_client_follows_and_picks_with_a_key(open_core: Core, ring: Keyring) -> None:
    open_core.begin()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from xrdrama_client import Client\n"
        "client = Client(sys.argv[2], pair=sys.argv[3])\n"
        "print('connected', flush=True)\n"
        "print(client.newest().time, flush=True)\n"
        "client.record(['pressed', 'lights', 'stay'])\n"
        "client.close()\n"
    )
    keys = ring.folder / "lights.json"
    command = [sys.executable, "-c", code, str(CLIENT), abroad(open_core), str(keys)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "connected\n"
        open_core.publish(encode(frame(1)))
        assert "1" in process.stdout.readline()
    assert process.returncode == 0
    assert open_core.options() == ["stay"]


def test_network_needs_an_address_and_keys(ring: Keyring) -> None:
    with pytest.raises(UsageError, match="no key may connect"):
        network_at(ADDRESS, ring)
    ring.new("left", "node")
    assert isinstance(network_at(ADDRESS, ring), Network)
    for address in ("127.0.0.1", "0.0.0.0", "239.1.1.1"):
        with pytest.raises(UsageError, match="not the address of a network"):
            network_at(address, ring)
    for address in ("", "stage.local", "::1", "1.2.3", "x" * 5000):
        with pytest.raises(UsageError, match="not an IPv4 address"):
            network_at(address, ring)


def test_an_address_that_is_not_ours_ends_the_start(
    ring: Keyring, new_core: Callable[..., Core]
) -> None:
    ring.new("left", "node")
    with pytest.raises(DeviceError, match=r"cannot listen on 192\.0\.2\.7"):
        new_core(network=network_at("192.0.2.7", ring))
