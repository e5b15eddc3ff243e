"""The raw values of a story file: keys read one by one, expressions still text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from xrdrama.document import Place, Scalar
from xrdrama.document.shapes import Mention
from xrdrama.story.choosing import Choose
from xrdrama.story.model import Role, Trigger, Window
from xrdrama.story.plan import Director, Lengths, Transition
from xrdrama.story.printed import Marker
from xrdrama.story.voting import VoteRule


class RawEffect(msgspec.Struct, frozen=True, gc=False):
    """A variable and the expression of its new value."""

    name: Scalar
    value: Scalar


class RawExit(msgspec.Struct, frozen=True, gc=False):
    """An exit before its expressions are compiled."""

    to: str
    place: Place
    condition: Scalar | None = None
    effects: tuple[RawEffect, ...] = ()
    given: Mapping[str, Place] = {}


class RawEnding(msgspec.Struct, frozen=True, gc=False):
    """An ending as written."""

    id: str
    title: str = ""


class RawOption(msgspec.Struct, frozen=True, gc=False):
    """An option before its expressions are compiled."""

    id: str
    place: Place
    to: str = ""
    text: str = ""
    condition: Scalar | None = None
    effects: tuple[RawEffect, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    once: bool = False
    fallback: bool = False
    detour: str = ""
    given: Mapping[str, Place] = {}


class RawChoice(msgspec.Struct, frozen=True, gc=False):
    """A choice before its expressions are compiled."""

    options: dict[str, RawOption]
    place: Place
    id: str = ""
    window: RawWindow | None = None
    vote: VoteRule | None = None
    otherwise: RawExit | None = None
    given: Mapping[str, Place] = {}


class RawWindow(Window, frozen=True, gc=False):
    """A window as it was written. `given` are all its keys, including invalid ones."""

    given: Mapping[str, Place] = {}

    def window(self) -> Window:
        """The window alone."""
        return Window(*(getattr(self, name) for name in Window.__struct_fields__))


class RawHidden(msgspec.Struct, frozen=True, gc=False):
    """A hidden plot before its expressions are compiled."""

    id: str
    to: str
    triggers: tuple[Trigger, ...]
    place: Place
    condition: Scalar | None = None
    effects: tuple[RawEffect, ...] = ()
    returns: bool = True
    beats: tuple[str, ...] = ()
    parallel: bool = False


class RawStorylets(msgspec.Struct, frozen=True, gc=False):
    """A storylet group before its beats are known."""

    id: str
    place: Place
    choose: Choose = "least_seen"
    otherwise: RawExit | None = None


class RawBeat(msgspec.Struct, frozen=True, gc=False):
    """A beat before its script is parsed. `given` are all its keys, including invalid ones."""

    id: str
    place: Place
    given: Mapping[str, Place]
    scene: Mention | None = None
    transition: Transition = Transition()
    script: Scalar | None = None
    lengths: Lengths = Lengths()
    choice: RawChoice | None = None
    exits: tuple[RawExit, ...] | None = None
    ending: RawEnding | None = None
    returns: bool | None = None
    hidden: tuple[RawHidden, ...] = ()
    director: Director = Director()
    storylet: str = ""
    when: Scalar | None = None
    once: bool = False


class RawVariable(msgspec.Struct, frozen=True, gc=False):
    """A variable before its initial value is checked."""

    id: str
    place: Place
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()
    init: Scalar | None = None
    kind: Literal["bool", "int", "float", "enum", "text", "computed"] = "bool"
    computed: Scalar | None = None


class RawStory(msgspec.Struct, frozen=True, gc=False):
    """A story file, read key by key. `given` are all its keys, including invalid ones."""

    version: int
    id: str
    beats: dict[str, RawBeat]
    place: Place
    given: Mapping[str, Place]
    title: str = ""
    language: str = "en"
    start: str = ""
    scene: Mention | None = None
    cast: dict[str, Role] | None = None
    variables: dict[str, RawVariable] | None = None
    hidden: tuple[RawHidden, ...] = ()
    storylets: dict[str, RawStorylets] = {}
    markers: dict[str, Marker] = {}
    include: tuple[Mention, ...] = ()
