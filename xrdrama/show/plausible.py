"""Which numbers of a show file are plausible: one row for each quantity.

The settings of inputs have ranges of their own (`show.settings.duration`).
"""

from __future__ import annotations

from xrdrama.document.plausible import SHARE, TIME, Quantity, scaled

_JUDGED, _FORMAT = "our judgement", "the limit of the format"
_SECONDS = scaled(milliseconds=0.001, minutes=60.0, hours=3600.0)

SHOW_UNITS = (
    Quantity("seconds", "seconds", 1, 36_000, 60, _SECONDS, _FORMAT),
    Quantity("voice.accept", "as a fraction", 0, 1, 0.4, SHARE, _FORMAT),
    Quantity("voice.margin", "as a fraction", 0, 1, 0.1, SHARE, _FORMAT),
    Quantity("voice.again", "as a fraction", 0, 1, 0.6, SHARE, _FORMAT),
    Quantity("voice.confirm", TIME, 0.02, 10, 0.4, (), _JUDGED),
    Quantity("voice.echo", TIME, 0.005, 5, 0.25, (), _JUDGED),
    Quantity("hand.score", "as a fraction", 0, 1, 0.3, SHARE, _FORMAT),
    Quantity("hand.dwell", TIME, 0.02, 15, 0.7, (), _JUDGED),
    Quantity("hand.rest", TIME, 0.02, 60, 1.5, (), _JUDGED),
)
