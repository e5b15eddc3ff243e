"""Sockets for tracking packets: a port of this machine, broadcast, or a multicast group."""

from __future__ import annotations

import errno
import ipaddress
import socket
import struct
from pathlib import Path

from xrdrama.errors import DeviceError

RECEIVE_BUFFER = 1 << 22
"""Bytes; Linux gives at most net.core.rmem_max. Some 700 bytes a small packet: eight cameras at
240 Hz fill it in about five seconds, which is how long a busy machine may stall the receiver."""
_IN_USE = "stop the other program or choose another port"


def is_multicast(address: str) -> bool:
    """True for 224.0.0.0/4 and ff00::/8."""
    try:
        return ipaddress.ip_address(address).is_multicast
    except ValueError:
        return False


def listening_socket(address: str, port: int, interface: str = "") -> tuple[socket.socket, str]:
    """A bound UDP socket with room for a burst, and what it listens to, in words.

    For a multicast `address` the group is joined on `interface` (a name such as eth0, or one of
    this machine's addresses), or on every interface. DeviceError when the port is taken, the
    address is not this machine's, or the group cannot be joined.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    group = is_multicast(address)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if group:  # several programs may receive a group, each gets every packet
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((address, port))
        except OSError as error:
            raise _unbound(address, port, error) from error
        where = f"{address}:{sock.getsockname()[1]}"
        if not group:
            return sock, where
        joined = _join(sock, address, interface)
    except BaseException:
        sock.close()
        raise
    return sock, f"multicast group {where} on {', '.join(joined)}"


def _unbound(address: str, port: int, error: OSError) -> DeviceError:
    where = f"UDP {address}:{port}"
    if error.errno == errno.EADDRINUSE:
        return DeviceError(f"{where} is already in use{_holder(port)}", _IN_USE)
    if error.errno == errno.EACCES:
        return DeviceError(
            f"no permission to open {where}: {error.strerror}", "use a port above 1023"
        )
    own = "use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
    return DeviceError(f"{where} cannot be opened: {error.strerror}", own)


def _join(sock: socket.socket, group: str, interface: str) -> list[str]:
    """The names of the interfaces that joined the group; DeviceError if no interface did."""
    joined, failed = [], []
    for index, name in _interfaces(interface):
        try:
            if sock.family == socket.AF_INET6:
                request = struct.pack("@16sI", socket.inet_pton(socket.AF_INET6, group), index)
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
            else:
                request = struct.pack("@4s4si", socket.inet_aton(group), bytes(4), index)
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
            joined.append(name)
        except OSError as error:
            failed.append(f"{name}: {error.strerror}")
    if not joined:
        raise DeviceError(
            f"the multicast group {group} cannot be joined ({'; '.join(failed) or 'no interface'})",
            "check that the interface is up and allows multicast, or name another interface",
        )
    return joined


def _interfaces(wanted: str) -> list[tuple[int, str]]:
    """Index and name of the given interface, or of all interfaces."""
    there = socket.if_nameindex()
    if not wanted:
        return there
    for index, name in there:
        if wanted == name or wanted in _addresses(name):
            return [(index, name)]
    known = ", ".join(
        f"{name} ({', '.join(found)})" if (found := _addresses(name)) else name for _, name in there
    )
    raise DeviceError(f"this machine has no network interface {wanted!r}", f"write one of: {known}")


def _addresses(name: str) -> list[str]:
    """The IPv4 address of an interface, where the system reports it (Linux)."""
    try:
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            request = struct.pack("256s", name.encode()[:15])
            answer = fcntl.ioctl(probe.fileno(), 0x8915, request)  # SIOCGIFADDR
    except (ImportError, OSError):
        return []
    return [socket.inet_ntoa(answer[20:24])]


def _holder(port: int) -> str:
    """`" by python (process 123)"`, where the system reports who has a UDP port (Linux)."""
    inodes = set()
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        try:
            lines = Path(table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            parts = line.split()
            if int(parts[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{parts[9]}]")
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        try:
            if any(str(one.readlink()) in inodes for one in (process / "fd").iterdir()):
                name = (process / "comm").read_text("utf-8").strip()
                return f" by {name} (process {process.name})"
        except OSError:
            continue  # another user's process, or one that has just ended
    return " by another program"
