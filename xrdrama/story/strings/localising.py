"""A story in the language of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from xrdrama.document import Place
from xrdrama.story.model import (
    Beat,
    Direction,
    Item,
    Line,
    Option,
    Role,
    Story,
    Trigger,
)
from xrdrama.story.strings.rows import directions_of, phrases_id, phrases_in, spoken_phrases
from xrdrama.story.strings.table import StringTable


def localised(story: Story, table: StringTable, file: str = "") -> Story:
    """The story with the texts, names, headings, actions and phrases of a table.

    What is not translated stays in the story's own language, except phrases: an option without any
    has no voice trigger. Positions of phrases are rows of the table's `file`, if that is given.
    """
    if table.language == story.language:
        return story
    texts = table.texts
    cast = {name: _role(role, texts) for name, role in story.cast.items()}
    order = tuple(_beat(beat, table, texts, file) for beat in story.order)
    return replace(
        story, title=texts.get("title", story.title), language=table.language, cast=cast,
        order=order, beats={beat.id: beat for beat in order},
    )  # fmt: skip


def phrases_of(option: Option, language: str, story: Story, texts: Mapping[str, str]) -> tuple[
    str, ...
]:  # fmt: skip
    """The phrases that pick an option in a language, whose translated `texts` are given by id."""
    if language == story.language:
        return spoken_phrases(option)
    return phrases_in(texts.get(phrases_id(option), ""))


def direction_texts(story: Story, texts: Mapping[str, str]) -> dict[Place, str]:
    """The translated headings and actions by their positions in the story's files."""
    return {
        direction.place: texts[name]
        for beat in story.order
        for name, direction in directions_of(beat)
        if name in texts
    }


def _role(role: Role, texts: Mapping[str, str]) -> Role:
    return replace(role, name=texts.get(f"cast.{role.id}", role.name))


def _beat(beat: Beat, table: StringTable, texts: Mapping[str, str], file: str) -> Beat:
    choice, ending = beat.choice, beat.ending
    if choice is not None:
        options = tuple(_option(option, table, texts, file) for option in choice.options)
        choice = replace(choice, options=options)
    if ending is not None:
        ending = replace(ending, title=texts.get(ending.title_id, ending.title))
    names = {id(direction): name for name, direction in directions_of(beat)}
    script = tuple(_items(beat.script, names, texts))
    return replace(beat, script=script, choice=choice, ending=ending)


def _items(
    script: Iterable[Item], names: Mapping[int, str], texts: Mapping[str, str]
) -> Iterable[Item]:
    for item in script:
        if isinstance(item, Line):
            yield replace(item, text=texts.get(item.id, item.text))
        elif isinstance(item, Direction):
            yield replace(item, text=texts.get(names[id(item)], item.text))
        else:
            yield item


def _option(option: Option, table: StringTable, texts: Mapping[str, str], file: str) -> Option:
    name = phrases_id(option)
    phrases = phrases_in(texts.get(name, ""))
    others = tuple(t for t in option.triggers if t.kind != "voice")
    if phrases:
        spoken = next((t.place for t in option.triggers if t.kind == "voice"), option.place)
        place = Place(file, table.entries[name].line, 1) if file else spoken
        others = (Trigger("voice", phrases, place), *others)
    return replace(option, text=texts.get(option.text_id, option.text), triggers=others)
