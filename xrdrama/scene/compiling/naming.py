"""Check that what scene.yaml names is in the models."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xrdrama.document import Place, suggestion
from xrdrama.scene.compiling.rigs import Rigs
from xrdrama.scene.model import Clip, Scene

Found = tuple[str, str, str, Place]
"""Code, message, hint and place of an error."""


def missing_clips(rigs: Rigs) -> Iterator[tuple[str, str, Clip]]:
    """Message, hint and clip for each clip that its model does not have."""
    for clip, known in rigs.missing:
        hint = suggestion(clip.id, known) or "it has no animations"
        yield f"the model has no animation {clip.id!r}", hint, clip


def missing_names(
    scene: Scene, materials: Collection[str], nodes: Collection[str]
) -> Iterator[Found]:
    """The materials and parts that no model has; these are the names of those that they have."""
    for kind, what, written, known in (
        ("materials", "material", scene.materials, materials),
        ("parts", "node", scene.parts, nodes),
    ):
        for name in written:
            if name not in known:
                hint = suggestion(name, sorted(known))
                place = scene.positions.get(f"{kind}.{name}", scene.place)
                yield "S021", f"no model has a {what} {name!r}", hint, place


def moved_twice(scene: Scene, moving: Collection[str]) -> Iterator[Found]:
    """The parts that would move nodes that a clip moves; `moving` are the names of these."""
    for name, part in scene.parts.items():
        if (part.turn_by or part.travel_by or part.turns_with_way) and name in moving:
            yield (
                "S028", f"the part {name!r} is moved by a clip, too",
                "remove it under parts: or the clip; a part that a clip moves may only fade",
                scene.positions.get(f"parts.{name}", scene.place),
            )  # fmt: skip
