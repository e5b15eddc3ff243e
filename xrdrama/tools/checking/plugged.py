"""Checks of what a show file says of plug-ins: is it installed, do its settings fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import plugins
from xrdrama.authoring.check_show import check_inputs
from xrdrama.document import Node, Place, place_of, suggestion
from xrdrama.errors import DeviceError, Problem, UsageError
from xrdrama.run.sources import settings_of
from xrdrama.show.model import InputSpec, ShowFile


def check_outputs(show: ShowFile, root: Node) -> list[Problem]:
    """Outputs that no plug-in opens, and settings that theirs does not take."""
    problems: list[Problem] = []
    known = plugins.known(plugins.OUTPUTS)
    for spec in show.outputs.values():
        if spec.use not in known:
            place = place_of(root, "outputs", spec.id, "use")
            message = f"there is no output {spec.use!r}"
            problems.append(_error(place, "H011", message, suggestion(spec.use, known)))
            continue

        def place_of_key(key: str, name: str = spec.id) -> Place:
            return place_of(root, "outputs", name, "settings", key)

        try:
            kind = plugins.output(spec.use)
        except DeviceError as error:
            problems.append(_error(place_of_key(""), "H012", error.message, error.remedy))
            continue
        declared = getattr(kind, "SETTINGS", None)
        problems += check_settings(declared, spec.settings, place_of_key)
    return problems


def check_input_settings(show: ShowFile, root: Node, file: Path | None) -> list[Problem]:
    """Inputs that no plug-in opens, and settings that theirs does not take."""
    problems = check_inputs(show, root, plugins.known(plugins.INPUTS))
    missing = {problem.line for problem in problems}
    for spec in show.inputs.values():
        if place_of(root, "inputs", spec.id, "use").line in missing:
            continue
        try:
            settings = settings_of(spec, file.parent if file else None)
        except UsageError:
            continue  # a recording that cannot be used is a problem of its own

        def place_of_key(key: str, spec: InputSpec = spec) -> Place:
            inside = ("settings",) if key in spec.settings else ()
            return place_of(root, "inputs", spec.id, *inside, key)

        try:
            kind = plugins.input_named(spec.use)
        except DeviceError:
            continue  # of this machine: the run says so, and doctor says what to install
        problems += check_settings(getattr(kind, "SETTINGS", None), settings, place_of_key)
    return problems


def check_settings(
    declared: Any, settings: Mapping[str, Any], place: Callable[[str], Place]
) -> list[Problem]:
    """What of some settings does not fit the `SETTINGS` that a plug-in declares, if it does.

    `place` says where a setting stands.
    """
    if declared is None:
        return []
    fields = {field.encode_name: field for field in msgspec.structs.fields(declared)}
    problems = [
        _error(
            place(key), "H012", f"unknown setting {key!r}",
            suggestion(key, fields) if fields else "it has no settings: remove this line",
        )
        for key in settings
        if key not in fields
    ]  # fmt: skip
    known = {key: value for key, value in settings.items() if key in fields}
    while True:  # msgspec stops at the first fault; each one is reported
        try:
            msgspec.convert(known, declared, strict=False)
        except msgspec.ValidationError as error:
            found = re.search(r" - at `\$\.(\w+)", str(error))
            if found is None or found[1] not in known:
                if problems:
                    return problems  # what is missing may be what was misspelt
                return [_error(place(""), "H012", _words(error), _listed(fields))]
            key = found[1]
            problems.append(_error(place(key), "H012", f"{key}: {_words(error)}", ""))
            del known[key]
            if fields[key].required:
                return problems
        else:
            return problems


_PLAIN = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}


def _words(error: msgspec.ValidationError) -> str:
    text = str(error).partition(" - at `$")[0]
    for word, plain in _PLAIN.items():
        text = text.replace(f"`{word}`", plain)
    return text[:1].lower() + text[1:]


def _listed(fields: Mapping[str, Any]) -> str:
    return f"its settings are {', '.join(fields)}"


def _error(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "error", message, hint)
