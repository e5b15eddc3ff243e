"""Trackers and inputs by name, through the entry points that the built-in ones use, too.

A package of somebody else adds one with a line in its pyproject:

    [project.entry-points."xrdrama.inputs"]
    footswitch = "my_package.footswitch:open"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from xrdrama.document import suggestion
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Input
from xrdrama.tracking import TrackingSample

INPUTS = "xrdrama.inputs"
TRACKERS = "xrdrama.trackers"


class Codec(Protocol):
    """A tracking protocol: a module with these two functions."""

    def decode(self, datagram: bytes, *, at: int = 0) -> TrackingSample:
        """A sample, or RemoteProtocolError."""

    def encode(self, sample: TrackingSample) -> bytes:
        """A datagram, or LocalProtocolError."""


OpenInput = Callable[[str, Mapping[str, Any]], Input]


def tracker(name: str) -> Codec:
    """The codec of a tracking protocol."""
    return cast(Codec, _load(TRACKERS, name, "tracking protocol"))


def input_named(name: str) -> OpenInput:
    """The function that opens an input."""
    return cast(OpenInput, _load(INPUTS, name, "input"))


def known(group: str) -> list[str]:
    """The names of a group."""
    return sorted({point.name for point in entry_points(group=group)})


def _load(group: str, name: str, noun: str) -> Any:
    for point in entry_points(group=group):
        if point.name == name:
            try:
                return point.load()
            except ImportError as error:
                raise DeviceError(
                    f"the {noun} {name!r} needs a package that is not installed: {error}",
                    "pip install 'xrdrama[all]'",
                ) from error
    raise UsageError(f"there is no {noun} {name!r}", suggestion(name, known(group)))
