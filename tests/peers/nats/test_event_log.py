"""The event log on a real NATS server: the suite of all logs, kills, and servers that are away."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from tests.conformance.event_logs import Opening, conform
from tests.peers.nats.server import NatsServer
from xrdrama import plugins
from xrdrama.adapters.eventlog.address import Address
from xrdrama.adapters.eventlog.jetstream import TIMEOUT_S
from xrdrama.adapters.eventlog.nats import NatsLog
from xrdrama.adapters.eventlog.placed import address_of, open_placed
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import Appended, Entry, EventLog, NotAppended

pytestmark = pytest.mark.peer

KILLS = 5
BATCH = 50


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path_factory.mktemp("nats"), "-js")
    yield server
    server.kill()


def opened(address: str) -> EventLog:
    return plugins.event_log("nats").open(address)


def test_it_conforms(server: NatsServer) -> None:
    numbers = itertools.count()

    def fresh() -> Opening:
        address = server.address(f"suite{next(numbers)}")
        return lambda: opened(address)

    conform(fresh)


class Sender(threading.Thread):
    """Appends batches of entries number 1, 2, ... until `done` is set. Where no answer comes it
    sends the same batch again, as every sender does."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(daemon=True)
        self._log = log
        self.done = threading.Event()
        self.acknowledged: dict[int, int] = {}

    def run(self) -> None:
        first = 1
        while not self.done.is_set():
            numbers = range(first, first + BATCH)
            entries = [Entry("votes/gate", b"vote %d" % n, str(n)) for n in numbers]
            try:
                got = self._log.append_many(entries)
            except DeviceError:
                continue
            for number, one in zip(numbers, got, strict=True):
                assert isinstance(one, Appended)
                self.acknowledged[number] = one.seq
            first += BATCH


class Doubling(NatsLog):
    """The control: it does not ask whether the id is there already."""

    async def _one(self, stream: JetStreamContext, entry: Entry) -> Appended | NotAppended:
        data = msgspec.msgpack.encode((entry.key, entry.id, entry.data))
        sent = await stream.publish(self._subject(entry.id), data, timeout=TIMEOUT_S)
        return Appended(sent.seq, again=False)


def killed_often(
    folder: Path, kind: Callable[[Address], EventLog]
) -> tuple[dict[int, int], dict[int, bytes]]:
    """What was acknowledged (number: number in the log), and what is in the log in the end."""
    chance = random.Random(7)
    server = NatsServer(folder, "-js")
    try:
        with closing(kind(Address.parse(server.address("kills")))) as log:
            sender = Sender(log)
            sender.start()
            for _ in range(KILLS):
                count = len(sender.acknowledged) + chance.randrange(BATCH, 20 * BATCH)
                while len(sender.acknowledged) < count:
                    assert sender.is_alive()
                    sender.join(chance.uniform(0.001, 0.005))
                server.kill()
                server.start()
            sender.done.set()
            sender.join(60)
            return sender.acknowledged, {entry.seq: entry.data for entry in log.replay()}
    finally:
        server.kill()


def test_a_server_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    acknowledged, kept = killed_often(tmp_path, NatsLog)
    assert len(acknowledged) > BATCH * KILLS
    assert [n for n, seq in acknowledged.items() if kept[seq] != b"vote %d" % n] == []
    assert set(Counter(kept.values()).values()) == {1}


def test_without_deduplication_there_would_be_doubles(tmp_path: Path) -> None:
    _, kept = killed_often(tmp_path, Doubling)
    assert max(Counter(kept.values()).values()) > 1


@pytest.mark.soak
def test_fifty_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "KILLS", 50)
    test_a_server_that_is_killed_loses_and_doubles_nothing(tmp_path)


def test_a_server_that_is_away_is_said_and_may_come_back(tmp_path: Path) -> None:
    server = NatsServer(tmp_path, "-js")
    try:
        with closing(opened(server.address("away"))) as log:
            assert log.append("k", b"1", "a").seq == 1
            server.kill()
            with pytest.raises(DeviceError, match=r"cannot be reached.*start nats-server -js"):
                log.append("k", b"2", "b")
            server.start()
            assert log.append_many([Entry("k", b"2", "b")])[0].seq == 2  # type: ignore[union-attr]
            server.kill()
            # Back within the time that a call waits.
            later = threading.Timer(TIMEOUT_S / 5, server.start)
            later.start()
            assert log.append("k", b"3", "c").seq == 3
            later.join()
        server.kill()
        with pytest.raises(DeviceError, match="cannot be reached"):
            opened(server.address("away"))
    finally:
        server.kill()


def test_a_stream_of_another_program_is_left_alone(server: NatsServer) -> None:
    async def make() -> None:
        client = await nats.connect(f"nats://127.0.0.1:{server.port}")
        await client.jetstream().add_stream(
            StreamConfig(name="xrdrama_other", subjects=["other.>"])
        )
        await client.close()

    asyncio.run(make())
    with pytest.raises(DeviceError, match="xrdrama_other belongs to another program"):
        opened(server.address("other"))


def test_what_is_not_an_entry_is_named(server: NatsServer) -> None:
    with closing(opened(server.address("garbage"))) as log:
        log.append("k", b"1", "a")

        async def write() -> None:
            client = await nats.connect(f"nats://127.0.0.1:{server.port}")
            await client.jetstream().publish("xrdrama_garbage.foreign", b"\xc1")
            await client.close()

        asyncio.run(write())
        with pytest.raises(DeviceError, match="entry 2 is damaged"):
            list(log.replay())


def test_a_server_without_jetstream_or_with_users_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = NatsServer(tmp_path / "plain")
    try:
        with pytest.raises(DeviceError, match="JetStream"):
            opened(plain.address("any"))
    finally:
        plain.kill()
    guarded = NatsServer(tmp_path / "guarded", "-js", "--user", "crew", "--pass", "lantern")
    try:
        with pytest.raises(DeviceError, match=r"refuses this user.*NATS_USER"):
            opened(guarded.address("any"))
        monkeypatch.setenv("NATS_CREDS", str(tmp_path / "none.creds"))
        with pytest.raises(
            DeviceError, match=r"NATS_CREDS names .*none.creds, which cannot be read"
        ):
            opened(guarded.address("any"))
        monkeypatch.delenv("NATS_CREDS")
        monkeypatch.setenv("NATS_USER", "crew")
        monkeypatch.setenv("NATS_PASSWORD", "lantern")
        with closing(opened(guarded.address("any"))) as log:
            assert log.append("k", b"", "a").seq == 1
    finally:
        guarded.kill()


def test_the_log_of_a_take_is_found_again(server: NatsServer, tmp_path: Path) -> None:
    path = tmp_path / "boat.take.votes"
    with closing(open_placed(path, server.address("stage"))) as log:
        log.append("k", b"1", "a")
    assert not path.exists() and address_of(path).startswith(server.address("stage-votes-"))
    with closing(open_placed(path)) as log:  # a resumed show, or `xrdrama votes publish`
        assert log.newest() == 1
    with closing(open_placed(tmp_path / "other.take.votes", server.address("stage"))) as log:
        assert log.newest() == 0, "each take has a log of its own"
