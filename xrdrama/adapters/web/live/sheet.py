"""The constant data of a show that a console page needs before the first frame."""

from __future__ import annotations

import msgspec

from xrdrama.scene.model import Param, Scene
from xrdrama.show import Production
from xrdrama.stage import Facet, Triangle, Wall
from xrdrama.story import Beat


class Control(msgspec.Struct, frozen=True):
    """A typed parameter of a set, as the page draws it."""

    id: str
    kind: str
    doc: str
    default: float | str
    least: float
    most: float
    choices: tuple[str, ...]


class Way(msgspec.Struct, frozen=True):
    """A way out of a beat: `how` is option, else, next or hidden."""

    how: str
    name: str
    to: str
    texts: dict[str, str] = {}


class BeatCard(msgspec.Struct, frozen=True):
    """A beat on the map of the story. `force` are the beats that can be forced from it; None:
    all."""

    id: str
    scene: str
    ways: tuple[Way, ...]
    ending: str = ""
    force: tuple[str, ...] | None = None
    hold: bool = True
    timed: bool = False
    """True if its choice has a time window."""


class Preset(msgspec.Struct, frozen=True):
    """A cue or a look of a set, and what it does."""

    id: str
    doc: str = ""


class Area(msgspec.Struct, frozen=True):
    """A flat part of a wall: lower left, lower right and upper left of a rectangle, or the corners
    of a triangle, in metres; and the same points on the processor's canvas, in pixels."""

    corners: tuple[tuple[float, float, float], ...]
    places: tuple[tuple[float, float], ...]
    triangle: bool = False


class WallCard(msgspec.Struct, frozen=True):
    """A wall on the processor's canvas: `at` is its left and top pixel, `pixels` its size there.

    Of a stage with several canvases, `canvas` is the name of its own, and pixels are those of the
    picture that has all of them.
    """

    id: str
    pixels: tuple[int, int]
    at: tuple[int, int]
    facets: tuple[Area, ...]
    canvas: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """The constant data of a show."""

    show: str
    title: str
    rate: float
    languages: tuple[str, ...]
    start: str
    cast: dict[str, dict[str, str]]
    beats: tuple[BeatCard, ...]
    scenes: dict[str, tuple[Control, ...]]
    staged: bool = True
    """True if it has a stage, with walls and a film camera."""
    canvas: tuple[int, int] | None = None
    walls: tuple[WallCard, ...] = ()
    cues: dict[str, tuple[Preset, ...]] = {}
    """Cues by scene, which can be called by hand."""
    looks: dict[str, tuple[Preset, ...]] = {}
    """Looks by scene, which can be faded to."""


def sheet_of(production: Production, title: str) -> Sheet:
    """The sheet of a show."""
    story = production.story
    rate = production.rate
    return Sheet(
        production.id,
        title or story.title,
        rate.numerator / rate.denominator,
        production.languages,
        production.start or story.start,
        {role: production.texts(f"cast.{role}") for role in story.cast},
        tuple(_card(beat, production) for beat in story.order),
        {
            name: tuple(_control(param) for param in scene.params.values())
            for name, scene in production.scenes.items()
        },
        production.stage is not None,
        production.stage.canvas if production.stage else None,
        tuple(_wall(wall) for wall in production.stage.walls) if production.stage else (),
        {name: _cues(scene) for name, scene in production.scenes.items()},
        {name: tuple(map(Preset, scene.looks)) for name, scene in production.scenes.items()},
    )


def _cues(scene: Scene) -> tuple[Preset, ...]:
    return tuple(Preset(cue.id, cue.doc) for cue in scene.cues.values())


def _wall(wall: Wall) -> WallCard:
    facets = []
    for facet in wall.facets:
        corners, places = list(facet.corners), list(facet.places)
        if isinstance(facet, Facet):
            del corners[2], places[2]  # the upper right follows from the others
        rounded = tuple((round(c.x, 4), round(c.y, 4), round(c.z, 4)) for c in corners)
        pixels = tuple((round(x, 3), round(y, 3)) for x, y in places)
        facets.append(Area(rounded, pixels, isinstance(facet, Triangle)))
    return WallCard(wall.id, wall.area, wall.at, tuple(facets), wall.canvas)


def _card(beat: Beat, production: Production) -> BeatCard:
    ways = []
    if beat.choice:
        ways += [
            Way("option", option.id, option.to, production.texts(option.text_id))
            for option in beat.choice.options
        ]
        if beat.choice.otherwise:
            ways.append(Way("else", "else", beat.choice.otherwise.to))
    ways += [Way("next", "", way.to) for way in beat.exits]
    ways += [Way("hidden", plot.id, plot.to) for plot in beat.hidden]
    window = beat.choice.window if beat.choice else None
    return BeatCard(
        beat.id,
        beat.scene,
        tuple(ways),
        beat.ending.title if beat.ending else "",
        beat.director.force,
        beat.director.hold,
        window is not None and window.is_timed,
    )


def _control(param: Param) -> Control:
    return Control(
        param.id, param.kind, param.doc, param.default, param.least, param.most, param.choices
    )
