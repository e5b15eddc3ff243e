"""What compiled ink becomes as a story, and that both say the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.ink.generated import HERE, MANY, Maker
from tests.authoring.ink.side_by_side import ERROR, difference, imported
from xrdrama.authoring.check import check_story
from xrdrama.authoring.ink.importing import changes_the_play, read
from xrdrama.authoring.ink.speakers import speaker_of
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Line, Story, load_story
from xrdrama.story.model import Group

FERRY = (HERE / "night_ferry.ink.json").read_text("utf-8")


def compiled(*items: Any, **named: Any) -> str:
    """Compiled ink with these items at its root."""
    root = [*items, named or None]
    return msgspec.json.encode({"inkVersion": 21, "root": root, "listDefs": {}}).decode()


def spoken(story: Story) -> list[tuple[str, str]]:
    """Every line of the file with its speaker, in order."""
    return [
        (story.cast[item.speaker].name, item.text)
        for beat in story.order for item in beat.script if isinstance(item, Line)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(MANY))
def test_the_imported_story_says_what_ink_says(seed: int) -> None:
    text = (HERE / f"generated_{seed:02}.ink.json").read_text("utf-8")
    story, lost = imported(text)
    assert lost == []
    for play in range(2):
        assert difference(text, story, play) == ""


def test_an_error_of_ink_is_not_the_same() -> None:
    broken = compiled(
        ["ev", "str", "^Go", "/str", "/ev", {"*": "0.c-0", "flg": 4},
         {"c-0": ["^Before.", "\n", None]}], "done",
    )  # fmt: skip
    story, _ = imported(broken)
    fault = difference(broken, story, 0)
    assert fault.startswith(ERROR)
    assert "ran out of content" in fault


@pytest.mark.parametrize("seed", range(MANY))
def test_every_line_is_kept_with_its_speaker(seed: int) -> None:
    maker = Maker(seed)
    maker.story()
    text = (HERE / f"generated_{seed:02}.ink.json").read_text("utf-8")
    story, _ = imported(text)
    found = spoken(story)
    missing = [line for line in maker.said if line not in found]
    # What no path leads to is not in the story; all other lines are.
    assert len(maker.said) >= 10
    assert len(missing) <= len(unreachable(text, missing)), missing


def unreachable(text: str, lines: list[tuple[str, str]]) -> list[str]:
    """The lines that ink cannot say either: those of the tunnel when nothing goes through it."""
    used = '"->t->"' in text
    return [] if used else [said for _, said in lines[-1:]]


@pytest.mark.parametrize("seed", range(0, MANY, 4))
def test_the_imported_story_has_no_errors(seed: int) -> None:
    text = (HERE / f"generated_{seed:02}.ink.json").read_text("utf-8")
    story, _ = imported(text)
    found = check_story(story, {}, ())
    errors = [one for one in found if one.severity == "error" and one.code != "C001"]
    assert errors == []


def test_a_line_that_is_taken_away_is_noticed() -> None:
    """The comparison can fail."""
    made = read(FERRY, "ferry").text
    story = load_story(made.replace("One seat", "Two seats"))
    assert "Two seats" in difference(FERRY, story, 0)


def test_the_ferry_keeps_its_structure() -> None:
    made = read(FERRY, "night_ferry")
    story = load_story(made.text)
    assert story.title == "The Night Ferry"
    assert [beat.id for beat in story.order][:2] == ["start", "pier"]
    choice = story.beats["pier"].choice
    assert choice is not None
    assert [(o.text, o.once) for o in choice.options] == [
        ("I am coming", True), ("Ask his name", True), ("Wait", False),
    ]  # fmt: skip
    assert choice.options[1].condition is not None
    assert any(isinstance(item, Group) for item in story.beats["waiting"].script)
    assert story.beats["waiting"].returns
    assert ("Bell", "A bell.") in spoken(story)
    assert [one for one in made.not_carried_over if changes_the_play(one)] == []
    assert difference(FERRY, story, 1) == difference(FERRY, story, 2) == ""


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["thread", {"->": "x"}, "end"], "a thread"),
        (["ev", {"x()": "shake", "exArgs": 0}, "out", "/ev", "\n", "end"], "shake() of the game"),
        (["ev", {"list": {"L.a": 1}}, "out", "/ev", "\n", "end"], "a list"),
        (["ev", 2, 3, "POW", "out", "/ev", "\n", "end"], "the operation POW"),
        (["^Hi.", "#", "^sad", "/#", "\n", "end"], "the tag #sad"),
        ([{"->": "nowhere"}], "nowhere, which does not exist"),
        (["ev", 7, "srnd", "pop", "/ev", "^Hi.", "\n", "end"], "SEED_RANDOM"),
        (["strange", "end"], "the instruction strange"),
        ([{"strange": 1}, "end"], "an object of ink"),
    ],
)  # fmt: skip
def test_what_is_not_carried_over_is_listed(items: list[Any], said: str) -> None:
    made = read(compiled(*items), "night")
    assert any(said in one.what for one in made.not_carried_over)


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("Mara: Hi.", (), ("Mara", "Hi.")),
        ("Old Wen：  Hi.", (), ("Old Wen", "Hi.")),
        ("Hi.", ("speaker: Lan",), ("Lan", "Hi.")),
        # The documented rule: a capital, at most three words.
        ("I said: no.", (), ("I said", "no.")),
        ("at 12:30 he came", (), ("", "at 12:30 he came")),
        ("One two three four: five", (), ("", "One two three four: five")),
    ],
)  # fmt: skip
def test_speakers_of_lines(text: str, tags: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert speaker_of(text, tags) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False)
    | st.sampled_from([
        "^Hi", "\n", "<>", "ev", "/ev", "str", "/str", "out", "pop", "du", "void", "visit", "seq",
        "+", "==", "&&", "!", "MIN", "done", "end", "->->", "~ret", "thread", "#", "/#", "rnd",
        "turns", "nop", "^{x}", "^A: b",
    ])
    | st.dictionaries(
        st.sampled_from(
            ["->", "->t->", "*", "VAR?", "VAR=", "temp=", "f()", "CNT?", "^->", "^var"]
        ),
        st.sampled_from(["a", "a.0", ".^", ".^.b", "0", "1.0", ".^.^.2", "$r", "x", "b.s"]),
        min_size=1, max_size=1,
    ).map(lambda one: {**one, "c": True} if "->" in one and len(one["->"]) > 2 else one),
    lambda inner: st.lists(inner, max_size=8).map(lambda items: [*items, None])
    | st.tuples(st.lists(inner, max_size=5), st.lists(inner, max_size=5)).map(
        lambda two: [*two[0], {"b": [*two[1], None], "#f": 5}]
    ),
    max_leaves=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=10), st.lists(JSON, max_size=6))
def test_any_instructions_become_a_story_or_a_clear_error(
    items: list[Any], more: list[Any]
) -> None:
    text = compiled(*items, a=[*more, {"#f": 1}], x=[*more, None])
    try:
        load_story(read(text, "night").text)
    except (AuthoringError, UsageError) as error:
        assert str(error)
