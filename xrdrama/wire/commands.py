"""Every command of a director, declared once: its name, its bounded fields, who may send it.

A command is a class here and the function in `xrdrama.show` that applies it. From the class come
its bytes on the wire, the JSON that a console's page sends, the page's TypeScript types, its
golden message and its place in the published schema. The tag is the command's name everywhere.

Who sent a command is never one of its fields: the core writes peer, name and role on the entry of
the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, get_args

import msgspec

from xrdrama.document.names import composed
from xrdrama.tracking.sample import Name

Text = Annotated[str, msgspec.Meta(max_length=500)]
Number = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
LONGEST_FADE_S: Final = 600.0
Fade = Annotated[float, msgspec.Meta(ge=0.0, le=LONGEST_FADE_S)]
"""Seconds."""
Role = Literal[
    "recogniser", "tracker", "viewer", "engine", "director", "operator", "performer", "node"
]  # fmt: skip

PatternName = Literal["off", "grid", "geometry", "ramp", "bar", "frame", "cameras", "flash"]
"""Test patterns: pixels; positions on the stage; brightness; motion; the frame's number; cameras'
frames and names; flashes."""
PATTERNS: Final[tuple[PatternName, ...]] = get_args(PatternName)[1:]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
DIRECTOR: Final[tuple[Role, ...]] = ("director",)
OPERATOR: Final[tuple[Role, ...]] = ("director", "operator")


def compose(value: msgspec.Struct, field: str) -> None:
    """Names in composed form (NFC), as stories have them; senders may spell é in two ways."""
    name = getattr(value, field)
    if isinstance(name, str) and not name.isascii():
        msgspec.structs.force_setattr(value, field, composed(name))


class Only(NamedTuple):
    """Fewer roles where a field has this value."""

    field: str
    value: bool | str | float | None
    roles: tuple[Role, ...]


class Command(msgspec.Struct, frozen=True, array_like=True):
    """The base of commands. `source` is the device or program that sent it, as it calls itself."""

    roles: ClassVar[tuple[Role, ...]] = DIRECTOR
    """Who may send it."""
    only: ClassVar[tuple[Only, ...]] = ()
    example: ClassVar[dict[str, Any]] = {}
    """Fields of its golden message that shall not have a value made from their type."""

    source: Name

    def __post_init__(self) -> None:
        """Compose the names."""
        for field in self.__struct_fields__[1:]:
            compose(self, field)


class Forced(Command, frozen=True, tag="forced"):
    """Force the story to a beat."""

    example: ClassVar[dict[str, Any]] = {"beat": "threshold"}
    beat: Name


class HeldStory(Command, frozen=True, tag="held"):
    """Hold story time, or let it continue."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    on: bool


class ParamSet(Command, frozen=True, tag="param"):
    """Hold a parameter of the set at a value; None releases it."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    example: ClassVar[dict[str, Any]] = {"param": "fog"}
    param: Name
    value: Number | None


class Undone(Command, frozen=True, tag="undo"):
    """Undo the last pick: its beat starts again, with the values it had then."""


class ConfirmMode(Command, frozen=True, tag="confirm"):
    """Confirm what the audience picks before it happens, or stop confirming."""

    on: bool


class Decided(Command, frozen=True, tag="decided"):
    """Allow or reject the pick that waits."""

    yes: bool


class Slated(Command, frozen=True, tag="slate"):
    """Write on the slate: scene, take, a remark."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    example: ClassVar[dict[str, Any]] = {"text": "12A take 3"}
    text: Text


class Rolled(Command, frozen=True, tag="roll"):
    """Roll or cut: the part of the show that is wanted starts or ends."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    on: bool


class Panic(Command, frozen=True, tag="panic"):
    """Show the safe picture on every wall, or return to the show.

    An operator may start a panic; only a director ends one.
    """

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    only: ClassVar[tuple[Only, ...]] = (Only("on", False, DIRECTOR),)
    example: ClassVar[dict[str, Any]] = {"on": False}
    on: bool


class PickedByHand(Command, frozen=True, tag="pick"):
    """Pick an option of the open choice instead of the audience. It needs no confirmation."""

    example: ClassVar[dict[str, Any]] = {"option": "remember"}
    option: Name


class CueStarted(Command, frozen=True, tag="cue"):
    """Start a cue of the set by hand."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    example: ClassVar[dict[str, Any]] = {"cue": "lanterns_up"}
    cue: Name


class LookRecalled(Command, frozen=True, tag="look"):
    """Fade the set to a look within `fade` seconds. What was held there is released.

    The look is one of the set, or one that the frame lists in `looks`.
    """

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    example: ClassVar[dict[str, Any]] = {"look": "wall_camera"}
    look: Name
    fade: Fade


class LookSaved(Command, frozen=True, tag="save_look"):
    """Save the parameters that are shown now as a look of the show, or replace one.

    `look` is what people call it; its name is made from that. `fade` seconds is the time that a
    console suggests for it.
    """

    example: ClassVar[dict[str, Any]] = {"look": "Last light"}
    look: Name
    fade: Fade


class LookDeleted(Command, frozen=True, tag="delete_look"):
    """Delete a look of the show; a look of a set cannot be deleted."""

    example: ClassVar[dict[str, Any]] = {"look": "last_light"}
    look: Name


class OuterFrozen(Command, frozen=True, tag="freeze_outer"):
    """Freeze the outer pictures of all walls, or let them continue. Inner frusta are not frozen."""

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    on: bool


class PatternShown(Command, frozen=True, tag="pattern"):
    """Show a test pattern on a wall, over everything else; "off" removes it.

    `wall` is the id of a wall; with "" it is shown on every wall.
    """

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    example: ClassVar[dict[str, Any]] = {"pattern": "grid", "wall": "main"}
    pattern: PatternName
    wall: Name


class JoinCodeShown(Command, frozen=True, tag="join_code"):
    """Show the code of the room's link on the largest wall and in windows, or remove it.

    Frames have the link only while it is shown, and takes never have it.
    """

    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    on: bool


class Stopped(Command, frozen=True, tag="stop"):
    """Stop the body of a performer, such as a robot: it is damped, and stays so until released.

    With "", or a name that no body reports as, every body is stopped. Everybody may stop: every
    role, with the key of the run or without.
    """

    roles: ClassVar[tuple[Role, ...]] = ROLES
    example: ClassVar[dict[str, Any]] = {"performer": "k1"}
    performer: Name


class Released(Command, frozen=True, tag="release"):
    """Release the body of a stopped performer: the director's key.

    The body moves again once a hand at the process of the robot has released it, too, within 30 s
    of this one.
    """

    example: ClassVar[dict[str, Any]] = {"performer": "k1"}
    performer: Name


class TimeScaled(Command, frozen=True, tag="time_scale"):
    """Give viewers more time: choices stay open `scale` times as long as written; with None they
    have no time limit. A viewer may ask for it, too."""

    roles: ClassVar[tuple[Role, ...]] = ("director", "operator", "viewer")
    example: ClassVar[dict[str, Any]] = {"scale": 2.0}
    scale: Annotated[float, msgspec.Meta(ge=1.0, le=4.0)] | None


class Reloaded(Command, frozen=True, tag="reload"):
    """Read the files of the story again and continue with them where the show is.

    In a roll, or while a pick waits for a decision, the new version is used after it. A version
    with errors, or without the current beat, is not used; an alarm gives the reason.
    """


class Sender(msgspec.Struct, frozen=True, array_like=True):
    """For whom a console speaks: the name and role of the person at one of its pages."""

    name: Name
    role: Role


CommandCode = Literal[
    "unknown_beat",  # the story has no such beat
    "force_not_allowed",  # the author does not let this beat be left for that one
    "hold_not_allowed",  # the author does not let this beat be held
    "unknown_param",  # the scene has no such parameter
    "out_of_range",  # the parameter has no such value
    "not_offered",  # the option cannot be picked now
    "nothing_to_undo",  # no pick was made that could be undone
    "nothing_to_decide",  # no pick waits for a decision
    "decision_pending",  # a pick waits for a decision, and the story with it
    "panic_on",  # the safe picture is shown, and the story waits
    "unknown_cue",  # the scene has no such cue
    "unknown_look",  # neither the scene nor the show has such a look
    "bad_name",  # no name can be made from the text
    "name_taken",  # a look that cannot be replaced has this name
    "too_many_looks",  # the show has as many looks as it may have
    "unknown_wall",  # the stage has no such wall
    "unknown_performer",  # no performer has this name
    "vote_late",  # the choice that was voted on has closed, or was opened again since
    "no_vote",  # the option is not one that is voted on
    "already_voted",  # this viewer has voted, and the story counts the first vote
    "too_many_voters",  # a choice counts so many viewers, not more
    "not_possible",  # the story declined it for another reason
]
"""Why a command, or a vote, had no effect."""


def commands() -> tuple[type[Command], ...]:
    """Every declared command, in the order of declaration."""
    return tuple(_kinds(Command))


def _kinds(base: type[Command]) -> Iterator[type[Command]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def name_of(kind: type[Command]) -> str:
    """The name of a command: its tag on the wire, and what a page sends as `do`."""
    return str(kind.__struct_config__.tag)


def roles_for(command: Command) -> tuple[Role, ...]:
    """The roles that may send this command with these fields."""
    for only in command.only:
        if getattr(command, only.field) == only.value:
            return only.roles
    return command.roles


def may_send(role: str, command: Command) -> bool:
    """Whether somebody with this role may send the command. Nothing else decides it."""
    return role in roles_for(command)
