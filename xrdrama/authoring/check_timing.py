"""Times of a story: windows, lines and pauses that are too short or too long.

S136  warning  a window too short to read and say what is offered
S227  warning  a line too long for a caption
S228  warning  a long pause in which nothing happens
"""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.authoring.check_triggers import check_phrases
from xrdrama.document import Place
from xrdrama.document.quantities import spoken_duration
from xrdrama.errors import Problem
from xrdrama.speech.phrases import is_chinese
from xrdrama.speech.pronunciation import pronounce
from xrdrama.story import Beat, Story
from xrdrama.story.model import Assign, Choice, Direction, Group, Jump, Line, Option, Wait
from xrdrama.story.reading import BREATH, CHARACTERS_A_SECOND, LATIN_CHARACTERS_A_SECOND
from xrdrama.story.strings import StringTable, localised, pronunciations_in, spoken_phrases
from xrdrama.timing import NS

LONGEST_PAUSE = 20 * NS
"""The longest pause in which nothing happens, nanoseconds."""
CAPTION = 84
"""Characters of a caption: two rows of 42, as subtitles for television have them."""
CAPTIONS = {"zh": 36, "ja": 36, "ko": 44}
"""The same in languages whose characters are wider: two rows of 18, of 22 in Korean."""
PHONES_A_SECOND = 12.0
"""Speaking rate, phones per second; slow, because the audience has not rehearsed."""
CHARACTERS_SPOKEN_A_SECOND = 4.0
"""Speaking rate of Chinese, characters per second."""
HEARD_AFTER = 350_000_000
"""The silence after which a recogniser knows that somebody has finished, nanoseconds."""


def check_timing(story: Story) -> list[Problem]:
    """Problems of the times in a story, in its own language."""
    problems = check_language(story)
    for beat in story.order:
        problems += _pauses(beat)
        for item in beat.script:
            if isinstance(item, Line) and (message := too_long(item.text, story.language)):
                p = item.place
                problems.append(_warning(p, "S227", message, "split it into two lines"))
    return problems


def check_language(story: Story, within: str = "") -> list[Problem]:
    """Windows that are too short in the language that a story is in (see `localised`); `within`
    names it in messages."""
    language = story.language
    problems: list[Problem] = []
    for beat in story.order:
        choice = beat.choice
        open_for = _open_for(beat, choice) if choice else None
        if choice is None or choice.window is None or open_for is None:
            continue
        reading = sum(_reading(o.text, language) for o in choice.options)
        saying = _saying(choice.options)
        ready = open_for + choice.window.grace
        needed = max(reading, reading + saying - choice.window.grace)
        if reading <= open_for and reading + saying <= ready:
            continue
        what = "read" if reading > open_for else "read and say"
        place = choice.window.place
        message = (
            f"the window of {beat.id!r} is open for {spoken_duration(_rounded(open_for))}; "
            f"{within}people need {spoken_duration(_rounded(needed))} to {what} what is offered"
        )
        hint = "make the window longer, the texts of the options shorter, or offer fewer"
        problems.append(_warning(place, "S136", message, hint))
    return problems


def check_translation(story: Story, table: StringTable, file: str) -> list[Problem]:
    """Problems of the times in one language, and of the phrases that sound alike in it."""
    language = table.language
    here = localised(story, table, file)
    problems = [
        *check_language(here, f"in {language} "),
        *check_phrases(here, pronunciations_in(table.texts)),
    ]
    lines = {i.id for beat in story.order for i in beat.script if isinstance(i, Line)}
    for name, text in table.texts.items():
        if name in lines and (message := too_long(text, language)):
            place = Place(file, table.lines.get(name, 1), 1)
            problems.append(
                _warning(place, "S227", message, "split the line into two in the story")
            )
    return problems


def too_long(text: str, language: str) -> str:
    """The message for a line that is too long for a caption; "" for another line."""
    most = CAPTIONS.get(language[:2], CAPTION)
    if len(text) <= most:
        return ""
    return f"this line has {len(text)} characters; a caption holds {most}"


def _warning(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "warning", message, hint)


def _rounded(ns: int) -> int:
    return max(1, round(ns / (NS // 10))) * (NS // 10)


def _open_for(beat: Beat, choice: Choice) -> int | None:
    """How long a choice is open for at least, nanoseconds; None without a limit."""
    window = choice.window
    if window is None or not window.is_timed:
        return None
    if window.lasts is not None:
        return window.lasts
    opens = window.opens
    if opens is None:  # it opens when the script has ended
        opens = _least(beat)
    return max(0, (window.closes or 0) - opens)


def _least(beat: Beat) -> int:
    """Nanoseconds that the script of a beat lasts at least: without blocks and conditions."""
    total = at = 0
    while at < len(beat.script):
        item = beat.script[at]
        at = item.end if isinstance(item, Group) else at + 1
        if isinstance(item, Line | Wait) and item.condition is None:
            total += item.lasts + (BREATH if isinstance(item, Line) else 0)
    return total


def _reading(text: str, language: str) -> int:
    """Nanoseconds to read a card."""
    speed = CHARACTERS_A_SECOND.get(language[:2], LATIN_CHARACTERS_A_SECOND)
    return round(len(text) / speed * NS)


def _saying(options: tuple[Option, ...]) -> int:
    """Nanoseconds to say the option that takes longest, each by its shortest phrase, until it is
    heard."""
    longest = 0
    for option in options:
        lengths = [_speaking(phrase) for phrase in spoken_phrases(option)]
        if lengths:
            longest = max(longest, min(lengths) + HEARD_AFTER)
    return longest


def _speaking(phrase: str) -> int:
    if is_chinese(phrase):
        return round(len(phrase) / CHARACTERS_SPOKEN_A_SECOND * NS)
    return round(len(pronounce(phrase)) / PHONES_A_SECOND * NS)


def _pauses(beat: Beat) -> Iterator[Problem]:
    """Pauses that follow each other without a line, a cue or a sound between them."""
    total, first = 0, None
    for item in (*beat.script, None):
        if isinstance(item, Wait):
            total, first = total + item.lasts, first or item.place
        elif not isinstance(item, Direction | Assign | Group | Jump):
            if first is not None and total > LONGEST_PAUSE:
                message = f"nothing happens for {spoken_duration(total)}"
                hint = "shorten the pause, or let a cue, a sound or a line happen in it"
                yield _warning(first, "S228", message, hint)
            total, first = 0, None
