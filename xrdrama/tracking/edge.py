"""The edge of a stage: samples as a tracker sends them become samples in the stage's terms.

Its axes are mapped (`axes`), and a subject that the protocol knows by another name gets the name
that the stage uses. Everything behind the edge (the log, the take, the show) has only the result.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xrdrama.errors import UsageError
from xrdrama.tracking.axes import Axes
from xrdrama.tracking.datagrams import TrackingProtocol
from xrdrama.tracking.sample import TrackingSample


class Edge(msgspec.Struct, frozen=True):
    """What is done to every sample: axes, and the names of subjects that the stage expects."""

    axes: Axes = Axes()
    expected: frozenset[str] = frozenset()

    def enter(self, sample: TrackingSample, aliases: Mapping[str, str]) -> TrackingSample:
        """The sample in the stage's terms; `aliases` are other names of subjects."""
        sample = self.axes.apply(sample)
        if aliases and sample.subject not in self.expected:
            alias = aliases.get(sample.subject)
            if alias in self.expected:
                return msgspec.structs.replace(sample, subject=alias)
        return sample

    def leave(self, sample: TrackingSample) -> TrackingSample:
        """The sample as this stage's tracker would send it: the axes mapped back."""
        return self.axes.inverse().apply(sample)


UNCHANGED = Edge()
"""The edge that changes nothing."""


def with_address(protocol: TrackingProtocol, name: str, address: str) -> TrackingProtocol:
    """The protocol `name` with another address of its messages; "" is the protocol itself.

    UsageError if the protocol has no addresses.
    """
    if not address:
        return protocol
    make = getattr(protocol, "with_address", None)
    if not callable(make):
        raise UsageError(f"the protocol {name!r} has no addresses", "remove osc_address:")
    found: TrackingProtocol = make(address)
    return found


def with_profile(protocol: TrackingProtocol, name: str, profile: str) -> TrackingProtocol:
    """The protocol `name` with a vendor's profile; "" is the protocol itself.

    UsageError if the protocol has no profiles, or none of this name.
    """
    if not profile:
        return protocol
    known = getattr(protocol, "PROFILES", None)
    if not known:
        raise UsageError(f"the protocol {name!r} has no vendor profiles", "remove profile:")
    if profile not in known:
        raise UsageError(
            f"the protocol {name!r} has no profile {profile!r}", f"use one of: {', '.join(known)}"
        )
    found: TrackingProtocol = protocol.with_profile(profile)  # type: ignore[attr-defined]
    return found
