"""Checks of a story's printed markers.

C015  two markers whose patterns are too much alike
C018  an entry under markers: that no trigger uses
"""

from __future__ import annotations

from xrdrama.document import suggestion
from xrdrama.errors import Problem
from xrdrama.story import Story
from xrdrama.story.markers import CELLS, alike, uses_of


def check_markers(story: Story) -> list[Problem]:
    """Markers that a camera could confuse, and markers that are declared and not used."""
    uses = uses_of(story)
    problems = []
    for one, other, cells in alike(story.id, uses):
        place = uses[other][0].place
        message = f"the markers {one!r} and {other!r} differ in {cells} of {CELLS} cells"
        hint = f"give one of them another name, such as marker: {other}_2, and print it again"
        problems.append(
            Problem(place.file, place.line, place.column, "C015", "error", message, hint)
        )
    for marker in story.markers.values():
        if marker.id in uses:
            continue
        message = f"no trigger uses the marker {marker.id!r}"
        hint = suggestion(marker.id, uses)
        if not hint:
            hint = f"remove it, or open a hidden plot with it: on: {{marker: {marker.id}}}"
        place = marker.place
        problems.append(
            Problem(place.file, place.line, place.column, "C018", "warning", message, hint)
        )
    return problems
