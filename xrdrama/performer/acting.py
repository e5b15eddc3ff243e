"""The values of channels and shapes while gestures play: a pure function of their starts and now.

Acts apply on top of each other in the order in which they began. Before an act's first key, a
channel comes from its value without the act, and after a key of `rest` it is back there; so a
gesture can begin in the middle of another, and no value ever jumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from xrdrama.performer.channels import mirrored, mirrored_shape
from xrdrama.performer.curves import minimum_jerk
from xrdrama.performer.model import Gesture, Key
from xrdrama.performer.performing import Act, Side

REST: Final = "rest"
"""The act that every performer knows: everything goes back to standing."""
REST_TIME: Final = 700_000_000
NEVER: Final = 2**63 - 1


def played(
    acts: Iterable[Act],
    gestures: Mapping[str, Gesture],
    now: int,
    channels: Mapping[str, float],
    shapes: Mapping[str, float],
) -> tuple[dict[str, float], dict[str, float]]:
    """The values at `now`, over those of idling and mood that are given."""
    under, faces = dict(channels), dict(shapes)
    base, base_faces = dict(channels), dict(shapes)
    for act in acts:
        if act.gesture == REST:
            share = minimum_jerk((now - act.began) / (act.over or REST_TIME))
            under = _between(under, base, share)
            faces = _between(faces, base_faces, share)
            continue
        gesture = gestures.get(act.gesture)
        if gesture is None:
            continue
        elapsed = elapsed_in(gesture, act, now)
        flip = flips(gesture, act.side)
        for channel, keys in gesture.channels.items():
            name, sign = mirrored(channel) if flip else (channel, 1.0)
            under[name] = valued(keys, elapsed, under.get(name, 0.0), sign)
        for shape, keys in gesture.shapes.items():
            name = mirrored_shape(shape) if flip else shape
            faces[name] = valued(keys, elapsed, faces.get(name, 0.0))
    return under, faces


def elapsed_in(gesture: Gesture, act: Act, now: int) -> float:
    """Nanoseconds since the act began, on the gesture's own clock."""
    stretch = gesture.length / act.over if act.over and gesture.length else 1.0
    return (now - act.began) * stretch


def valued(keys: tuple[Key, ...], elapsed: float, under: float, sign: float = 1.0) -> float:
    """The value of a curve over what stands without it."""
    last, before = 0, under
    for key in keys:
        target = under if key.value is None else key.value * sign
        if elapsed < key.at:
            share = minimum_jerk((elapsed - last) / (key.at - last)) if key.at > last else 1.0
            return before + (target - before) * share
        last, before = key.at, target
    return before


def flips(gesture: Gesture, side: Side) -> bool:
    """True when a side was asked for that is not the one that the gesture is written for."""
    return bool(side) and side != written_side(gesture)


def written_side(gesture: Gesture) -> Side:
    """The side that a gesture moves: right, unless it moves more channels of the left."""
    left = sum(name.startswith("left_") for name in gesture.channels)
    right = sum(name.startswith("right_") for name in gesture.channels)
    return "left" if left > right else "right"


def is_over(act: Act, gestures: Mapping[str, Gesture], now: int) -> bool:
    """True when an act no longer moves or holds anything."""
    gesture = gestures.get(act.gesture)
    if gesture is None:
        return act.gesture != REST or now >= act.began + (act.over or REST_TIME)
    return gesture.returns and now >= act.began + (act.over or gesture.length)


def kept(acts: tuple[Act, ...], gestures: Mapping[str, Gesture], now: int) -> tuple[Act, ...]:
    """The acts that still decide something: those that are over, and all that a finished `rest`
    or a later act on the same channels covers, are left out."""
    remaining: list[Act] = []
    covered: set[str] = set()
    for act in reversed(acts):
        if act.gesture == REST:
            if now >= act.began + (act.over or REST_TIME):
                break
            remaining.append(act)
            continue
        gesture = gestures.get(act.gesture)
        if gesture is None or is_over(act, gestures, now):
            continue
        moved = _moved(gesture, act.side)
        if moved <= covered:
            continue
        remaining.append(act)
        covered |= _held(gesture, act, now)
    return tuple(reversed(remaining))


def kept_until(acts: Iterable[Act], gestures: Mapping[str, Gesture], now: int) -> int:
    """The earliest time after `now` at which `kept` may leave out more of the same acts, else
    `NEVER`."""
    times = (at for act in acts for at in _changes(act, gestures) if at > now)
    return min(times, default=NEVER)


def _changes(act: Act, gestures: Mapping[str, Gesture]) -> Iterator[int]:
    """When an act is over, and when it begins to hold one of its channels by itself."""
    gesture = gestures.get(act.gesture)
    if gesture is None:
        yield act.began + (act.over or REST_TIME)
        return
    length = gesture.length
    if gesture.returns:
        yield act.began + (act.over or length)
    for keys in (*gesture.channels.values(), *gesture.shapes.values()):
        if all(key.value is not None for key in keys):
            # Rounded up, and one more: `_held` compares floats.
            stretched = act.over and length
            first = -(-keys[0].at * act.over // length) + 1 if stretched else keys[0].at
            yield act.began + first


def _moved(gesture: Gesture, side: Side) -> set[str]:
    flip = flips(gesture, side)
    channels = {mirrored(name)[0] if flip else name for name in gesture.channels}
    return channels | {mirrored_shape(name) if flip else name for name in gesture.shapes}


def _held(gesture: Gesture, act: Act, now: int) -> set[str]:
    """What an act holds by itself from now on: it is past its first key and never lets go."""
    elapsed = elapsed_in(gesture, act, now)
    flip = flips(gesture, act.side)
    found = set()
    for curves, other in ((gesture.channels, lambda n: mirrored(n)[0]),
                          (gesture.shapes, mirrored_shape)):  # fmt: skip
        for name, keys in curves.items():
            if elapsed >= keys[0].at and all(key.value is not None for key in keys):
                found.add(other(name) if flip else name)
    return found


def _between(
    first: Mapping[str, float], second: Mapping[str, float], share: float
) -> dict[str, float]:
    names = dict.fromkeys((*first, *second))
    return {
        name: first.get(name, 0.0) + (second.get(name, 0.0) - first.get(name, 0.0)) * share
        for name in names
    }
