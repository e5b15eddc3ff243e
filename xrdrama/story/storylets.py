"""Checks the storylet groups of a story file, and the keys of beats that belong to one.

S150  a storylet of a group that is not declared
S151  a group with the name of a beat
S152  a group without beats
S153  a key of storylets in another beat
"""

from __future__ import annotations

from xrdrama.document import Reading, suggestion
from xrdrama.story.written import RawBeat, RawStory


def check_storylets(raw: RawStory, reading: Reading) -> None:
    """Note problems of groups, and of beats that belong to none."""
    used = {beat.storylet for beat in raw.beats.values()}
    for group in raw.storylets.values():
        if group.id in raw.beats:
            reading.note(
                group.place, "S151", f"{group.id!r} is also the name of a beat",
                "rename the storylet group: paths lead to beats and groups by name",
            )  # fmt: skip
        if group.id not in used:
            reading.note(
                group.place, "S152", f"no beat belongs to the storylet group {group.id!r}",
                f"add storylet: {group.id} to a beat, or delete the group",
            )  # fmt: skip
    for beat in raw.beats.values():
        _check_keys(beat, raw, reading)


def _check_keys(beat: RawBeat, raw: RawStory, reading: Reading) -> None:
    """Check the keys of a beat that only storylets have."""
    if not beat.storylet:
        for key in ("when", "once"):
            if key in beat.given:
                reading.note(
                    beat.given[key], "S153", f"{key}: is only for storylets",
                    "add storylet: and the name of a group, or move the condition to the paths "
                    "that lead here",
                )  # fmt: skip
    elif beat.storylet not in raw.storylets and not reading.lost("storylets", beat.storylet):
        hint = suggestion(beat.storylet, raw.storylets)
        if not hint.endswith("?"):
            hint = f"declare it at the top level: storylets: {{{beat.storylet}: {{}}}}"
        message = f"there is no storylet group {beat.storylet!r}"
        reading.note(beat.given["storylet"], "S150", message, hint)
