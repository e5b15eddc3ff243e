"""The story: a graph of beats with screenplay lines and choices, and the rule that plays it.

    story = load_story(text, "night.branch.yaml")
    playthrough, happenings = begin(story, seed=7)
    while (due := next_due(playthrough)) is not None:
        playthrough, happenings = step(playthrough, Due(due))

The package consists of values and functions; it uses no engine, numpy, clock or files.
"""

from xrdrama.story.model import Beat, Choice, Line, Option, Story
from xrdrama.story.parse import draft_story, load_story, parse_story
from xrdrama.story.stepping.happenings import Due, Forced, Found, Held, Picked, TimeScaled
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.step import begin, next_due, restart_beat, step, to_next_choice

__all__ = [
    "Beat",
    "Choice",
    "Due",
    "Forced",
    "Found",
    "Held",
    "Line",
    "Option",
    "Picked",
    "Playthrough",
    "Story",
    "TimeScaled",
    "begin",
    "draft_story",
    "load_story",
    "next_due",
    "parse_story",
    "restart_beat",
    "step",
    "to_next_choice",
]
