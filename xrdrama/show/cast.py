"""The performers of a show: which, where, and what their files make of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from xrdrama.document import Place
from xrdrama.performer import Performer

VIEWER_MARK = "film_camera"
"""The place that `camera` means where no camera is tracked."""
AIMS = ("camera", "speaker", "ahead")
"""What a performer can look at, besides performers and places of the set."""


class PerformerSpec(msgspec.Struct, frozen=True):
    """A performer as the show file has it: by whom it is played, and where it begins."""

    id: str
    place: Place
    performer: str = ""
    """The performer's folder; "" for the one named like this entry."""
    mark: str = ""
    """The place of the set where it stands first; "" for the one named like this entry."""
    presence: str = ""
    """A parameter of the set, 0 to 1, that says how much it is there."""
    on: Literal["set", "stage"] = "set"
    look: str = "speaker"
    """What it looks at until a cue says otherwise."""

    @property
    def played_by(self) -> str:
        """The performer's folder."""
        return self.performer or self.id

    @property
    def first_mark(self) -> str:
        """The place where it stands first."""
        return self.mark or self.id


class Member(msgspec.Struct, frozen=True):
    """A performer of a show, loaded: gestures fit its body."""

    spec: PerformerSpec
    performer: Performer

    @property
    def undrawn(self) -> str:
        """Why no picture of a set shows it; "" if they do."""
        if self.spec.on == "stage":
            return "on: stage"
        return "" if self.performer.body.skeleton else "its performer file has no figure"


def undrawn_text(cast: Mapping[str, Member]) -> str:
    """A message that names the performers that are not drawn in sets; "" if all are."""
    found = [f"{id} ({member.undrawn})" for id, member in cast.items() if member.undrawn]
    return f"not drawn in the sets: {', '.join(found)}" if found else ""
