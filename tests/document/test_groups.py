"""Groups: a wrong indentation or a misspelt key is reported once and read as it was meant."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from xrdrama.document import (
    DURATION,
    FLAG,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Reading,
    Real,
    Record,
    Reference,
    Text,
    Variant,
    Vector,
    Whole,
    compose,
)
from xrdrama.document.shapes import MISSING
from xrdrama.errors import Problem


class Lamp(msgspec.Struct, frozen=True):
    id: str
    colour: str
    power: float = 1.0
    on: bool = True


class Fade(msgspec.Struct, frozen=True):
    over: int = 0
    easing: str = "smooth"


class Room(msgspec.Struct, frozen=True):
    name: str
    lamps: dict[str, Lamp] = {}
    fade: Fade = Fade()
    given: dict[str, Any] = {}


LAMP = Record(
    Lamp,
    {
        "colour": Field(Text("a colour"), "how it shines", required=True),
        "power": Field(Real(0, 10), "how strongly"),
        "on": Field(FLAG, "whether it burns"),
    },
)
ROOM = Record(
    Room,
    {
        "name": Field(Text("a name"), "what it is called", required=True),
        "lamps": Field(
            MapOf(LAMP, named=True, kind="lamp", reserved="fade", such_as="red: {colour: red}"),
            "what lights it",
        ),
        "fade": Field(
            Record(
                Fade,
                {
                    "over": Field(DURATION, "how long"),
                    "easing": Field(OneOf(("smooth", "linear")), "how"),
                },
                such_as="{over: 2s}",
            ),
            "how it gets dark",
        ),
    },
)
GOOD = """\
name: Hall
lamps:
  red:
    colour: red
    power: 2
  blue:
    colour: blue
    on: false
fade:
  over: 2s
  easing: linear
"""


def read(text: str) -> tuple[Any, list[Problem], Reading]:
    problems: list[Problem] = []
    root = compose(text, "room.yaml", problems)
    assert root is not None, problems
    reading = Reading("room.yaml", problems)
    return ROOM.read(root, reading), problems, reading


ROOM_AS_MEANT = read(GOOD)[0]


def test_a_sound_room() -> None:
    room, problems, _ = read(GOOD)
    assert problems == [] and [lamp.id for lamp in room.lamps.values()] == ["red", "blue"]
    assert list(room.given) == ["name", "lamps", "fade"]
    assert room.given["fade"].line == 9


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("name:", "nmae:", "F014", "did you mean 'name'?"),
        ("easing:", "Easing:", "F014", "did you mean 'easing'?"),
        ("    power: 2", "  power: 2", "F018", "indent it by 4 spaces, like colour:"),
        ("    on: false", "  on: false", "F018", "indent it by 4 spaces, like colour:"),
        ("  easing:", "easing:", "F018", "indent it by 2 spaces, like over:"),
        ("  over: 2s\n  eas", "over: 2s\neas", "F018", "indent it by 2 spaces"),
        ("  blue:", "blue:", "F018", "indent it by 2 spaces, like red:"),
        ("  blue:", "    blue:", "F019", "indent it by 2 spaces, like red:"),
        ("fade:", "  fade:", "F019", "remove the spaces before it, like lamps:"),
    ],
)
def test_a_slip_is_reported_once_and_read_as_it_was_meant(
    old: str, new: str, code: str, hint: str
) -> None:
    assert GOOD.count(old) == 1
    room, (problem,), _ = read(GOOD.replace(old, new))
    assert (problem.code, problem.hint[: len(hint)]) == (code, hint)
    assert msgspec.structs.replace(room, given={}) == msgspec.structs.replace(
        ROOM_AS_MEANT, given={}
    )


def test_a_stray_that_has_no_room_stays_astray() -> None:
    _, problems, _ = read(GOOD + "colour: green\n")
    assert [(p.code, p.line) for p in problems] == [("F014", 12)]
    twice = GOOD.replace("  blue:", "  power: 3\n  blue:")
    assert [p.code for p in read(twice)[1]] == ["F013"]  # red has a power already


def test_braces_are_no_place_for_spaces() -> None:
    text = "name: Hall\nfade: {over: 2s}\neasing: linear\n"
    (problem,) = read(text)[1]
    assert problem.code == "F018" and problem.hint == "move it into the braces of fade:"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{name: Hall, so to say}", 'put the text in quotes: name: "Hall, so to say"'),
        ("{name: x, fade: {over: 2,5s}}", "write over: 2.5s"),
        ("{name: x, lamps: {red: {colour: red, or so}}}", 'colour: "red, or so"'),
    ],
)
def test_what_a_comma_has_cut_off(text: str, hint: str) -> None:
    _, (problem,), _ = read(text)
    assert problem.code == "F016" and hint in problem.hint
    assert [p.code for p in read("{name: x, fade: {over: 2s, easing: linear}}")[1]] == []


def test_behind_a_comma_only_a_key_that_must_be_there_has_lost_its_colon() -> None:
    lamps = "{name: x, lamps: {red: {power: 2, colour red}}}"
    room, (problem,), _ = read(lamps)
    assert problem.hint == "write colour: red" and room.lamps["red"].colour == "red"
    (left,) = read("{name: x, lamps: {red: {colour: red, on and off}}}")[1]
    assert left.code == "F016" and left.hint == 'put the text in quotes: colour: "red, on and off"'


@pytest.mark.parametrize("text", ["{name:x}", "{name x}", "{name：x}"])
def test_a_colon_that_is_missing_in_braces(text: str) -> None:
    room, (problem,), _ = read(text)
    assert room.name == "x" and (problem.code, problem.hint) == ("F014", "write name: x")


def test_all_missing_keys_are_one_problem() -> None:
    shape = Record(Lamp, {k: Field(Text(), k, required=True) for k in ("colour", "power")})
    problems: list[Problem] = []
    root = compose("{}", "a", problems)
    assert root is not None and shape.read(root, Reading("a", problems)) is MISSING
    assert [p.message for p in problems] == ["the keys 'colour' and 'power' are missing"]
    (one,) = read("{lamps: {}}")[1]
    assert one.message == "the key 'name' is missing"
    assert one.hint == "add name: (what it is called)"


def test_the_names_of_what_cannot_be_read_are_kept() -> None:
    text = "name: x\nlamps:\n  Red Lamp: {colour: red}\n  blue: {}\n  green: {colour: green}\n"
    room, problems, reading = read(text)
    assert [p.hint for p in problems] == ["write red_lamp", "add colour: (how it shines)"]
    assert list(room.lamps) == ["green"]
    assert reading.lost("lamp", "blue") and reading.lost("lamp", "red_lamp")
    assert not reading.lost("lamp", "green") and not reading.lost("role", "blue")


def test_a_group_of_which_nothing_could_be_read_is_missing_and_an_empty_one_is_not() -> None:
    assert read("{name: x, lamps: {}}")[0].lamps == {}
    lamps = MapOf(LAMP, named=True)
    for text, value in (("{}", {}), ("{a: 1}", MISSING)):
        problems: list[Problem] = []
        root = compose(text, "a", problems)
        assert root is not None and lamps.read(root, Reading("a", problems)) == value
    words = ListOf(OneOf(("a", "b")))
    for text, found in (("[]", ()), ("[a, x]", ("a",)), ("[x, y]", MISSING)):
        problems = []
        root = compose(text, "a", problems)
        assert root is not None and words.read(root, Reading("a", problems)) == found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{name: x, lamps: red}", "such as red: {colour: red}"),
        ("name: x\nfade: |\n  over: 2s\n", "remove the |: it marks a block of text"),
        ("{name: x, lamps: {red: bright}}", "write {colour: bright}"),
        ("{name: x, fade: 2s}", "such as {over: 2s}"),
        ("name: x\nfade:\n", "write the keys on the lines below, indented"),
    ],
)
def test_what_should_have_been_a_group(text: str, hint: str) -> None:
    (problem,) = read(text)[1]
    assert problem.code in ("F012", "F013") and problem.hint == hint


def test_a_kind_that_is_misspelt_or_missing() -> None:
    shape = Variant("kind", {"lamp": LAMP}, such_as="{kind: lamp, colour: red}")

    def problem_of(text: str) -> tuple[str, str]:
        problems: list[Problem] = []
        root = compose(text, "a", problems)
        assert root is not None
        shape.read_named(root, Reading("a", problems), "red", root.place)
        ((code, hint),) = ((p.code, p.hint) for p in problems)
        return code, hint

    assert problem_of("{knid: lamp, colour: red}") == ("F014", "did you mean 'kind'?")
    assert problem_of("{colour: red}") == ("F015", "add kind: with one of lamp")
    assert problem_of("red") == ("F013", "such as {kind: lamp, colour: red}")


@pytest.mark.parametrize(
    ("shape", "text", "hint"),
    [
        (Real(), "3,5", "write 3.5"),
        (Real(), "35mm", "write 35 alone, without a unit"),
        (Real(), "115%", "write 1.15, without a unit"),
        (Real(0, 1), "7,5 %", "write 0.075, without a unit"),
        (Real(10, 100), "40%", "write 40 alone, without a unit"),
        (Real(), "120 cm", "write 1.2, without a unit, if it is in metres"),
        (Real(), "many", "write a number in digits"),
        (Whole(0, 9), "1.0", "write 1"),
        (Whole(0, 9), "3 px", "write 3"),
        (Whole(0, 9), "3,5", "write a whole number in digits, such as 3"),
        (FLAG, "yes", "write true"),
        (FLAG, "Off", "write false"),
        (FLAG, "perhaps", ""),
        (DURATION, "3", "write 3s"),
        (DURATION, "3 sec", "write 3s"),
        (DURATION, "2 minutes", "write 2m"),
        (DURATION, "300 msec", "write 300ms"),
        (DURATION, "1,5 s", "write 1.5s"),
        (DURATION, "1:30", "write 90s"),
        (DURATION, "soon", "write 300ms, 1.5s or 2m"),
        (Vector(2), "36x20.25", "write [36, 20.25]"),
        (Vector(2), "wide", "write [0, 0]"),
        (ListOf(Text()), "en", "write [en]"),
        (ListOf(Reference("beat", inside=True), alone=True), "gate, well", "write [gate, well]"),
        (OneOf(("open_palm", "fist")), "Open Palm", "did you mean 'open_palm'?"),
        (Text("a rate", "[0-9]+", form="write 24"), "24fps", "write 24"),
        (MapOf(Text(), most=1), "{a: b, c: d}", "remove some, or split the file in two"),
        (ListOf(Text(), most=1), "[a, b]", "remove some of them"),
        (LAMP, "[a]", "write colour: and its value on the line below"),
        (Text(), '""', "write it; put it in quotes if it starts with #"),
    ],
)
def test_what_is_nearly_a_value_is_reported_with_the_right_spelling(
    shape: Any, text: str, hint: str
) -> None:
    problems: list[Problem] = []
    root = compose(text, "a", problems)
    assert root is not None and shape.read(root, Reading("a", problems)) is MISSING
    assert [p.hint for p in problems] == [hint]
