"""Checks the plug-ins of a show file: are they installed, are their settings valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from xrdrama import plugins
from xrdrama.content.settings import settings_of
from xrdrama.document import Node, Place, place_of, suggestion
from xrdrama.errors import DeviceError, Problem, UsageError
from xrdrama.show.model import InputSpec, OutputSpec, ShowFile
from xrdrama.tracking.edge import with_address, with_profile


def check_plugged(show: ShowFile, root: Node, file: Path | None) -> list[Problem]:
    """Problems for inputs and outputs whose plug-in is missing or cannot be loaded, and for
    settings that their plug-in rejects. `root` and `file` are the show file's."""
    near = file.parent if file else None
    return [
        *_check("inputs", show.inputs.values(), plugins.INPUTS, plugins.input_named, root, near),
        *_check("outputs", show.outputs.values(), plugins.OUTPUTS, plugins.output, root, near),
    ]


def check_tracker(
    protocol: str, root: Node, profile: str = "", osc_address: str = ""
) -> list[Problem]:
    """A stage's tracking protocol that no plug-in speaks or whose plug-in cannot be loaded, and a
    vendor profile that it does not have; `root` is the stage file's."""
    place = place_of(root, "tracking", "protocol")
    try:
        found = plugins.tracker(protocol)
    except (UsageError, DeviceError) as error:
        return [_error(place, "W009", error.message, error.remedy)]
    for key, change, value in (
        ("profile", with_profile, profile), ("osc_address", with_address, osc_address)
    ):  # fmt: skip
        try:
            change(found, protocol, value)
        except UsageError as error:
            place = place_of(root, "tracking", key)
            return [_error(place, "W054", error.message, error.remedy)]
    return []


def _check(
    key: str,
    specs: Iterable[InputSpec | OutputSpec],
    group: str,
    load: Callable[[str], Any],
    root: Node,
    near: Path | None,
) -> list[Problem]:
    problems: list[Problem] = []
    known = plugins.known(group)
    for spec in specs:
        place = place_of(root, key, spec.id, "use")
        if spec.use not in known:
            message = f"there is no {key[:-1]} {spec.use!r}"
            code = "H005" if key == "inputs" else "H011"
            problems.append(_error(place, code, message, suggestion(spec.use, known)))
            continue
        try:
            kind = load(spec.use)
        except DeviceError as error:
            problems.append(_error(place, "H013", error.message, error.remedy))
        else:
            problems += settings_of(spec, kind, near)[1]
    return problems


def _error(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "error", message, hint)
