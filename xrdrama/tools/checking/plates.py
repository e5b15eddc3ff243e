"""Checks of the plates of a show: those that end before a beat does, and other frame rates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xrdrama import content
from xrdrama.errors import Problem
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.compiled import read_sheet
from xrdrama.scene.plates import SetPlate
from xrdrama.show import Production
from xrdrama.story.model import Beat, Line, Wait
from xrdrama.timing import NS

_ENDS = {"hold": "its last frame is held", "black": "it is black"}


def check_plates(production: Production, show: Path) -> list[Problem]:
    """Warnings about the plates of the show file `show`; its sets must have no errors."""
    problems: list[Problem] = []
    for name, scene in production.scenes.items():
        if not scene.plates:
            continue
        file = content.mentioned("scene", name, show.parent)
        plates = read_sheet(compiled_scene(name, show.parent).scene_json).plates
        for plate in plates:
            if plate.facts.frames == 1:
                continue
            place = scene.plates[plate.plate.id].place
            for message, hint in (*_ending(plate, name, production), *_stepping(plate, production)):
                text = f"plate {plate.plate.id!r}: {plate.plate.file}: {message}"
                problems.append(
                    Problem(str(file), place.line, place.column, "S032", "warning", text, hint)
                )
    return problems


def shortest(beat: Beat) -> int:
    """Nanoseconds that a beat lasts at least when nobody picks: its lines, pauses and window, or
    the length that its author plans."""
    script = sum(item.lasts for item in beat.script if isinstance(item, Line | Wait))
    window = beat.choice.window if beat.choice else None
    opened = (window.closes or window.lasts or 0) + window.grace if window else 0
    return max(script + opened, beat.lengths.typical or 0)


def _ending(plate: SetPlate, scene: str, production: Production) -> Iterator[tuple[str, str]]:
    end = _ENDS.get(plate.plate.at_end)
    clock = production.scenes[scene].params.get(plate.plate.moved_by)
    if end is None or clock is None or not clock.grows_by:
        return
    longer = [
        beat
        for beat in production.story.order
        if beat.scene == scene and shortest(beat) / NS > plate.seconds
    ]
    if longer:
        beat = max(longer, key=shortest)
        yield (
            f"it ends after {plate.seconds:.3g} s, and the beat {beat.id!r} lasts about "
            f"{shortest(beat) / NS:.3g} s: then {end}",
            "write at_end: loop, use a longer clip, or pause it with a cue",
        )


def _stepping(plate: SetPlate, production: Production) -> Iterator[tuple[str, str]]:
    show = 1.0 / production.rate.period
    if abs(plate.rate - show) > 1e-6 * show:
        does = "skipped" if plate.rate > show else "shown twice"
        each = abs(plate.rate - show)
        yield (
            f"it plays {plate.rate:.5g} frames per second in a show of {show:.5g}: about "
            f"{each:.3g} frames a second are {does}",
            f"write rate: {show:.5g}, which changes its speed, or convert it",
        )
