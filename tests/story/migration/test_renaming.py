"""Beats that were renamed are recognised as by comparing every pair of beats."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.story import Story, load_story
from xrdrama.story.migration import Between, renamed_beats
from xrdrama.story.migration.renaming import SHARED, _signs
from xrdrama.tools.bench.large import large_story

Lines = list[set[int]]
LINES = st.lists(st.sets(st.integers(0, 11), max_size=4), min_size=1, max_size=6)


def story(prefix: str, beats: Lines) -> Story:
    text = "xrdrama: 1\nid: night\nscene: yard\ncast: {lan: {name: Lan}}\nbeats:\n"
    used: set[int] = set()
    for number, lines in enumerate(beats):
        text += f"  {prefix}{number}:\n    ending: e{number}\n"
        own = sorted(lines - used)
        used |= lines
        rows = "".join(f"      LAN: Line {line}.  #l{line:05}\n" for line in own)
        text += f"    script: |\n{rows}" if rows else ""
    return load_story(text, "night.branch.yaml")


def every_pair(old: Story, new: Story) -> dict[str, str]:
    """The same by comparing every pair."""
    found: dict[str, str] = {}
    for beat in (one for one in old.order if one.id not in new.beats):
        own, best, most = _signs(beat), "", 0.0
        for other in (one for one in new.order if one.id not in old.beats):
            its = _signs(other)
            share = len(own & its) / max(len(own), len(its), 1)
            if share > most and other.id not in found.values():
                best, most = other.id, share
        if most >= SHARED:
            found[beat.id] = best
    return found


@settings(max_examples=60, deadline=None)
@given(LINES, LINES, st.sampled_from(["a", "b"]))
def test_renamed_beats_are_those_of_every_pair(before: Lines, after: Lines, prefix: str) -> None:
    old, new = story("a", before), story(prefix, after)
    assert renamed_beats(old, new) == every_pair(old, new)


def test_all_beats_of_a_large_story_may_be_renamed() -> None:
    text = large_story(300)
    for name in ("  b", "to: b", "seen(b"):
        text = text.replace(name, name[:-1] + "stop_")
    old, new = load_story(large_story(300), "a"), load_story(text, "a")
    assert renamed_beats(old, new) == {f"b{n}": f"stop_{n}" for n in range(300)}
    assert Between(old, new).beats == tuple(range(300))
