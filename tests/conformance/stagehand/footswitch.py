"""An input: a switch on the floor, played from a list of times, that finds a marker of the set."""

import msgspec

from xrdrama.errors import UsageError
from xrdrama.timing import NS
from xrdrama.wire.events import MarkerSeen

NEVER = 2**62 - 1
SOURCES = {"marker": ""}


class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marker that it stands for, and the second at which somebody steps on it."""

    marker: str
    second: float = 1.0


def open(name, settings):
    """The switch of a show."""
    try:
        wanted = msgspec.convert(dict(settings), SETTINGS, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"the footswitch {name}: {error}") from None
    return Footswitch(name, wanted)


class Footswitch:
    """Waits, and says which marker it is."""

    def __init__(self, name, settings):
        self.name, self.settings = name, settings

    def run(self, ingress, stop):
        """Record one event at its time, then promise that nothing else comes."""
        if not ingress.wait_for_start(stop):
            return
        at = round(self.settings.second * NS)
        if not ingress.fixed_rate:
            wait = at - ingress.now()
            if wait > 0 and stop.wait(wait / NS):
                return
        ingress.record(MarkerSeen(self.name, self.settings.marker, at), at)
        ingress.promise(self.name, NEVER)
