"""What a show knows of the bodies of its performers, such as robots."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from xrdrama.timing import NS
from xrdrama.wire.events import Reported
from xrdrama.wire.frame import Alarm, Latched

MOST_BODIES = 32
"""Bodies that are kept; the newest. A peer could name ever new ones."""
SILENCE = 6 * NS
"""A body whose process did not report for this long is not connected: it repeats its state every 2
seconds."""
_TEXTS = {
    "stopped": "is stopped; a director and a hand at its process must release it",
    "fell": "has fallen",
    "hot": "has a hot motor",
    "lost": "does not answer",
}


class Bodies(msgspec.Struct, frozen=True):
    """Bodies by performer, the one of "" for stops of all; and when and what each last reported."""

    rows: dict[str, Latched] = {}
    heard: dict[str, tuple[int, str]] = {}
    """When a body last reported, and why it was stopped."""

    @property
    def latches(self) -> tuple[Latched, ...]:
        """The rows of the frame, by performer."""
        return tuple([self.rows[name] for name in sorted(self.rows)])

    def stopped(self, performer: str) -> Bodies:
        """After a stop of one body, or of all with ""."""
        row = self._row(performer)
        return self._with(replace(row, stops=row.stops + 1))

    def released(self, performer: str) -> Bodies:
        """After a director's release of one body."""
        row = self._row(performer)
        return self._with(replace(row, releases=row.releases + 1))

    def reported(self, report: Reported, at: int) -> Bodies:
        """After a report of a body. `done` is an event, not a state."""
        row = self._row(report.performer)
        state = row.state if report.state == "done" else report.state
        since = row.since if state == row.state else at
        bodies = self._with(replace(row, state=state, since=since))
        return replace(bodies, heard={**bodies.heard, report.performer: (at, report.why)})

    def alarms(self, at: int) -> list[Alarm]:
        """What a person should know now."""
        found = []
        for row in self.latches:
            heard, why = self.heard.get(row.performer, (0, ""))
            if row.state and at - heard > SILENCE:
                text = f"{row.performer} is not connected: its process sent no report for 6 s"
                found.append(Alarm("performer_silent", text, heard))
            elif text := _TEXTS.get(row.state, ""):
                because = f" ({why})" if why else ""
                text = f"{row.performer} {text}{because}"
                found.append(Alarm(f"performer_{row.state}", text, row.since))
        return found

    def _row(self, performer: str) -> Latched:
        return self.rows.get(performer, Latched(performer))

    def _with(self, row: Latched) -> Bodies:
        rows = {**self.rows, row.performer: row}
        if len(rows) > MOST_BODIES:
            rows.pop(next(name for name in rows if name not in ("", row.performer)))
        heard = {name: value for name, value in self.heard.items() if name in rows}
        return Bodies(rows, heard)
