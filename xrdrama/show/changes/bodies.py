"""Reports of performers' bodies: they are kept, and may pick an option."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.changes.effects import NO_EFFECTS
from xrdrama.show.changes.picking import pick
from xrdrama.show.changes.progress import Changed
from xrdrama.show.state import Show
from xrdrama.show.state.direction import Act
from xrdrama.wire.events import Reported


def reported(show: Show, report: Reported, at: int, role: str) -> Changed:
    """A body's report; one that is not a repetition picks an option with its trigger."""
    show = replace(show, bodies=show.bodies.reported(report, at))
    staged = show.staged.get(report.performer)
    if staged is not None and report.state != "done":
        here = {report.performer: replace(staged, state=report.state)}
        show = replace(show, staged={**show.staged, **here})
    if report.again:
        return show, NO_EFFECTS
    said = f"{report.performer}.{report.state}"
    for option in show.playthrough.options():
        if any(t.kind == "performer" and said in t.values for t in option.triggers):
            act = Act(said, name=report.source, role=role)
            return pick(show, drama.Picked(option.id, at, "performer"), "performer", act)
    return show, NO_EFFECTS
