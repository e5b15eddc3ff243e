"""Looks of a show: in its file, saved and deleted by a director, recalled, replayed."""

from __future__ import annotations

import pytest

from tests.show.small import MS, SHOW, loaded, small
from xrdrama.authoring.check_show import check_looks
from xrdrama.content import show_file
from xrdrama.document import compose
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.form import MOST_LOOKS
from xrdrama.show.parse import parse_show
from xrdrama.timing import NS, FrameTime, Timecode
from xrdrama.wire.commands import (
    Command,
    Forced,
    LookDeleted,
    LookRecalled,
    LookSaved,
    Panic,
    ParamSet,
    commands,
)
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame, OfferedLook

WRITTEN = """\
looks:
  ember:
    title: Nearly out
    fade: 1s
    params: {glow: 0.125, season: winter}
  fog_only: {params: {fog: 1}}
"""


def played(
    *log: tuple[int, Command], until: int, production: Production | None = None
) -> tuple[Show, list[Frame]]:
    """The show and its frames at 20 a second; each command counts at its nanosecond."""
    entries = [
        Entry(seq, at, command, "console.1", name="director.1", role="director")
        for seq, (at, command) in enumerate(log)
    ]
    show, frames = opening(production or small()), []
    for number, at in enumerate(range(0, until, NS // 20)):
        due = tuple(entry for entry in entries if entry.at < at)
        entries = entries[len(due) :]
        show, frame = advance(show, Tick(FrameTime(number, at, Timecode(0, 0, 0, 0)), due))
        frames.append(frame)
    return show, frames


def codes(frames: list[Frame]) -> list[str]:
    return [one.code for frame in frames for one in frame.refused]


# -- in the show file -----------------------------------------------------------------------------


def test_look_of_the_show_file_is_offered_with_its_title_and_fade_and_recalled() -> None:
    _, frames = played(
        (4 * NS, LookRecalled("x", "ember", 1.0)),
        until=6 * NS,
        production=small(SHOW + WRITTEN),
    )
    assert frames[0].looks == (
        OfferedLook("ember", "Nearly out", 1.0),
        OfferedLook("fog_only", "", 2.0),
    )
    assert frames[-1].params == {"glow": 0.125, "season": "winter", "fog": 0.25}
    assert codes(frames) == []


def test_a_show_may_begin_in_a_look_of_its_own_file() -> None:
    production = small(SHOW + WRITTEN + "look: ember\n")
    _, frames = played((NS, Panic("x", True)), until=2 * NS, production=production)
    assert frames[0].params == {"glow": 0.125, "season": "winter", "fog": 0.25}
    assert frames[-1].panic and frames[-1].params["season"] == "winter"
    assert production.look_in(production.scenes["yard"]) == {"glow": 0.125, "season": "winter"}


@pytest.mark.parametrize(
    ("written", "code", "says", "hint", "line"),
    [
        ("dusk: {params: {glow: 9}}", "H016", "'9' is not a value", "0 to 2", 9),
        ("dusk: {params: {season: spring}}", "H016", "'spring'", "summer, winter", 9),
        ("dusk: {params: {gloww: 1}}", "H015", "no parameter 'gloww'", "did you mean 'glow'?", 9),
        ("night: {params: {glow: 1}}", "H014", "has a look 'night', too", "another name", 9),
        ("dusk: {params: {}}", "H014", "sets no parameter", "add parameters", 9),
    ],
)
def test_looks_that_no_set_can_show_are_reported_in_their_line(
    written: str, code: str, says: str, hint: str, line: int
) -> None:
    text = f"{SHOW}looks:\n  {written}\n"
    root = compose(text, "small.show.yaml", [])
    assert root is not None
    found = check_looks(show_file(loaded(text)), root, small().scenes)
    assert [(one.code, one.line, one.severity) for one in found] == [(code, line, "error")]
    assert says in found[0].message and hint in found[0].hint
    assert not check_looks(show_file(loaded(SHOW + WRITTEN)), root, small().scenes)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("dusk: {params: {glow: 1}, fade: 11m}", "H019"),
        ("dusk: {params: {glow: 1}, fade: 2}", "F007"),
        ("dusk: {fade: 2s}", "F015"),
        ("Dusk: {params: {glow: 1}}", "F003"),
        ("dusk: {params: {glow: 1}, over: 2s}", "F014"),
    ],
)
def test_look_that_is_written_in_another_way_is_an_error(written: str, code: str) -> None:
    show, problems = parse_show(f"{SHOW}looks:\n  {written}\n")
    assert show is None and code in [one.code for one in problems]


# -- saved by a director --------------------------------------------------------------------------


def test_saved_look_has_the_values_that_were_shown_and_can_be_recalled_at_once() -> None:
    show, frames = played(
        (4 * NS, ParamSet("x", "glow", 1.75)),
        (4 * NS, ParamSet("x", "fog", 1 / 3)),
        (4 * NS, LookSaved("x", "  Last   light ", 4.0005)),
        (5 * NS, ParamSet("x", "glow", 0.0)),
        (6 * NS, LookRecalled("x", "last_light", 0.5)),
        until=8 * NS,
    )
    assert codes(frames) == []
    assert frames[79].looks == () and frames[81].looks[0].title == "Last light"
    assert dict(show.looks.by_name["last_light"].params) == {
        "glow": 1.75, "fog": 0.333333, "season": "winter",
    }  # fmt: skip
    assert frames[110].params["glow"] == 0.0
    assert frames[-1].params == {"glow": 1.75, "fog": 0.333333, "season": "winter"}
    assert frames[-1].overridden == ()


def test_saving_again_replaces_the_look_and_deleting_removes_it() -> None:
    show, frames = played(
        (4 * NS, LookSaved("x", "dusk", 1.0)),
        (5 * NS, ParamSet("x", "glow", 0.5)),
        (5 * NS, LookSaved("x", "Dusk", 2.5)),
        (6 * NS, LookDeleted("x", "dusk")),
        (7 * NS, LookDeleted("x", "dusk")),
        until=8 * NS,
    )
    seen = list(dict.fromkeys(frame.looks for frame in frames))
    assert seen == [(), (OfferedLook("dusk", "", 1.0),), (OfferedLook("dusk", "Dusk", 2.5),)]
    assert show.looks.by_name == {} and frames[-1].looks == ()
    assert codes(frames) == ["unknown_look"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Last light", "last_light"),
        ("  Blue — cold! ", "blue_cold"),
        ("3rd_night", "rd_night"),
        ("夜 景", "夜_景"),
    ],
)
def test_name_is_made_from_the_title_as_the_page_expects(title: str, name: str) -> None:
    show, _ = played((NS, LookSaved("x", title, 1.0)), until=2 * NS)
    assert list(show.looks.by_name) == [name]


def test_looks_of_sets_and_unusable_names_are_refused() -> None:
    show, frames = played(
        (NS, LookSaved("x", "Night", 1.0)),
        (NS, LookDeleted("x", "night")),
        (NS, LookSaved("x", "!?", 1.0)),
        (NS, LookSaved("x", "a\x00b", 1.0)),
        (2 * NS, Panic("x", True)),
        (2 * NS, LookSaved("x", "grey", 1.0)),
        until=3 * NS,
    )
    assert codes(frames) == ["name_taken", "unknown_look", "bad_name", "bad_name", "panic_on"]
    assert not show.looks.by_name


def test_number_of_looks_is_limited() -> None:
    log = [(NS, LookSaved("x", f"look {n}", 1.0)) for n in range(MOST_LOOKS + 1)]
    show, frames = played(*log, (NS, LookSaved("x", "look 3", 1.0)), until=2 * NS)
    assert codes(frames) == ["too_many_looks"] and len(show.looks.by_name) == MOST_LOOKS


def test_look_is_offered_only_in_sets_that_have_its_parameters() -> None:
    production = small()
    hall = production.scenes["hall"]
    params = {name: param for name, param in hall.params.items() if name != "fog"}
    scenes = {**production.scenes, "hall": _with(hall, params=params)}
    production = _with(production, scenes=scenes)
    show, frames = played(
        (NS, LookSaved("x", "dusk", 1.0)),
        (2 * NS, Forced("x", "stayed")),
        (2 * NS + MS, LookRecalled("x", "dusk", 1.0)),
        (2 * NS + MS, LookSaved("x", "dusk", 1.0)),
        until=3 * NS,
        production=production,
    )
    assert [frame.scene for frame in (frames[30], frames[-1])] == ["yard", "hall"]
    assert [one.id for one in frames[30].looks] == ["dusk"] and frames[-1].looks == ()
    assert codes(frames) == ["unknown_look", "name_taken"]
    assert dict(show.looks.by_name["dusk"].params)["fog"] == 0.25


def _with(value: Production, **changes: object) -> Production:
    from msgspec.structs import replace

    return replace(value, **changes)


def test_only_a_director_may_change_looks() -> None:
    assert {LookSaved, LookDeleted} <= set(commands())
    assert LookSaved.roles == LookDeleted.roles == ("director",)
