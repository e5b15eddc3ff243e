"""What a story's parts say of each other: each finding with a story that has the fault.

The story that the faults are put into is sound, which `test_slips` shows.
"""

from __future__ import annotations

import pytest

from tests.story.test_slips import STORY, problems_of
from xrdrama.errors import AuthoringError, Problem
from xrdrama.story import draft_story, load_story, parse_story

FAULTS = [
    # variables
    ("min: 0, max: 3, init: 1", "min: 3, max: 0", "S110", 8, "swap the two values"),
    ("of: [calm, angry]", "of: [calm, angry], init: angri", "S111", 10, "did you mean 'angry'?"),
    ("of: [calm, angry]", "of: []", "S115", 10, "write of: [calm, angry]"),
    ("{type: bool}", f"{{type: text, init: {'x' * 101}}}", "S112", 9, ""),
    ("knew: {", "if: {", "S114", 9, "reserved word"),
    ("init: 1", "init: knew", "S120", 8, "write a whole number (0 to 3) itself"),
    # beats
    ("    ending: cold\n", "", "S104", 56, "or ending: to it"),
    ("    ending: cold\n", "    next: []\n", "S104", 56, "or ending: to it"),
    ("    ending: cold\n", "    return: false\n", "S104", 56, "or ending: to it"),
    ("    next: porch\n", "    next: porch\n    return: true\n", "S103", 43, "keep only one of"),
    ("    next: porch\n", "    next: porch\n    dur: {min: 3s, max: 1s}\n", "S108", 43, "swap"),
    # choices
    ("{lasts: 3s}", "{lasts: 3s, closes: 4s}", "S130", 25, "remove one of them"),
    ("{lasts: 3s}", "{lasts: 0s}", "S131", 25, "lasts: 3s"),
    ("{lasts: 3s}", "{opens: 5s, closes: 5s}", "S131", 25, "lasts: 3s"),
    ('"let her go"', '"i remember YOU"', "S135", 36, "different triggers"),
    ("gesture: open_palm", 'voice: "|"', "S221", 31, "yes|i did"),
    # texts
    ("#lbbbbc", "#lbbbbb", "S212", 46, "the first is on line 41"),
    ("#lbbbbc", "#Lbbbbc", "S202", 46, "`xrdrama fmt` writes"),
    ("LAN: Wipe your feet.  #lbbbbc", "LAN: #lbbbbc", "S205", 46, "before its line id"),
    ("ending: cold", "ending: {id: bright, title: The end}", "S117", 56, "another id"),
    # the whole
    (STORY[STORY.index("  door:") :], "  {}\n", "S101", 1, "add at least one beat under beats:"),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "hint"), FAULTS)
def test_a_fault_is_reported_at_its_place(
    old: str, new: str, code: str, line: int, hint: str
) -> None:
    assert STORY.count(old) == 1
    (problem,) = problems_of(STORY.replace(old, new))
    assert (problem.code, problem.line) == (code, line), problem
    assert hint in problem.hint


def test_triggers_that_no_show_acts_on_are_refused() -> None:
    def found(trigger: str) -> list[Problem]:
        return problems_of(STORY.replace("gesture: open_palm", trigger))

    def lines_with(kind: str, text: str) -> list[str]:
        return STORY.replace("gesture: open_palm", f"{kind}: {text}").splitlines()

    for sound in ("marker: door_god", "button", "gesture: fist"):
        assert found(sound) == [], sound
    assert [(p.code, p.hint) for p in found("marker: door god")] == [
        ("S224", "use letters, digits and _")
    ]
    assert found("performer: k1.done") == []
    for text, hint in (("k1", "such as lan.done"), ("k1.don", "done"), ("k 1.done", "lan.done")):
        (problem,) = found(f"performer: {text}")
        assert problem.code == "S226" and hint in problem.hint
    (problem,) = found("vote: A")
    assert (problem.code, problem.hint) == ("S220", "write on: vote")
    assert "vote: A" in lines_with("vote", "A")[problem.line - 1]


def test_a_gaze_names_a_place_and_perhaps_a_time() -> None:
    def found(text: str) -> list[tuple[str, str]]:
        problems = problems_of(STORY.replace("gesture: open_palm", f"gaze: {text}"))
        return [(problem.code, problem.hint) for problem in problems]

    for text in ("lan", "lan/1.2s", "lan / 300ms", "lan/10s"):
        assert found(text) == [], text
    assert found("the gate/2s") == [("S224", "use letters, digits and _")]
    assert found("/2s") == [("S224", "use letters, digits and _")]
    for text in ("lan/", "lan/2", "lan/200ms", "lan/11s", "lan/1m", "lan/soon", "lan/2s/2s"):
        assert found(text) == [("S240", "write 300ms to 10s behind the bar, such as lan/2s")], text


def test_an_else_that_silence_never_takes() -> None:
    text = STORY.replace("      window: {lasts: 3s}\n", "")
    always = text.replace("          if: trust >= 1\n", "")
    for one in (text, always):  # there is always an option without a condition
        (problem,) = problems_of(one)
        assert (problem.code, problem.severity) == ("S133", "warning")
    row = "          to: warm\n"
    assert problems_of(text.replace(row, f"{row}          once: true\n")) == []
    assert problems_of(text.replace(row, f"{row}          if: trust >= 2\n")) == []


def test_else_is_not_reported_when_the_window_has_an_error() -> None:
    always = STORY.replace("          if: trust >= 1\n", "")
    (problem,) = problems_of(always.replace("{lasts: 3s}", "{lasts: 3 seconds}"))
    assert (problem.code, problem.hint) == ("F007", "write 3s")
    (unused,) = problems_of(always.replace("{lasts: 3s}", "{show: bar}"))
    assert unused.code == "S133"


def test_several_beats_without_brackets_get_the_form_that_the_key_allows() -> None:
    plots = "hidden:\n  - id: print\n    on: {marker: god}\n    to: warm\n    during: cold\n"
    known = STORY.replace("beats:\n", f"{plots}beats:\n")
    assert problems_of(known) == []
    for several in ("'cold, warm'", "\n      cold, warm"):
        text = known.replace("during: cold", f"during: {several}")
        assert [(p.code, p.message, p.hint) for p in problems_of(text)] == [
            ("F010", "expected a list", "write [cold, warm]")
        ]
    (one,) = problems_of(STORY.replace("next: porch", 'next: "porch, cold"'))
    assert (one.code, one.hint) == ("S102", "write one beat, such as porch")


def test_hidden_plots_that_share_a_name_or_a_beat_that_is_theirs_already() -> None:
    plot = "      - {id: print, on: {marker: door_god}, to: warm, return: false}\n"
    inside = f"    next: porch\n    hidden:\n{plot}"
    assert problems_of(STORY.replace("    next: porch\n", inside)) == []
    (twice,) = problems_of(STORY.replace("    next: porch\n", inside + plot))
    assert (twice.code, twice.line) == ("S140", 45)
    during = inside.replace("return: false", "during: cold")
    (meant,) = problems_of(STORY.replace("    next: porch\n", during))
    assert (meant.code, meant.line) == ("S141", 44)


def test_a_story_with_errors_is_a_draft_and_no_story() -> None:
    broken = STORY.replace("next: porch", "next: prch")
    story, problems, mentions = parse_story(broken, "night.branch.yaml")
    assert story is None and len(problems) == 1
    draft, same, _ = draft_story(broken, "night.branch.yaml")
    assert draft is not None and same == problems
    assert [beat.id for beat in draft.order] == ["door", "warm", "porch", "bright", "cold"]
    scenes = [(m.name, m.place.line) for m in mentions if m.kind == "scene"]
    assert scenes == [("lantern_street", 5)]
    with pytest.raises(AuthoringError) as caught:
        load_story(broken)
    assert [p.code for p in caught.value.problems] == ["S102"]
    warned = STORY.replace("if: trust >= 1", "if: trust >= 0")
    assert parse_story(warned)[0] is not None  # a warning is not an error


def test_beats_know_where_their_scene_is_named() -> None:
    story = load_story(STORY.replace("  warm:\n", "  warm:\n    scene: attic\n"))
    places = {beat.id: (beat.scene, beat.scene_place.line) for beat in story.order}
    assert places["warm"] == ("attic", 40) and places["door"] == ("lantern_street", 5)
