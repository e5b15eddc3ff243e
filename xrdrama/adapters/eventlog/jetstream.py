"""The connection of an event log to NATS: the client's own thread, and its errors."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Final, TypeVar

import nats
from nats.errors import AuthorizationError, NoServersError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from xrdrama.adapters.eventlog.address import Address, unreachable
from xrdrama.errors import DeviceError

TIMEOUT_S: Final = 5.0
"""Seconds that a call waits for a server that is away, and that one request may take."""
RECONNECT_S: Final = 0.1
MARK: Final = {"xrdrama": "event log 1"}
"""Metadata of a stream that is an event log, in this version."""
T = TypeVar("T")


class Link:
    """A connection to JetStream and a thread of its own for it. Several threads may ask.

    DeviceError from the constructor when no server answers, JetStream is off, or the stream is
    that of another program.
    """

    def __init__(self, address: Address) -> None:
        self._address, self._access = address, _access()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"event log {address.log}", daemon=True
        )
        self._thread.start()
        self._lock = threading.Lock()
        self._closed = False
        self._client = nats.NATS()  # type: ignore[attr-defined]
        self._stream: JetStreamContext | None = None
        self._lost = asyncio.Event()
        try:
            self._run(self._open())
        except BaseException:
            self.close()
            raise

    def ask(self, question: Callable[[JetStreamContext], Awaitable[T]]) -> T:
        """The answer of the server. A question whose answer was lost is asked again, for as long
        as `TIMEOUT_S`: it must be one that may be asked twice. DeviceError without an answer."""
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            self.ensure_open()
            stream = self._stream
            assert stream is not None
            try:
                answer: T = self._run(self._answer(question, stream))
                return answer
            except _AwayError as error:
                if time.monotonic() > deadline:
                    raise error.cause from None
                time.sleep(RECONNECT_S)  # the client is connecting meanwhile

    async def _answer(
        self, question: Callable[[JetStreamContext], Awaitable[T]], stream: JetStreamContext
    ) -> T:
        """An answer, or ConnectionError as soon as the connection is lost: the client itself would
        wait for the answer until it is due."""
        asking = asyncio.ensure_future(question(stream))
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait((asking, lost), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise ConnectionError
            return asking.result()
        finally:
            asking.cancel()
            lost.cancel()
            await asyncio.gather(asking, lost, return_exceptions=True)

    def ensure_open(self) -> None:
        """DeviceError once it is closed."""
        if self._closed:
            raise DeviceError(f"the event log {self._address} is closed", "open it again")

    def close(self) -> None:
        """End the connection and the thread. Closing again does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        ending: Future[None] = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        with suppress(TimeoutError):
            ending.result(TIMEOUT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        with suppress(NatsError, OSError, TimeoutError):  # the server may be away
            await asyncio.wait_for(self._client.close(), TIMEOUT_S / 2)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _run(self, coroutine: Any) -> Any:
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
        except (APIError, NatsError, OSError, TimeoutError, CancelledError) as error:
            found = failed(self._address, error)
            if _is_away(error) and self._stream is not None:
                raise _AwayError(found) from error
            raise found from error

    async def _open(self) -> None:
        connecting = self._client.connect(
            list(self._address.servers),
            name="xrdrama event log",
            connect_timeout=int(TIMEOUT_S),
            reconnect_time_wait=RECONNECT_S,  # type: ignore[arg-type]
            max_reconnect_attempts=-1,
            allow_reconnect=False,
            error_cb=_unheard,
            disconnected_cb=self._disconnected,
            reconnected_cb=self._reconnected,
            **self._access,
        )
        await asyncio.wait_for(connecting, TIMEOUT_S)
        # Only now: at the first connection the client would try for ever what the server refuses.
        self._client.options["allow_reconnect"] = True
        stream = self._client.jetstream(timeout=TIMEOUT_S)
        await self._made(stream)
        self._stream = stream

    async def _disconnected(self) -> None:
        self._lost.set()

    async def _reconnected(self) -> None:
        self._lost.clear()

    async def _made(self, stream: JetStreamContext) -> None:
        """Make the stream and the bucket unless they exist."""
        name = self._address.stream
        try:
            there = (await stream.stream_info(name)).config
        except NotFoundError:
            there = (await stream.add_stream(self._config())).config
        if (there.metadata or {}).get("xrdrama") != MARK["xrdrama"] or not there.deny_delete:
            raise unusable(self._address, f"the stream {name} belongs to another program")
        try:
            await stream.key_value(self._address.readers)
        except NotFoundError:
            await stream.create_key_value(
                bucket=self._address.readers, replicas=self._address.replicas
            )

    def _config(self) -> api.StreamConfig:
        return api.StreamConfig(
            name=self._address.stream,
            subjects=[f"{self._address.stream}.*"],
            retention=api.RetentionPolicy.LIMITS,
            discard=api.DiscardPolicy.NEW,
            max_msgs=-1,
            max_bytes=-1,
            max_age=0,
            storage=api.StorageType.FILE,
            num_replicas=self._address.replicas,
            deny_delete=True,
            deny_purge=True,
            metadata=dict(MARK),
        )


class _AwayError(Exception):
    """The answer was lost with the connection; `cause` is what to say when it does not return."""

    def __init__(self, cause: DeviceError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _is_away(error: BaseException) -> bool:
    if isinstance(error, APIError):
        return isinstance(error, ServiceUnavailableError)
    return not _is_refusal(error)


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, AuthorizationError) or "Authorization" in str(error)


async def _unheard(_: Exception) -> None:
    """The client reports a lost connection at every try; who asks gets a DeviceError."""


def _access() -> dict[str, Any]:
    """How the client proves who it is, by the variables that the `nats` command reads too."""
    found: dict[str, Any] = {}
    for name in ("NATS_CREDS", "NATS_CA"):
        path = os.environ.get(name)
        if path and not os.access(path, os.R_OK):
            raise DeviceError(f"{name} names {path}, which cannot be read", "set it to a file")
    if credentials := os.environ.get("NATS_CREDS"):
        found["user_credentials"] = credentials
    if user := os.environ.get("NATS_USER"):
        found |= {"user": user, "password": os.environ.get("NATS_PASSWORD", "")}
    if authority := os.environ.get("NATS_CA"):
        found["tls"] = ssl.create_default_context(cafile=authority)
    return found


def failed(address: Address, error: BaseException) -> DeviceError:
    """The DeviceError for an error of the client or the server."""
    if _is_refusal(error):
        return DeviceError(
            f"the event log {address} refuses this user",
            "set NATS_CREDS to its file of credentials, or NATS_USER and NATS_PASSWORD",
        )
    if isinstance(error, ServiceUnavailableError):
        return DeviceError(
            f"the event log {address} has no JetStream that answers",
            "start the server with -js, or wait until a cluster has chosen its leader",
        )
    if isinstance(error, APIError):
        return DeviceError(
            f"the event log {address} refused a request: {error.description} ({error.err_code})",
            "look at the server's limits of storage and at its log",
        )
    if isinstance(error, NoServersError | OSError | NatsError | TimeoutError | CancelledError):
        return unreachable(address)
    raise error


def unusable(address: Address, reason: str) -> DeviceError:
    """The DeviceError for a stream that is not an event log, or not a whole one."""
    return DeviceError(
        f"the event log {address} cannot be used: {reason}",
        "choose another name for the log, or restore the stream from a copy",
    )
