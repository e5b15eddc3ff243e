"""Our performers with all gestures of examples/performers/gestures, for tests."""

from __future__ import annotations

from functools import cache

from xrdrama import content
from xrdrama.content.performers import figure_of, make_performer
from xrdrama.performer import Performer, Repertoire
from xrdrama.performer.parse import parse_gestures, parse_performer

FIGURES = ("lan", "grandmother", "stand_in")


@cache
def everyday() -> Repertoire:
    """The gestures as they are written, fitted to nobody."""
    file = content.find("gestures", "everyday")
    found, problems = parse_gestures(content.read_text(file), str(file))
    assert found is not None and len(found.gestures) >= 15, problems
    return found


@cache
def performer(name: str) -> Performer:
    """A performer of ours, whose gestures fit its body."""
    file = content.find("performer", name)
    written, problems = parse_performer(content.read_text(file), str(file))
    assert written is not None, problems
    figure = figure_of(written, file) if written.figure else None
    made, problems, _ = make_performer(written, str(file), {"everyday": everyday()}, figure)
    assert made is not None and not problems, problems
    return made
