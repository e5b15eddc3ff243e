"""Text of performer and gesture files to values, with every problem at its place.

A001  a channel or a shape that does not exist
A002  keys of a curve that are not in the order of their times, or a value out of its range
A003  a performer without a figure and without a robot
A004  a mood that is not defined
A005  a gesture or mood that two files of a performer define
A006  a limit whose `least` is not below its `most`
A007  a gesture named like an act that every performer knows
A008  a robot that does not exist
A009  a figure, or something its hands hold, that cannot be used
A010  an id that is not the name of the performer's folder
A011  a gesture file that cannot be found or read
A012  ARKit shapes that the figure's face does not have
A013  what is not drawn, or does not move, of a figure and of what its hands hold
"""

from __future__ import annotations

from collections.abc import Mapping
from math import radians
from typing import Final

from msgspec.structs import replace

from xrdrama.document import Place, Reading, compose, place_of, suggestion
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.nodes import Node
from xrdrama.document.quantities import parse_duration
from xrdrama.errors import Problem
from xrdrama.performer.acting import REST
from xrdrama.performer.channels import CROUCH, LIMITS, Limit
from xrdrama.performer.form import GESTURES, PERFORMER
from xrdrama.performer.model import Gesture, Key, Mood, Repertoire, Temper
from xrdrama.performer.shapes import SHAPES, SIDED, both_sides
from xrdrama.performer.written import WrittenBook, WrittenPerformer

BUILT_IN: Final = (REST, "look", "walk", "turn", "mood")
"""Acts that every performer knows."""
_WIDEST: Final = 180.0


def parse_gestures(text: str, file: str) -> tuple[Repertoire | None, list[Problem]]:
    """The gestures and moods of a file (None when it has errors), and all problems."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is None or is_other_kind(root, "gestures", problems):
        return None, problems
    reading = Reading(file, problems)
    book = GESTURES.read(root, reading)
    if not isinstance(book, WrittenBook):
        return None, sorted(problems)
    found = _Book(book, root, reading).repertoire()
    broken = any(problem.severity == "error" for problem in problems)
    return (None if broken else found), sorted(problems)


def parse_performer(text: str, file: str) -> tuple[WrittenPerformer | None, list[Problem]]:
    """A performer file (None when it has errors), and all its problems."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is None or is_other_kind(root, "performer", problems):
        return None, problems
    reading = Reading(file, problems)
    written = PERFORMER.read(root, reading)
    if not isinstance(written, WrittenPerformer):
        return None, sorted(problems)
    if not {"figure", "robot"} & written.given.keys():
        message = "a performer needs a figure or a robot"
        hint = "add figure: assets/NAME.glb, or robot: k1"
        reading.note(written.place, "A003", message, hint)
    for name, limit in written.limits.items():
        if name not in LIMITS:
            _note_unknown(reading, limit.place, "channel", name)
        elif limit.least is not None and limit.most is not None and limit.least >= limit.most:
            message = f"the limits of {name}: least is not below most"
            reading.note(limit.place, "A006", message, "exchange the two numbers")
    broken = any(problem.severity == "error" for problem in problems)
    return (None if broken else written), sorted(problems)


def temper_of(written: WrittenPerformer) -> Temper:
    """The temper of a performer file, with its angle in radians."""
    return replace(written.temper, stoop=radians(written.temper.stoop))


def limits_of(written: WrittenPerformer, base: Mapping[str, Limit]) -> dict[str, Limit]:
    """The limits of a body: those of its kind, with what its file says instead."""
    found = dict(base)
    for name, given in written.limits.items():
        known = found.get(name)
        if known is not None:
            values = (given.least, given.most, given.speed, given.acceleration)
            old = (known.least, known.most, known.speed, known.acceleration)
            found[name] = Limit(
                *(o if v is None else _inside(name, v) for v, o in zip(values, old, strict=True))
            )
    return found


def merged(books: Mapping[str, Repertoire]) -> tuple[Repertoire, list[tuple[str, str]]]:
    """The gestures and moods of several files, and what two of them define: (name, file)."""
    gestures: dict[str, Gesture] = {}
    moods: dict[str, Mood] = {}
    doubled = []
    for file, book in books.items():
        doubled += [(name, file) for name in book.gestures if name in gestures]
        doubled += [(name, file) for name in book.moods if name in moods]
        gestures.update(book.gestures)
        moods.update(book.moods)
    return Repertoire(gestures, moods), doubled


class _Book:
    def __init__(self, book: WrittenBook, root: Node, reading: Reading) -> None:
        self.book, self.root, self.reading = book, root, reading

    def repertoire(self) -> Repertoire:
        gestures = {}
        for id, one in self.book.gestures.items():
            if id in BUILT_IN:
                hint = "give it another name"
                self.reading.note(one.place, "A007", f"every performer knows {id!r} already", hint)
            channels, shapes = {}, {}
            for name, keys in one.channels.items():
                place = place_of(self.root, "gestures", id, "channels", name)
                if self.known_channel(name, place):
                    channels[name] = self.keys(name, keys, place)
            for name, keys in one.shapes.items():
                place = place_of(self.root, "gestures", id, "shapes", name)
                curve = self.keys(name, keys, place, most=1.0)
                shapes.update(dict.fromkeys(self.shapes(name, place), curve))
            if not one.channels and not one.shapes:
                self.reading.note(
                    one.place, "A002", f"the gesture {id!r} moves nothing",
                    "add channels: with a channel, such as head_tilt: {0.3s: -12, 0.8s: rest}",
                )  # fmt: skip
            gestures[id] = Gesture(id, one.place, one.doc, channels, shapes)
        return Repertoire(gestures, self.moods())

    def moods(self) -> dict[str, Mood]:
        moods = {}
        for id, one in self.book.moods.items():
            channels, shapes = {}, {}
            for name, value in one.channels.items():
                if self.known_channel(name, place_of(self.root, "moods", id, "channels", name)):
                    channels[name] = _inside(name, value)
            for name, value in one.shapes.items():
                place = place_of(self.root, "moods", id, "shapes", name)
                shapes.update(dict.fromkeys(self.shapes(name, place), value))
            moods[id] = Mood(id, one.place, one.doc, channels, shapes)
        return moods

    def known_channel(self, name: str, place: Place) -> bool:
        if name not in LIMITS:
            _note_unknown(self.reading, place, "channel", name)
        return name in LIMITS

    def shapes(self, name: str, place: Place) -> tuple[str, ...]:
        found = both_sides(name)
        if not found:
            _note_unknown(self.reading, place, "shape", name)
        return found

    def keys(
        self, name: str, written: Mapping[str, str], place: Place, most: float = _WIDEST
    ) -> tuple[Key, ...]:
        """The keys of a curve, with radians for a channel."""
        found: list[Key] = []
        is_share = most == 1.0 or name == CROUCH
        for time, text in written.items():
            at = parse_duration(time) or 0
            if found and at <= found[-1].at:
                message = f"{name}: the key at {time} does not come after the one before it"
                self.reading.note(place, "A002", message, "write the keys in the order of time")
                continue
            value = None if text == "rest" else float(text)
            if value is not None and not (0.0 if is_share else -most) <= value <= (
                1.0 if is_share else most
            ):
                allowed = "0 to 1" if is_share else f"{-most:g} to {most:g} degrees"
                message = f"{name}: {text} is out of range; expected {allowed}"
                self.reading.note(place, "A002", message)
                continue
            found.append(Key(at, value if value is None or is_share else radians(value)))
        return tuple(found) or (Key(0, None),)


def _inside(name: str, value: float) -> float:
    """A value of a file as it counts inside: radians, but a share for crouch."""
    return value if name == CROUCH else radians(value)


def _note_unknown(reading: Reading, place: Place, noun: str, name: str) -> None:
    known = LIMITS if noun == "channel" else (*SIDED, *SHAPES)
    reading.note(place, "A001", f"there is no {noun} {name!r}", suggestion(name, known))
