"""The event log in a stream of NATS JetStream, for audiences that one machine cannot serve.

Each entry is a message of the stream `xrdrama_LOG`, on a subject of its own made from its id.
It is published with the condition that the subject has no message yet (Nats-Expected-Last-
Subject-Sequence: 0): so an id is known for as long as the stream exists, for every process that
appends, and not only for the time that a server remembers `Nats-Msg-Id`. Numbers are the numbers
of the stream, which may not delete messages. Readers' places are in a bucket beside it.

Durable means here: a server, or most of its replicas, has written the entry into its file. It
survives kill -9 of the server; a power cut only with `sync_interval: always` in the server's
configuration, or with replicas on other machines. The server keeps about 100 bytes of memory for
each id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Final

import msgspec
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header
from nats.js.errors import APIError, KeyNotFoundError, KeyWrongLastSequenceError

from xrdrama.adapters.eventlog.address import Address
from xrdrama.adapters.eventlog.jetstream import TIMEOUT_S, Link, unusable
from xrdrama.ledger.log import (
    Appended,
    Entry,
    Logged,
    NotAppended,
    appended,
    checked_acknowledgement,
    checked_batch,
    checked_reader,
    checked_start,
    refusal_of,
    reused,
)

REQUIRES: Final = ("nats",)
AT_ONCE: Final = 500
"""Messages on their way at once, of an append or a replay."""
EXISTS: Final = 10071
"""The server's code for a subject that has a message already."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What a message carries."""

    key: str
    id: str
    data: bytes


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Kept)


def open(address: str) -> NatsLog:
    """The entry point `nats` of `xrdrama.event_logs`; `address` is nats://HOST:PORT/LOG."""
    return NatsLog(Address.parse(address))


class NatsLog:
    """A `ledger.log.EventLog` in the stream that `address` names, made if it does not exist."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._link = Link(address)

    # -- the contract ---------------------------------------------------------------------------

    def append(self, key: str, data: bytes, id: str) -> Appended:
        """Append an entry, unless it is there already."""
        return appended(self.append_many([Entry(key, data, id)])[0])

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        """Append entries in their order. If the server goes away meanwhile, a part may be in the
        stream: send all of them again then."""
        checked_batch(entries)
        refused = [refusal_of(entry) for entry in entries]
        good = [entry for entry, why in zip(entries, refused, strict=True) if why is None]
        done = iter(self._link.ask(lambda stream: self._append(stream, good)) if good else ())
        self._link.ensure_open()
        return [why if why is not None else next(done) for why in refused]

    async def _append(
        self, stream: JetStreamContext, entries: Sequence[Entry]
    ) -> list[Appended | NotAppended]:
        found: list[Appended | NotAppended] = []
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            waiting = [asyncio.ensure_future(self._one(stream, entry)) for entry in some]
            try:
                found += await asyncio.gather(*waiting)
            finally:
                for each in waiting:
                    each.cancel()
        return found

    async def _one(self, stream: JetStreamContext, entry: Entry) -> Appended | NotAppended:
        """Tasks run up to their first wait in the order in which they were made, and publish
        before it: so entries are on the connection in their order."""
        subject = self._subject(entry.id)
        try:
            published = await stream.publish(
                subject,
                _ENCODER.encode(Kept(entry.key, entry.id, entry.data)),
                timeout=TIMEOUT_S,
                stream=self._address.stream,
                headers={Header.EXPECTED_LAST_SUBJECT_SEQUENCE: "0"},
            )
        except APIError as error:
            if error.err_code != EXISTS:
                raise
            return await self._known(stream, subject, entry)
        return Appended(published.seq, again=False)

    async def _known(
        self, stream: JetStreamContext, subject: str, entry: Entry
    ) -> Appended | NotAppended:
        message = await stream.get_last_msg(self._address.stream, subject, direct=False)
        seq = message.seq or 0
        known = self._read(seq, message.data or b"")
        same = (known.key, known.id, known.data) == (entry.key, entry.id, entry.data)
        return Appended(seq, again=True) if same else reused(entry.id, seq)

    def replay(self, after: int = 0) -> Iterator[Logged]:
        """The entries after `after`; DeviceError at the first one that is damaged or missing."""
        checked_start(after)
        return self._replayed(after, self.newest())

    def _replayed(self, after: int, last: int) -> Iterator[Logged]:
        while after < last:
            for message in self._link.ask(partial(self._some, after=after, last=last)):
                seq = message.metadata.sequence.stream
                if seq != after + 1:
                    raise unusable(self._address, f"entry {after + 1} is missing")
                after = seq
                kept = self._read(seq, message.data)
                yield Logged(seq, kept.key, kept.data, kept.id)

    async def _some(self, stream: JetStreamContext, *, after: int, last: int) -> list[Msg]:
        """The next messages after number `after`, one at least."""
        reader = await stream.pull_subscribe(
            self._subject("*", hashed=False),
            stream=self._address.stream,
            config=ConsumerConfig(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=after + 1,
                ack_policy=AckPolicy.NONE,
                inactive_threshold=TIMEOUT_S,
                mem_storage=True,
                num_replicas=1,
            ),
        )
        try:
            wanted = min(AT_ONCE, last - after)
            found: list[Msg] = []
            while len(found) < wanted:
                found += await reader.fetch(wanted - len(found), timeout=TIMEOUT_S)
            return found
        finally:
            await reader.unsubscribe()

    def newest(self) -> int:
        """The number of the newest entry; 0 for an empty log."""
        return self._link.ask(self._newest)

    async def _newest(self, stream: JetStreamContext) -> int:
        return (await stream.stream_info(self._address.stream)).state.last_seq

    def acknowledge(self, reader: str, seq: int) -> None:
        """Note that `reader` has processed every entry up to `seq`."""
        checked_acknowledgement(reader, seq, self.newest())
        self._link.ask(lambda stream: self._note(stream, reader, seq))

    async def _note(self, stream: JetStreamContext, reader: str, seq: int) -> None:
        """Written only over the place that was read, so that it never goes back."""
        bucket, name = await stream.key_value(self._address.readers), _hash(reader)
        while True:
            try:
                there = await bucket.get(name)
            except KeyNotFoundError:
                there = None
            if there is not None and self._place(there.value) >= seq:
                return
            try:
                if there is None:
                    await bucket.create(name, b"%d" % seq)
                else:
                    await bucket.update(name, b"%d" % seq, last=there.revision)
            except KeyWrongLastSequenceError:
                continue
            return

    def acknowledged(self, reader: str) -> int:
        """The number up to which `reader` has processed everything."""
        checked_reader(reader)
        return self._link.ask(lambda stream: self._noted(stream, reader))

    async def _noted(self, stream: JetStreamContext, reader: str) -> int:
        bucket = await stream.key_value(self._address.readers)
        try:
            return self._place((await bucket.get(_hash(reader))).value)
        except KeyNotFoundError:
            return 0

    def close(self) -> None:
        """Leave the server. Closing again does nothing."""
        self._link.close()

    # -- messages -------------------------------------------------------------------------------

    def _subject(self, id: str, *, hashed: bool = True) -> str:
        return f"{self._address.stream}.{_hash(id) if hashed else id}"

    def _read(self, seq: int, data: bytes) -> Kept:
        try:
            return _DECODER.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise unusable(self._address, f"entry {seq} is damaged") from None

    def _place(self, value: bytes | None) -> int:
        if value is None or not value.isdigit():
            raise unusable(self._address, "the place of a reader is damaged")
        return int(value)


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:40]
