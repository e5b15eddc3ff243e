"""An output: the light of the set, as a line of text for each frame."""

from pathlib import Path

import msgspec

FIXED_RATE = True


class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that is written, and the universe of the lamps."""

    file: str
    universe: int = 1


def open(name, settings, context):
    """The lamps of a show."""
    wanted = msgspec.convert(dict(settings), SETTINGS, strict=False)
    return Lamps(wanted, context.production.id)


class Lamps:
    """Writes what a frame has of light."""

    def __init__(self, settings, show):
        self.settings, self.show, self.lines = settings, show, []

    def present(self, frame):
        """Keep the frame's number and how many lights it has."""
        self.lines.append(f"{self.settings.universe} {frame.number} {len(frame.lights)}")

    def close(self):
        """Write the file."""
        Path(self.settings.file).write_text("\n".join([self.show, *self.lines]), "utf-8")
