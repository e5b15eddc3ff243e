"""The performers of a frame in the poses that pages draw: evaluated here, once for all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from xrdrama.performer import Performer, Performing, evaluate
from xrdrama.show import Production
from xrdrama.spatial import Quat, Vec3
from xrdrama.wire.audience import PerformerNow, named

FigureOf = Callable[[str], str]
"""The hash of a performer's figure; "" until it is prepared."""


class Bodies:
    """Poses of the performers that can be in a set."""

    def __init__(self, production: Production, figure_of: FigureOf) -> None:
        self._performers: Mapping[str, Performer] = {
            id: member.performer for id, member in production.cast.items()
        }
        self._figure_of = figure_of

    def of(self, performers: Iterable[Performing], at: int) -> list[Any]:
        """Those that are in the set at nanosecond `at`, as `PerformerNow` objects of the state."""
        return [
            named(self._now(one, self._performers[one.id], at))
            for one in performers
            if one.on == "set" and one.presence > 0.0 and one.id in self._performers
        ]

    def _now(self, one: Performing, performer: Performer, at: int) -> PerformerNow:
        pose = evaluate(one, performer, at)
        return PerformerNow(
            one.id,
            self._figure_of(one.id),
            _triple(pose.root.at),
            pose.root.pan,
            _triple(pose.lift),
            {bone: _turn(turn) for bone, turn in pose.turns.items()},
            {name: weight for name, weight in pose.shapes.items() if weight > 0.0},
            one.presence,
        )


def _triple(at: Vec3) -> tuple[float, float, float]:
    return at.x, at.y, at.z


def _turn(turn: Quat) -> tuple[float, float, float, float]:
    return turn.x, turn.y, turn.z, turn.w
