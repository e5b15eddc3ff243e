"""The inputs of a run: from the show file and from `--input`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content, plugins
from xrdrama.content.settings import settings_of
from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.processes.inputs import InputProcess
from xrdrama.show import Production
from xrdrama.show.model import ShowFile
from xrdrama.show.settings import Nothing, driven, given_text, needs
from xrdrama.stage.model import Stage, Tracking


def processes_of(
    loaded: content.Loaded,
    production: Production,
    replaced: Mapping[str, Mapping[str, Any]],
    moves: Mapping[str, str],
    log: Path | None = None,
) -> list[InputProcess]:
    """The processes of a show's inputs, and of the simulated operator if there are `moves` (the
    texts of move files by camera, "" for the first). `replaced` are settings by input that replace
    those of the show file. `log` is a recording of a tracker that is played instead of the moves.

    AuthoringError for invalid settings; UsageError for a move of a camera that the stage does not
    have; UsageError and DeviceError as for `plugins.input_named`.
    """
    path = loaded.path("show")
    found = []
    for spec in content.show_file(loaded).inputs.values():
        kind = plugins.input_named(spec.use)
        settings = replaced.get(spec.id)
        if settings is None:
            settings, problems = settings_of(spec, kind, path.parent if path else None)
            if any(problem.severity == "error" for problem in problems):
                raise AuthoringError(problems)
        phrases = phrases_of(production)
        given = dict.fromkeys(needs(getattr(kind, "SETTINGS", None) or Nothing), phrases)
        found.append(InputProcess(spec.id, spec.use, {**settings, **given}))
    if moves or log is not None:
        chosen = operator_settings(production.stage, moves, log)
        found.append(InputProcess("operator", "operator", chosen))
    return found


def operator_settings(
    stage: Stage | None, moves: Mapping[str, str], log: Path | None = None
) -> dict[str, Any]:
    """The settings of the simulated operator for a stage: its tracker's, and what it plays.

    UsageError for a move of a camera that the stage does not have.
    """
    tracking = stage.tracking if stage else Tracking()
    chosen: dict[str, Any] = {
        "subject": tracking.subject,
        "protocol": tracking.protocol,
        "axes": list(tracking.axes),
        "profile": tracking.profile,
        "osc_address": tracking.osc_address,
    }
    if log is not None:
        return chosen | {"log": str(log.resolve())}
    (subject, move), *others = subjects_of(stage, moves).items()
    return chosen | {"move": move, "subject": subject, "others": dict(others)}


def subjects_of(stage: Stage | None, moves: Mapping[str, str]) -> dict[str, str]:
    """Camera moves by the subject of each camera, from moves by camera ("" for the first).

    UsageError for a camera that the stage does not have.
    """
    cameras = {one.id: one.subject for one in stage.cameras} if stage else {}
    first = stage.camera.subject if stage else Tracking().subject
    found = {}
    for camera, move in moves.items():
        if camera and camera not in cameras:
            raise UsageError(
                f"the show has a move for the camera {camera!r}, which the stage does not have",
                suggestion(camera, cameras) or "remove it from moves:",
            )
        found[cameras[camera] if camera else first] = move
    return found


def phrases_of(production: Production) -> list[str]:
    """Every phrase that the story listens for in its own language: the vocabulary of recognisers
    that need one. A recogniser knows no words of other languages."""
    return list(production.vocabulary)


def input_overrides(file: ShowFile, given: list[str]) -> dict[str, dict[str, Any]]:
    """The settings in `--input viewer=microphone` and so on; UsageError for an invalid one."""
    overrides: dict[str, dict[str, Any]] = {}
    for text in given:
        name, equals, source = text.partition("=")
        spec = file.inputs.get(name)
        if not equals or spec is None:
            known = ", ".join(file.inputs)
            if not known:
                raise UsageError(f"--input {text!r}: the show has no inputs", "remove this option")
            message = f"--input {text!r} names no input of the show"
            raise UsageError(message, f"write NAME=SOURCE with one of: {known}")
        setting, _, value = source.partition(":")
        kind = plugins.input_named(spec.use)
        takes: Mapping[str, str] = getattr(kind, "SOURCES", {})
        if setting not in takes or not (value or takes[setting]):
            forms = [f"{name}={key}:{usual or 'PATH'}" for key, usual in takes.items()]
            raise UsageError(
                f"--input {text!r}: {name} ({spec.use}) does not support this source",
                f"it takes {' or '.join(forms)}" if forms else "remove this option",
            )
        declared = getattr(kind, "SETTINGS", None) or Nothing
        kept = {key: given_text(spec.settings, key) for key in driven(declared)}
        overrides[name] = {**kept, setting: value or takes[setting]}
        try:
            msgspec.convert(overrides[name], declared, strict=False)
        except msgspec.ValidationError as error:
            raise UsageError(
                f"--input {text!r}: {_fault(setting, str(error))}",
                f"write {name}={setting}:{takes[setting] or 'VALUE'}",
            ) from None
    return overrides


def face_overrides(file: ShowFile, given: str) -> list[str]:
    """`--face 0` and `--face lan=file.mp4` as `--input` would have them; [] for "".

    UsageError if the show has no input of a face, or it is not clear which is meant.
    """
    if not given:
        return []
    inputs = {
        spec.id: given_text(spec.settings, "performer")
        for spec in file.inputs.values()
        if spec.use == "face"
    }
    performer, equals, source = given.partition("=")
    if not equals or performer not in inputs.values():
        performer, source = "", given
    names = [name for name, drives in inputs.items() if performer in ("", drives)]
    if not names:
        raise UsageError(
            f"--face {given}: the show has no input of a face",
            "add to the show file, for example, inputs: {lan_face: {use: face, performer: lan,"
            " camera: 0}}",
        )
    if len(names) > 1:
        known = " or ".join(f"--face {drives}={source}" for drives in sorted(set(inputs.values())))
        raise UsageError(f"--face {given}: the show has {len(names)} live faces", f"write {known}")
    kind = "camera" if source.isascii() and source.isdecimal() else "file"
    return [f"{names[0]}={kind}:{source}"]


def _fault(setting: str, error: str) -> str:
    """A message about an invalid setting, from that of msgspec."""
    kinds = (("`int", "a whole number"), ("`float", "a number"), ("`bool", "true or false"))
    expected = next((noun for kind, noun in kinds if f"xpected {kind}" in error), "")
    return f"{setting} must be {expected}" if expected else error.partition(" - at")[0]
