"""The form of a `*.branch.yaml` file: its keys as shapes, read into raw values with positions.

`parse_story` makes a Story of these; `story_schema` is the same declaration as JSON Schema.
"""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.document import (
    DURATION,
    FLAG,
    ID,
    Field,
    ListOf,
    MapOf,
    Node,
    OneOf,
    Prose,
    Reading,
    Real,
    Record,
    Reference,
    Scalar,
    Shape,
    Text,
    Variant,
    Whole,
)
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.story.choosing import WAYS_TO_CHOOSE
from xrdrama.story.model import Role
from xrdrama.story.plan import Director, Lengths
from xrdrama.story.printed import Marker
from xrdrama.story.prose_shapes import EFFECTS, FORMULA, Placed, Script
from xrdrama.story.transitions import TRANSITION
from xrdrama.story.triggers import TRIGGERS
from xrdrama.story.voting import VOTE
from xrdrama.story.written import (
    RawBeat,
    RawChoice,
    RawEnding,
    RawExit,
    RawHidden,
    RawOption,
    RawStory,
    RawStorylets,
    RawVariable,
    RawWindow,
)

BEAT = Reference("beat", inside=True)
_SCENE = Placed("scene")
_CHOOSE = OneOf(WAYS_TO_CHOOSE)
_EXIT = Record(
    RawExit,
    {
        "to": Field(BEAT, "the next beat", required=True),
        "if": Field(FORMULA, "only when this is true", name="condition"),
        "set": Field(EFFECTS, "variables that change when this path is taken", name="effects"),
    },
)


class ExitShape(msgspec.Struct, frozen=True):
    """A beat's name, or `{to, if, set}`."""

    @property
    def forms(self) -> tuple[Shape, Record]:
        """The shape of a name alone, and that of a mapping."""
        return BEAT, _EXIT

    def read(self, node: Node, reading: Reading) -> Any:
        """A RawExit."""
        if isinstance(node, Scalar):
            to = BEAT.read(node, reading)
            return RawExit(to, node.place) if to is not MISSING else MISSING
        return _EXIT.read(node, reading)

    def schema(self) -> Schema:
        """Either form."""
        return {"anyOf": [BEAT.schema(), _EXIT.schema()]}


_ENDING = Record(
    RawEnding,
    {
        "id": Field(ID, "the ending's id, used in tests and reports", required=True),
        "title": Field(Text("a title", most=80), "the ending's name for the audience"),
    },
)


class EndingShape(msgspec.Struct, frozen=True):
    """An ending's name, or `{id, title}`."""

    @property
    def forms(self) -> tuple[Shape, Record]:
        """The shape of a name alone, and that of a mapping."""
        return ID, _ENDING

    def read(self, node: Node, reading: Reading) -> Any:
        """A RawEnding."""
        if isinstance(node, Scalar):
            if node.text in ("true", "yes", "True"):
                message = "an ending needs an id of its own"
                reading.note(node.place, "F003", message, "write its name, as in ending: morning")
                return MISSING
            name = ID.read(node, reading)
            return RawEnding(name) if name is not MISSING else MISSING
        return _ENDING.read(node, reading)

    def schema(self) -> Schema:
        """Either form."""
        return {"anyOf": [ID.schema(), _ENDING.schema()]}


EXIT = ExitShape()
_WINDOW = Record(
    RawWindow,
    {
        "opens": Field(DURATION, "from the start of the beat; default: when the script has ended"),
        "closes": Field(DURATION, "from the start of the beat"),
        "lasts": Field(DURATION, "from the opening; instead of closes"),
        "grace": Field(DURATION, "extra time for picks that began before it closed (1s)"),
        "show": Field(OneOf(("ring", "bar", "none")), "how the remaining time is displayed"),
        "shows": Field(DURATION, "how long the options are displayed before it opens (0s)"),
        "hides": Field(DURATION, "how long the picked option stays displayed (0s)"),
    },
    "When a timed choice can be picked.",
    such_as="{lasts: 3s}",
)
_OPTION = Record(
    RawOption,
    {
        "text": Field(Text("the text of the option", most=80), "the text of the option's card"),
        "to": Field(BEAT, "the next beat"),
        "detour": Field(
            BEAT, "beats that are played until return:, before to:, or before it is offered again"
        ),
        "if": Field(FORMULA, "offered only when this is true", name="condition"),
        "set": Field(EFFECTS, "variables that change when it is picked", name="effects"),
        "on": Field(TRIGGERS, "triggers that pick it: voice, gesture, ...", name="triggers"),
        "once": Field(FLAG, "offered only until it was picked"),
        "fallback": Field(FLAG, "offered only when no other option is"),
    },
    "An option of a choice.",
    either=("to", "detour"),
)
_OPTIONS = MapOf(
    _OPTION, named=True, most=12, reserved="else", such_as="stay: {text: I stay, to: porch}"
)
_CHOICE = Record(
    RawChoice,
    {
        "id": Field(ID, "a name; default: that of the beat"),
        "window": Field(_WINDOW, "when the choice opens and closes; needs else"),
        "vote": Field(VOTE, "how votes are counted, where options have on: vote"),
        "options": Field(_OPTIONS, "the options by id", required=True),
        "else": Field(EXIT, "the next beat when nothing is picked in time", name="otherwise"),
    },
    "A choice for the audience.",
)
_HIDDEN = Record(
    RawHidden,
    {
        "id": Field(ID, "a name", required=True),
        "on": Field(
            TRIGGERS, "what opens it, such as marker: door_god", required=True, name="triggers"
        ),
        "to": Field(BEAT, "the first beat of the plot", required=True),
        "if": Field(FORMULA, "only when this is true", name="condition"),
        "set": Field(EFFECTS, "variables that change when it opens", name="effects"),
        "return": Field(FLAG, "the interrupted beat continues afterwards (true)", name="returns"),
        "during": Field(
            ListOf(BEAT, most=200, alone=True),
            "only in these beats (at the top level)",
            name="beats",
        ),
        "parallel": Field(FLAG, "played beside the main path, which continues (false)"),
    },
    "A plot beside the main path, opened once by something found in the set.",
)
_STORYLETS = Record(
    RawStorylets,
    {
        "choose": Field(_CHOOSE, "how one of the available beats is chosen (least_seen)"),
        "else": Field(EXIT, "the path when no beat is available", name="otherwise"),
    },
    "A group of beats, one of which is entered when a path leads to the group.",
)
_MARKER = Record(
    Marker,
    {
        "title": Field(Text("a title", most=60), "printed beside the marker; default: its name"),
        "once": Field(OneOf(("viewer",)), "viewer: each viewer can use it once"),
    },
    "A printed marker that a viewer's camera finds.",
    such_as="{title: The print on the door}",
)
_DIRECTOR = Record(
    Director,
    {
        "force": Field(ListOf(BEAT, most=200), "beats that may be forced from here; default: all"),
        "hold": Field(FLAG, "the director may hold the story here (true)"),
    },
)
_LENGTHS = Record(
    Lengths,
    {
        "min": Field(DURATION, "the minimum duration of the beat", name="least"),
        "typical": Field(DURATION, "the author's plan"),
        "max": Field(DURATION, "the author's plan", name="most"),
    },
)
_BEAT = Record(
    RawBeat,
    {
        "storylet": Field(ID, "the storylet group that this beat belongs to"),
        "when": Field(FORMULA, "a storylet: available only when this is true"),
        "once": Field(FLAG, "a storylet: entered at most once"),
        "scene": Field(_SCENE, "the set; default: that of the story"),
        "transition": Field(TRANSITION, "a cross-fade from the set before; default: a cut"),
        "dur": Field(_LENGTHS, "the duration of the beat", name="lengths"),
        "script": Field(Script(), "headings, actions, lines, @cues"),
        "choice": Field(_CHOICE, "the choice at the end of the beat"),
        "next": Field(
            ListOf(EXIT, most=20, alone=True), "the next beat when there is no choice", name="exits"
        ),
        "ending": Field(EndingShape(), "the story ends here"),
        "return": Field(FLAG, "a hidden plot ends here", name="returns"),
        "hidden": Field(ListOf(_HIDDEN, most=20), "plots that open from this beat"),
        "director": Field(_DIRECTOR, "commands that the director may use here"),
    },
    "A unit of drama.",
    such_as="{ending: morning}",
)
_INIT = Field(FORMULA, "the initial value")


def _variable(kind: str, fields: dict[str, Field]) -> Record:
    return Record(RawVariable, fields, fixed={"kind": kind})


_LEAST, _MOST = -(10**6), 10**6
_VARIABLE = Variant(
    "type",
    {
        "bool": _variable("bool", {"init": _INIT}),
        "int": _variable(
            "int",
            {
                "min": Field(Whole(_LEAST, _MOST), "the minimum", required=True, name="least"),
                "max": Field(Whole(_LEAST, _MOST), "the maximum", required=True, name="most"),
                "init": _INIT,
            },
        ),
        "float": _variable(
            "float",
            {
                "min": Field(Real(_LEAST, _MOST), "the minimum", required=True, name="least"),
                "max": Field(Real(_LEAST, _MOST), "the maximum", required=True, name="most"),
                "init": _INIT,
            },
        ),
        "enum": _variable(
            "enum",
            {
                "of": Field(ListOf(ID, most=40), "the allowed words", required=True, name="words"),
                "init": _INIT,
            },
        ),
        "text": _variable("text", {"init": _INIT}),
        "computed": _variable(
            "computed",
            {"from": Field(FORMULA, "the expression of its value", required=True, name="computed")},
        ),
    },
    such_as="{type: bool}",
)
STORY = Record(
    RawStory,
    {
        "xrdrama": Field(
            Whole(1, 1), "the version of this format: 1", required=True, name="version"
        ),
        "id": Field(ID, "the story's name, the same as the file's", required=True),
        "title": Field(Text("a title", most=120), "the title for the audience"),
        "language": Field(
            Text(
                "a language such as en or zh-Hans",
                "[a-z]{2,3}(-[A-Za-z]{2,4})?",
                most=8,
                form="write its code: en for English, zh for Chinese",
            ),
            "the language of this file's texts (en)",
        ),
        "start": Field(BEAT, "the first beat; default: the first in the file"),
        "scene": Field(_SCENE, "the default set of beats"),
        "include": Field(
            ListOf(Placed("story"), most=100),
            "other branch files whose beats, cast and variables belong to this story",
        ),
        "vars": Field(
            MapOf(
                _VARIABLE,
                named=True,
                most=200,
                kind="variable",
                such_as="trust: {type: int, min: 0, max: 3}",
            ),
            "variables with their types",
            name="variables",
        ),
        "cast": Field(
            MapOf(
                Record(
                    Role,
                    {
                        "name": Field(Text("a name", most=60), "the displayed name", required=True),
                        "voice": Field(ID, "the voice that speaks the lines"),
                    },
                ),
                named=True,
                most=100,
                kind="role",
                such_as="lan: {name: Lan}",
            ),
            "who speaks; LAN: in a script is cast.lan",
        ),
        "storylets": Field(
            MapOf(_STORYLETS, named=True, most=200, kind="storylets", such_as="market: {}"),
            "groups of beats by id; a path may lead to a group",
        ),
        "markers": Field(
            MapOf(
                _MARKER,
                named=True,
                most=100,
                kind="marker",
                such_as="door_god: {title: The print on the door}",
            ),
            "printed markers: their titles, and which of them a viewer can use once",
        ),
        "beats": Field(
            MapOf(_BEAT, named=True, kind="beat", such_as="porch: {script: ..., next: door}"),
            "the beats by id",
            required=True,
        ),
        "hidden": Field(ListOf(_HIDDEN, most=50), "hidden plots that can open in several beats"),
    },
    "A branching story (xrdrama branch file, version 1).",
)


PROSE = Prose(("script",), (*_BEAT.fields, *STORY.fields))
"""The keys of a story file that contain screenplay text, and the keys beside them."""


def story_schema() -> Schema:
    """JSON Schema of `*.branch.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama branch file",
        **STORY.schema(),
    }
