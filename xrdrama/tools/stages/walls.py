"""What `stage check` says about canvases, and about how far surveyed points are from walls."""

from __future__ import annotations

from typing import Any

from xrdrama.stage import Stage
from xrdrama.stage.canvases import Canvas
from xrdrama.stage.measured import Survey

_SHOWN = 24
"""Most points that a line for a terminal names; all are in the machine form."""


def walls_form(stage: Stage) -> dict[str, Any]:
    """The part of the JSON document: `canvases` of a stage with several, and `surveys` by wall, if
    there are any; pixels and millimetres."""
    form: dict[str, Any] = {}
    if stage.canvases:
        form["canvases"] = {
            one.id: {
                "size": one.size,
                "at": one.at,
                "display": one.display,
                "walls": _on(stage, one),
            }
            for one in stage.canvases
        }  # fmt: skip
    surveys = {wall.id: _form(wall.survey) for wall in stage.walls if wall.survey}
    return {**form, "surveys": surveys} if surveys else form


def wall_lines(stage: Stage) -> list[str]:
    """The same in lines for a terminal."""
    lines = [
        f"canvas {one.id}: {one.size[0]} x {one.size[1]} pixels, walls {', '.join(_on(stage, one))}"
        + (f", display {one.display}" if one.display else "")
        for one in stage.canvases
    ]
    surveyed = [(wall.id, wall.survey) for wall in stage.walls if wall.survey]
    return lines + [line for name, survey in surveyed for line in _survey_lines(name, survey)]


def _on(stage: Stage, canvas: Canvas) -> list[str]:
    return [wall.id for wall in stage.walls if wall.canvas == canvas.id]


def _form(survey: Survey) -> dict[str, Any]:
    return {
        "file": survey.file,
        "fit": survey.fit,
        "points": len(survey.residuals),
        "left_out": [each.point for each in survey.residuals if each.left_out],
        "median_mm": survey.median_mm,
        "max_mm": survey.max_mm,
        "moved_m": survey.moved_m,
        "turned_deg": survey.turned_deg,
        "residuals": survey.residuals,
    }


def _survey_lines(wall: str, survey: Survey) -> list[str]:
    used, every = len(survey.used), len(survey.residuals)
    fitted = f"{used} of {every} points" if used < every else f"{every} points"
    form = "a mesh through the points; against the declared shape: " * (survey.fit == "mesh")
    largest = sorted(survey.residuals, key=lambda each: -each.mm)
    named = [
        f"{each.point}: {each.mm:.1f}{' (left out)' * each.left_out}" for each in largest[:_SHOWN]
    ]
    more = f", {every - _SHOWN} more (--json)" if every > _SHOWN else ""
    return [
        f"survey of wall {wall} ({survey.file}): {form}{fitted}, residual median "
        f"{survey.median_mm:.1f} mm, max {survey.max_mm:.1f} mm; moves it by "
        f"{survey.moved_m * 1000:.0f} mm and turns it by {survey.turned_deg:.2f} degrees",
        f"  residuals in mm: {'; '.join(named)}{more}",
    ]
