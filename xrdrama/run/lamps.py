"""Messages about live faces, for the terminal: which are on, and what changes."""

from __future__ import annotations

from typing import Final

from xrdrama.timing import NS
from xrdrama.wire.frame import Frame, LiveFace

QUIET: Final = 5 * NS
"""A face that comes and goes is reported once in this time of the show, nanoseconds."""


class Lamps:
    """Remembers which live faces were reported, and how."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[LiveFace, int]] = {}

    def news(self, frame: Frame) -> list[str]:
        """A message for each live face that came on, changed or went off by this frame."""
        now, texts = frame.time.shows_at, []
        for face in frame.faces:
            before, when = self._shown.get(face.source, (None, now))
            if before != face and (before is None or now - when >= QUIET or _is_first(before)):
                self._shown[face.source] = face, now
                texts.append(face.words)
        on = {face.source for face in frame.faces}
        for source in [name for name in self._shown if name not in on]:
            face, _ = self._shown.pop(source)
            texts.append(f"live face off: {source} does not drive {face.performer} any more")
        return texts


def summary(frame: Frame) -> str:
    """The live faces that are on, in a few words: "" without one."""
    names = sorted({face.performer for face in frame.faces})
    return f"LIVE FACE: {', '.join(names)}" if names else ""


def _is_first(face: LiveFace) -> bool:
    return face.state == "waiting"
