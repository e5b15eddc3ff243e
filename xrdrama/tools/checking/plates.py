"""Checks of the plates of a show: those with another frame rate.

A plate that ends before a beat does is not reported: it does what `at_end` says, and `hold` and
`black` are only there if somebody wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xrdrama import content
from xrdrama.errors import Problem
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.compiled import read_sheet
from xrdrama.scene.plates import SetPlate
from xrdrama.show import Production


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
            for message, hint in _stepping(plate, production):
                text = f"plate {plate.plate.id!r}: {plate.plate.file}: {message}"
                problems.append(
                    Problem(str(file), place.line, place.column, "S032", "warning", text, hint)
                )
    return problems


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
