"""Triggers that cannot be distinguished, and phrases that are misheard.

S142  error    one trigger for an option and a hidden plot that are open at the same time
V001           phrases of a choice that sound alike (in each language)
V002  warning  a phrase of one short word
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from xrdrama.document import Place
from xrdrama.errors import Problem, Severity
from xrdrama.speech.distance import SOUNDS_ALIKE, SOUNDS_THE_SAME, confusability
from xrdrama.speech.phrases import is_chinese, words
from xrdrama.speech.pronunciation import pronounce
from xrdrama.story import Beat, Option, Story
from xrdrama.story.model import HiddenPlot

FEW_SOUNDS = 4
"""A phrase of one word with so many sounds or fewer is misheard often."""


def phrases_of(option: Option, language: str, story: Story) -> tuple[str, ...]:
    """The phrases that pick an option in a language. Only the story's own language has any until
    string tables carry phrases."""
    if language != story.language:
        return ()
    return tuple(p for t in option.triggers if t.kind == "voice" for p in t.values)


def check_triggers(story: Story, language: str = "") -> list[Problem]:
    """Problems of the triggers of a story, of its phrases in one language (default: its own)."""
    language = language or story.language
    problems: list[Problem] = []
    for beat in story.order:
        problems += _shared(beat) if language == story.language else []
        problems += _alike(beat, language, story)
        problems += _short(beat, language, story)
    return problems


def _problem(place: Place, code: str, severity: Severity, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, severity, message, hint)


def _shared(beat: Beat) -> Iterator[Problem]:
    """Triggers of a hidden plot that an option or another plot of the beat has, too."""
    owners: dict[tuple[str, str], str] = {}
    conditions: dict[tuple[str, str], str] = {}
    for option in beat.choice.options if beat.choice else ():
        for trigger in option.triggers:
            owners.update(
                {(trigger.kind, v.casefold()): f"option {option.id!r}" for v in trigger.values}
            )
    for plot in beat.hidden:
        for key, place in _keys(plot):
            owner = owners.get(key)
            condition = plot.condition.text if plot.condition else ""
            if owner and (owner.startswith("option") or conditions.get(key) == condition):
                yield _problem(
                    place, "S142", "error",
                    f"{key[0]} {key[1]!r} opens the hidden plot {plot.id!r} and the {owner} of "
                    f"beat {beat.id!r}",
                    "give one of them another trigger",
                )  # fmt: skip
            owners.setdefault(key, f"hidden plot {plot.id!r}")
            conditions.setdefault(key, condition)


def _keys(plot: HiddenPlot) -> Iterator[tuple[tuple[str, str], Place]]:
    for trigger in plot.triggers:
        for value in trigger.values:
            yield (trigger.kind, value.casefold()), trigger.place


def _spoken(beat: Beat, language: str, story: Story) -> Iterator[tuple[Option, str, Place]]:
    """The phrases of a choice with their options and positions."""
    for option in beat.choice.options if beat.choice else ():
        place = next((t.place for t in option.triggers if t.kind == "voice"), option.place)
        for phrase in phrases_of(option, language, story):
            places = [t.place for t in option.triggers if phrase in t.values]
            yield option, phrase, places[0] if places else place


def _alike(beat: Beat, language: str, story: Story) -> Iterator[Problem]:
    for (one, first, _), (other, second, place) in combinations(_spoken(beat, language, story), 2):
        if one.id == other.id:
            continue
        distance = confusability(first, second)
        if distance < SOUNDS_ALIKE:
            severity: Severity = "error" if distance < SOUNDS_THE_SAME else "warning"
            message = f"{second!r} sounds too much like {first!r} (distance {distance:.2f})"
            hint = "use phrases that differ in more of their sounds"
            yield _problem(place, "V001", severity, message, hint)


def _short(beat: Beat, language: str, story: Story) -> Iterator[Problem]:
    reported: set[str] = set()
    for option, phrase, place in _spoken(beat, language, story):
        if option.id not in reported and _is_short(phrase):
            reported.add(option.id)
            message = f"{phrase!r} is one short word, which is easily misheard"
            hint = f"use two words or more, such as the option's text: {option.text}"
            if len(words(option.text)) < 2:
                hint = "use two words or more"
            yield _problem(place, "V002", "warning", message, hint)


def _is_short(phrase: str) -> bool:
    """True for one word of few sounds, and for a single Chinese character."""
    if is_chinese(phrase):
        return len(phrase.strip()) == 1
    return len(words(phrase)) == 1 and len(pronounce(phrase)) <= FEW_SOUNDS
