"""Plug-ins by name, through the entry points that the built-in ones use, too.

A package of somebody else adds one with a line in its pyproject:

    [project.entry-points."xrdrama.trackers"]
    mytracker = "my_package.mytracker"

What each group must provide is the Protocol class named at its function below; bridge/README.md
has an example of each, and tests/conformance checks every installed member.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from types import SimpleNamespace
from typing import Any, cast

from xrdrama.document import suggestion
from xrdrama.errors import DeviceError, UsageError, XrdramaError
from xrdrama.show.ports import InputKind, OutputKind
from xrdrama.tracking.datagrams import TrackingProtocol

INPUTS = "xrdrama.inputs"
TRACKERS = "xrdrama.trackers"
OUTPUTS = "xrdrama.outputs"


def tracker(name: str) -> TrackingProtocol:
    """The tracking protocol `name`.

    UsageError when no plug-in has this name; DeviceError when it cannot be loaded or has not what
    a tracking protocol needs.
    """
    found = _load(TRACKERS, name, "tracking protocol")
    _require(found, ("decoder", "encode"), TRACKERS, name, "tracking protocol")
    return cast(TrackingProtocol, found)


def input_named(name: str) -> InputKind:
    """The kind of input `name`. Errors as for `tracker`."""
    found = _load(INPUTS, name, "input")
    if callable(found) and not hasattr(found, "open"):  # only the function that opens it
        return cast(InputKind, SimpleNamespace(open=found))
    _require(found, ("open",), INPUTS, name, "input")
    return cast(InputKind, found)


def output(name: str) -> OutputKind:
    """The kind of output `name`. Errors as for `tracker`."""
    found = _load(OUTPUTS, name, "output")
    _require(found, ("open",), OUTPUTS, name, "output")
    return cast(OutputKind, found)


def known(group: str) -> list[str]:
    """The names of a group."""
    return sorted({point.name for point in entry_points(group=group)})


def _load(group: str, name: str, noun: str) -> Any:
    point = next((point for point in entry_points(group=group) if point.name == name), None)
    if point is None:
        raise UsageError(f"there is no {noun} {name!r}", suggestion(name, known(group)))
    try:
        return point.load()
    except XrdramaError:
        raise
    except ImportError as error:
        raise DeviceError(
            f"the {noun} {name!r} needs a package that is not installed: {error}",
            "pip install 'xrdrama[all]'" if _is_ours(point) else f"install {_from(point)} again",
        ) from error
    except (Exception, SystemExit) as error:
        raise DeviceError(
            f"the {noun} {name!r} cannot be loaded: {type(error).__name__}: {error}",
            f"update or remove {_from(point)}",
        ) from error


def _require(found: Any, names: tuple[str, ...], group: str, name: str, noun: str) -> None:
    """DeviceError when a plug-in lacks one of the functions that its group needs."""
    missing = [each for each in names if not callable(getattr(found, each, None))]
    if missing:
        point = next(point for point in entry_points(group=group) if point.name == name)
        lacks = " and ".join(f"no {each}()" for each in missing)
        raise DeviceError(
            f"the {noun} {name!r} ({point.value}) has {lacks}",
            f"update or remove {_from(point)}; bridge/README.md says what a plug-in must have",
        )


def _is_ours(point: EntryPoint) -> bool:
    return point.value.partition(".")[0] == "xrdrama"


def _from(point: EntryPoint) -> str:
    return f"the package {point.dist.name}" if point.dist else "its package"
