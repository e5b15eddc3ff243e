"""The show: `advance(show, tick) -> (show, frame)`, and the take that plays it again.

    show = opening(production)
    for number in range(240):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), entries))

Pure: what comes in is a `Tick`, what goes out is a `Frame`, and a take of the ticks gives the same
frames on every machine. The ports that adapters fill are in `ports`.
"""

from xrdrama.show.production import Production
from xrdrama.show.show import advance, opening
from xrdrama.show.state import Show
from xrdrama.show.tick import Tick

__all__ = ["Production", "Show", "Tick", "advance", "opening"]
