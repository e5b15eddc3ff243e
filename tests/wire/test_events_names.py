"""Names in events are compared in composed form, whichever way a sender spells an accent."""

from __future__ import annotations

import msgspec

from xrdrama.wire.commands import Forced, ParamSet
from xrdrama.wire.events import AnyEvent, MarkerSeen, Pressed

DECOMPOSED, COMPOSED = "e\u0301toile", "étoile"


def test_an_event_holds_composed_names() -> None:
    for event in (
        Pressed("page", DECOMPOSED),
        Forced("tablet", DECOMPOSED),
        MarkerSeen("camera", DECOMPOSED, 0),
        ParamSet("tablet", DECOMPOSED, 0.5),
    ):
        names = msgspec.to_builtins(event)
        assert COMPOSED in names and DECOMPOSED not in names
        raw = msgspec.msgpack.encode([DECOMPOSED if n == COMPOSED else n for n in names])
        assert msgspec.msgpack.decode(raw, type=AnyEvent) == event
