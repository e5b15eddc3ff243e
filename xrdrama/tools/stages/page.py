"""The page of a stage: charts and findings in one HTML file that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xrdrama.errors import Problem
from xrdrama.saving import save
from xrdrama.stage import Stage
from xrdrama.tools.report.page import templates
from xrdrama.tools.stages.advice import Advised, advice_lines
from xrdrama.tools.stages.charts import charts_of
from xrdrama.tools.stages.moves import Recorded

PAGE = "stage.html"


def write_stage_page(
    out: Path, stage: Stage, moves: list[Recorded], advised: Advised, problems: Sequence[Problem]
) -> list[Path]:
    """Write the charts and `stage.html` into the folder `out`; returns the paths, the page first.

    DeviceError when they cannot be written.
    """
    charts = charts_of(stage, moves, advised)
    page = (
        templates()
        .get_template(PAGE)
        .render(
            title=stage.title,
            camera=stage.camera.id,
            moves=advised.moves,
            rate=advised.rate,
            lines=[line.split(": ", 1) for line in advice_lines(advised)],
            problems=problems,
            charts=[(name, png, text) for name, (png, text) in charts.items()],
        )
    )
    for name, (png, _) in charts.items():
        save(out / name, png)
    save(out / PAGE, page)
    return [out / PAGE, *(out / name for name in charts)]
