"""Camera tracking protocols. Sans-IO: bytes in, a `TrackingSample` out; sockets live in adapters.

To add a protocol: a module here with `decode(datagram, at=) -> TrackingSample` (which raises
RemoteProtocolError and nothing else) and `encode(sample) -> bytes`, and one line under
`[project.entry-points."xrdrama.trackers"]`. The conformance test finds it there.
"""

from xrdrama.tracking.sample import TrackingSample

__all__ = ["TrackingSample"]
