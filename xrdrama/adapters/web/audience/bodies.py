"""The performers of a frame in the poses that pages draw: evaluated here, once for all pages."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from xrdrama.performer import SHAPES, Performer, Performing, evaluate
from xrdrama.show import Production
from xrdrama.spatial import Quat, Vec3
from xrdrama.wire.audience import PerformerNow, named

FigureOf = Callable[[str], str]
"""The hash of a performer's figure; "" until it is prepared."""
_ONE: Final = 32767
_REST: Final = Quat()


class Bodies:
    """Poses of the performers that can be in a set."""

    def __init__(self, production: Production, figure_of: FigureOf) -> None:
        self._performers: Mapping[str, Performer] = {
            id: member.performer for id, member in production.cast.items()
        }
        self._figure_of = figure_of
        skeletons = [one.body.skeleton for one in self._performers.values()]
        found = {bone for skeleton in skeletons if skeleton for bone in skeleton.bones}
        self._bones = tuple(sorted(found))

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The names in the state to which turns and shapes belong; empty without figures."""
        return {"bones": self._bones, "shapes": SHAPES} if self._bones else {}

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
            self._turns(pose.turns),
            _shares(pose.shapes),
            one.presence,
        )

    def _turns(self, turns: Mapping[str, Quat]) -> str:
        numbers: list[int] = []
        for bone in self._bones:
            turn = turns.get(bone, _REST)
            scale = -_ONE if turn.w < 0.0 else _ONE
            numbers += (round(turn.x * scale), round(turn.y * scale), round(turn.z * scale))
        bounded = [max(-_ONE, min(_ONE, number)) for number in numbers]
        return b64encode(struct.pack(f"<{len(bounded)}h", *bounded)).decode()


def _shares(shapes: Mapping[str, float]) -> str:
    return b64encode(
        bytes(round(255 * min(max(shapes.get(name, 0.0), 0.0), 1.0)) for name in SHAPES)
    ).decode()


def _triple(at: Vec3) -> tuple[float, float, float]:
    return at.x, at.y, at.z
