"""The core's sockets: bounds on what waits in them, and where they listen."""

from __future__ import annotations

import zmq

from xrdrama.errors import DeviceError
from xrdrama.wire.codec import MAX_COMMAND

MOST_ANSWERS = 3000
"""Answers that wait for one peer. At a fixed rate a whole window of its records (`peer.WINDOW`) can
be acknowledged at once, and one that found no room would be missed until it is sent again."""


def bound(
    context: zmq.Context[zmq.Socket[bytes]], kind: int, address: str, port: int
) -> zmq.Socket[bytes]:
    """A socket that listens on an address and a port; 0 = any free port. DeviceError if it
    cannot."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_COMMAND * 2)
    # A record that is not acknowledged is sent again; a slow viewer misses frames.
    socket.setsockopt(zmq.SNDHWM, MOST_ANSWERS if kind == zmq.ROUTER else 1000)
    socket.setsockopt(zmq.RCVHWM, 1000)
    if kind == zmq.ROUTER:
        # The kernel detects a peer whose machine was lost. ZeroMQ's own heartbeats end this
        # process: libzmq 4.3.5 aborts when one is due on a connection that broke while its
        # input was full (zeromq/libzmq issue 4767).
        socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
        socket.setsockopt(zmq.TCP_KEEPALIVE_IDLE, 2)
        socket.setsockopt(zmq.TCP_KEEPALIVE_INTVL, 1)
        socket.setsockopt(zmq.TCP_KEEPALIVE_CNT, 5)
    try:
        if port:
            socket.bind(f"tcp://{address}:{port}")
        else:
            socket.bind_to_random_port(f"tcp://{address}")
    except (zmq.ZMQError, zmq.ZMQBindError) as error:
        raise DeviceError(
            f"the bridge cannot listen on {address}:{port or '*'}: {error}",
            "choose another port with --port",
        ) from error
    return socket
