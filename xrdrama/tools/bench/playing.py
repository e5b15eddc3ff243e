"""Random play of a story against its bare steps: what decisions and counts of coverage cost."""

from __future__ import annotations

from xrdrama import content
from xrdrama.authoring.plans.random_play import RandomPlays
from xrdrama.story import Story
from xrdrama.story.stepping.happenings import StoryEvent
from xrdrama.story.stepping.step import begin, step
from xrdrama.tools.bench.comparing import BenchResult, compared

STORY = "one_lantern_too_many"
PLAYS = 40


def bench_random_play() -> list[BenchResult]:
    """Random plays of the drama, against `step` alone with the same events: plays per second are
    at least half of (steps per second / steps per play) if the ratio is 2 or less."""
    story, _ = content.load_story_file(STORY)
    events = _events(story)

    def play() -> None:
        random = RandomPlays(story, seed=1)
        for number in range(PLAYS):
            random.play(number)

    def bare() -> None:
        for seed, happened in events:
            playthrough, _ = begin(story, seed=seed)
            for event in happened:
                playthrough, _ = step(playthrough, event)

    return [compared("random_play", play, bare, goal=2.0)]


def _events(story: Story) -> list[tuple[int, list[StoryEvent]]]:
    """The seed and the events of each play."""
    random = RandomPlays(story, seed=1)
    found: list[tuple[int, list[StoryEvent]]] = []
    for number in range(PLAYS):
        events: list[StoryEvent] = []
        random.play(number, events.append)
        found.append((random.seed_of(number), events))
    return found
