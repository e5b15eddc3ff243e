"""A storylet group as conditions of a passage, one after another.

Twine has no storylets. The conditions are asked in the order in which `choose:` would prefer the
beats; a group that prefers what was played least asks first for beats that were not visited.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xrdrama.story import Beat, Story
from xrdrama.story.choosing import complexity
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import StoryletGroup

_IN_FILE_ORDER = ("first", "sequence", "cycle", "once")
_EXACT = ("first", "best")


class Entry(msgspec.Struct, frozen=True):
    """A beat that a group tries to enter. `fresh`: only if it was not visited."""

    beat: str
    when: Expression | None
    fresh: bool

    @property
    def is_always(self) -> bool:
        """True when it can be entered without a condition: those after it are never tried."""
        return self.when is None and not self.fresh


def entries(group: StoryletGroup, beats: Mapping[str, Beat]) -> list[Entry]:
    """The beats in the order in which they are tried, up to the first one that always can be."""
    members = [beats[name] for name in group.beats]
    if group.choose not in _IN_FILE_ORDER:
        members.sort(key=lambda one: -complexity(one.when, once=one.once))
    found = []
    if group.choose not in _EXACT:
        found = [Entry(one.id, one.when, True) for one in members]
    if group.choose in _EXACT:
        found = [Entry(one.id, one.when, one.once) for one in members]
    elif group.choose == "sequence":
        found += [Entry(one.id, one.when, False) for one in reversed(members) if not one.once]
    elif group.choose != "once":
        found += [Entry(one.id, one.when, False) for one in members if not one.once]
    end = next((at for at, one in enumerate(found) if one.is_always), len(found))
    return found[: end + 1]


def approximated(group: StoryletGroup, story: Story) -> list[str]:
    """What of a group is another one in Twine, a text each."""
    found = []
    if group.choose not in _EXACT:
        after = "then none" if group.choose == "once" else "then the first that is available"
        found.append(f"choose: {group.choose} is approximated: each beat once, {after}")
    if any(story.beats[name].once or group.choose not in _EXACT for name in group.beats):
        found.append("visits count that come by another path than the group")
    tried = {one.beat for one in entries(group, story.beats)}
    missed = [name for name in group.beats if name not in tried]
    if missed:
        found.append(f"never entered, as here: {', '.join(missed)}")
    return [f"storylets {group.id}: it comes back as a beat with paths", *(
        f"storylets {group.id}: {one}" for one in found
    )]  # fmt: skip
