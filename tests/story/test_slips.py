"""A slip of a writer is one problem, at the line where it was made, with what to type instead.

Each case changes one line of a story that is sound; the problem must stand at that line.
"""

from __future__ import annotations

import time
from itertools import zip_longest

import pytest

from xrdrama.errors import Problem
from xrdrama.story import parse_story

STORY = """\
xrdrama: 1
id: night
title: A night
language: en
scene: lantern_street

vars:
  trust: {type: int, min: 0, max: 3, init: 1}
  knew: {type: bool}
  mood: {type: enum, of: [calm, angry]}

cast:
  lan: {name: Lan}
  old_mo: {name: Old Mo}

beats:
  door:
    script: |
      EXT. LANE - NIGHT
      Wet stones.
      @snow_begins
      LAN: Will you stay?  #laaaaa
      OLD MO (softly): It is late.  #laaaab
    choice:
      window: {lasts: 3s}
      options:
        stay:
          text: I remember you
          to: warm
          set: {trust: trust + 1}
          on: [voice: "I remember you", gesture: open_palm]
        leave:
          text: Let her go
          to: cold
          if: trust >= 1
          on: [voice: "let her go"]
      else: cold

  warm:
    script: |
      LAN: Come in.  #lbbbbb
    next: porch

  porch:
    script: |
      LAN: Wipe your feet.  #lbbbbc
    next:
      - {to: bright, if: trust > 2}
      - cold

  bright:
    script: |
      LAN: The lamp is warm.  #lbbbbd
    ending: {id: bright, title: The lamp}

  cold:
    script: |
      LAN: The lamp goes out.  #lccccc
    ending: cold
"""


def problems_of(text: str) -> list[Problem]:
    return parse_story(text, "night.branch.yaml")[1]


def slip(old: str, new: str) -> tuple[Problem, int]:
    """The one problem of the story with a change, and the line of the change."""
    assert STORY.count(old) >= 1
    text = STORY.replace(old, new, 1)
    pairs = zip_longest(STORY.splitlines(), text.splitlines())
    line = next(number for number, (a, b) in enumerate(pairs, 1) if a != b)
    (problem,) = (problem for problem in problems_of(text) if problem.code != "U002")
    return problem, line


def test_the_story_is_sound() -> None:
    assert problems_of(STORY) == []


# -- YAML ---------------------------------------------------------------------------------------

LAYOUT = [
    # the bar of a script
    ("    script: |\n      EXT", "    script:\n      EXT", "Y010", "write script: |"),
    ("    script: |\n      LAN: Come", "    script:\n      LAN: Come", "Y010", "write script: |"),
    (
        "script: |\n      LAN: Come in.",
        "script: LAN: Come in.",
        "Y010",
        "the text on the lines below",
    ),
    ("    script: |\n      LAN: Come", "    script:|\n      LAN: Come", "Y010", "write script: |"),
    ("    script: |\n      LAN: Come", "    script |\n      LAN: Come", "Y010", "write script: |"),
    (
        "    script: |\n      LAN: Come",
        "    script： |\n      LAN: Come",
        "Y010",
        "write script: |",
    ),
    ("    script: |\n      LAN: Come", "    script: >\n      LAN: Come", "S211", "write script: |"),
    # a line of a script with a wrong indentation
    ("      OLD MO (so", "    OLD MO (so", "Y011", "indent it by 6 spaces"),
    ("      OLD MO (so", "OLD MO (so", "Y011", "indent it by 6 spaces"),
    ("      @snow", "  @snow", "Y011", "indent it by 6 spaces"),
    ("      Wet stones", "    Wet stones", "Y011", "indent it by 6 spaces"),
    ("      LAN: Come in.", "    LAN: Come in.", "Y011", "indent it by 6 spaces"),
    ("      EXT. LANE", "        EXT. LANE", "Y011", "indent it by 6 spaces"),
    ("      @snow_begins\n", "  # later\n      @snow_begins\n", "Y012", "above script:"),
    # keys that have slipped
    ("      else: cold", "    else: cold", "F018", "indent it by 6 spaces, like window:"),
    ("      else: cold", "        else: cold", "F019", "indent it by 6 spaces"),
    ("      else: cold", "       else: cold", "Y001", "6 spaces, like options:"),
    ("      options:", "    options:", "Y001", "indent it by 6 spaces, like window:"),
    ("    choice:", "  choice:", "F018", "indent it by 4 spaces, like script:"),
    ("    choice:", "      choice:", "S215", "indent it as far as script:"),
    ("        leave:", "      leave:", "F018", "indent it by 8 spaces, like stay:"),
    ("        leave:", "          leave:", "F019", "indent it by 8 spaces, like stay:"),
    ("          to: warm", "        to: warm", "Y001", "indent it by 10 spaces"),
    ("  warm:", "    warm:", "F019", "indent it by 2 spaces, like door:"),
    ("  cold:\n", "cold:\n", "F018", "indent it by 2 spaces, like door:"),
    ("  door:", "  - door:", "Y001", "remove the dash"),
    ("      - cold", "      cold", "Y001", "write - cold"),
    # tabs and other spaces
    ("    next: porch", "\tnext: porch", "Y001", "indent with spaces"),
    ("      LAN: Come", "\tLAN: Come", "Y001", "indent with spaces"),
    ("      LAN: Come", "      \tLAN: Come", "Y001", "indent with spaces"),
    ("    choice:\n      window", "\tchoice:\n\t\twindow", "Y001", "indent with spaces"),
    ("    next: porch", "\u3000\u3000next: porch", "Y009", "indent with spaces"),
    ("next: porch", "next: \u200bporch", "S102", "type it again"),
    # colons
    ("text: Let her go", "text: Lan: let her go", "Y001", 'text: "Lan: let her go"'),
    ("title: A night", "title: Night: part one", "Y001", 'title: "Night: part one"'),
    ("    next: porch", "    next porch", "Y001", "write next: porch"),
    ("    next: porch", "    next:porch", "Y001", "write next: porch"),
    ("    next: porch", "    next：porch", "Y001", "write next: porch"),
    ("          to: warm", "          to warm", "Y001", "write to: warm"),
    ("  knew: {type", "  knew {type", "Y001", "write knew: {type: bool}"),
    ("  knew: {type", "  knew：{type", "Y001", "write knew: {type: bool}"),
    ("{to: bright", "{to:bright", "F014", "write to: bright"),
    # quotes, brackets, first signs
    ('voice: "I remember you"', 'voice: "I remember you', "Y001", 'add " at the end'),
    ("title: A night", "title: 'A night", "Y001", "add ' at the end"),
    ("title: A night", "title: 'Lan's night'", "Y001", "double quotes"),
    ("title: A night", 'title: "A" night', "Y001", "remove these quotes"),
    ("open_palm]", "open_palm", "Y001", "add ] at the end"),
    ("init: 1}", "init: 1", "Y001", "add } at the end"),
    ("text: Let her go", "text: @lan go", "Y001", '"@lan go"'),
    ("text: Let her go", "text: *go*", "Y001", '"*go*"'),
    ("text: Let her go", "text: - go", "Y001", '"- go"'),
    ("text: Let her go", "text: #1 go", "F002", "starts with #"),
    ("if: trust >= 1", "if: !knew", "Y006", "write not knew"),
]


@pytest.mark.parametrize(("old", "new", "code", "hint"), LAYOUT)
def test_a_slip_of_layout(old: str, new: str, code: str, hint: str) -> None:
    problem, line = slip(old, new)
    assert (problem.code, problem.line) == (code, line), problem
    assert hint in problem.hint, problem


def moved() -> list[tuple[int, str]]:
    """Every line, indented one and two spaces more and less, if that changes its parent.

    In a script a line may be indented more, and its first one freely; the last item of a
    list may move with its list.
    """
    lines = STORY.splitlines()
    found = []
    for number, line in enumerate(lines):
        said = line.strip()
        margin = len(line) - len(said)
        in_script = margin == 6 and (said[0].isupper() or said[0] == "@")
        shifts = (-2, -1) if in_script else (-2, -1, 1, 2)
        if not said or said == "- cold":
            continue
        if in_script and lines[number - 1].endswith("|"):
            shifts = (-2,)
        found += [(number, " " * (margin + n) + said) for n in shifts if margin + n >= 0]
    return found


@pytest.mark.parametrize(("number", "line"), moved())
def test_a_line_that_is_moved_is_reported_where_it_is(number: int, line: str) -> None:
    lines = STORY.splitlines()
    found = problems_of("\n".join([*lines[:number], line, *lines[number + 1 :]]) + "\n")
    assert [p.line for p in found] == [number + 1], found
    assert found[0].hint


# -- expressions --------------------------------------------------------------------------------

CONDITIONS = [
    ("trust => 1", 6, "write trust >= 1"),
    ("trust =< 1", 6, "write trust <= 1"),
    ("trust = 1", 6, "write trust == 1"),
    ("trust === 1", 6, "write trust == 1"),
    ("trust <> 1", 6, "write trust != 1"),
    ("trust ≥ 1", 6, "write trust >= 1"),
    ("trust >> 1", 6, "compare with > or >="),
    ("trust % 2 == 1", 6, "use one of: + - * /"),
    ("trust ** 2 > 1", 6, "multiply"),
    ("trust >= 1 && knew", 11, "write trust >= 1 and knew"),
    ("trust >= 1 || knew", 11, "write trust >= 1 or knew"),
    ("trust >= 1 AND knew", 11, "write trust >= 1 and knew"),
    ("trust >= 1 and not ~knew", 19, "write trust >= 1 and not not knew"),
    ("knew is true", 5, "write knew == true"),
    ("trust is not 1", 6, "write trust != 1"),
    ("knew == yes", 8, "write true"),
    ("knew == True", 8, "write true"),
    ("yes", 0, "write true"),
    ("mood == calm", 8, "quote it: mood == 'calm'"),
    ("mood == angri", 8, "quote it: mood == 'angry'"),
    ("mood == 'angri'", 8, "did you mean 'angry'?"),
    ("mood == “calm”", 8, "write mood == 'calm'"),
    ("trust", 0, "compare it, as in trust > 0"),
    ("visits(warm)", 0, "compare it, as in visits(warm) > 0"),
    ("seen('warm')", 5, "write seen(warm)"),
    ("seen warm", 4, "write seen(warm)"),
    ("seen(wram)", 5, "did you mean 'warm'?"),
    ("seen(warm", 4, "add ')' at its end"),
    ("trust >= 1)", 10, "remove it"),
    ("trust >= 1 and", 11, "write what follows it"),
    ("Trust >= 1", 0, "did you mean 'trust'?"),
    ("luck >= 1", 0, "declare it under vars, as in luck: {type: int, min: 0, max: 3}"),
    ("$trust >= 1", 0, "write only the name"),
    ("trust >= 1;", 10, "write trust >= 1"),
    ("if trust >= 1", 0, "remove 'if'"),
    ("trust in (1, 2)", 6, "compare with each"),
    ("trust == 'calm'", 9, "compare it with a number"),
]


@pytest.mark.parametrize(("text", "column", "hint"), CONDITIONS)
def test_a_slip_in_a_condition(text: str, column: int, hint: str) -> None:
    problem, line = slip("if: trust >= 1", f"if: {text}")
    assert (problem.code, problem.line, problem.column) == ("S120", line, 15 + column), problem
    assert hint in problem.hint, problem


EFFECTS = [
    ("{trust: yes}", "S120", "write a number, or declare the variable with type: bool"),
    ("{trust: true}", "S120", "write a number, or declare the variable with type: bool"),
    ("{knew: yes}", "S120", "write true"),
    ("{knew: off}", "S120", "write false"),
    ("{knew: 1}", "S120", "write true or false"),
    ("{mood: angri}", "S120", "did you mean 'angry'?"),
    ("{trust: 5}", "S122", "it becomes 3"),
    ("{trust += 1}", "F012", "write trust: trust + 1"),
    ("{trust = 1}", "F012", "write trust: 1"),
    ("{trust: += 1}", "S120", "write the name first"),
    ("{trust: trust++}", "S120", "write trust + 1"),
    ("{trust: trust = 1}", "S120", "write only the value"),
    ("trust + 1", "F012", "write {trust: trust + 1}"),
    ("trust = trust + 1", "F012", "write {trust: trust + 1}"),
    ("{trsut: 1}", "S113", "did you mean 'trust'?"),
    ("{luck: 1}", "S113", "declare it under vars, as in luck:"),
    ("{trust: random(1, 3)}", "F016", '"random(1, 3)"'),
]


@pytest.mark.parametrize(("text", "code", "hint"), EFFECTS)
def test_a_slip_in_an_effect(text: str, code: str, hint: str) -> None:
    problem, line = slip("set: {trust: trust + 1}", f"set: {text}")
    assert (problem.code, problem.line) == (code, line), problem
    assert hint in problem.hint, problem


def test_a_word_of_an_enum_needs_no_quotes_where_it_is_given() -> None:
    text = STORY.replace("set: {trust: trust + 1}", "set: {mood: angry}")
    assert problems_of(text) == []
    same = text.replace("mood: angry", "mood: \"'angry'\"")
    assert problems_of(same) == []


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("trust > 3", "never"),
        ("trust < 0", "never"),
        ("trust >= 0", "always"),
        ("trust > 3 and knew", "never"),
        ("knew or trust <= 3", "always"),
        ("not trust > 5", "always"),
        ("trust > 1", ""),
        ("trust > 3 or knew", ""),
        ("mood == 'calm'", ""),
        ("true", ""),
        ("false", ""),
    ],
)
def test_a_condition_that_cannot_come_out_both_ways(condition: str, outcome: str) -> None:
    text = STORY.replace("if: trust >= 1", f"if: {condition}")
    found = [(p.code, p.severity, p.message) for p in problems_of(text)]
    assert found == ([("S121", "warning", f"this condition is {outcome} true")] if outcome else [])


# -- scripts ------------------------------------------------------------------------------------

LINES = [
    ("@sond bell", "S206", "did you mean @sound bell?"),
    ("@wiat 2s", "S206", "did you mean @wait 2s?"),
    ("@wait", "S208", "write @wait 2s"),
    ("@wait 2", "F007", "write 2s"),
    ("@wait 2 s", "S207", "write @wait 2s"),
    ("@wait 0:30", "F007", "write 30s"),
    ("@ snow_begins", "S206", "write @snow_begins"),
    ("@snow begins", "S206", "as one word, @snow_begins"),
    ("@snow-begins", "S206", "write @snow_begins"),
    ("@snow_begins, over=2s", "S206", "write @snow_begins over=2s"),
    ("@snow_begins over = 2s", "S207", "write over=2s"),
    ("@snow_begins over=2", "F007", "write 2s"),
    ("@snow_begins ovr=2s", "S207", "did you mean over=2s?"),
    ("@snow_begins gain=2", "S207", "use one of: at=1.5s, over=2s"),
    ("@sound", "S209", "write @sound bell"),
    ("@snow_begins over=3 s", "S207", "write over=3s"),
    ("@snow_begins at=1,5 seconds over=2s", "S207", "write at=1.5s"),
    ("@snow_begins over 2s", "S206", "write @snow_begins over=2s"),
    ("@snow_begins 2s", "S206", "write @snow_begins over=2s"),
    ("@snow_begins over=2s gently", "S207", "remove gently"),
    ("@snow begins over=2s", "S206", "as one word, @snow_begins, and"),
    ("@sound bell gain=loud", "S210", "write a number from -99 to 99, such as gain=-6"),
    ("@sound bell gain=-8db", "S210", "write gain=-8"),
    ("@sound bell gain=-8,25", "S210", "write gain=-8.2"),
    ("@sound bell gain=-8 dB", "S207", "write gain=-8"),
    ("@sound bell at=2 s", "S207", "write at=2s"),
    ("@sound bell loop=yes", "F006", "write true"),
    ("LEN: Come in.", "S201", "did you mean 'LAN'?"),
    ("GHOST: Come in.", "S201", "add them under cast, as in ghost: {name: Ghost}"),
    ("LAN Come in.", "S214", "write LAN: Come in."),
    ("LAN; come in.", "S214", "write LAN: come in."),
    ("LAN (softly) Come in.", "S214", "write LAN (softly): Come in."),
    ("LAN (softly: Come in.", "S214", "close the bracket"),
    ("LAN", "S214", "write the name and the text on one line: LAN: Come in."),
    ("LAN:Come in.", "S214", "a plain colon and a space"),
    ("LAN∶Come in.", "S214", "a plain colon and a space"),
    ("GHOST∶ Come in.", "S214", "write GHOST: with a plain colon"),
    ("GHOST：Come in.", "S201", "add them under cast"),
    ("Lan: Come in.", "S214", "write LAN: in capitals"),
    ("Lam: Come in.", "S214", "write LAN: in capitals"),
    ("Come in.  #lbbbbb", "S214", "write LAN: and what is said"),
    ("LAN:", "S205", "write the text after the colon"),
    ("{trust > 1} LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("{IF trust > 1} LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("{if trust > 1 LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("[if trust > 1] LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("<<if trust > 1>> LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("if trust > 1: LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("if trust > 1} LAN: Come in.", "S203", "write {if trust > 1} LAN: Come in."),
    ("{if trust => 1} LAN: Come in.", "S120", "write trust >= 1"),
    ("{if knew} She comes in.", "S204", "write {if ...} on a line of its own"),
    ("{if knew} LAN Come in.", "S214", "write LAN: Come in."),
    ("# LAN: Come in.", "S216", "move the comment above script:"),
    ("next: porch", "S215", "indent it as far as script:"),
]


@pytest.mark.parametrize(("text", "code", "hint"), LINES)
def test_a_slip_in_a_script(text: str, code: str, hint: str) -> None:
    problem, line = slip("LAN: Come in.  #lbbbbb", text)
    assert (problem.code, problem.line) == (code, line), problem
    assert hint in problem.hint, problem


@pytest.mark.parametrize(
    "action",
    [
        "LAN stands up.",
        "LAN and OLD MO wait.",
        "LAN, out of breath.",
        "LAN'S lantern goes out.",
        "AT 8:30 the bell rings.",
        "Title card: Seven years later.",
        "If nobody speaks, the snow stops.",
        "Next, the door.",
        "“Count again”, says the wind.",
        "雪停了。",
        "字幕：七年后。",
        "She points: there.",
    ],
)
def test_an_action_is_no_slip(action: str) -> None:
    assert problems_of(STORY.replace("LAN: Come in.  #lbbbbb", action)) == []


def test_a_name_as_it_is_shown_is_no_speaker() -> None:
    text = STORY.replace("{name: Lan}", "{name: 岚}").replace(
        "LAN: Come in.  #lbbbbb", "岚：进来。"
    )
    (problem,) = problems_of(text)
    assert problem.code == "S201" and problem.hint == "did you mean 'LAN'?"


def test_a_line_below_a_name_is_reported_with_the_name() -> None:
    fountain = STORY.replace("LAN: Come in.", "LAN\n      Come in.")
    assert [(p.code, p.line) for p in problems_of(fountain)] == [("S214", 41)]


def test_a_stranger_is_reported_once_however_often_they_speak() -> None:
    found = problems_of(STORY.replace("LAN:", "MARA:"))
    assert [(p.code, p.line) for p in found] == [("S201", 22)]
    both = STORY.replace("LAN: Come", "MARA: Come").replace("LAN: Wipe", "GHOST: Wipe")
    assert [p.line for p in problems_of(both)] == [41, 46]


# -- structure ----------------------------------------------------------------------------------

STRUCTURE = [
    ("    next: porch", "    nxt: porch", "F014", "did you mean 'next'?"),
    ("beats:", "beat:", "F014", "did you mean 'beats'?"),
    ("          to: cold", "          goto: cold", "F014", "did you mean 'to'?"),
    ("next: porch", "next: Porch", "S102", "did you mean 'porch'?"),
    ("next: porch", "next: prch", "S102", "did you mean 'porch'?"),
    ("next: porch", "next: [porch, cold]", "S106", "add if: to the path to porch above it"),
    ("      - cold", "      - {to: cold, if: trust <= 2}", "S107", "a beat that has no if:"),
    ("  porch:", "  Porch:", "F003", "write porch"),
    ("id: night", "id: A Night", "F003", "write a_night"),
    ("{id: bright, title: The lamp}", "{title: The lamp}", "F015", "add id:"),
    ("{type: int, min: 0, max: 3, init: 1}", "{type: int}", "F015", "add min:"),
    ("{type: int, min: 0, max: 3, init: 1}", "3", "F013", "such as {type: bool}"),
    ("max: 3, init: 1", "max: 3, init: 7", "S112", "use another initial value"),
    ("knew: {type: bool}", "knew: {type: bool, init: no}", "S120", "write false"),
    ("knew: {type: bool}", "knew: {typ: bool}", "F014", "did you mean 'type'?"),
    ("knew: {type: bool}", "knew: {type: boolean}", "F008", "did you mean 'bool'?"),
    ("  lan: {name: Lan}", "  lan: Lan", "F013", "write {name: Lan}"),
    ("  lan: {name: Lan}", "  LAN: {name: Lan}", "F003", "write lan"),
    ("cast:\n  lan: {name: Lan}\n  old_mo: {name: Old Mo}", "cast: [lan, old_mo]", "F012", "lan:"),
    ("window: {lasts: 3s}", "window: 3s", "F013", "such as {lasts: 3s}"),
    ("{lasts: 3s}", "{lasts: 3}", "F007", "write 3s"),
    ("{lasts: 3s}", "{lasts: 3 seconds}", "F007", "write 3s"),
    ("{lasts: 3s}", "{lasts: 3,5s}", "F016", "write lasts: 3.5s"),
    ("{lasts: 3s}", "{closes: 3s, opens: 5s}", "S131", "lasts: 3s"),
    ("{lasts: 3s}", "{3s}", "F014", "lasts"),
    ("{lasts: 3s}", "{lasts 3s}", "F014", "write lasts: 3s"),
    ("to: bright, if: trust > 2", "if: trust > 2, to bright", "F014", "write to: bright"),
    ("xrdrama: 1", "xrdrama: 1.0", "F004", "write 1"),
    ("xrdrama: 1", "xrdrama: 2", "F005", "write 1"),
    ("gesture: open_palm", "gesture: wave", "S222", "open_palm, fist"),
    ("gesture: open_palm", "hand: open_palm", "S220", "gesture"),
    ('[voice: "let her go"]', "let her go", "S220", "such as voice:"),
    ('[voice: "let her go"]', "[voice]", "S220", "write voice:"),
    ('[voice: "let her go"]', "[fist]", "S220", "write gesture: fist"),
    ('[voice: "let her go"]', "{voice: go, gesture: fist}", "S220", "[voice: ..., gesture: ...]"),
    ('"let her go"', "“let her go”", "S221", 'write "let her go"'),
    ("        leave:", "        stay:", "Y008", "the first one is on line 27"),
    ("    next: porch\n", "    next: porch\n    next: cold\n", "Y008", "remove one of them"),
    ("    ending: cold\n", "    ending: cold\n    next: warm\n", "S103", "keep only one of"),
    ("{to: bright, if: trust > 2}", "{to: bright, if: {knew}}", "F001", "without braces"),
    ("          if: trust >= 1", "          if: {knew}", "F001", "without braces"),
]


@pytest.mark.parametrize(("old", "new", "code", "hint"), STRUCTURE)
def test_a_slip_of_structure(old: str, new: str, code: str, hint: str) -> None:
    problem, line = slip(old, new)
    assert (problem.code, problem.line) == (code, line), problem
    assert hint in problem.hint, problem


def test_a_story_without_a_scene_is_reported_once() -> None:
    (problem,) = problems_of(STORY.replace("scene: lantern_street\n", ""))
    assert (problem.code, problem.line) == ("S105", 16)
    assert problem.message == "beat 'door' and 4 more beats have no scene"
    one = STORY.replace("scene: lantern_street\n", "").replace(
        "    script: |\n", "    scene: lane\n    script: |\n"
    )
    (last,) = problems_of(one.replace("  cold:\n    scene: lane\n", "  cold:\n"))
    assert last.message == "beat 'cold' has no scene"


def test_a_choice_without_options_or_else() -> None:
    options = STORY[STORY.index("      options:") : STORY.index("      else:")]
    (missing,) = problems_of(STORY.replace(options, ""))
    assert (missing.code, missing.line) == ("F015", 25) and "options" in missing.message
    (empty,) = problems_of(STORY.replace(options, "      options:\n"))
    assert (empty.code, empty.line) == ("F012", 26) and "to: porch" in empty.hint
    (braces,) = problems_of(STORY.replace(options, "      options: {}\n"))
    assert (braces.code, braces.line) == ("S134", 26)
    (silent,) = problems_of(STORY.replace("      else: cold\n", ""))
    assert (silent.code, silent.line) == ("S132", 25) and "else:" in silent.hint


def test_a_beat_that_cannot_be_read_is_no_unknown_beat_where_it_is_named() -> None:
    cold = STORY[STORY.index("  cold:\n") :]
    for instead in ("  cold: ending\n", "  cold:\n", "  cold: {ending: {title: The end}}\n"):
        (problem,) = problems_of(STORY.replace(cold, instead))
        assert problem.code in ("F013", "F015") and problem.line == 56
    unknown = problems_of(STORY.replace(cold, ""))  # the control: it is not there at all
    assert [(p.code, p.line) for p in unknown] == [("S102", 34), ("S102", 37), ("S102", 49)]


BEATS = "".join(
    f"  b{i}:\n    script: |\n      LAN: Hi.  #l{i:05d}\n    next: b{i}\n" for i in range(2000)
)
HEAD = "xrdrama: 1\nid: h\nscene: lane\ncast: {lan: {name: Lan}}\n"
WIDE = " " * 100_000
UNREASONABLE = {
    "spaces in a line": f"beats:\n  a:\n    script: |\n      LAN{WIDE}x\n    next: a\n",
    "spaces before a line": f"beats:\n  a:\n{WIDE}b: c\n  d: e\n",
    "an open brace": f"beats:\n  a:\n    script: |\n      {{if{WIDE}x\n    next: a\n",
    "a cue": f"beats:\n  a:\n    script: |\n      @snow {'a' * 100_000}\n    next: a\n",
    "dashes": "title: b: c\n" + "- " * 100_000 + "\n",
    "quotes": "title: " + ', "x' * 100_000 + "\nbeats: {}\n",
    "an open bracket": f"vars: [\nbeats:\n{BEATS}",
    "an open quote": f'title: "x\nbeats:\n{BEATS}',
    "a late slip": f"beats:\n{BEATS}   x:\n    next: b0\n  y: {{next: b0}}\n",
    "twins": "beats:\n  z:\n" + 2 * ("    e:\n" + "".join(f"    k{i}: 1\n" for i in range(9000))),
    "headless": "beats:\n  z:\n" + "".join(f"    k{i}:\n" for i in range(20_000)),
    "no bars": "beats:\n" + BEATS.replace("script: |", "script:"),
    "slipped": "beats:\n" + BEATS.replace("      LAN", "    LAN"),
}


@pytest.mark.parametrize("name", UNREASONABLE)
def test_what_is_unreasonable_is_answered_in_reasonable_time(name: str) -> None:
    begun = time.process_time()
    problems_of(HEAD + UNREASONABLE[name])
    assert time.process_time() - begun < 5.0  # seconds of this process; a sound one takes 0.5


def test_two_slips_are_two_problems() -> None:
    text = STORY.replace("next: porch", "nxt: porch").replace("      OLD MO", "    OLD MO")
    text = text.replace("if: trust >= 1", "if: trust => 1").replace("LAN: Wipe", "LEN: Wipe")
    found = sorted((p.line, p.code) for p in problems_of(text))
    assert found == [(23, "Y011"), (35, "S120"), (42, "F014"), (46, "S201")]
