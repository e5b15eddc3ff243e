"""A story whose storylets and line groups choose in another way, as `saliency:` of a plan asks."""

from __future__ import annotations

from typing import Final, cast

from msgspec.structs import replace

from xrdrama.story.choosing import Choose
from xrdrama.story.model import Beat, Group, Story

DEFAULT: Final[Choose] = "least_seen"


def choosing(story: Story, way: str) -> Story:
    """The story with another way of choosing, where it has the usual one; the same story if `way`
    is ""."""
    if not way:
        return story
    choose = cast(Choose, way)
    order = tuple(_beat(beat, choose) for beat in story.order)
    storylets = {
        name: replace(group, choose=choose) if group.choose == DEFAULT else group
        for name, group in story.storylets.items()
    }
    return replace(story, order=order, beats={beat.id: beat for beat in order}, storylets=storylets)


def _beat(beat: Beat, way: Choose) -> Beat:
    if not any(isinstance(item, Group) and item.choose == DEFAULT for item in beat.script):
        return beat
    script = tuple(
        replace(item, choose=way) if isinstance(item, Group) and item.choose == DEFAULT else item
        for item in beat.script
    )
    return replace(beat, script=script)
