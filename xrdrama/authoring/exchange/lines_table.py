"""Every text of a story as a table (CSV, RFC 4180): for recording, counting and reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from xrdrama.authoring.exchange.losses import losses
from xrdrama.story import Beat, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.model import Direction, Line

COLUMNS = (
    "order", "beat", "scene", "kind", "id", "speaker", "name", "manner", "text", "condition", "to",
    "seconds",
)  # fmt: skip
_CARRIED = ("line", "heading", "action", "option", "ending", "condition", "type")


def write(story: Story) -> str:
    """A row for each heading, action, line, option and ending, in the order of the file.

    `speaker` is the role, `name` its displayed name; `seconds` is how long a line is on screen.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    order = 0
    for beat in story.order:
        for row in _rows(story, beat):
            order += 1
            table.writerow((order, beat.id, beat.scene, *row))
    return out.getvalue()


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What the table cannot hold: cues, effects, triggers, windows."""
    return losses(story, _CARRIED)


def _rows(story: Story, beat: Beat) -> Iterator[tuple[str, ...]]:
    for item in beat.script:
        if isinstance(item, Line):
            role = story.cast.get(item.speaker)
            yield (
                "line", item.id, item.speaker, role.name if role else "", item.manner, item.text,
                _written(item.condition), "", f"{item.lasts / 1e9:.2f}",
            )  # fmt: skip
        elif isinstance(item, Direction):
            kind = "heading" if item.heading else "action"
            yield kind, "", "", "", "", item.text, "", "", ""
    for option in beat.choice.options if beat.choice else ():
        condition = _written(option.condition)
        yield "option", option.text_id, "", "", "", option.text, condition, option.to, ""
    if beat.ending:
        yield "ending", beat.ending.title_id, "", "", "", beat.ending.title, "", "", ""


def _written(condition: Expression | None) -> str:
    return " ".join(condition.text.split()) if condition else ""
