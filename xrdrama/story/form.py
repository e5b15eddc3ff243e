"""The form of a `*.branch.yaml` file: its keys as shapes, read into raw values with places.

`parse_story` makes a Story of them; `story_schema` publishes the same declaration for editors.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from xrdrama.document import (
    DURATION,
    FLAG,
    ID,
    Field,
    ListOf,
    MapOf,
    Mapping,
    Node,
    OneOf,
    Place,
    Reading,
    Real,
    Record,
    Reference,
    Scalar,
    Sequence,
    Text,
    Variant,
    Whole,
    suggestion,
)
from xrdrama.document.shapes import MISSING, Schema, parse_duration
from xrdrama.story.model import HAND_POSES, Director, Lengths, Role, Trigger, Window

TRIGGER_KINDS = ("voice", "gesture", "gaze", "marker", "vote", "button")


class Script(msgspec.Struct, frozen=True):
    """Screenplay text; kept as a node, since its lines have places of their own."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The literal block."""
        if not isinstance(node, Scalar) or node.style not in ("|", None, '"', "'"):
            reading.note(node.place, "S211", "screenplay text is wanted here", "write script: |")
            return MISSING
        return node

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "description": "screenplay text in a literal block: script: |"}


class Formula(msgspec.Struct, frozen=True):
    """An expression; kept as a node until the variables are known."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The scalar."""
        text = Text("an expression").read(node, reading)
        return node if text is not MISSING else MISSING

    def schema(self) -> Schema:
        """A string, number or boolean schema."""
        return {"type": ["string", "number", "boolean"]}


class RawExit(msgspec.Struct, frozen=True):
    """An exit before its expressions are compiled."""

    to: str
    place: Place
    condition: Scalar | None = None
    effects: dict[str, Scalar] = {}


FORMULA = Formula()
BEAT = Reference("beat")
EFFECTS = MapOf(FORMULA, most=50)
_EXIT = Record(
    RawExit,
    {
        "to": Field(BEAT, "the beat that follows", required=True),
        "if": Field(FORMULA, "only when this is true", name="condition"),
        "set": Field(EFFECTS, "variables that change on the way", name="effects"),
    },
)


class ExitShape(msgspec.Struct, frozen=True):
    """A beat's name, or `{to, if, set}`."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A RawExit."""
        if isinstance(node, Scalar):
            to = BEAT.read(node, reading)
            return RawExit(to, node.place) if to is not MISSING else MISSING
        return _EXIT.read(node, reading)

    def schema(self) -> Schema:
        """Either form."""
        return {"anyOf": [BEAT.schema(), _EXIT.schema()]}


_TRIGGER_TEXT = Text("what triggers", most=300)


class TriggerShape(msgspec.Struct, frozen=True):
    """`voice: "yes|i did"`, `gesture: open_palm`, `gaze: mara/1.2s`, `marker: door_god`, ..."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A Trigger."""
        if isinstance(node, Scalar) and node.text == "button":
            return Trigger("button", (), node.place)
        if not isinstance(node, Mapping) or len(node.entries) != 1:
            reading.note(node.place, "S220", "a trigger is wanted here", "such as voice: yes|i did")
            return MISSING
        key, value = node.entries[0]
        if key.text not in TRIGGER_KINDS:
            reading.note(
                key.place, "S220", f"{key.text!r} is not a trigger",
                suggestion(key.text, TRIGGER_KINDS),
            )  # fmt: skip
            return MISSING
        text = _TRIGGER_TEXT.read(value, reading)
        if text is MISSING:
            return MISSING
        return self._typed(key.text, text, value.place, reading)

    def _typed(self, kind: str, text: str, place: Place, reading: Reading) -> Any:
        if kind == "voice":
            phrases = tuple(p.strip() for p in text.split("|") if p.strip())
            if phrases and len(phrases) <= 12:
                return Trigger("voice", phrases, place)
            reading.note(place, "S221", "1 to 12 phrases are wanted here", 'such as "yes|i did"')
        elif kind == "gesture":
            if text in HAND_POSES:
                return Trigger("gesture", (text,), place)
            reading.note(
                place, "S222", f"{text!r} is not a hand pose", suggestion(text, HAND_POSES)
            )
        elif kind == "gaze":
            target, _, dwell = text.partition("/")
            ns = parse_duration(dwell or "1s")
            if re.fullmatch("[a-z][a-z0-9_]*", target) and ns is not None:
                return Trigger("gaze", (target,), place, ns)
            reading.note(place, "S223", f"{text!r} is not a gaze", "such as lan/1.2s")
        elif re.fullmatch("[A-Za-z0-9_]{1,64}", text):
            return Trigger(kind, (text,), place)  # type: ignore[arg-type]
        else:
            reading.note(place, "S224", f"{text!r} is not a name", "letters, digits and _")
        return MISSING

    def schema(self) -> Schema:
        """One property a kind."""
        text = _TRIGGER_TEXT.schema()
        kinds = [
            {"type": "object", "properties": {k: text}, "required": [k],
             "additionalProperties": False}
            for k in TRIGGER_KINDS
        ]  # fmt: skip
        kinds[1]["properties"] = {"gesture": {"enum": list(HAND_POSES)}}
        return {"anyOf": [{"const": "button"}, *kinds]}


class RawEnding(msgspec.Struct, frozen=True):
    """An ending as written."""

    id: str
    title: str = ""


_ENDING = Record(
    RawEnding,
    {
        "id": Field(ID, "what proofs and reports call it", required=True),
        "title": Field(Text("a title", most=80), "what the audience may call it"),
    },
)


class EndingShape(msgspec.Struct, frozen=True):
    """An ending's name, or `{id, title}`."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A RawEnding."""
        if isinstance(node, Scalar):
            name = ID.read(node, reading)
            return RawEnding(name) if name is not MISSING else MISSING
        return _ENDING.read(node, reading)

    def schema(self) -> Schema:
        """Either form."""
        return {"anyOf": [ID.schema(), _ENDING.schema()]}


class Listed(msgspec.Struct, frozen=True):
    """Triggers: a list, or one alone."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of Triggers."""
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [TRIGGER.read(item, reading) for item in items]
        return tuple(trigger for trigger in found if trigger is not MISSING)

    def schema(self) -> Schema:
        """A list or one."""
        one = TRIGGER.schema()
        return {"anyOf": [one, {"type": "array", "items": one}]}


EXIT = ExitShape()
TRIGGER = TriggerShape()
TRIGGERS = Listed()


class RawOption(msgspec.Struct, frozen=True):
    """An option before its expressions are compiled."""

    id: str
    to: str
    place: Place
    text: str = ""
    condition: Scalar | None = None
    effects: dict[str, Scalar] = {}
    triggers: tuple[Trigger, ...] = ()
    once: bool = False


class RawChoice(msgspec.Struct, frozen=True):
    """A choice before its expressions are compiled."""

    options: dict[str, RawOption]
    place: Place
    id: str = ""
    window: Window | None = None
    otherwise: RawExit | None = None


class RawHidden(msgspec.Struct, frozen=True):
    """A hidden plot before its expressions are compiled."""

    id: str
    to: str
    triggers: tuple[Trigger, ...]
    place: Place
    condition: Scalar | None = None
    effects: dict[str, Scalar] = {}
    returns: bool = True
    beats: tuple[str, ...] = ()


class RawBeat(msgspec.Struct, frozen=True):
    """A beat before its script is parsed."""

    id: str
    place: Place
    scene: str = ""
    script: Scalar | None = None
    lengths: Lengths = Lengths()
    choice: RawChoice | None = None
    exits: tuple[RawExit, ...] = ()
    ending: RawEnding | None = None
    returns: bool = False
    hidden: tuple[RawHidden, ...] = ()
    director: Director = Director()


class RawVariable(msgspec.Struct, frozen=True):
    """A variable before its start value is checked."""

    id: str
    place: Place
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()
    init: Scalar | None = None
    kind: Literal["bool", "int", "float", "enum", "text"] = "bool"


class RawStory(msgspec.Struct, frozen=True):
    """A story file, read key by key."""

    version: int
    id: str
    beats: dict[str, RawBeat]
    place: Place
    title: str = ""
    language: str = "en"
    start: str = ""
    scene: str = ""
    cast: dict[str, Role] = {}
    variables: dict[str, RawVariable] = {}
    hidden: tuple[RawHidden, ...] = ()


_WINDOW = Record(
    Window,
    {
        "opens": Field(DURATION, "from the start of the beat; default: when the script has ended"),
        "closes": Field(DURATION, "from the start of the beat"),
        "lasts": Field(DURATION, "from the opening; instead of closes"),
        "grace": Field(DURATION, "an act begun before the close still counts so much later (1s)"),
        "show": Field(OneOf(("ring", "bar", "none")), "how the time left is shown"),
    },
    "When a timed choice can be picked.",
)
_OPTION = Record(
    RawOption,
    {
        "text": Field(Text("what the option says", most=80), "what the card says"),
        "to": Field(BEAT, "the beat that it leads to", required=True),
        "if": Field(FORMULA, "offered only when this is true", name="condition"),
        "set": Field(EFFECTS, "variables that change when it is picked", name="effects"),
        "on": Field(TRIGGERS, "what picks it: voice, gesture, ...", name="triggers"),
        "once": Field(FLAG, "offered only until it was picked"),
    },
    "Something to do or to say.",
)
_OPTIONS = MapOf(_OPTION, named=True, most=12)


class Options(msgspec.Struct, frozen=True):
    """The options of a choice by id, of which none is `else`: silence stands beside them."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A dict of RawOptions."""
        if isinstance(node, Mapping):
            for key, _ in node.entries:
                if key.text == "else":
                    reading.note(
                        key.place, "S136", "else is not one of the options",
                        "indent it like options:, beside it",
                    )  # fmt: skip
            rest = tuple(entry for entry in node.entries if entry[0].text != "else")
            node = Mapping(rest, node.place)
        return _OPTIONS.read(node, reading)

    def schema(self) -> Schema:
        """An object schema."""
        schema = _OPTIONS.schema()
        schema["propertyNames"] = {**schema["propertyNames"], "not": {"const": "else"}}
        return schema


_CHOICE = Record(
    RawChoice,
    {
        "id": Field(ID, "a name; default: that of the beat"),
        "window": Field(_WINDOW, "makes the choice a timed one; needs else"),
        "options": Field(Options(), "the options by id", required=True),
        "else": Field(EXIT, "where silence leads", name="otherwise"),
    },
    "A question to whoever steers the story.",
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
        "return": Field(FLAG, "the interrupted beat goes on afterwards (true)", name="returns"),
        "during": Field(
            ListOf(BEAT, most=200, alone=True),
            "only in these beats (at the top level)",
            name="beats",
        ),
    },
    "A plot beside the path, opened once by something found in the set.",
)
_DIRECTOR = Record(
    Director,
    {
        "force": Field(ListOf(BEAT, most=200), "beats that may be forced from here; default all"),
        "hold": Field(FLAG, "story time may be frozen here (true)"),
    },
)
_LENGTHS = Record(
    Lengths,
    {
        "min": Field(DURATION, "the beat takes at least so long", name="least"),
        "typical": Field(DURATION, "the author's plan"),
        "max": Field(DURATION, "the author's plan", name="most"),
    },
)
_BEAT = Record(
    RawBeat,
    {
        "scene": Field(Reference("scene"), "the set; default: that of the story"),
        "dur": Field(_LENGTHS, "how long it takes", name="lengths"),
        "script": Field(Script(), "headings, actions, lines, @cues"),
        "choice": Field(_CHOICE, "what is asked"),
        "next": Field(
            ListOf(EXIT, most=20, alone=True), "where it leads when nothing is asked", name="exits"
        ),
        "ending": Field(EndingShape(), "the story ends here"),
        "return": Field(FLAG, "a hidden plot ends here", name="returns"),
        "hidden": Field(ListOf(_HIDDEN, most=20), "plots that open from this beat"),
        "director": Field(_DIRECTOR, "what the director may do here"),
    },
    "A unit of drama.",
)
_INIT = Field(FORMULA, "the value at the start")


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
                "min": Field(Whole(_LEAST, _MOST), "the least value", required=True, name="least"),
                "max": Field(Whole(_LEAST, _MOST), "the largest value", required=True, name="most"),
                "init": _INIT,
            },
        ),
        "float": _variable(
            "float",
            {
                "min": Field(Real(_LEAST, _MOST), "the least value", required=True, name="least"),
                "max": Field(Real(_LEAST, _MOST), "the largest value", required=True, name="most"),
                "init": _INIT,
            },
        ),
        "enum": _variable(
            "enum",
            {
                "of": Field(ListOf(ID, most=40), "its words", required=True, name="words"),
                "init": _INIT,
            },
        ),
        "text": _variable("text", {"init": _INIT}),
    },
)
STORY = Record(
    RawStory,
    {
        "xrdrama": Field(
            Whole(1, 1), "the version of this format: 1", required=True, name="version"
        ),
        "id": Field(ID, "the story's name, the same as the file's", required=True),
        "title": Field(Text("a title", most=120), "what the audience sees"),
        "language": Field(
            Text("a language such as en or zh-Hans", "[a-z]{2,3}(-[A-Za-z]{2,4})?", most=8),
            "the language of this file's texts (en)",
        ),
        "start": Field(BEAT, "the first beat; default: the first in the file"),
        "scene": Field(Reference("scene"), "the set of beats that name none"),
        "vars": Field(MapOf(_VARIABLE, named=True, most=200), "typed facts", name="variables"),
        "cast": Field(
            MapOf(
                Record(
                    Role,
                    {
                        "name": Field(Text("a name", most=60), "as shown", required=True),
                        "voice": Field(ID, "the voice that speaks the lines"),
                    },
                ),
                named=True,
                most=100,
            ),
            "who speaks; LAN: in a script is cast.lan",
        ),
        "beats": Field(MapOf(_BEAT, named=True), "the beats by id", required=True),
        "hidden": Field(ListOf(_HIDDEN, most=50), "plots that run beside several beats"),
    },
    "A branching story (xrdrama branch file, version 1).",
)


def story_schema() -> Schema:
    """JSON Schema of `*.branch.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama branch file",
        **STORY.schema(),
    }
