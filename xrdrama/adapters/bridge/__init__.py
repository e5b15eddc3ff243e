"""The bridge's sockets (pyzmq): the core's server, and the peer's end for processes of ours.

One thread owns all sockets of a side; what other threads want said goes through a queue and an
eventfd that wakes it. Other languages and engines take `bridge/` at the top of the repository.
"""

from xrdrama.adapters.bridge.peer import Peer
from xrdrama.adapters.bridge.server import Server

__all__ = ["Peer", "Server"]
