"""What only the whole graph shows: each finding with a story that has the fault, and one that has
not."""

from __future__ import annotations

import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.graph import check_graph, story_graph, takes_time
from xrdrama.errors import Problem
from xrdrama.story import Story, load_story
from xrdrama.story.stepping.happenings import Declined
from xrdrama.story.stepping.rehearsal import Rehearsal
from xrdrama.story.ways import ways_of

HEAD = """\
xrdrama: 1
id: night
scene: lane
vars: {n: {type: int, min: 0, max: 3}}
cast: {lan: {name: Lan}}
beats:
"""
SAYS = "script: |\n      LAN: Yes.\n"


def story(beats: str, after: str = "") -> Story:
    return load_story(HEAD + beats + after, "night.branch.yaml")


def codes(beats: str, after: str = "") -> list[str]:
    return [problem.code for problem in check_graph(story(beats, after))]


GOOD = """\
  a:
    choice: {options: {go: {to: b}, stay: {to: a}}}
  b: {ending: done}
"""


def test_a_sound_story_has_no_findings() -> None:
    assert codes(GOOD) == []


def test_a_beat_that_nothing_leads_to() -> None:
    assert codes(GOOD + "  lost: {ending: other}\n") == ["G001"]


def test_what_only_an_unreached_beat_leads_to_is_not_reported_too() -> None:
    chain = "  c: {next: d}\n  d: {next: e}\n  e: {ending: other}\n  f: {next: a}\n"
    reported = check_graph(story(GOOD + chain))
    assert [(p.line, p.message) for p in reported] == [
        (10, "no path leads to beat 'c' and 2 more after it"),
        (13, "no path leads to beat 'f'"),
    ]
    ring = "  c: {choice: {options: {on: {to: d}}}}\n  d: {choice: {options: {on: {to: c}}}}\n"
    assert [p.message for p in check_graph(story(GOOD + ring)) if p.code == "G001"] == [
        "no path leads to beat 'c' and 1 more after it"
    ]


def test_a_beat_that_a_hidden_plot_leads_to_is_led_to() -> None:
    plot = "hidden:\n  - {id: p, on: {marker: m}, to: lost}\n"
    assert codes(GOOD + "  lost: {return: true}\n", plot) == []


def test_a_beat_that_the_director_is_given_is_led_to_and_what_follows_it_too() -> None:
    forced = "  c:\n    director: {force: [lost]}\n    next: a\n"
    lost = "  lost: {next: after}\n  after: {ending: other}\n"
    assert codes("  start: {next: c}\n" + forced + GOOD + lost) == []
    free = forced.replace("director: {force: [lost]}", "director: {hold: true}")
    assert codes("  start: {next: c}\n" + free + GOOD + lost) == ["G001"]


@pytest.mark.parametrize(
    ("beats", "way"),
    [
        ("  a: {next: a}\n", "a -> a"),
        ("  a: {next: b}\n  b: {next: a}\n", "a -> b -> a"),
        # The way round is one that can be gone, not the names in the order of the alphabet.
        ("  a: {next: c}\n  b: {next: a}\n  c: {next: b}\n", "a -> c -> b -> a"),
        ("  a: {next: [{to: b, if: n > 0}, c]}\n  b: {next: a}\n  c: {ending: e}\n", "a -> b -> a"),
        # A choice that offers nothing takes its else at once.
        (
            "  a: {choice: {options: {x: {to: b, if: n > 0}}, else: a}}\n  b: {ending: e}\n",
            "a -> a",
        ),
        # With opens, the length of the script does not matter.
        (
            "  a:\n    " + SAYS + "    choice: {window: {opens: 0s, lasts: 2s}, "
            "options: {x: {to: b, if: n > 0}}, else: a}\n  b: {ending: e}\n",
            "a -> a",
        ),
        ("  a:\n    script: |\n      {if n > 1} LAN: Yes.\n    next: a\n", "a -> a"),
        ("  a:\n    script: |\n      @wait 0s\n      Snow.\n    next: a\n", "a -> a"),
    ],
)
def test_a_circle_without_time(beats: str, way: str) -> None:
    found = [p for p in check_graph(story(beats)) if p.code == "G002"]
    assert [p.message for p in found] == [f"a loop in which no time passes: {way}"]
    assert found[0].severity == "error"
    assert "@wait" in found[0].hint


@pytest.mark.parametrize(
    "beats",
    [
        "  a:\n    " + SAYS + "    next: a\n",
        "  a:\n    script: |\n      @wait 1ms\n    next: a\n",
        "  a: {dur: {min: 1s}, next: a}\n",
        "  a: {next: b}\n  b:\n    " + SAYS + "    next: a\n",
        "  a: {choice: {options: {x: {to: a}}, window: {lasts: 2s}, else: a}}\n",
        "  a: {choice: {window: {opens: 1s}, options: {x: {to: b, if: n > 0}}, else: a}}\n"
        "  b: {ending: e}\n",
    ],
)
def test_a_circle_that_takes_time_is_none(beats: str) -> None:
    assert "G002" not in codes(beats)


def test_a_circle_without_time_halts_the_playthrough_that_runs_it() -> None:
    walk = Rehearsal(story("  a: {next: b}\n  b: {next: a}\n"))
    assert not walk.ended
    declined = [one for one in walk.happenings if isinstance(one, Declined)]
    assert len(declined) == 1
    assert "loops" in declined[0].reason


@pytest.mark.parametrize(
    "options",
    [
        "{x: {to: b, if: n > 0}}",
        "{x: {to: b, if: n > 0}, y: {to: a, once: true}}",
        "{y: {to: a, once: true}}",
    ],
)
def test_a_choice_that_may_offer_nothing(options: str) -> None:
    beats = f"  a:\n    {SAYS}    choice: {{options: {options}}}\n  b: {{ending: e}}\n"
    assert "G003" in codes(beats)


@pytest.mark.parametrize(
    "choice",
    [
        "{options: {x: {to: b, if: n > 0}, y: {to: b}}}",
        "{options: {x: {to: b, if: n > 0}}, else: b}",
        "{options: {x: {to: b, once: true}}}",  # nothing leads back: it is asked once
    ],
)
def test_a_choice_that_offers_something(choice: str) -> None:
    beats = f"  a:\n    {SAYS}    choice: {choice}\n  b: {{ending: e}}\n"
    assert "G003" not in codes(beats)


VARS = """\
vars:
  n: {type: int, min: 0, max: 3}
  mood: {type: enum, of: [calm, cross, sad]}
  key: {type: bool}
  wide: {type: int, min: 0, max: 5000}
  part: {type: float, min: 0, max: 1}
  rich: {type: computed, from: n > 1}
"""


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("{x: {to: b, if: n > 0}, y: {to: b, if: n <= 0}}", False),
        ("{x: {to: b, if: n > 1}, y: {to: b, if: n <= 0}}", True),
        ("{x: {to: b, if: n > 0}, y: {to: b, if: n < 1, once: true}}", False),  # asked once
        ("{x: {to: a, if: n > 0}, y: {to: b, if: n < 1, once: true}}", True),
        ("{x: {to: a, if: n > 0}, y: {to: b, if: n < 1}, z: {to: b, once: true}}", False),
        ("{x: {to: b, if: mood == 'calm'}, y: {to: b, if: mood != 'calm'}}", False),
        ("{x: {to: b, if: mood == 'calm'}, y: {to: b, if: mood == 'cross'}}", True),
        ("{x: {to: b, if: key and n > 1}, y: {to: b, if: not key}, z: {to: b, if: n < 2}}", False),
        ("{x: {to: b, if: key and n > 1}, y: {to: b, if: not key}, z: {to: b, if: n < 1}}", True),
        ("{x: {to: b, if: rich}, y: {to: b, if: not rich}}", False),
        ("{x: {to: b, if: rich}, y: {to: b, if: n < 1}}", True),
        ("{x: {to: b, if: seen(a)}, y: {to: b, if: not seen(a)}}", False),
        ("{x: {to: b, if: visits(a) > 2}, y: {to: b, if: visits(a) < 2}}", True),
        ("{x: {to: b, if: wide > 2}, y: {to: b, if: wide <= 2}}", True),  # too many to try
        ("{x: {to: b, if: part > 0.5}, y: {to: b, if: part <= 0.5}}", True),
        ("{x: {detour: c, if: n > 0}, y: {to: b, if: n < 1, once: true}}", True),
    ],
)
def test_options_whose_conditions_together_are_always_true(options: str, found: bool) -> None:
    beats = f"  a:\n    {SAYS}    choice: {{options: {options}}}\n  b: {{ending: e}}\n"
    beats += f"  c:\n    {SAYS}    return: true\n" if "detour" in options else ""
    head = HEAD.replace("vars: {n: {type: int, min: 0, max: 3}}\n", VARS)
    made = load_story(head + beats, "night.branch.yaml")
    assert ("G003" in {problem.code for problem in check_graph(made)}) == found


def test_an_else_that_is_never_taken_makes_no_loop_without_time() -> None:
    options = "{x: {to: b, if: n > 0}, y: {to: b, if: n <= 0}}"
    beats = f"  a: {{choice: {{options: {options}, else: a}}}}\n  b: {{ending: e}}\n"
    assert "G002" not in codes(beats)
    assert "G002" in codes(beats.replace("n <= 0", "n < 0"))


def test_a_choice_whose_options_are_used_up_stands_still_as_the_check_says() -> None:
    walk = Rehearsal(
        story(f"  a:\n    {SAYS}    choice: {{options: {{y: {{to: a, once: true}}}}}}\n")
    )
    walk.pick("y")
    assert walk.options() == ()
    assert not walk.ended


def test_no_ending_can_be_reached_from_a_beat() -> None:
    trap = "  a: {choice: {options: {out: {to: b}, in: {to: trap}}}}\n  b: {ending: e}\n"
    inside = f"  trap:\n    {SAYS}    next: trap\n"
    assert codes(trap + inside) == ["G004"]
    assert codes(trap + inside.replace("next: trap", "next: b")) == []


def test_the_story_has_no_ending() -> None:
    assert codes(f"  a:\n    {SAYS}    next: a\n") == ["G005"]


def test_a_beat_that_returns_on_the_main_path() -> None:
    assert codes(
        "  a: {next: [{to: b, if: n > 0}, e]}\n  b: {return: true}\n  e: {ending: x}\n"
    ) == ["G006"]
    plot = "hidden:\n  - {id: p, on: {marker: m}, to: b}\n"
    assert codes("  a: {next: e}\n  b: {return: true}\n  e: {ending: x}\n", plot) == []
    gone = plot.replace("to: b", "to: b, return: false")
    assert codes("  a: {next: e}\n  b: {return: true}\n  e: {ending: x}\n", gone) == ["G006"]


def test_a_lost_return_halts_the_playthrough() -> None:
    walk = Rehearsal(story("  a: {next: b}\n  b: {return: true}\n"))
    assert "nothing was interrupted" in next(
        one.reason for one in walk.happenings if isinstance(one, Declined)
    )


def test_ways_and_the_graph_say_the_same() -> None:
    played = story(
        """\
  a:
    choice:
      window: {lasts: 2s}
      options: {x: {to: b}, y: {to: a}}
      else: c
  b: {next: [{to: a, if: n > 1}, c]}
  c: {ending: e}
  d: {return: true}
""",
        "hidden:\n  - {id: p, on: {marker: m}, to: d, during: a}\n",
    )
    assert list(ways_of(played.beats["a"])) == [
        ("option", "x", "b"),
        ("option", "y", "a"),
        ("else", "else", "c"),
        ("hidden", "p", "d"),
    ]
    graph = story_graph(played)
    assert sorted(graph.edges(data="how")) == [
        ("a", "a", "option"),
        ("a", "b", "option"),
        ("a", "c", "else"),
        ("a", "d", "hidden"),
        ("b", "a", "next"),
        ("b", "c", "next"),
    ]
    assert [takes_time(beat) for beat in played.order] == [False] * 4


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, n - 1), min_size=0, max_size=3), min_size=n, max_size=n
        )
    )
)
def test_reach_is_that_of_a_plain_search(ways: list[list[int]]) -> None:
    rows = []
    for number, to in enumerate(ways):
        options = ", ".join(f"o{i}: {{to: b{t}}}" for i, t in enumerate(to))
        rows.append(
            f"  b{number}: " + (f"{{choice: {{options: {{{options}}}}}}}" if to else "{ending: e}")
        )
    findings = check_graph(story("\n".join(rows) + "\n"))
    seen, queue = {0}, [0]
    while queue:
        new = {t for t in ways[queue.pop()]} - seen
        seen |= new
        queue += new
    graph = nx.DiGraph((n, t) for n, to in enumerate(ways) for t in to)
    graph.add_nodes_from(range(len(ways)))
    unreached = set(range(len(ways))) - seen
    _each_is_reported_or_behind_one_that_is(findings, "G001", graph.subgraph(unreached))
    ends = {n for n, to in enumerate(ways) if not to}
    stuck = {n for n in seen if not ends & ({n} | nx.descendants(graph, n))} if ends else set()
    _each_is_reported_or_behind_one_that_is(findings, "G004", graph.subgraph(stuck).reverse())
    assert ("G005" in {p.code for p in findings}) == (not ends)


def _each_is_reported_or_behind_one_that_is(
    findings: list[Problem], code: str, graph: nx.DiGraph[int]
) -> None:
    """Those that are reported hang on no other, all others hang on them, and are counted."""
    reported = {}
    for problem in findings:
        if problem.code == code:
            name, more = re.findall(r"'b(\d+)'(?: and (\d+) more)?", problem.message)[0]
            reported[int(name)] = int(more or 0)
    behind = {name: nx.descendants(graph, name) for name in reported}
    assert set(graph) == set(reported).union(*behind.values())
    assert reported == {name: len(below - {name}) for name, below in behind.items()}
    assert not any(one in behind[other] for one in reported for other in reported if one != other)


def test_ten_thousand_beats_are_checked_quickly() -> None:
    import time

    row = "  b{}: {{choice: {{options: {{x: {{to: b{}}}, y: {{to: b{}, once: true}}}}}}}}"
    rows = [row.format(n, (n * 7 + 1) % 5000, n + 1) for n in range(5000)]
    big = story("\n".join(rows) + "\n  b5000: {ending: e}\n")
    began = time.process_time()
    findings = check_graph(big)
    assert time.process_time() - began < 1.0
    assert findings == []


def test_a_thousand_choices_with_once_and_conditions_are_checked_quickly() -> None:
    import time

    once, asked = [], []
    for n in range(1000):
        ways = f"{{x: {{to: b{(n * 7 + 1) % 1000}, once: true}}, y: {{to: b{n + 1}, once: true}}}}"
        once.append(f"  b{n}: {{choice: {{options: {ways}}}}}\n")
        ways = f"{{x: {{to: b{n + 1}, if: n > {n}}}, y: {{to: b{n + 1}, if: n <= {n}}}}}"
        asked.append(f"  b{n}: {{choice: {{options: {ways}}}}}\n")
    end = "  b1000: {ending: e}\n"
    began = time.process_time()
    used_up = story("".join(once) + end)
    head = HEAD.replace("max: 3", "max: 2000")
    covered = load_story(head + "".join(asked) + end, "night.branch.yaml")
    loaded = time.process_time()
    found, others = check_graph(used_up), check_graph(covered)
    checked = time.process_time()
    # Compared with loading, because a busy machine slows both down.
    assert checked - loaded < (loaded - began) / 2, (checked - loaded, loaded - began)
    assert sum(problem.code == "G003" for problem in found) > 700
    assert sum(problem.code == "G003" for problem in others) < 1000  # as many as there is time for
