"""Playing Yarn files: what is shown in which order, and what stops a file that cannot be played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.yarn.playing.evaluate import YarnError
from xrdrama.authoring.yarn.playing.machine import Machine, YarnCommand, YarnLine, YarnOptions
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.errors import AuthoringError


def node(title: str, body: str, headers: str = "") -> str:
    return f"title: {title}\n{headers}---\n{body}\n===\n"


def machine(body: str, *more: str, strategy: str = "best_least_recently_seen") -> Machine:
    return Machine(load_yarn(node("Start", body) + "".join(more), "a.yarn"), strategy=strategy)


def played(machine: Machine, *picks: int, start: str = "Start") -> list[str]:
    """What is shown, with the options that `picks` names by number."""
    found: list[str] = []
    todo = list(picks)
    for one in machine.play(start):
        if isinstance(one, YarnLine):
            found.append(one.text)
        elif isinstance(one, YarnCommand):
            found.append(f"<<{one.text}>>")
        elif isinstance(one, YarnOptions):
            found.append("|".join(("" if o.enabled else "!") + o.text for o in one.options))
            if any(o.enabled for o in one.options):
                machine.pick = todo.pop(0) - 1
    return found


def test_options_once_and_fallthrough() -> None:
    one = machine("-> A <<once>>\n    Took A.\n-> B <<if false>>\nAfter.")
    assert played(one, 1) == ["A|!B", "Took A.", "After."]
    assert played(one) == ["!A|!B", "After."]


def test_detours_return_and_jumps_do_not() -> None:
    inner = node("Inner", "In.\n<<if $leave>>\n<<jump Away>>\n<<endif>>\n<<return>>\nNever.")
    away = node("Away", "Away.")
    one = machine("<<declare $leave = false>>\n1\n<<detour Inner>>\n2\n<<set $leave = true>>\n"
                  "<<detour Inner>>\nNever.", inner, away)  # fmt: skip
    assert played(one) == ["1", "In.", "2", "In.", "Away."]


def test_visits_are_counted_when_a_node_is_left() -> None:
    other = node("Other", 'In: {visited_count("Other")}')
    one = machine('{visited("Other")}\n<<detour Other>>\n<<detour Other>>\n'
                  '{visited("Other")} {visited_count("Other")}', other)  # fmt: skip
    assert played(one) == ["False", "In: 0", "In: 1", "True 2"]


def test_line_groups_by_strategy() -> None:
    text = "=> A\n=> B <<if $x and $x>>\n=> C <<once>>"
    declare = "<<declare $x = true>>\n"
    assert [played(machine(declare + text, strategy=s))[0] for s in ("first", "best")] == ["A", "B"]
    one = machine(declare + text)
    assert [played(one)[0] for _ in range(5)] == ["B", "C", "A", "B", "A"]


def test_node_groups() -> None:
    group = (
        node("G", "One.", "when: once\n") + node("G", "Two.", "when: $x > 1\n")
        + node("G", "Three.", "when: always\n")
    )  # fmt: skip
    one = machine('<<declare $x = 0>>\n<<detour G>>\n{has_any_content("G")}', group)
    assert played(one) == ["One.", "True"]
    assert played(one) == ["Three.", "True"]
    one.formulas.variables["$x"] = 2.0
    assert played(one) == ["Two.", "True"]


def test_markup_and_values() -> None:
    body = (
        '<<declare $n = 2>>\n<<declare $who = "cat">>\n'
        'Mae: [b]Bold[/b] {$who}, [plural value={$n} one="% eel" other="% eels"/]!\n'
        '[select value={$who} cat="Meow \\\\"%\\\\"" dog="Woof"/]\n'
        "[wave]a [pause=200/] b[/wave] \\[c\\]\n[nomarkup][b]x[/b][/nomarkup]\nNot: [closed\n"
    )
    assert played(machine(body)) == [
        "Mae: Bold cat, 2 eels!", 'Meow "cat"', "a b [c]", "[b]x[/b]", "Not: [closed"
    ]  # fmt: skip


def test_expressions() -> None:
    body = (
        '{1 + 2 * 3 - -1} {7 % 4} {1 / 4} {"a" + "b"} {not false xor true} {1 < 2 and 2 <= 2}\n'
        '{round(2.5)} {floor(-0.5)} {ceil(0.2)} {min(1, 2)} {string(3)}x {number("4") + 1}\n'
    )
    assert played(machine(body)) == ["8 3 0.25 ab False True", "2 -1 1 1 3x 5"]


def test_dice_follow_the_seed() -> None:
    checked = load_yarn(node("Start", "{dice(6)} {random_range(1, 3)}"), "a.yarn")
    rolls = {seed: played(Machine(checked, seed=seed)) for seed in range(30)}
    assert rolls[3] == played(Machine(checked, seed=3))
    assert len({tuple(one) for one in rolls.values()}) > 5


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<<jump Start>>", "nothing is shown for 100,000 statements: a loop"),
        ("<<detour Start>>", "detours are nested deeper than 60"),
        ("{1 / 0}", "division by zero"),
        ('<<jump {"No" + "where"}>>', "there is no node Nowhere"),
        ("<<if strange()>>\nx\n<<endif>>", "the game's function strange() is not known here"),
        ('<<set $t = "aaaaaaaaaa">>\n' + "<<set $t = $t + $t>>\n" * 30 + "x",
         "a text has more than 10,000 characters"),
        ("<<set $n = 10>>\n" + "<<set $n = $n * $n>>\n" * 9, "a number is larger than 1e30"),
        ('{number("x")}', "'x' is not a number"),
        ("<<call assert(1 == 1)>>\n<<call assert(1 == 2)>>", "assert() is false"),
    ],
)  # fmt: skip
def test_what_cannot_be_played(body: str, message: str) -> None:
    with pytest.raises(YarnError) as raised:
        played(machine(body))
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("<<jump Nowhere>>", "I106", "there is no node Nowhere in this file"),
        ("{$x}", "I108", "the type of $x is not known"),
        ("<<declare $x = 1>>\n<<declare $x = 2>>", "I108", "$x is declared twice"),
        ("<<declare $x = $y + 1>>\n<<declare $y = 1>>\n<<set $x = 2>>", "I108",
         "$x is a smart variable: it cannot be set"),
        ("<<declare $x = $y>>\n<<declare $y = $x>>\n<<set $z = $x + 1>>", "I108",
         "the smart variable $x depends on itself"),
        ("<<declare $x = 1 as string>>", "I107",
         "the value does not have the type: one is number, the other is string"),
        ("<<declare $x = 1 as Food>>", "I107", "there is no type Food"),
        ("{visited(1)}", "I107",
         "an argument of visited() changes type: one is string, the other is number"),
        ("{dice()}", "I107", "dice() takes 1 arguments, 0 are given"),
        ("{1 + true}", "I107",
         "the two sides of '+' have different types: one is number, the other is bool"),
        ("{Food.Pear}", "I109", "there is no enum Food"),
        ("<<enum A>>\n<<case B>>\n<<endenum>>\n{A.C}", "I109", "the enum A has no case C"),
        ("a #line:x\nb #line:x", "I110", "the line id x is used twice"),
        ("a #shadow:x", "I110", "#shadow:x: there is no line with the id x"),
    ],
)  # fmt: skip
def test_what_is_refused(body: str, code: str, message: str) -> None:
    with pytest.raises(AuthoringError) as raised:
        load_yarn(node("Start", body), "a.yarn")
    (problem, *_) = raised.value.problems
    assert (problem.code, problem.message) == (code, message)
    assert problem.hint and problem.line > 1


def indented(text: str) -> str:
    return "".join(f"    {row}\n" for row in text.splitlines())


STATEMENTS = st.recursive(
    st.sampled_from(
        ["Lan: hi\n", "{$n}\n", "<<set $n += 1>>\n", "<<stop>>\n", "<<detour B>>\n", "<<jump B>>\n",
         "<<return>>\n", "x <<once>>\n", "<<bell>>\n", '{visited_count("B")}\n']
    ),
    lambda inner: st.one_of(
        inner.map(lambda text: f"<<if $n > 1>>\n{text}<<endif>>\n"),
        inner.map(lambda text: f"<<once>>\n{text}<<else>>\ny\n<<endonce>>\n"),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        inner.map(lambda text: f"-> a\n{indented(text)}-> b\n"),
        inner.map(lambda text: f"=> a\n{indented(text)}=> b\n"),
    ),
    max_leaves=8,
)  # fmt: skip


@given(STATEMENTS, STATEMENTS)
def test_any_file_that_is_accepted_plays_or_says_why_not(first: str, second: str) -> None:
    one = machine(f"<<declare $n = 0>>\n{first}", node("B", second))
    shown = 0
    try:
        for step in one.play("Start"):
            one.pick = 0 if isinstance(step, YarnOptions) else -1
            shown += 1
            if shown > 50:
                break
    except YarnError as error:
        assert error.message and error.at.line >= 1
