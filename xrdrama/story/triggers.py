"""The shape of triggers: `voice: "yes|i did"`, `gesture: open_palm`, `gaze: door`, ...

S240  a gaze whose time is not a duration of 0.3 s to 10 s
S226  a trigger that does not name a performer and one of its states
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from xrdrama.document import Mapping, Node, Place, Reading, Scalar, Sequence, Text, suggestion
from xrdrama.document.names import is_word
from xrdrama.document.quantities import parse_duration
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.story.model import HAND_POSES, PERFORMER_STATES, Trigger
from xrdrama.timing import NS

TRIGGER_KINDS = ("voice", "gesture", "marker", "performer", "gaze", "button")
BARE = ("button", "vote")
"""Kinds that have no value."""

SHORTEST_GAZE, LONGEST_GAZE = 300_000_000, 10 * NS
"""Nanoseconds that a place may have to be looked at."""

_QUOTES = '"“”„«»「」'
_TRIGGER_TEXT = Text("the value of the trigger", most=300)


class TriggerShape(msgspec.Struct, frozen=True):
    """`voice: "yes|i did"`, `gesture: open_palm`, `marker: door_god`, ..."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A Trigger."""
        if isinstance(node, Scalar) and node.text in BARE:
            return Trigger(node.text, (), node.place)  # type: ignore[arg-type]
        if not isinstance(node, Mapping) or len(node.entries) != 1:
            reading.note(node.place, "S220", "expected a trigger", _instead(node))
            return MISSING
        key, value = node.entries[0]
        if key.text == "vote":
            reading.note(key.place, "S220", "vote has no value", "write on: vote")
            return MISSING
        if key.text not in TRIGGER_KINDS:
            reading.note(
                key.place, "S220", f"unknown trigger {key.text!r}",
                suggestion(key.text, TRIGGER_KINDS),
            )  # fmt: skip
            return MISSING
        if key.text == "voice" and isinstance(value, Sequence):
            phrases = "|".join(one.text for one in value.items if isinstance(one, Scalar))
            hint = f'write "{phrases}"' if phrases else 'such as "yes|i did"'
            reading.note(value.place, "S221", "expected phrases between bars, not a list", hint)
            return MISSING
        text = _TRIGGER_TEXT.read(value, reading)
        if text is MISSING:
            return MISSING
        return self._typed(key.text, text, value.place, reading)

    def _typed(self, kind: str, text: str, place: Place, reading: Reading) -> Any:
        if kind == "voice":
            phrases = tuple(p.strip() for p in re.split("[|｜]", text) if p.strip())
            if any(sign in text for sign in _QUOTES):
                plain = re.sub(f"[{_QUOTES}]", "", text)
                reading.note(
                    place, "S221", "these quotation marks are read as part of the phrase",
                    f'write "{plain}"', "warning",
                )  # fmt: skip
            if phrases and not all(part.strip() for part in re.split("[|｜]", text)):
                reading.note(
                    place, "S221", "an empty phrase: there is nothing between two bars, or beside "
                                   "the first or last one",
                    f'write "{"|".join(phrases)}"', "warning",
                )  # fmt: skip
            if phrases and len(phrases) <= 12:
                return Trigger("voice", phrases, place)
            reading.note(place, "S221", "expected 1 to 12 phrases", 'such as "yes|i did"')
        elif kind == "gesture":
            if text in HAND_POSES:
                return Trigger("gesture", (text,), place)
            reading.note(place, "S222", f"unknown hand pose {text!r}", suggestion(text, HAND_POSES))
        elif kind == "gaze":
            return self._gaze(text, place, reading)
        elif kind == "performer":
            return self._performer(text, place, reading)
        elif is_word(text):
            return Trigger(kind, (text,), place)  # type: ignore[arg-type]
        else:
            reading.note(
                place, "S224", f"{text!r} is not a valid name", "use letters, digits and _"
            )
        return MISSING

    def _gaze(self, text: str, place: Place, reading: Reading) -> Any:
        """`door` or `door/2s`: a place of the set, and how long it is looked at."""
        name, slash, time = text.partition("/")
        dwell = parse_duration(time) if slash else 0
        if not is_word(name.strip()):
            reading.note(
                place, "S224", f"{name.strip()!r} is not a valid name", "use letters, digits and _"
            )
        elif dwell is None or (slash and not SHORTEST_GAZE <= dwell <= LONGEST_GAZE):
            reading.note(
                place, "S240", f"{time.strip()!r} is not a time to look at something",
                f"write 300ms to 10s behind the bar, such as {name.strip()}/2s",
            )  # fmt: skip
        else:
            return Trigger("gaze", (name.strip(),), place, dwell)
        return MISSING

    def _performer(self, text: str, place: Place, reading: Reading) -> Any:
        """`lan.done`: a performer and what its body reports."""
        name, dot, state = text.partition(".")
        if not dot or not is_word(name):
            reading.note(
                place, "S226", f"{text!r} does not name a performer and a state",
                "write a performer, a dot and a state, such as lan.done",
            )  # fmt: skip
        elif state not in PERFORMER_STATES:
            reading.note(
                place, "S226", f"unknown state {state!r} of a performer",
                suggestion(state, PERFORMER_STATES),
            )  # fmt: skip
        else:
            return Trigger("performer", (text,), place)
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
        states = {"type": "string", "pattern": rf"^[^.]+\.({'|'.join(PERFORMER_STATES)})$"}
        kinds[3]["properties"] = {"performer": states}
        return {"anyOf": [{"enum": list(BARE)}, *kinds]}


def _instead(node: Node) -> str:
    """The hint for an invalid trigger."""
    if isinstance(node, Mapping) and all(key.text in TRIGGER_KINDS for key, _ in node.entries):
        return (
            "write several triggers as a list: ["
            + ", ".join(f"{k.text}: ..." for k, _ in node.entries)
            + "]"
        )
    if isinstance(node, Scalar) and node.text in TRIGGER_KINDS:
        return f"write {node.text}: and a value, as in voice: yes|i did"
    if isinstance(node, Scalar) and node.text in HAND_POSES:
        return f"write gesture: {node.text}"
    return "such as voice: yes|i did; quote a phrase that contains a comma"


class Listed(msgspec.Struct, frozen=True):
    """Triggers: a list, or a single one."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of Triggers."""
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [TRIGGER.read(item, reading) for item in items]
        return tuple(trigger for trigger in found if trigger is not MISSING)

    def schema(self) -> Schema:
        """A list or one."""
        one = TRIGGER.schema()
        return {"anyOf": [one, {"type": "array", "items": one}]}


TRIGGER = TriggerShape()
TRIGGERS = Listed()
