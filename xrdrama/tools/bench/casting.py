"""What three performers cost in `advance`; and what the evaluation of their curves costs, which is
left to renderers. Both against `advance` of the same frames without performers."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from xrdrama import content
from xrdrama.performer import Act, Performer, Performing, Root, Travel, evaluate
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.spatial import Vec3
from xrdrama.timing import NS
from xrdrama.tools.bench.advance import production_on
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tools.bench.performers import with_performers
from xrdrama.wire.events import Entry, Faced
from xrdrama.wire.frame import Frame

_GOAL: Final = 2.0
_EVALUATING: Final = 8.0
_ACTS: Final = (Act("hold_up", 0), Act("wave", NS // 2, 9 * NS), Act("nod", NS, 8 * NS))
_ON_A_WALK: Final = "stand_in"
_LIVE: Final = "grandmother"


def bench_advance_performers() -> list[BenchResult]:
    """Ten seconds of the demo with three performers who play gestures, look at each other and speak
    its lines; one walks, one has a live face."""
    production = content.produce(with_performers())
    assert production.stage is not None
    ticks = [_with_face(tick) for tick in production_on(production.stage)[1]]
    full, bare = _busy(opening(production)), opening(replace(production, cast={}))
    poses = _poses(_played(full, ticks), production)
    without = lambda: _played(bare, ticks)  # noqa: E731
    results = (
        compared("advance_performers", lambda: _played(full, ticks), without, goal=_GOAL, pairs=30),
        compared(
            "evaluate_performers", lambda: [evaluate(*pose) for pose in poses], without,
            goal=_EVALUATING, pairs=10,
        ),
    )  # fmt: skip
    count = len(ticks)
    return [replace(one, value=one.value / count, reference=one.reference / count)
            for one in results]  # fmt: skip


def _played(show: Show, ticks: list[Tick]) -> list[Frame]:
    frames = []
    for tick in ticks:
        show, frame = advance(show, tick)
        frames.append(frame)
    return frames


def _with_face(tick: Tick) -> Tick:
    """The tick with one more event: a live face that moves."""
    at = max(0, tick.time.shows_at - 1)
    values = tuple((tick.time.number + place) % 256 for place in range(52))
    face = Faced(f"face.{_LIVE}", _LIVE, values, (tick.time.number, 20, -10), at)
    seq = tick.entries[-1].seq + 1 if tick.entries else 0
    return replace(tick, entries=(*tick.entries, Entry(seq, at, face)))


def _busy(show: Show) -> Show:
    """All of them in the middle of gestures, one on its way for the whole time."""
    staged = {name: replace(one, acts=_ACTS) for name, one in show.staged.items()}
    walking = staged[_ON_A_WALK]
    end = Root(walking.root.at + Vec3(4.0, 3.0, 0.0), 1.0)
    staged[_ON_A_WALK] = replace(walking, root=end, travel=Travel(walking.root, end, 0, 11 * NS))
    return replace(show, staged=staged)


def _poses(frames: list[Frame], production: Production) -> list[tuple[Performing, Performer, int]]:
    """What is evaluated in ten seconds; everything that the benchmark claims is in it."""
    poses = [
        (one, production.cast[one.id].performer, frame.time.shows_at)
        for frame in frames
        for one in frame.performers
    ]
    seen = [one for one, _, _ in poses]
    assert len(seen) == 3 * len(frames) and all(one.acts for one in seen[:30])
    assert any(one.mouth for one in seen) and any(one.live_share > 0.9 for one in seen)
    assert any(one.travel for one in seen) and any(one.gaze.at for one in seen)
    return poses
