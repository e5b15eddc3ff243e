"""The effects of a film camera and of LED walls that a through-the-lens picture can simulate.

Each is off unless it is asked for. What each one simulates, and what not, is in the module that
draws it; `MODELS` has it in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import UsageError


class Effects(msgspec.Struct, frozen=True):
    """Which effects are simulated."""

    motion_blur: bool = False
    depth_of_field: bool = False
    off_angle: bool = False
    shadow: bool = False
    slip: bool = False

    def __bool__(self) -> bool:
        return any(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that are on, in the order of `EFFECTS`."""
        return tuple(name for name in EFFECTS if getattr(self, name))

    def toggled(self, name: str) -> Effects:
        """These with one switched on or off. UsageError for an unknown name."""
        _known(name)
        return msgspec.structs.replace(self, **{name: not getattr(self, name)})


EFFECTS: Final = Effects.__struct_fields__
NO_EFFECTS: Final = Effects()
MODELS: Final = {
    "motion_blur": "the film camera moves while its shutter is open; the picture on the walls does"
    " not, and nor does the stand-in",
    "depth_of_field": "the lens as a thin one: what is out of focus is blurred by its circle of"
    " confusion, the walls as what they are at their distance",
    "off_angle": "a model: the luminance of red, green and blue LEDs falls by a power of the cosine"
    " of the viewing angle",
    "shadow": "a model: the stand-in, as an upright cylinder, hides parts of the walls' light from"
    " the floor",
    "slip": "the walls show what was drawn for an earlier pose of the camera",
}
"""What each effect is, in one sentence, for reports."""


def effects_named(names: Iterable[str]) -> Effects:
    """The effects with these names; `all` names every one. UsageError for an unknown name."""
    chosen: set[str] = set()
    for name in names:
        if name == "all":
            chosen.update(EFFECTS)
            continue
        _known(name)
        chosen.add(name)
    return Effects(**dict.fromkeys(chosen, True))


def parse_effects(text: str) -> Effects:
    """The effects of a text such as `motion_blur,depth_of_field`; "" switches none on.

    UsageError for an unknown name.
    """
    return effects_named(word.strip() for word in text.split(",") if word.strip())


def _known(name: str) -> None:
    if name not in EFFECTS:
        raise UsageError(f"there is no effect {name!r}", suggestion(name, [*EFFECTS, "all"]))
