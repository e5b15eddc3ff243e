"""The sets in reach of each beat, and how many changes of beat away they are."""

from __future__ import annotations

from tests.show.small import small
from xrdrama.show.reach import next_beats, sets_ahead

STORY = small().story


def test_next_beats_are_those_of_options_fallback_exits_hidden_plots_and_declared_forces() -> None:
    following = {beat.id: set(next_beats(STORY, beat)) for beat in STORY.order}
    assert following["first"] == {"stayed", "gone", "quiet", "secret"}
    assert following["stayed"] == {"again", "secret"}
    assert following["quiet"] == {"first", "secret"}, "the beat that may be forced"
    assert following["secret"] == set(STORY.beats), "it returns to what it interrupted"


def test_a_set_is_as_far_as_the_nearest_beat_in_it() -> None:
    ahead = sets_ahead(STORY)
    assert ahead["first"] == {"yard": 0, "hall": 1}
    assert ahead["stayed"] == {"hall": 0, "yard": 1}
    assert all(steps[STORY.beats[beat].scene] == 0 for beat, steps in ahead.items())
