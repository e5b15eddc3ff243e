"""What a page may ask for: JSON in, an event for the ingress log out, or a refusal in words."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from xrdrama.adapters.web.sheet import Sheet
from xrdrama.errors import RemoteProtocolError
from xrdrama.show.direction import DIRECTOR
from xrdrama.wire.events import (
    AnyEvent,
    ConfirmMode,
    Decided,
    Forced,
    HeldStory,
    Panic,
    ParamSet,
    Pressed,
    Rolled,
    Slated,
    Undone,
)

Role = Literal["director", "operator", "viewer"]
"""director: everything. operator: parameters, hold, slate, roll and cut, and panic *in* (whoever
sees that a wall must go dark may make it so; the way back is the director's). viewer: sees."""

MOST_BYTES: Final = 4096
Id = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Amount = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Remark = Annotated[str, msgspec.Meta(max_length=120)]


class Ask(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """The base of what is asked; `id` comes back with the answer."""

    id: Id


class SetParam(Ask, frozen=True, tag="param"):
    """Move a parameter; no value lets it go."""

    name: Word
    value: Amount | None


class Hold(Ask, frozen=True, tag="hold"):
    """Hold the story, or let it go on."""

    on: bool


class Force(Ask, frozen=True, tag="force"):
    """Send the story to a beat."""

    beat: Word


class Undo(Ask, frozen=True, tag="undo"):
    """Take the last way back."""


class Confirm(Ask, frozen=True, tag="confirm"):
    """Confirm what the audience picks, or no more."""

    on: bool


class Decide(Ask, frozen=True, tag="decide"):
    """The word on a pick that waits."""

    yes: bool


class Pick(Ask, frozen=True, tag="pick"):
    """Pick an option in the audience's stead."""

    option: Word


class Slate(Ask, frozen=True, tag="slate"):
    """Write on the slate."""

    text: Remark


class Roll(Ask, frozen=True, tag="roll"):
    """Roll, or cut."""

    on: bool


class PanicNow(Ask, frozen=True, tag="panic"):
    """The safe picture, or back to the show."""

    on: bool


AnyAsk = SetParam | Hold | Force | Undo | Confirm | Decide | Pick | Slate | Roll | PanicNow
WAITS: Final = "a pick waits for the director's yes or no, and the story with it"
SAFE: Final = "the walls are safe and the story waits: end the panic first"
_OPERATORS = (SetParam, Hold, Slate, Roll)
_decoder = msgspec.json.Decoder(AnyAsk)


class RefusedError(Exception):
    """What was asked cannot be; its text is shown on the page."""


def decode_ask(data: str | bytes) -> AnyAsk:
    """An ask out of a message, or RemoteProtocolError."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise RemoteProtocolError(f"a message of {size} bytes; {MOST_BYTES} are allowed")
    try:
        ask: AnyAsk = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError(f"not a message of this console: {error}") from None
    return ask


def may(role: Role, ask: AnyAsk) -> bool:
    """Whether a role may ask for that."""
    if role == "director":
        return True
    if role == "operator":
        return isinstance(ask, _OPERATORS) or (isinstance(ask, PanicNow) and ask.on)
    return False


def event_of(  # noqa: C901, PLR0912 - one case an ask
    ask: AnyAsk, role: Role, who: str, sheet: Sheet, now: dict[str, Any]
) -> AnyEvent:
    """The event that an ask stands for, given the state `now` of the page; or RefusedError."""
    if not may(role, ask):
        raise RefusedError(f"a console with the role {role} may not do that; ask the director")
    match ask:
        case SetParam(name=name, value=value):
            _check_param(ask, sheet, str(now.get("scene", "")))
            return ParamSet(who, name, value)
        case Hold(on=on):
            if not on:
                _check_free(now)
            return HeldStory(who, on)
        case Force(beat=beat):
            _check_beat(beat, sheet, str(now.get("beat", "")))
            return Forced(who, beat)
        case Undo():
            if not now.get("undo"):
                raise RefusedError("nothing was chosen yet that could be taken back")
            return Undone(who)
        case Confirm(on=on):
            if not on and now.get("proposal"):
                raise RefusedError(WAITS)
            return ConfirmMode(who, on)
        case Decide(yes=yes):
            if not now.get("proposal"):
                raise RefusedError("no pick waits for a word any more")
            if now.get("panic"):
                raise RefusedError(SAFE)
            return Decided(who, yes)
        case Pick(option=option):
            offered = [one["id"] for one in (now.get("choice") or {}).get("options", ())]
            if option not in offered:
                raise RefusedError(f"{option!r} is not offered now")
            return Pressed(DIRECTOR, option)  # by this name, it needs no confirmation
        case Slate(text=text):
            return Slated(who, text)
        case Roll(on=on):
            return Rolled(who, on)
        case PanicNow(on=on):
            return Panic(who, on)


def _check_free(now: dict[str, Any]) -> None:
    """Whether the story may go on by a hand that lets go of it."""
    if now.get("panic"):
        raise RefusedError(SAFE)
    if now.get("proposal"):
        raise RefusedError(WAITS)


def _check_param(ask: SetParam, sheet: Sheet, scene: str) -> None:
    control = sheet.control(scene, ask.name)
    if control is None:
        raise RefusedError(f"the set that plays has no parameter {ask.name!r}")
    if ask.value is None:
        return
    least, most = control.least, control.most
    if control.kind == "choice":
        least, most = 0.0, float(len(control.choices) - 1)
    if not least <= ask.value <= most:
        raise RefusedError(f"{ask.name} goes from {least:g} to {most:g}, not {ask.value:g}")


def _check_beat(beat: str, sheet: Sheet, playing: str) -> None:
    if sheet.beat(beat) is None:
        raise RefusedError(f"the story has no beat {beat!r}")
    here = sheet.beat(playing)
    if here is not None and here.force is not None and beat not in here.force:
        allowed = ", ".join(here.force) or "none"
        raise RefusedError(f"the author lets {playing!r} be left by force for: {allowed}")
