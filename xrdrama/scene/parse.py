"""Parse scene.yaml to a Scene: first the type of each value, then the checks across the file.

    scene, problems = parse_scene(text, "scenes/lantern_street/scene.yaml")

All problems are collected, each with position, code and hint. A scene is returned when none is
an error. Codes of this module:

    S001  a direction of length zero
    S002  a name that is not defined (param)
    S003  a value that is not allowed for its param
    S004  a param with a wrong range or default
    S005  moves of one param that overlap
    S006  not exactly one directional light with `shadow: true`
    S007  two baked lights in one channel
    S008  a file outside the scene's folder
    S009  a box of particles whose `least` is above its `most`
    S010  a binding to a param that is not a real number or a flag
    S011  a light with one of `after` and `turned_by` but not the other
    S012  a param that grows and is also moved by a cue or a look
    S013  a clip with both `speed` and `moved_by`
    S014  a floor with only one of `kind: picture` and `file`
    S015  two plates that are both the sky
"""

from __future__ import annotations

from posixpath import normpath
from typing import assert_never, cast

from xrdrama.document import Reading, compose, place_of, suggestion
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.nodes import Mapping, Node, Place
from xrdrama.document.shapes import MISSING
from xrdrama.errors import Problem
from xrdrama.gltf.references import leaves
from xrdrama.scene.form import LENIENT, SCENE
from xrdrama.scene.model import (
    SAFE_LOOK,
    Cue,
    Ease,
    Floor,
    Light,
    Move,
    Param,
    ParamValue,
    Plate,
    Scene,
)
from xrdrama.scene.plates import CLOCK, SPEED, clock_of
from xrdrama.scene.shapes import BOUND
from xrdrama.scene.values import allowed, value_of
from xrdrama.scene.written import (
    ChoiceParam,
    FlagParam,
    RealParam,
    WrittenCue,
    WrittenScene,
)


def parse_scene(text: str, file: str) -> tuple[Scene | None, list[Problem]]:
    """The scene that `text` describes (None if it has an error), and all its problems."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is None or is_other_kind(root, "scene", problems):
        return None, problems
    reading = Reading(file, problems)
    written = SCENE.read(root, reading)
    if written is MISSING:
        # What can be read is checked, so that no error hides others; those are noted already.
        written = LENIENT.read(root, Reading(file, []))
    if written is MISSING:
        _check_names(reading, root, {})
        return None, sorted(problems)
    scene = _Check(written, reading, root).scene()
    broken = any(problem.severity == "error" for problem in problems)
    return (None if broken else scene), sorted(problems)


class _Check:
    """The checks across the file: names, ranges, overlaps, the one key light."""

    def __init__(self, written: WrittenScene, reading: Reading, root: Node) -> None:
        self.written, self.reading, self.root = written, reading, root
        self.note = reading.note

    def scene(self) -> Scene:
        written = self.written
        self.params = {id: self.param(param) for id, param in written.params.items()}
        plates = self.plates()
        if any(plate.moved_by == CLOCK for plate in plates.values()):
            self.params = {**self.params, **clock_of(self.params)}
        _check_names(self.reading, self.root, self.params)
        for model in written.models.values():
            self.inside(model.file, model.place)
            for clip in model.clips.values():
                if clip.moved_by and clip.speed != 1.0:
                    self.note(
                        clip.place, "S013", f"the clip {clip.id!r} has both speed and moved_by",
                        "remove speed: the cue that moves the param says how fast it plays",
                    )  # fmt: skip
        for id, particles in written.particles.items():
            low, high = particles.least, particles.most
            if not (low.x <= high.x and low.y <= high.y and low.z <= high.z):
                self.note(
                    self.place("particles", id), "S009",
                    f"particles {id!r}: a number of least is greater than that of most",
                    "write the lower corner of the box in least, the upper one in most",
                )  # fmt: skip
        return Scene(
            id=written.id,
            title=written.title,
            doc=written.doc,
            params=self.params,
            cues={id: self.cue(cue) for id, cue in written.cues.items()},
            looks=self.looks(),
            look_docs={id: look.doc for id, look in written.looks.items()},
            places=written.places,
            lights=self.lights(),
            environment=written.environment,
            models=written.models,
            materials=written.materials,
            parts=written.parts,
            particles=written.particles,
            plates=plates,
            floor=self.floor(),
            place=written.place,
            safe_plate=written.safe_plate,
            positions={
                "floor": self.place("floor", "file"),
                **{f"materials.{id}": self.place("materials", id) for id in written.materials},
                **{f"parts.{id}": self.place("parts", id) for id in written.parts},
            },
        )

    def inside(self, file: str, place: Place) -> None:
        """Check that a file is in the scene's folder."""
        if leaves(normpath(file)):
            self.note(
                place, "S008", f"{file!r} is outside the scene's folder",
                "copy the file into assets/ and write its path from the scene's folder",
            )  # fmt: skip

    def place(self, *path: str) -> Place:
        """The position of the value under a path of keys."""
        return place_of(self.root, *path)

    def param(self, written: RealParam | FlagParam | ChoiceParam) -> Param:
        match written:
            case RealParam(least=least, most=most, default=default):
                if not least < most:
                    self.note(
                        written.place, "S004",
                        f"param {written.id}: least ({least:g}) must be less than most ({most:g})",
                        "correct least or most",
                    )  # fmt: skip
                elif not least <= default <= most:
                    self.note(
                        written.place, "S004",
                        f"param {written.id}: the default {default:g} is out of range; expected "
                        f"{least:g} to {most:g}",
                        "change default, least or most",
                    )  # fmt: skip
                return Param(
                    written.id, "real", default, written.doc, least, most, grows_by=written.grows_by
                )
            case FlagParam():
                return Param(written.id, "flag", float(written.default), written.doc)
            case ChoiceParam(choices=choices, default=word):
                if word not in choices:
                    self.note(
                        written.place, "S004",
                        f"param {written.id}: the default {word!r} is not one of its choices",
                        suggestion(word, choices),
                    )  # fmt: skip
                return Param(written.id, "choice", word, written.doc, choices=choices)
            case _:
                assert_never(written)

    def value(self, name: str, text: str, place: Place) -> ParamValue:
        """The value of `text` for a param; an undefined param has been reported already."""
        param = self.params.get(name)
        if param is None:
            return 0.0
        value = value_of(param, text)
        if param.grows_by:
            self.note(
                place, "S012", f"param {name!r} grows by {param.grows_by!r} and cannot be set here",
                f"change {param.grows_by!r} instead",
            )  # fmt: skip
        if value is not None:
            return value
        if param.kind == "choice":
            self.note(
                place, "S003", f"{text!r} is not one of the choices of param {name}",
                suggestion(text, param.choices),
            )  # fmt: skip
            return text
        self.note(
            place, "S003", f"{text!r} is not a valid value for param {name}",
            f"write {allowed(param)}",
        )  # fmt: skip
        return param.default

    def cue(self, written: WrittenCue) -> Cue:
        if not written.moves:
            self.note(written.place, "S005", f"the cue {written.id!r} has no moves", "add a move")
        moves = []
        free: dict[str, int] = {}
        for move in sorted(written.moves, key=lambda move: move.delay):
            if move.delay < free.get(move.param, 0):
                self.note(
                    move.place, "S005", f"two moves of param {move.param!r} overlap",
                    "give the later one a `delay` that is after the end of the first",
                )  # fmt: skip
            free[move.param] = move.delay + move.over
            value = self.value(move.param, move.to, move.place)
            moves.append(Move(move.param, value, move.over, move.delay, cast(Ease, move.ease)))
        return Cue(written.id, written.doc, tuple(moves))

    def looks(self) -> dict[str, dict[str, ParamValue]]:
        """The looks; in the one for panic, plates stand still unless it says otherwise."""
        looks: dict[str, dict[str, ParamValue]] = {
            id: {
                level.param: self.value(level.param, level.text, level.place)
                for level in look.levels
            }
            for id, look in self.written.looks.items()
        }
        if SAFE_LOOK in looks and SPEED in self.params and SPEED not in self.written.params:
            looks[SAFE_LOOK].setdefault(SPEED, 0.0)
        return looks

    def plates(self) -> dict[str, Plate]:
        plates = self.written.plates
        skies = [plate for plate in plates.values() if plate.kind == "sky"]
        for extra in skies[1:]:
            self.note(
                extra.place, "S015", f"plates {skies[0].id!r} and {extra.id!r} are both the sky",
                "keep one of them as `kind: sky`",
            )  # fmt: skip
        for plate in plates.values():
            self.inside(plate.file, plate.place)
        if any(plate.moved_by == CLOCK for plate in plates.values()):
            for name in (CLOCK, SPEED):
                word = self.written.params.get(name)
                if isinstance(word, ChoiceParam):
                    self.note(
                        word.place, "S010", f"param {name!r} is a choice; the plates play by it",
                        "make it a param of kind real, or give it another name",
                    )  # fmt: skip
        return plates

    def floor(self) -> Floor:
        floor = self.written.floor
        if (floor.kind == "picture") != bool(floor.file):
            self.note(
                self.place("floor"), "S014",
                "the floor has no `file`" if not floor.file else
                f"the floor has a file, but is {floor.kind}",
                "write both: `kind: picture` and `file:` with a picture seen from above",
            )  # fmt: skip
        if floor.file:
            self.inside(floor.file, self.place("floor", "file"))
        return floor

    def lights(self) -> dict[str, Light]:
        lights = self.written.lights
        keys = [light for light in lights.values() if light.shadow]
        given = self.root.get("lights") if isinstance(self.root, Mapping) else None
        # The key light may be among those that could not be read.
        unread = not isinstance(given, Mapping) or len(given.entries) != len(lights)
        if len(keys) > 1 or not (keys or unread):
            self.note(
                self.place("lights"), "S006", f"{len(keys)} lights have `shadow: true`; expected 1",
                "write `shadow: true` for exactly one directional light",
            )  # fmt: skip
        channels: dict[int, str] = {}
        for id, light in lights.items():
            if (light.after is None) != (not light.turned_by):
                self.note(
                    self.place("lights", id), "S011",
                    f"light {id!r} has only one of `after` and `turned_by`",
                    "write both: what the light becomes, and the param that blends it",
                )  # fmt: skip
            if light.kind != "baked":
                continue
            if light.channel in channels:
                self.note(
                    self.place("lights", id), "S007",
                    f"lights {channels[light.channel]!r} and {id!r} both use channel "
                    f"{light.channel}",
                    "give each baked light its own channel, 0 to 3",
                )  # fmt: skip
            channels[light.channel] = id
        return lights


def _check_names(reading: Reading, root: Node, params: dict[str, Param]) -> None:
    """Check that every mentioned param is defined, and that what is bound to one can be scaled."""
    written = root.get("params") if isinstance(root, Mapping) else None
    names = [key.text for key, _ in written.entries] if isinstance(written, Mapping) else []
    if isinstance(root, Mapping) and root.get("plates") is not None:
        names += [name for name in (SPEED, CLOCK) if name in params or not params]
    for mention in reading.mentions:
        param = params.get(mention.name)
        if mention.name not in names:
            reading.note(
                mention.place, "S002", f"unknown param {mention.name!r}",
                suggestion(mention.name, names),
            )  # fmt: skip
        elif param and param.kind == "choice" and mention.kind == BOUND:
            reading.note(
                mention.place, "S010", f"param {mention.name!r} is a choice and cannot scale a "
                    "value",
                "use a param of kind real or flag",
            )  # fmt: skip
