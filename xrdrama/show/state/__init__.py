"""What a show remembers from frame to frame, by subject: voice and hand, cues, the director."""

from xrdrama.show.state.state import (
    OTHER_SUBJECT_LASTS,
    Followed,
    PickedOption,
    Show,
    Speaking,
    received,
)

__all__ = ["OTHER_SUBJECT_LASTS", "Followed", "PickedOption", "Show", "Speaking", "received"]
