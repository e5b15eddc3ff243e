"""Which numbers of a show file are plausible: one row for each quantity.

The ranges are our judgement, several times wider than the defaults of the inputs (a voice is
heard 0.3 to 2 s after it ends, a hand seen 0.1 to 0.3 s later).
"""

from __future__ import annotations

from xrdrama.document.plausible import SHARE, TIME, Quantity, scaled

_JUDGED, _FORMAT = "our judgement", "the limit of the format"
_SECONDS = scaled(milliseconds=0.001, minutes=60.0, hours=3600.0)

SHOW_UNITS = (
    Quantity("seconds", "seconds", 1, 36_000, 60, _SECONDS, _FORMAT),
    Quantity("inputs.*.latency", TIME, 0.005, 10, 0.6, (), "what the voice input takes"),
    Quantity("inputs.*.at", TIME, 0.001, 36_000, 10, (), "the longest show"),
    Quantity("inputs.*.clips.*.at", TIME, 0.001, 36_000, 10, (), "the longest show"),
    Quantity("voice.accept", "as a fraction", 0, 1, 0.4, SHARE, _FORMAT),
    Quantity("voice.margin", "as a fraction", 0, 1, 0.1, SHARE, _FORMAT),
    Quantity("voice.again", "as a fraction", 0, 1, 0.6, SHARE, _FORMAT),
    Quantity("voice.confirm", TIME, 0.02, 10, 0.4, (), _JUDGED),
    Quantity("voice.echo", TIME, 0.005, 5, 0.25, (), _JUDGED),
    Quantity("hand.score", "as a fraction", 0, 1, 0.3, SHARE, _FORMAT),
    Quantity("hand.dwell", TIME, 0.02, 15, 0.7, (), _JUDGED),
    Quantity("hand.rest", TIME, 0.02, 60, 1.5, (), _JUDGED),
)
