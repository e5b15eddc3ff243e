"""Beats that have another id in a newer version of a story."""

from __future__ import annotations

from collections import Counter

from xrdrama.story.model import Beat, Line, Story

SHARED = 0.5
"""Share of its lines by which a beat with another id is recognised."""


def renamed_beats(old: Story, new: Story) -> dict[str, str]:
    """The new ids of beats that have another id now, recognised by the ids of their lines (or of
    their ending, or of their options, if they have no lines)."""
    gone = [beat for beat in old.order if beat.id not in new.beats]
    come = [beat for beat in new.order if beat.id not in old.beats]
    having: dict[str, list[int]] = {}
    """The beats that have a sign, in order."""
    counts = []
    for at, beat in enumerate(come):
        signs = _signs(beat)
        counts.append(len(signs))
        for sign in signs:
            having.setdefault(sign, []).append(at)
    found: dict[str, str] = {}
    taken: set[int] = set()
    for beat in gone:
        own = _signs(beat)
        shared = Counter(at for sign in own for at in having.get(sign, ()))
        best, most = -1, 0.0
        for at in sorted(shared.keys() - taken):
            share = shared[at] / max(len(own), counts[at])
            if share > most:
                best, most = at, share
        if most >= SHARED:
            found[beat.id] = come[best].id
            taken.add(best)
    return found


def _signs(beat: Beat) -> set[str]:
    lines = {item.id for item in beat.script if isinstance(item, Line) and item.has_id}
    if lines:
        return lines
    options = (
        {f"option {one.id} {one.text}" for one in beat.choice.options} if beat.choice else set()
    )
    return options | ({f"ending {beat.ending.id}"} if beat.ending else set())
