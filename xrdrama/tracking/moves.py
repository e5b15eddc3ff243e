"""Camera moves of a simulated operator: keyframes plus handheld tremor, as a function of time.

A move is a file (`*.move.yaml`) with keys (position, pan, tilt). Between keys the camera eases in
and out, and a handheld tremor of a few slow sine waves is added. It has a seed, so that it is
the same every time.
"""

from __future__ import annotations

from bisect import bisect_right
from math import pi, sin

import msgspec

from xrdrama.document import (
    DURATION,
    Field,
    ListOf,
    Place,
    Reading,
    Real,
    Record,
    Vector,
    Whole,
    compose,
)
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.plausible import CODE, METRES, TIME, Quantity, scaled, with_likely_units
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.errors import AuthoringError, Problem
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS

# Irrational ratios, so that the tremor never visibly repeats; hertz.
_TREMOR_HZ = (0.31, 0.53, 0.89, 1.43)
_TREMOR_SHARE = (0.45, 0.3, 0.17, 0.08)


class Key(msgspec.Struct, frozen=True):
    """The pose of the tracker at a time: nanoseconds, metres, degrees; axes of
    `xrdrama.spatial`."""

    at: int
    position: Vec3
    place: Place
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float | None = None
    focus: float | None = None
    """Raw numbers of the encoders; None for those of the move."""


class Handheld(msgspec.Struct, frozen=True):
    """Handheld tremor: its amplitude in degrees and metres, and its seed."""

    degrees: float = 0.0
    metres: float = 0.0
    seed: int = 1


class Move(msgspec.Struct, frozen=True):
    """A camera move. Before the first key and after the last, the camera stays at that key."""

    keys: tuple[Key, ...]
    handheld: Handheld = Handheld()
    zoom: float = 0.0
    focus: float = 0.0

    def pose(self, at: int) -> Pose:
        """The tracker's pose at nanosecond `at` of the move."""
        position, pan, tilt, roll = self._between(at)
        t, hand = at / NS, self.handheld
        wave = [_tremor(t, hand.seed * 7.0 + axis) for axis in range(6)]
        return Pose(
            position + Vec3(wave[0], wave[1], wave[2]) * hand.metres,
            Quat.from_angles(
                pan=pan + wave[3] * hand.degrees,
                tilt=tilt + wave[4] * hand.degrees,
                roll=roll + wave[5] * hand.degrees * 0.2,
            ),
        )

    def encoders(self, at: int) -> tuple[float, float]:
        """The raw numbers of the zoom and the focus encoder at nanosecond `at` of the move."""
        a, b, x = self._around(at)

        def mix(one: float | None, other: float | None, otherwise: float) -> float:
            start, end = (otherwise if n is None else n for n in (one, other))
            return start + (end - start) * x

        return mix(a.zoom, b.zoom, self.zoom), mix(a.focus, b.focus, self.focus)

    def _around(self, at: int) -> tuple[Key, Key, float]:
        """The keys before and after `at`, and how far it is from the one to the other."""
        keys = self.keys
        after = bisect_right(keys, at, key=lambda key: key.at)
        a, b = keys[max(0, after - 1)], keys[min(after, len(keys) - 1)]
        x = 0.0 if a.at == b.at else min(1.0, max(0.0, (at - a.at) / (b.at - a.at)))
        return a, b, x * x * x * (x * (6.0 * x - 15.0) + 10.0)  # starts and stops without a jerk

    def _between(self, at: int) -> tuple[Vec3, float, float, float]:
        a, b, x = self._around(at)

        def mix(one: float, other: float) -> float:
            return one + (other - one) * x

        position = a.position.lerp(b.position, x)
        return position, mix(a.pan, b.pan), mix(a.tilt, b.tilt), mix(a.roll, b.roll)


def _tremor(seconds: float, phase: float) -> float:
    return sum(
        share * sin(2 * pi * hz * seconds + phase * (index + 1.7))
        for index, (hz, share) in enumerate(zip(_TREMOR_HZ, _TREMOR_SHARE, strict=True))
    )


_ENCODER = Real(0.0, 2.0**24 - 1)
MOVE = Record(
    Move,
    {
        "keys": Field(
            ListOf(
                Record(
                    Key,
                    {
                        "at": Field(DURATION, "time of this key", required=True),
                        "position": Field(
                            Vector(3, -50.0, 50.0, Vec3),
                            "position of the tracker, metres",
                            required=True,
                        ),
                        "pan": Field(Real(-180.0, 180.0), "degrees, positive to the left"),
                        "tilt": Field(Real(-90.0, 90.0), "degrees, positive up"),
                        "roll": Field(Real(-45.0, 45.0), "degrees, clockwise seen from behind"),
                        "zoom": Field(_ENCODER, "raw encoder value; default: zoom of the move"),
                        "focus": Field(_ENCODER, "raw encoder value; default: focus of the move"),
                    },
                )
            ),
            "keys: poses of the tracker in order of time",
            required=True,
        ),
        "handheld": Field(
            Record(
                Handheld,
                {
                    "degrees": Field(Real(0.0, 5.0), "amplitude of pan and tilt, degrees"),
                    "metres": Field(Real(0.0, 0.2), "amplitude of the position, metres"),
                    "seed": Field(
                        Whole(0, 10**6), "seed of the tremor; another seed gives another tremor"
                    ),
                },
            ),
            "handheld tremor",
        ),
        "zoom": Field(_ENCODER, "raw encoder value"),
        "focus": Field(_ENCODER, "raw encoder value"),
    },
    "A camera move of a simulated operator (xrdrama move file).",
)

# Plausible values of a move file; speeds are checked between keys. A crane moves a camera at 4 m/s
# and a whip pan turns it at 720 degrees per second: the limits are about two and three times that.
MOVE_UNITS = (
    Quantity("keys.*.at", TIME, 0.001, 7200, 10, (), "our judgement: a move of two hours"),
    Quantity("keys.*.position", "metres", 0, 30, 1.5, METRES, "our judgement: the room of a stage"),
    Quantity("handheld.degrees", "degrees", 0.01, 5, 0.3, scaled(radians=57.29577951),
             "the limit of the format"),
    Quantity("handheld.metres", "metres", 0.0002, 0.1, 0.006, METRES,
             "our judgement: a shoulder sways a few centimetres"),
)  # fmt: skip
_FASTEST_M_S = 10.0
_FASTEST_DEG_S = 2000.0


def parse_move(text: str, file: str = "move") -> tuple[Move | None, list[Problem]]:
    """The move (None if there are errors) and all problems of its file."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is not None and is_other_kind(root, "camera move", problems):
        return None, problems
    move = MOVE.read(root, Reading(file, problems)) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(MOVE_UNITS, root, problems)
    if isinstance(move, Move):
        problems += _too_fast(move, file)
        late = [b for a, b in zip(move.keys, move.keys[1:], strict=False) if b.at <= a.at]
        for key in late:
            p = key.place
            problems.append(
                Problem(file, p.line, p.column, "M001", "error", "this key is not later than the "
                        "key before it", "order the keys by time")
            )  # fmt: skip
        if not move.keys:
            message, hint = "the move has no keys", "add at least one key under keys:"
            problems.append(Problem(file, 1, 1, "M002", "error", message, hint))
    broken = any(problem.severity == "error" for problem in problems)
    return (move if isinstance(move, Move) and not broken else None), problems


def _too_fast(move: Move, file: str) -> list[Problem]:
    """A warning for each key that is reached at an implausible speed, likely because of a unit."""
    problems = []
    for a, b in zip(move.keys, move.keys[1:], strict=False):
        took = (b.at - a.at) / NS
        if took <= 0:
            continue
        metres = (b.position - a.position).length()
        degrees = max(abs(b.pan - a.pan), abs(b.tilt - a.tilt), abs(b.roll - a.roll))
        for way, unit, fastest in (
            (metres, "metres", _FASTEST_M_S), (degrees, "degrees", _FASTEST_DEG_S)
        ):  # fmt: skip
            if way / took > fastest:
                message = (
                    f"the camera moves {way:.4g} {unit} in {took:g} s, which is implausible: "
                    f"{way / took:.4g} {unit} per second; expected up to {fastest:g}"
                )
                hint = (
                    "check the units: times as in 40ms, 1.5s or 2m; position in metres, pan, "
                    "tilt and roll in degrees"
                )
                p = b.place
                problems.append(Problem(file, p.line, p.column, CODE, "warning", message, hint))
    return problems


def load_move(text: str, file: str = "move") -> Move:
    """The move that a text describes; AuthoringError with all problems if there is an error."""
    move, problems = parse_move(text, file)
    if move is None:
        raise AuthoringError(problems)
    return move


def move_schema() -> Schema:
    """JSON Schema of `*.move.yaml`, for editors."""
    return {"title": "xrdrama move file", **MOVE.schema()}
