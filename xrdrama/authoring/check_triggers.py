"""Triggers that cannot be distinguished, and phrases that are misheard.

S142  error    one trigger for an option and a hidden plot that are open at the same time
V001           phrases of a choice that sound alike (in each language)
V002  warning  a phrase of one short word
V003  warning  Chinese phrases that cannot be compared
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from xrdrama.document import Place
from xrdrama.errors import Problem, Severity
from xrdrama.speech.distance import SOUNDS_ALIKE, SOUNDS_THE_SAME, confusability
from xrdrama.speech.mandarin import alike, is_available
from xrdrama.speech.phrases import is_chinese, words
from xrdrama.speech.pronunciation import pronounce
from xrdrama.speech.respelling import respelled
from xrdrama.story import Beat, Option, Story
from xrdrama.story.model import HiddenPlot

FEW_SOUNDS = 4
"""A phrase of one word with so many sounds or fewer is misheard often."""


def check_triggers(story: Story) -> list[Problem]:
    """Problems of the triggers of a story, and of its phrases."""
    return [*(one for beat in story.order for one in _shared(beat)), *check_phrases(story)]


def check_phrases(story: Story, pronunciations: Mapping[str, str] | None = None) -> list[Problem]:
    """Problems of the phrases of a story, in the language that it is in (see `localised`), with
    the pronunciations of its words."""
    said = pronunciations or {}
    problems: list[Problem] = []
    find = _alike
    if story.language.startswith("zh"):
        find = _alike_in_mandarin
        missing = _without_dictionary(story)
        if missing is not None:
            problems.append(missing)
            find = _alike
    for beat in story.order:
        problems += find(beat, said)
        problems += _short(beat)
    return problems


def _without_dictionary(story: Story) -> Problem | None:
    """The problem that the sounds of Chinese phrases are not known here; None if they are."""
    spoken = next((found for beat in story.order for found in _spoken(beat)), None)
    if spoken is None or is_available():
        return None
    return _problem(
        spoken[2], "V003", "warning",
        "Chinese phrases are compared by their characters only, because pypinyin is not installed",
        "pip install 'xrdrama[author]' (in a source checkout: make setup)",
    )  # fmt: skip


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


def _spoken(beat: Beat) -> Iterator[tuple[Option, str, Place]]:
    """The phrases of a choice with their options and positions."""
    for option in beat.choice.options if beat.choice else ():
        for trigger in option.triggers:
            if trigger.kind == "voice":
                yield from ((option, phrase, trigger.place) for phrase in trigger.values)


def _alike(beat: Beat, said: Mapping[str, str]) -> Iterator[Problem]:
    for (one, first, _), (other, second, place) in combinations(_spoken(beat), 2):
        if one.id == other.id:
            continue
        distance = confusability(respelled(first, said), respelled(second, said))
        if distance < SOUNDS_ALIKE:
            severity: Severity = "error" if distance < SOUNDS_THE_SAME else "warning"
            message = f"{second!r} sounds too much like {first!r} (distance {distance:.2f})"
            hint = "use phrases that differ in more of their sounds"
            yield _problem(place, "V001", severity, message, hint)


def _alike_in_mandarin(beat: Beat, said: Mapping[str, str]) -> Iterator[Problem]:
    for (one, first, _), (other, second, place) in combinations(_spoken(beat), 2):
        if one.id == other.id:
            continue
        found = alike(respelled(first, said), respelled(second, said))
        if found is None:
            continue
        severity: Severity = "error" if found.is_same else "warning"
        message = f"{second!r} ({found.second}) sounds too much like {first!r} ({found.first}): "
        hint = "use phrases that differ in two syllables or more"
        yield _problem(place, "V001", severity, message + found.differs, hint)


def _short(beat: Beat) -> Iterator[Problem]:
    reported: set[str] = set()
    for option, phrase, place in _spoken(beat):
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
