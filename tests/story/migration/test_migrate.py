"""Migration case by case: scripts, open choices, values, detours, plots beside the main path."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from xrdrama.story import Due, Found, Picked, Playthrough, Story, begin, load_story, next_due, step
from xrdrama.story.migration import Migrated, migrate
from xrdrama.story.stepping.happenings import BeatEntered, CueCalled, Ended, Happening, Spoken
from xrdrama.timing import NS

STORY = """\
xrdrama: 1
id: pier
scene: s
vars:
  trust: {type: int, min: 0, max: 5, init: 4}
  mood: {type: enum, of: [calm, cross], init: cross}
cast: {lan: {name: Lan}}
beats:
  gate:
    script: |
      LAN: One.  #laaaaa
      @bell at=+9s
      LAN: Two.  #lbbbbb
      @wait 1s
      LAN: Three.  #lccccc
    choice:
      window: {lasts: 6s, grace: 1s}
      options:
        board: {text: Board, to: river}
        look: {text: Look, detour: attic, once: true}
      else: dark
  river: {script: "LAN: Water.  #lddddd", ending: morning}
  dark: {ending: dark}
  attic: {script: "LAN: Dust.  #leeeee", return: true}
  murmur: {script: "LAN: Hush.  #lfffff\\n@wait 9s", return: true}
hidden:
  - {id: rumour, on: {marker: ledger}, to: murmur, parallel: true}
"""


def read(text: str = STORY) -> Story:
    return load_story(text, "pier.branch.yaml")


def edited(*edits: tuple[str, str]) -> Story:
    text = STORY
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    return read(text)


def run_until(p: Playthrough, until: int) -> tuple[Playthrough, list[Happening]]:
    found: list[Happening] = []
    while (due := next_due(p)) is not None and due <= until:
        p, more = step(p, Due(due))
        found += more
    return p, found


def at_line(text: str) -> tuple[Playthrough, int]:
    """The playthrough in which a line has just begun, and when."""
    p, happened = begin(read())
    while not any(isinstance(one, Spoken) and one.line.text == text for one in happened):
        due = next_due(p)
        assert due is not None
        p, happened = step(p, Due(due))
    return p, next(one.at for one in happened if isinstance(one, Spoken))


def at_choice() -> Playthrough:
    p, _ = begin(read())
    while p.phase != "open":
        due = next_due(p)
        assert due is not None
        p, _ = step(p, Due(due))
    return p


def answered(event: Picked | Found) -> tuple[Playthrough, list[Happening]]:
    """The playthrough after an event at the opening of its choice."""
    p = at_choice()
    return step(p, replace(event, at=p.opened or 0))


def moved(result: Migrated) -> Playthrough:
    assert result.playthrough is not None, result.report
    return result.playthrough


def lines_after(p: Playthrough) -> list[str]:
    _, happened = run_until(p, 60 * NS)
    return [one.line.text for one in happened if isinstance(one, Spoken)]


# -- scripts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "said", "lost"),
    [
        ([("LAN: Two.  ", "LAN: Two and a half.  ")], ["Three."], ""),
        ([("      LAN: One.  #laaaaa\n", "")], ["Three."], ""),
        ([("LAN: Three.", "LAN: New.  #lxxxxx\n      LAN: Three.")], ["New.", "Three."], ""),
        ([("      LAN: Two.  #lbbbbb\n", "")], ["Three."], "the line lbbbbb is not in the beat"),
        ([("      LAN: Two.  #lbbbbb\n      @wait 1s\n      LAN: Three.  #lccccc\n", "")], [],
         "continues behind what is left"),
        ([("#laaaaa", "#l11111"), ("#lbbbbb", "#l22222"), ("#lccccc", "#l33333"),
          ("      @bell at=+9s\n", ""), ("      @wait 1s\n", "")],
         ["One.", "Two.", "Three."], "was replaced: it begins again"),
    ],
)  # fmt: skip
def test_script_continues_behind_the_line_that_was_spoken(
    edits: list[tuple[str, str]], said: list[str], lost: str
) -> None:
    p, at = at_line("Two.")
    result = migrate(edited(*edits), p, at)
    assert lines_after(moved(result)) == said
    assert moved(result).cursor_at == p.cursor_at
    assert [lost in one for one in result.report.lost if "bell" not in one] == [True] * bool(lost)


def test_delayed_cue_is_still_called_unless_it_was_removed() -> None:
    p, at = at_line("Two.")
    kept = migrate(edited(("      LAN: One.  #laaaaa\n", "")), p, at)
    _, happened = run_until(moved(kept), 60 * NS)
    assert [one.cue.name for one in happened if isinstance(one, CueCalled)] == ["bell"]
    gone = migrate(edited(("      @bell at=+9s\n", "")), p, at)
    assert moved(gone).pending == ()
    assert gone.report.lost == (
        "the cue @bell, which was still to come, is not in the beat any more",
    )


# -- the open choice ----------------------------------------------------------------------------


def test_open_choice_keeps_its_time() -> None:
    p = at_choice()
    q = moved(migrate(edited(("text: Board", "text: Come aboard")), p, 0))
    assert (q.opened, q.closes_at, q.offered) == (p.opened, p.closes_at, p.offered)
    longer = moved(migrate(edited(("lasts: 6s", "lasts: 9s")), p, 0))
    assert longer.closes_at == (p.opened or 0) + 9 * NS
    never = moved(migrate(edited(("      window: {lasts: 6s, grace: 1s}\n", ""),
                                 ("      else: dark\n", "")), p, 0))  # fmt: skip
    assert never.closes_at is None and never.options() != ()


def test_options_that_were_added_are_offered_if_their_conditions_are_true() -> None:
    swim = "        swim: {text: Swim, to: river, if: trust == 4}\n"
    fly = "        fly: {text: Fly, to: river, if: trust == 0}\n"
    new = edited(("        board:", f"{swim}{fly}        board:"))
    result = migrate(new, at_choice(), 0)
    assert [one.id for one in moved(result).options()] == ["swim", "board", "look"]
    assert result.report.offered == ("swim",)


def test_option_that_was_removed_is_named_and_the_others_stay() -> None:
    result = migrate(edited(("        board: {text: Board, to: river}\n", "")), at_choice(), 0)
    assert [one.id for one in moved(result).options()] == ["look"]
    assert result.report.lost == ("the option 'board' of the beat 'gate': it was removed",)


def test_choice_without_any_of_its_options_is_offered_again() -> None:
    p = at_choice()
    board = "        board: {text: Board, to: river}\n"
    new = edited((board, ""), ("look: {text: Look,", "stay: {text: Stay, if: trust == 4,"))
    q = moved(migrate(new, p, 30 * NS))
    assert [one.id for one in q.options()] == ["stay"] and q.opened == p.opened


def test_beat_that_lost_its_choice_goes_on() -> None:
    start = STORY.index("    choice:\n")
    text = STORY[:start] + "    next: river\n" + STORY[STORY.index("  river:") :]
    result = migrate(read(text), at_choice(), 30 * NS)
    assert result.report.lost == ("the choice of the beat 'gate': it has none now",)
    q, happened = run_until(moved(result), 60 * NS)
    assert q.beat == "river" and isinstance(happened[-1], Ended)
    assert [one.at for one in happened if isinstance(one, BeatEntered)] == [30 * NS]


def test_beat_that_gained_a_choice_offers_it() -> None:
    p, _ = answered(Picked("board", 0))
    new = edited(("ending: morning", "choice: {options: {go: {text: Go, to: dark}}}"))
    q, _ = run_until(moved(migrate(new, p, 20 * NS)), 60 * NS)
    assert [one.id for one in q.options()] == ["go"]


def test_stuck_story_takes_the_way_that_an_edit_gives_it() -> None:
    stuck = STORY.replace("ending: morning", "next: market").replace(
        "hidden:", "  stall: {storylet: market, when: trust == 0, ending: sold}\n"
        "storylets: {market: {}}\nhidden:")  # fmt: skip
    p, _ = run_until(begin(read(stuck), start="river")[0], 60 * NS)
    assert next_due(p) is None and not p.ending
    same = moved(migrate(read(stuck + "\n"), p, 99 * NS))
    assert next_due(same) is None
    q = moved(migrate(read(stuck.replace("next: market", "next: dark")), p, 99 * NS))
    q, _ = run_until(q, 200 * NS)
    assert q.ending == "dark"


# -- variables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "name", "value", "lost"),
    [
        ("max: 5, init: 4", "max: 9, init: 0", "trust", 4, ""),
        ("max: 5, init: 4", "max: 2, init: 0", "trust", 2,
         "the value of trust: 4 became 2, since it is a whole number (0 to 2) now"),
        ("{type: int, min: 0, max: 5, init: 4}", "{type: float, min: 0, max: 5, init: 1}", "trust",
         4.0, ""),
        ("{type: int, min: 0, max: 5, init: 4}", "{type: bool, init: true}", "trust", True,
         "the value of trust: 4 is not true or false; it has its initial value, true"),
        ("of: [calm, cross], init: cross", "of: [calm, sad], init: sad", "mood", "sad",
         "the value of mood: cross is not one of calm, sad; it has its initial value, sad"),
    ],
)  # fmt: skip
def test_values_are_kept_by_name(was: str, now: str, name: str, value: object, lost: str) -> None:
    new = (
        edited((was, now), ("trust == 4", "true")) if "trust == 4" in STORY else edited((was, now))
    )
    result = migrate(new, at_choice(), 0)
    kept = moved(result).value(name)
    assert kept == value and type(kept) is type(value)
    assert result.report.lost == ((lost,) if lost else ())


def test_variable_that_was_removed_is_named() -> None:
    gone = edited(("  mood: {type: enum, of: [calm, cross], init: cross}\n", ""))
    lost = migrate(gone, at_choice(), 0).report.lost
    assert lost == ("the value of mood, cross: it is not in the story any more",)
    computed = edited(("{type: enum, of: [calm, cross], init: cross}",
                       "{type: computed, from: trust > 1}"))  # fmt: skip
    lost = migrate(computed, at_choice(), 0).report.lost
    assert lost == ("the value of mood, cross: it is computed now",)


# -- detours, plots beside, other beats ---------------------------------------------------------


def test_detour_returns_to_a_beat_that_was_renamed() -> None:
    p, _ = answered(Picked("look", 0))
    assert p.beat == "attic"
    result = migrate(edited(("  gate:", "  door:")), p, 20 * NS)
    q, _ = run_until(moved(result), p.began + 3 * NS)
    assert q.beat == "door" and [one.id for one in q.options()] == ["board"]


def test_detour_whose_beat_was_removed_is_refused() -> None:
    p, _ = answered(Picked("look", 0))
    text = STORY[: STORY.index("  gate:")] + STORY[STORY.index("  river:") :]
    report = migrate(read(text), p, 20 * NS).report
    assert report.refused == "a detour returns to 'gate', which is not in the new version"
    assert report.remedy == "restore it, or wait until the detour has returned"


def test_plot_beside_the_main_path_goes_on_or_ends_by_name() -> None:
    p, _ = answered(Found("marker", "ledger", 0))
    assert [one.plot for one in p.parallel] == ["rumour"]
    q = moved(migrate(edited(("LAN: Hush.", "LAN: Be quiet.")), p, 20 * NS))
    assert q.parallel == p.parallel and q.used_plots == p.used_plots
    text = STORY.replace('  murmur: {script: "LAN: Hush.  #lfffff\\n@wait 9s", return: true}\n', "")
    gone = migrate(read(text.replace("to: murmur, parallel: true", "to: attic")), p, 20 * NS)
    assert moved(gone).parallel == ()
    assert "the hidden plot 'rumour' has ended: its beat 'murmur' is not in the story" in (
        gone.report.lost
    )


def test_current_beat_that_was_renamed_is_recognised_by_its_lines() -> None:
    report = migrate(edited(("  gate:", "  door:")), at_choice(), 0).report
    assert (report.beat, report.renamed) == ("door", "gate")
    assert report.lines() == ["the story is at beat 'door', which was 'gate'"]


def test_current_beat_that_was_removed_is_refused() -> None:
    text = STORY[: STORY.index("  gate:")] + STORY[STORY.index("  river:") :]
    result = migrate(read(text), at_choice(), 0)
    assert result.playthrough is None
    assert result.report.refused == "the story is at beat 'gate', which is not in the new version"


def test_another_story_is_refused() -> None:
    result = migrate(edited(("id: pier", "id: quay")), at_choice(), 0)
    assert result.report.refused == "this is the story 'quay', not 'pier'"
