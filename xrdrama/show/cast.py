"""The performers of a show: which, where, and what their files make of them."""

from __future__ import annotations

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
