"""What a Yarn file becomes as a story, and that both show the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.yarn.generated import (
    YarnWriter,
    shown_by_story,
    shown_by_yarn,
    without_numbers,
)
from xrdrama.authoring.canonical import canonical_text
from xrdrama.authoring.yarn.playing.evaluate import YarnError
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.authoring.yarn.translating.importing import read, story_of
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import load_story
from xrdrama.story.form import STORY

HERE = Path(__file__).parent
FERRY = (HERE / "night_ferry.yarn").read_text("utf-8")


def imported(body: str, *, more: str = "") -> tuple[str, list[str]]:
    made = read(f"title: Start\n---\n{body}\n===\n{more}", "night")
    return made.text, [f"{lost.line}: {lost.what}" for lost in made.not_carried_over]


def rows(text: str, beat: str = "start") -> list[str]:
    """The rows of a beat, without line ids."""
    found = text.partition(f"\n  {beat}:\n")[2].split("\n")
    inside = [row for row in found[: next(
        (n for n, row in enumerate(found) if row.startswith("  ") and row[2:3] not in " "), None
    )]]  # fmt: skip
    return [row.partition("  #l")[0].strip() for row in inside if row.startswith("      ")]


@pytest.mark.parametrize("seed", range(25))
def test_the_imported_story_shows_what_yarn_shows(seed: int) -> None:
    """All lines in order with their speakers, all options and commands, on five ways through."""
    checked = load_yarn(YarnWriter(seed).file(), "generated.yarn")
    made = story_of(checked, "generated")
    assert canonical_text(made.text, "generated", STORY) == made.text
    choices = random.Random(seed)
    compared = 0
    for _ in range(5):
        picks = [choices.randrange(10) for _ in range(40)]
        try:
            expected = shown_by_yarn(checked, picks)
        except YarnError as error:  # a detour into itself, or a loop that shows nothing
            assert "nested" in error.message or "loop" in error.message
            continue
        assert shown_by_story(made.text, picks) == expected
        compared += 1
    assert compared, "choose another seed: no way through this file ends"


def test_the_comparison_notices_a_line_that_is_lost_or_moved() -> None:
    checked = load_yarn(FERRY, "ferry.yarn")
    made = story_of(checked, "ferry").text
    picks = [1, 1, 0, 0]
    expected = shown_by_yarn(checked, picks)
    assert shown_by_story(made, picks) == expected
    assert shown_by_story(made.replace("NARRATOR: Time", "BOATMAN: Time"), picks) != expected
    assert shown_by_story(made.replace("to: pier_4", "to: pier_5"), picks) != expected
    assert without_numbers("a1b2") == "ab"


def test_the_example_becomes_a_story_with_its_own_structure() -> None:
    made = read(FERRY, "night_ferry")
    story = load_story(made.text)
    assert (story.start, story.cast["boatman"].name) == ("start", "Boatman")
    assert story.storylets["river"].beats == ("river_4", "river_5")
    pier = story.beats["pier"].choice
    assert pier is not None
    assert [(one.id, one.once) for one in pier.options] == [
        ("pay_two_coins", False), ("ask_about_the_lamp", True), ("wait", False),
        ("walk_home", False),
    ]  # fmt: skip
    assert [f"{lost.line}: {lost.what}" for lost in made.not_carried_over] == [
        "1: Yarn's numbers have no limits: coins is at most 1,000,000 here; write the range that "
        "you know under vars",
        "1: scene: stage is guessed: make that set, or write the name of yours",
        "3: the header tags: night",
        "15: the command <<bell_rings 2>>: an action here; write the cue of your set",
        "18: the tag #quiet",
        "44: the markup [i]: the words are there, plain",
    ]


def test_not_makes_a_condition_no_more_specific() -> None:
    body = "<<declare $b = false>>\n=> One. <<if $b == false>>\n=> Two. <<if not $b>>\n"
    checked = load_yarn(f"title: Start\n---\n{body}===\n", "a.yarn")
    assert shown_by_yarn(checked, []) == ["One."]
    assert shown_by_story(story_of(checked, "a").text, []) == ["One."]


def test_texts_with_values() -> None:
    text, lost = imported(
        "<<declare $n = 1>>\n<<declare $b = true>>\n"
        'Mae: {$n}, {$b}, {$n + 1}, {1 + 1}, {"a" + string($n)}\n'
        'x [plural value={$n} one="one" other="% of {$n}"/]\nIt\'s "{$n}" \\{n\\} \'{$n}\'\n'
    )
    assert rows(text) == [
        "MAE: {n}, {b, select, true {True} other {False}}, {shown_n_1}, 2, a{n}",
        "NARRATOR: x {n, plural, one {one} other {{n} of {n}}}",
        "NARRATOR: It's \"{n}\" '{'n} \u2019{n}'",
    ]
    assert "shown_n_1: {type: computed, from: 'n + 1'}" in text
    assert not [one for one in lost if "value" in one]


def test_dice_are_rolled_before_the_statement() -> None:
    text, _ = imported("<<if dice(6) > 3>>\nHigh.\n<<endif>>\n{random_range(1, 3)}")
    assert rows(text) == [
        "@set roll_3_6 = random(1, 6)", "{if roll_3_6 > 3}", "NARRATOR: High.",
        "@set roll_6_2 = random(1, 3)", "NARRATOR: {roll_6_2}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<<set $a = $b + \"x\">>\n<<declare $b = \"y\">>",
         "3: <<set $a>>: texts that are joined; the value stays as it was"),
        ("Go. <<if strange(1)>>",
         "3: the game's function strange(): it is the variable function_strange_1 here"),
        ("<<call strange()>>", "3: <<call strange()>>: a function of the game"),
        ("<<declare $n = 1>>\n{floor($n / 2)}",
         "4: a value in this text: the function floor() of a number"),
        ("<<declare $n = 1>>\n<<set $n = $n / $n>>",
         "4: a division by a value below 1: it divides by 1"),
        ("x #sad", "3: the tag #sad"),
        ("[wave]x[/wave]", "3: the markup [wave]: the words are there, plain"),
        ("<<shake 2>>", "3: the command <<shake 2>>: an action here; write the cue of your set"),
        ("\n".join(f"-> Option {n}" for n in range(14)),
         "15: options after the first 12 of a choice: divide the choice"),
        ("-> " + "word " * 30,
         "3: the end of an option of over 80 characters: " + ("word " * 30).strip()),
        ("<<declare $d = dice(6)>>\n{$d}", "3: a smart variable with dice: $d"),
        ("{random()}", "3: a value in this text: the function random()"),
    ],
)  # fmt: skip
def test_what_is_not_carried_over_is_listed_by_line(body: str, what: str) -> None:
    text, lost = imported(body)
    assert what in lost
    load_story(text)


def test_waits_and_line_ids_are_kept() -> None:
    text, _ = imported("<<wait 1.5>>\nLan: Hi. #line:0ab3\nLan: Ho. #line:Odd-Id")
    assert "@wait 1.5s" in text and "LAN: Hi.  #l0ab3" in text
    assert rows(text)[-1] == "LAN: Ho."


def test_speakers_that_cannot_be_roles_are_said_by_the_narrator() -> None:
    text, lost = imported("LAN: a\nlan: b\n?!: c")
    story = load_story(text)
    assert [role.name for role in story.cast.values()] == ["LAN", "lan", "Narrator"]
    assert rows(text) == ["LAN: a", "LAN 2: b", "NARRATOR: ?!: c"]
    assert lost[-1] == "5: the name '?!' cannot be a role: the narrator says it"


def test_jumps_by_name_lead_to_every_node_that_can_be_named() -> None:
    text, _ = imported(
        '<<declare $to = "A">>\n<<set $to = "B">>\n<<jump {$to}>>',
        more="title: A\n---\na\n===\ntitle: B\n---\nb\n===\ntitle: C\n---\nc\n===\n",
    )
    assert "- {to: a, if: 'to == ''A'''}" in text and "- {to: b, if: 'to == ''B'''}" in text
    assert "{to: c" not in text


def test_bad_files_and_names() -> None:
    with pytest.raises(AuthoringError):
        read("title: A\n---\n<<if>>\n===\n", "night")
    with pytest.raises(UsageError, match="cannot be the id of a story"):
        read(FERRY, "...")


def test_long_files_and_expressions() -> None:
    many = "".join(f"-> a {n}\n    Lan: deep {n}\n-> b {n}\n\n" for n in range(1500))
    text, _ = imported(many)
    assert len(load_story(text).order) > 3000
    for formula in ("+".join(["$a"] * 90), "(" * 30 + "$a" + "+1)" * 30):
        text, lost = imported(f"<<declare $a = 1>>\n{{{formula}}}\n<<set $a = {formula}>>")
        assert sum("an expression that is too long or too deep" in one for one in lost) == 2
        assert rows(text) == ["NARRATOR: ..."]


PARTS = FERRY.split("\n")
NOISE = st.lists(
    st.tuples(
        st.integers(0, len(PARTS) - 1),
        st.sampled_from(
            [*PARTS, "<<once>>", "-> ", "=> x", "    ", "{$coins", "[b]", "===", "\x85"]
        )
        | st.text("{}[]<>#\\/\"'$=-:., \t\x00\u202eé", max_size=8),
    ),
    max_size=4,
)


@given(NOISE)
@settings(max_examples=60, deadline=None)
def test_any_file_becomes_a_story_or_says_why_not(noise: list[tuple[int, str]]) -> None:
    lines = list(PARTS)
    for at, what in noise:
        lines.insert(at, what)
    text = "\n".join(lines)
    try:
        made = read(text, "ferry")
    except AuthoringError as error:
        assert all(1 <= one.line <= text.count("\n") + 2 and one.hint for one in error.problems)
    except UsageError as error:
        assert error.remedy
    else:
        load_story(made.text)
        assert all(lost.line >= 1 and lost.what for lost in made.not_carried_over)
