"""Scripts for recording voices: each speaker's lines in order, as a table (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import msgspec

from xrdrama.authoring.exchange.losses import losses
from xrdrama.authoring.exchange.pages import readable
from xrdrama.speech.phrases import words
from xrdrama.story import Line, Story
from xrdrama.story.formats import NotCarriedOver, Recording
from xrdrama.story.model import Direction

COLUMNS = (
    "speaker", "name", "number", "id", "beat", "before", "manner", "condition", "text", "words",
    "file", "recorded", "seconds",
)  # fmt: skip
RECORDINGS = True
CARRIED = ("line", "condition", "type", "value in a text")


class Spoken(msgspec.Struct, frozen=True):
    """A line in a recording script; `number` counts the lines of its speaker."""

    speaker: str
    name: str
    number: int
    id: str
    beat: str
    before: str
    """The line, or the action, before it in its beat: what it answers."""
    manner: str
    condition: str
    text: str
    words: int
    """Words, or characters of Chinese."""
    recording: Recording


def spoken_lines(story: Story, recordings: Mapping[str, Recording]) -> Iterator[Spoken]:
    """Every line, speaker by speaker as in the cast, in the order of the story."""
    for role in story.cast.values():
        number = 0
        for beat in story.order:
            before = ""
            for item in beat.script:
                if isinstance(item, Line) and item.speaker == role.id:
                    number += 1
                    condition = " ".join(item.condition.text.split()) if item.condition else ""
                    yield Spoken(
                        role.id, role.name, number, item.id, beat.id, before, item.manner,
                        condition, readable(item.text), len(words(item.text)),
                        recordings.get(item.id, Recording(f"line/{item.id}.ogg")),
                    )  # fmt: skip
                before = _before(story, item, before)


def _before(story: Story, item: object, before: str) -> str:
    if isinstance(item, Line):
        role = story.cast.get(item.speaker)
        return f"{role.name if role else item.speaker}: {readable(item.text)}"
    if isinstance(item, Direction) and not item.heading:
        return item.text
    return before


def write(story: Story, recordings: Mapping[str, Recording] | None = None) -> str:
    """A row for each line; `file` is the name that its recording must have, `recorded` is `yes`
    when it is there, `seconds` its length."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in spoken_lines(story, recordings or {}):
        found = one.recording
        seconds = f"{found.seconds:.2f}" if found.seconds is not None else ""
        table.writerow((
            one.speaker, one.name, one.number, one.id, one.beat, one.before, one.manner,
            one.condition, one.text, one.words, found.file, "yes" if found.is_there else "no",
            seconds,
        ))  # fmt: skip
    return out.getvalue()


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What a recording script leaves out: all that is not spoken."""
    return losses(story, CARRIED)
