"""Fits gestures to what a body can do: positions into its range, times to its speeds.

A gesture that is too quick for a body is stretched as a whole, so its rhythm stays; what a body
does not have is left out. Each of that is a remark, which `xrdrama performer check` prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import degrees
from typing import Final

import msgspec

from xrdrama.performer.channels import Limit
from xrdrama.performer.curves import least_time
from xrdrama.performer.model import Body, Gesture, Key, Mood, Repertoire
from xrdrama.timing import NS

OF_RANGE: Final = {"robot": 0.9, "figure": 1.0}
"""The share of a range that gestures use: a robot's joints keep a distance to their stops."""
_SLACK: Final = 1e-9


class Remark(msgspec.Struct, frozen=True):
    """What was changed in a gesture or mood for a body."""

    gesture: str
    text: str


def fitted(
    repertoire: Repertoire, body: Body, resting: Mapping[str, tuple[float, float]] = {}
) -> tuple[Repertoire, list[Remark]]:
    """The gestures and moods as a body plays them, and what was changed. `resting` has the least
    and the greatest value of channels without gestures, from where and to where they go; 0 for
    others."""
    remarks: list[Remark] = []
    gestures = {
        name: _gesture(one, body, resting, remarks) for name, one in repertoire.gestures.items()
    }
    moods = {name: _mood(one, body, remarks) for name, one in repertoire.moods.items()}
    return Repertoire(gestures, moods), remarks


def _gesture(
    gesture: Gesture,
    body: Body,
    resting: Mapping[str, tuple[float, float]],
    remarks: list[Remark],
) -> Gesture:
    _note_missing(gesture.id, gesture.channels, gesture.shapes, body, remarks)
    channels = {}
    stretch, slowest = 1.0, ""
    for name, keys in gesture.channels.items():
        limit = body.limits.get(name)
        if limit is None:
            continue
        channels[name] = _within(gesture.id, name, keys, limit, body, remarks)
        needed = _stretch(channels[name], limit, resting.get(name, (0.0, 0.0)))
        if needed > stretch + _SLACK:
            stretch, slowest = needed, name
    shapes = {name: keys for name, keys in gesture.shapes.items() if name in body.shapes}
    if slowest:
        text = f"takes {stretch:.2f} times as long, because {slowest} is not quicker"
        remarks.append(Remark(gesture.id, text))
        channels = {name: _slowed(keys, stretch) for name, keys in channels.items()}
        shapes = {name: _slowed(keys, stretch) for name, keys in shapes.items()}
    return Gesture(gesture.id, gesture.place, gesture.doc, channels, shapes)


def _mood(mood: Mood, body: Body, remarks: list[Remark]) -> Mood:
    _note_missing(mood.id, mood.channels, mood.shapes, body, remarks)
    channels = {
        name: min(body.limits[name].most, max(body.limits[name].least, value))
        for name, value in mood.channels.items()
        if name in body.limits
    }
    shapes = {name: value for name, value in mood.shapes.items() if name in body.shapes}
    return Mood(mood.id, mood.place, mood.doc, channels, shapes)


def _note_missing(
    name: str, channels: Iterable[str], shapes: Iterable[str], body: Body, remarks: list[Remark]
) -> None:
    absent = [one for one in channels if one not in body.limits]
    if absent:
        remarks.append(Remark(name, f"the body has no {', '.join(absent)}: not moved"))
    faces = [one for one in shapes if one not in body.shapes]
    if faces:
        few = ", ".join(faces[:4]) + (f" and {len(faces) - 4} more" if len(faces) > 4 else "")
        remarks.append(Remark(name, f"the face has no {few}: not moved"))


def _within(
    gesture: str, name: str, keys: tuple[Key, ...], limit: Limit, body: Body, remarks: list[Remark]
) -> tuple[Key, ...]:
    """The keys within the part of the range that gestures use; a remark for the farthest one."""
    share = OF_RANGE.get(body.kind, 1.0)
    least, most = share * limit.least, share * limit.most
    farthest = 0.0
    found = []
    for key in keys:
        if key.value is None:
            found.append(key)
            continue
        value = min(most, max(least, key.value))
        if abs(value - key.value) > max(_SLACK, abs(farthest)):
            farthest = key.value - value
        found.append(Key(key.at, value))
    if farthest:
        edge = degrees(most if farthest > 0 else least)
        remarks.append(Remark(gesture, f"{name} is limited to {edge:.0f} degrees"))
    return tuple(found)


def _stretch(keys: tuple[Key, ...], limit: Limit, resting: tuple[float, float]) -> float:
    """How much longer the curve must take, from anywhere and to anywhere in the `resting` range."""
    stretch, at, value = 1.0, 0, resting
    for key in keys:
        target = resting if key.value is None else (key.value, key.value)
        seconds = (key.at - at) / NS
        farthest = max(target[1] - value[0], value[1] - target[0])
        needed = least_time(farthest, limit.speed, limit.acceleration)
        if needed > _SLACK:
            stretch = max(stretch, needed / max(seconds, 1e-3))
        at, value = key.at, target
    return stretch


def _slowed(keys: tuple[Key, ...], stretch: float) -> tuple[Key, ...]:
    return tuple(Key(round(key.at * stretch), key.value) for key in keys)
