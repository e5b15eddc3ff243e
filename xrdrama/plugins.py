"""Loads plug-ins by name through entry points; the built-in ones are loaded in the same way.

Another package adds a plug-in with lines in its pyproject.toml:

    [project.entry-points."xrdrama.trackers"]
    mytracker = "my_package.mytracker"

The Protocol class at each function below states what a plug-in of that group must provide.
bridge/README.md has an example of each; tests/conformance checks every installed plug-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Any, Final, cast

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import DeviceError, UsageError, XrdramaError
from xrdrama.ledger.log import EventLogKind
from xrdrama.performer.robot.body import BodyKind
from xrdrama.show.ports import InputKind, OutputKind
from xrdrama.show.settings import record_of
from xrdrama.story.formats import Exporter, Importer
from xrdrama.tracking.datagrams import TrackingProtocol

INPUTS = "xrdrama.inputs"
TRACKERS = "xrdrama.trackers"
OUTPUTS = "xrdrama.outputs"
IMPORTERS = "xrdrama.importers"
EXPORTERS = "xrdrama.exporters"
BODIES = "xrdrama.bodies"
EVENT_LOGS = "xrdrama.event_logs"


class Member(msgspec.Struct, frozen=True):
    """An installed plug-in: its group, name and package, and why it cannot be used."""

    group: str
    name: str
    package: str
    version: str = ""
    fault: str = ""
    remedy: str = ""


def tracker(name: str) -> TrackingProtocol:
    """The tracking protocol `name`.

    UsageError when no plug-in has this name; DeviceError when it cannot be loaded or lacks a
    required function. The name of an input is named as such.
    """
    if name in known(INPUTS) and name not in known(TRACKERS):
        message = f"{name!r} is an input of a show, not a tracking protocol of a camera"
        raise UsageError(message, "write it under inputs: in the show file")
    found = _load(TRACKERS, name, "tracking protocol")
    _require(found, ("decoder", "encode"), TRACKERS, name, "tracking protocol")
    return cast(TrackingProtocol, found)


def input_named(name: str) -> InputKind:
    """The input plug-in `name`. Errors as for `tracker`."""
    found = _load(INPUTS, name, "input")
    _require(found, ("open",), INPUTS, name, "input")
    _require_settings(found, INPUTS, name, "input")
    return cast(InputKind, found)


def output(name: str) -> OutputKind:
    """The output plug-in `name`. Errors as for `tracker`."""
    found = _load(OUTPUTS, name, "output")
    _require(found, ("open",), OUTPUTS, name, "output")
    _require_settings(found, OUTPUTS, name, "output")
    return cast(OutputKind, found)


def importer(name: str) -> Importer:
    """The importer of stories `name`. Errors as for `tracker`."""
    found = _load(IMPORTERS, name, "importer")
    _require(found, ("read",), IMPORTERS, name, "importer")
    return cast(Importer, found)


def exporter(name: str) -> Exporter:
    """The exporter of stories `name`. Errors as for `tracker`."""
    found = _load(EXPORTERS, name, "exporter")
    _require(found, ("write",), EXPORTERS, name, "exporter")
    return cast(Exporter, found)


def body(name: str) -> BodyKind:
    """The body of a robot `name`. Errors as for `tracker`."""
    found = _load(BODIES, name, "body")
    _require(found, ("open",), BODIES, name, "body")
    return cast(BodyKind, found)


def event_log(name: str) -> EventLogKind:
    """The kind of event log `name`. Errors as for `tracker`."""
    found = _load(EVENT_LOGS, name, "event log")
    _require(found, ("open",), EVENT_LOGS, name, "event log")
    return cast(EventLogKind, found)


def known(group: str) -> list[str]:
    """The names of all plug-ins of a group."""
    return sorted({point.name for point in entry_points(group=group)})


def own(group: str) -> list[str]:
    """The names of a group that are xrdrama's own."""
    return sorted({point.name for point in entry_points(group=group) if _is_ours(point)})


def members() -> list[Member]:
    """Every installed plug-in, each of them loaded, ordered by group and name."""
    found = []
    for group, get in GROUPS.items():
        for point in sorted(entry_points(group=group), key=lambda point: point.name):
            fault = remedy = ""
            try:
                get(point.name)
            except (DeviceError, UsageError) as error:
                fault, remedy = error.message, error.remedy
            package, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
            found.append(Member(group, point.name, package, version, fault, remedy))
    return found


def _load(group: str, name: str, noun: str) -> Any:
    point = next((point for point in entry_points(group=group) if point.name == name), None)
    if point is None:
        raise UsageError(f"there is no {noun} {name!r}", suggestion(name, known(group)))
    try:
        found = point.load()
        for module in getattr(found, "REQUIRES", ()):
            if find_spec(module) is None:  # it is imported when the plug-in is opened
                raise ModuleNotFoundError(f"No module named {module!r}")
        return found
    except XrdramaError:
        raise
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "xrdrama":
            raise DeviceError(
                f"the {noun} {name!r} does not fit this version of xrdrama: {error}",
                "this installation is out of date: run make setup, or install xrdrama again"
                if _is_ours(point)
                else f"update {_from(point)}",
            ) from error
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
    """Raise DeviceError when a plug-in lacks a function that its group requires."""
    missing = [each for each in names if not callable(getattr(found, each, None))]
    if missing:
        point = next(point for point in entry_points(group=group) if point.name == name)
        lacks = " and ".join(f"no {each}()" for each in missing)
        raise DeviceError(
            f"the {noun} {name!r} ({point.value}) has {lacks}",
            f"update or remove {_from(point)}; bridge/README.md says what a plug-in must provide",
        )


def _require_settings(found: Any, group: str, name: str, noun: str) -> None:
    """DeviceError when the settings of a plug-in are declared in a way that cannot be read."""
    declared = getattr(found, "SETTINGS", None)
    if declared is None:
        return
    point = next(point for point in entry_points(group=group) if point.name == name)
    remedy = f"update or remove {_from(point)}; bridge/README.md says how settings are declared"
    if not (isinstance(declared, type) and issubclass(declared, msgspec.Struct)):
        message = f"SETTINGS of the {noun} {name!r} ({point.value}) is not a msgspec.Struct"
        raise DeviceError(message, remedy)
    try:
        record_of(declared)
    except Exception as error:  # of the annotations of somebody else
        message = f"SETTINGS of the {noun} {name!r} ({point.value}) cannot be read"
        raise DeviceError(f"{message}: {type(error).__name__}: {error}", remedy) from error


def _is_ours(point: EntryPoint) -> bool:
    return point.value.partition(".")[0] == "xrdrama"


def _from(point: EntryPoint) -> str:
    return f"the package {point.dist.name}" if point.dist else "its package"


GROUPS: Final[Mapping[str, Callable[[str], Any]]] = {
    TRACKERS: tracker,
    INPUTS: input_named,
    OUTPUTS: output,
    IMPORTERS: importer,
    EXPORTERS: exporter,
    BODIES: body,
    EVENT_LOGS: event_log,
}
"""The groups of plug-ins, each with the function that loads a member by its name."""
