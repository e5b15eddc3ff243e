"""Camera tracking protocols. Sans-IO: bytes in, `TrackingSample`s out; sockets are in adapters.

To add a protocol: a module with `decoder()` and `encode(sample)` (`datagrams.TrackingProtocol`),
one line under `[project.entry-points."xrdrama.trackers"]`, and a capture in tests/conformance.
bridge/README.md has a worked example.
"""

from xrdrama.tracking.sample import TrackingSample

__all__ = ["TrackingSample"]
