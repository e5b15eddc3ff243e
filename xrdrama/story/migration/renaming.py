"""Beats that have another id in a newer version of a story."""

from __future__ import annotations

from xrdrama.story.model import Beat, Line, Story

SHARED = 0.5
"""Share of its lines by which a beat with another id is recognised."""


def renamed_beats(old: Story, new: Story) -> dict[str, str]:
    """The new ids of beats that have another id now, recognised by the ids of their lines (or of
    their ending, or of their options, if they have no lines)."""
    gone = [beat for beat in old.order if beat.id not in new.beats]
    come = [beat for beat in new.order if beat.id not in old.beats]
    signs = {beat.id: _signs(beat) for beat in come}
    found: dict[str, str] = {}
    for beat in gone:
        own = _signs(beat)
        best, most = "", 0.0
        for other, its in signs.items():
            share = len(own & its) / max(len(own), len(its), 1)
            if share > most and other not in found.values():
                best, most = other, share
        if most >= SHARED:
            found[beat.id] = best
    return found


def _signs(beat: Beat) -> set[str]:
    lines = {item.id for item in beat.script if isinstance(item, Line) and item.has_id}
    if lines:
        return lines
    options = (
        {f"option {one.id} {one.text}" for one in beat.choice.options} if beat.choice else set()
    )
    return options | ({f"ending {beat.ending.id}"} if beat.ending else set())
