"""Commands of a rehearsal over a pipe: one a line, between the answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.playing.conftest import Play


def reports(out: str) -> list[str]:
    return [line[2:] for line in out.splitlines() if line.startswith("* ")]


# -- picks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "board", "1", "BOARD", "i am coming aboard", "I am coming", "wait for me!", "aboard",
        "um, wait for me please", "open palm", "open_palm",
    ],
)  # fmt: skip
def test_option_is_picked_by_id_number_text_part_phrase_or_pose(answer: str, play: Play) -> None:
    status, out, err = play(f"{answer}|wait")
    assert (status, err) == (0, "") and "Lan (softly): It is a short night." in out


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("a", "'a' is not offered: pick one of board, stay"),
        ("i", "'i' is not offered: pick one of board, stay"),
        ("bored", "'bored' is not offered: did you mean 'board'?"),
        ("unlock", "'unlock' is closed: has_key is false: has_key is false; trust >= 1 is false"),
        ("open the gate", "'unlock' is closed"),
        ("/hlep", "there is no command 'hlep': did you mean 'help'?"),
        ("/beat now", "beat is written alone: type beat"),
        ("save", "save needs a FILE: type save FILE"),
        ("force attik", "has no beat 'attik': did you mean 'attic'?"),
        ("marker leger", "there is no marker 'leger': did you mean 'ledger'?"),
        ("vars turst", "there is no variable 'turst': did you mean 'trust'?"),
        ("why nothing", "nothing named 'nothing' is closed here"),
        ("why board", "'board' is not closed"),
        ("undo", "there is nothing to undo"),
        ("back", "there is nothing to undo"),
        ("undo -1", "'-1' is not a number of acts"),
        ("wait tomorrow", "'tomorrow' is not a time of up to an hour"),
        ("wait 99999m", "is not a time of up to an hour"),
        ("clock maybe", "'maybe' is not on or off"),
        ("release", "the story is not held"),
        ("hold|1", "the story is held: type release first"),
        ("hold|wait", "the story is held: type release first"),
        ("hold|hold", "the story is held already"),
        ("load nothing.json", "there is no file nothing.json"),
    ],
)  # fmt: skip
def test_wrong_answer_or_command_is_one_clear_line(answer: str, expected: str, play: Play) -> None:
    status, _, err = play(answer)
    assert status == 2 and expected in err and err.count("\n") == 1


def test_ambiguous_part_names_both_options(play: Play) -> None:
    status, _, err = play("I am coming aboard|he")
    assert status == 2
    assert err == (
        "xrdrama: line 2 of the input: 'he' fits 2 (Help him row) and 3 (Wait for the tide): "
        "type more of it, or a number\n"
    )


def test_option_with_the_name_of_a_command_is_picked_and_a_slash_is_the_command(play: Play) -> None:
    status, out, _ = play("board|wait")
    assert status == 0 and "-- Morning" in out
    status, out, _ = play("board|/help|help|quit")
    assert any(line.startswith("undo [N]") for line in reports(out)) and "-- In the Dark" in out


# -- looking ------------------------------------------------------------------------------------


def test_variables_are_listed_with_ranges_and_what_changed(play: Play) -> None:
    _, out, _ = play("vars|board|vars|vars mood|quit")
    assert reports(out) == [
        "trust = 0; a whole number (0 to 3)",
        "has_key = false; true or false",
        "mood = calm; one of calm, cross",
        "trust = 2, was 0; a whole number (0 to 3)",
        "has_key = false; true or false",
        "mood = calm; one of calm, cross",
        "mood = calm; one of calm, cross",
    ]


def test_why_names_the_false_parts_of_conditions_and_their_values(play: Play) -> None:
    _, out, _ = play("why|marker ledger|why|quit")
    assert reports(out) == [
        "option unlock: has_key is false: has_key is false; trust >= 1 is false: trust is 0",
        "option unlock: trust >= 1 is false: trust is 0",
        "hidden plot print: it has been opened; it opens once",
    ]
    _, out, _ = play("board|sing|why|quit", "--set", "trust=1")
    assert reports(out) == [
        "option sing: it can be picked once, and has been picked",
        "hidden plot print: it opens only during gate",
    ]


def test_beat_says_where_this_is_and_how_to_continue(play: Play, pier: Path) -> None:
    _, out, _ = play("beat|marker|quit")
    assert reports(out) == [
        f"beat gate, {pier}:11, at 0:01",
        "pick board -> river",
        "pick stay -> shore",
        "say nothing (else) -> shore",
        "marker ledger -> attic",
        "marker ledger opens print",
    ]


def test_reports_are_json_lines(play: Play) -> None:
    _, out, _ = play("vars|why|beat|marker|help|hold|quit", "--json")
    keys = [next(iter(json.loads(line))) for line in out.splitlines()]
    assert keys == [
        "beat", "line", "options", "vars", "closed", "where", "markers", "commands", "note",
        "options",
    ]  # fmt: skip


# -- going back ---------------------------------------------------------------------------------


def test_undo_takes_back_one_act_and_back_the_last_choice(play: Play) -> None:
    _, out, _ = play("board|sing|undo|vars trust|hold|release|back|vars trust|quit")
    assert reports(out) == [
        "undone: Sing; back at river",
        "trust = 2, was 0; a whole number (0 to 3)",
        "held: type release to continue",
        "released",
        "undone: (released), (held), I am coming aboard; back at gate",
        "trust = 0; a whole number (0 to 3)",
    ]


def test_undo_after_an_ending_continues(play: Play) -> None:
    status, out, err = play("stay|undo|board|wait")
    assert (status, err) == (0, "") and "-- In the Dark" in out and "-- Morning" in out


def test_again_begins_again(play: Play) -> None:
    _, out, _ = play("board|again|vars trust|quit")
    assert out.count("The Boatman: One seat is left.") == 2 and "trust = 0" in out


# -- time and director --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "silent"), [("wait 4.9s", False), ("wait 5s", True), ("wait", True)]
)
def test_time_passes_when_asked(typed: str, silent: bool, play: Play) -> None:
    _, out, _ = play(f"{typed}|vars mood|quit")
    assert ("mood = cross" in out) == silent


def test_pick_in_the_grace_time_counts_as_begun_in_time(play: Play) -> None:
    status, out, _ = play("wait 4500ms|board|quit")
    assert status == 0 and "It is a short night." in out


def test_director_forces_restarts_holds_and_releases(play: Play) -> None:
    status, out, _ = play("force river|restart|hold|release|wait")
    assert status == 0 and out.count("It is a short night.") == 2 and "-- Morning" in out
    status, _, err = play("stay|force river", "--set", "trust=3")
    assert status == 2 and "'river' may not be forced from 'end'" in err
    status, out, _ = play("stay|force gate|stay", "--set", "trust=3")
    assert status == 0 and out.count("-- Morning") == 2


# -- options of the command ---------------------------------------------------------------------


def test_rehearsal_begins_at_a_beat_with_values(play: Play) -> None:
    status, out, _ = play("vars|quit", "--at", "river", "--set", "trust=3", "--set", "mood=cross")
    assert status == 0 and "One seat" not in out
    assert reports(out)[0] == "trust = 3; a whole number (0 to 3)"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("trust", "--set trust: expected a variable and a value: write --set trust=0"),
        ("turst=1", "there is no variable 'turst': did you mean 'trust'?"),
        ("trust=9", "9 is out of range"),
        ("mood=clam", "did you mean 'calm'?"),
    ],
)
def test_wrong_value_is_one_clear_line(setting: str, expected: str, play: Play) -> None:
    status, out, err = play("1", "--set", setting)
    assert (status, out) == (2, "") and expected in err and err.count("\n") == 1


def test_answers_after_an_ending_are_not_picks(play: Play) -> None:
    """As when `yes 1` is piped in: the story ends, and so does the command."""
    status, out, err = play("stay|1|1|1|no such thing")
    assert (status, err) == (0, "") and out.count("-- ") == 1


def test_choices_are_picks_only(play: Play) -> None:
    status, _, err = play("", "--choices", "undo")
    assert status == 2 and "'undo' is not offered" in err


def test_stuck_story_is_status_1_and_commands_still_work(play: Play) -> None:
    status, out, err = play("force attic")
    assert status == 1 and "Lan: Dust." in out
    assert "the story is stuck at beat 'attic': beat 'attic' returns, but nothing was" in err
    status, out, err = play("force attic|undo|board|wait")
    assert (status, err) == (0, "") and "-- Morning" in out


def test_a_wrong_line_of_a_pipe_is_named_with_its_number(play: Play) -> None:
    status, _, err = play("?|board||nothing here")
    assert status == 2 and err.startswith("xrdrama: line 4 of the input: 'nothing here' is not")


def test_only_picks_are_counted_where_the_input_ends(play: Play) -> None:
    assert "after 0 picks, before an ending" in play("?")[2]
    assert "after 1 pick, before an ending" in play("?|board|vars")[2]
