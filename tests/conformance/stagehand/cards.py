"""An importer and an exporter: a story as a stack of cards, `NAME | what is said`, one a line."""

import re

from xrdrama.errors import UsageError
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.model import Line

SUFFIXES = (".cards",)
NAME, WORDS = re.compile("[A-Za-z]{2,20}"), re.compile('[A-Za-z][ -"$-~]{0,400}')


def read(text, name):
    """The cards as one beat; other lines are listed."""
    said, lost, cast = [], [], {}
    for number, line in enumerate(text.split("\n"), 1):
        who, bar, words = (part.strip() for part in line.partition("|"))
        if bar and NAME.fullmatch(who) and WORDS.fullmatch(words):
            cast[who.lower()] = who.title()
            said.append(f"      {who.upper()}: {words}")
        elif line.strip():
            lost.append(NotCarriedOver(number, line.strip()[:60]))
    if not said:
        raise UsageError("there is no card", "write NAME | what is said")
    people = [f"  {role}: {{name: {person}}}" for role, person in cast.items()]
    head = ["xrdrama: 1", f"id: {name}", "scene: lantern_street", "cast:", *people]
    lines = [*head, "beats:", "  all:", "    script: |", *said, "    ending: done"]
    return ImportedStory("\n".join(lines) + "\n", tuple(lost))


def write(story):
    """One card for each line."""
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    return "".join(f"{line.speaker.upper()} | {line.text}\n" for line in lines)
