"""What an input listens to: as the show file says, or as `--input` does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.processes.inputs import InputProcess
from xrdrama.show import Production
from xrdrama.show.model import InputSpec, ShowFile
from xrdrama.stage.model import Tracking

SOURCES = {"voice": ("microphone", "file:PATH"), "hand": ("camera:0", "file:PATH")}
"""What `--input` can give to our own recognisers; a plugin's are asked as they are."""


def settings_of(spec: InputSpec, near: Path | None) -> dict[str, Any]:
    """The settings of an input as its plugin takes them: only what the show file says."""
    settings: dict[str, Any] = {name: _typed(text) for name, text in spec.settings.items()}
    if spec.file:
        settings["file"] = str(content.asset(spec.file, near))
    if spec.clips:
        settings["clips"] = [
            {"file": str(content.asset(clip.file, near)), "at": clip.at} for clip in spec.clips
        ]
    if spec.model:
        settings["model"] = str(content.asset(spec.model, near, folder=True))
    for name in ("microphone", "engine"):
        if getattr(spec, name):
            settings[name] = getattr(spec, name)
    if spec.camera:
        settings["camera"] = int(spec.camera) if spec.camera.isdecimal() else spec.camera
    for name, default in (("at", 0), ("every", 1), ("latency", None)):
        if getattr(spec, name) != default:
            settings[name] = getattr(spec, name)
    return settings


def processes_of(
    loaded: content.Loaded,
    production: Production,
    replaced: Mapping[str, Mapping[str, Any]],
    move: str | None,
) -> list[InputProcess]:
    """The processes of a show's inputs, and of the simulated operator where there is a `move` (the
    text of a move file). `replaced` are settings instead of the show file's, by input."""
    near = loaded.path("show")
    folder = near.parent if near else None
    found = []
    for spec in content.show_file(loaded).inputs.values():
        settings = replaced.get(spec.id)
        if settings is None:
            settings = settings_of(spec, folder)
            if spec.use == "voice":
                settings["phrases"] = phrases_of(production)
        found.append(InputProcess(spec.id, spec.use, settings))
    if move is not None:
        tracking = production.stage.tracking if production.stage else Tracking()
        spoken = {"subject": tracking.subject, "protocol": tracking.protocol}
        found.append(InputProcess("operator", "operator", {"move": move, **spoken}))
    return found


def phrases_of(production: Production) -> list[str]:
    """Every phrase that the story listens for: the vocabulary of recognisers that need one."""
    offers = [offer for found in production.offers.values() for offer in found]
    return list(dict.fromkeys(offer.phrase for offer in (*offers, *production.cancel)))


def input_overrides(file: ShowFile, given: list[str], phrases: list[str]) -> dict[str, Any]:
    """`--input viewer=microphone` and the like, as settings; UsageError for what is not one."""
    overrides: dict[str, Any] = {}
    for text in given:
        name, equals, source = text.partition("=")
        spec = file.inputs.get(name)
        if not equals or spec is None:
            known = ", ".join(file.inputs) or "none"
            raise UsageError(f"--input {text!r} names no input of the show", f"it has: {known}")
        kind, _, value = source.partition(":")
        takes = SOURCES.get(spec.use, ("microphone", "camera:0", "file:PATH"))
        if kind not in [one.partition(":")[0] for one in takes]:
            raise UsageError(
                f"--input {text!r}: {name} ({spec.use}) cannot take that",
                f"it takes {' or '.join(f'{name}={one}' for one in takes)}",
            )
        settings: dict[str, Any] = {}
        if kind == "microphone":
            settings = {"microphone": value or "default"}
        elif kind == "camera":
            settings = {"camera": int(value or "0") if (value or "0").isdecimal() else value}
        elif kind == "file" and value:
            settings = {"file": value}
        else:
            raise UsageError(f"--input {text!r} is no source", "microphone, camera:0 or file:PATH")
        if spec.use == "voice":
            settings["phrases"] = phrases
        overrides[name] = settings
    return overrides


def _typed(text: str) -> Any:
    """A setting of a plugin as a number or truth value where it reads as one."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
