"""Playing a take again: its ticks, its frames, the show after the last one."""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.show.changes.revising import revised
from xrdrama.show.production import Production
from xrdrama.show.show import advance, opening
from xrdrama.show.state import Show
from xrdrama.show.take.reading import Take
from xrdrama.show.take.records import Ticked
from xrdrama.show.tick import Tick
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Frame, frame_hash


def ticks_of(take: Take, production: Production) -> Iterator[tuple[Tick, Ticked]]:
    """The ticks of a take in order, each with what was noted of it."""
    done = 0
    start = production.start_timecode
    for ticked in take.ticks:
        entries = take.entries[done : ticked.upto]
        done = ticked.upto
        yield Tick(FrameTime.of(ticked.number, production.rate, start=start), entries), ticked


def replay(take: Take, production: Production) -> Iterator[tuple[Frame, bool]]:
    """Every frame of a take again, and whether its value is the one that was hashed."""
    show, versions = opening(production), _Versions(production)
    for tick, ticked in ticks_of(take, production):
        show = versions.used(show, tick.time.number)
        show, frame = advance(show, tick)
        yield frame, frame_hash(frame) == ticked.hash


def restored(take: Take, production: Production) -> Show:
    """The show as it was after the last whole tick of a take, with the newest version of its
    story."""
    show, versions = opening(production), _Versions(production)
    for tick, _ in ticks_of(take, production):
        show = versions.used(show, tick.time.number)
        show, _ = advance(show, tick)
    return versions.used(show, production.later[-1][0]) if production.later else show


class _Versions:
    """The newer versions of the story that a take has, which are used one after the other."""

    def __init__(self, production: Production) -> None:
        self.left = list(production.later)

    def used(self, show: Show, number: int) -> Show:
        """The show with every version that counts from frame `number` on, or earlier."""
        while self.left and self.left[0][0] <= number:
            moved = revised(show, self.left.pop(0)[1]).show
            show = show if moved is None else moved
        return show
