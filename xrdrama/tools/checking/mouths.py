"""Checks of the voices of a story: every line recorded in a language, and a mouth track for each.

C008  a file of mouth tracks that cannot be used (performer/mouth/form.py)
C009  a track that is missing or was made for other audio; a line that is not recorded
H022  a show in a language in which no line of its story is recorded
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from xrdrama import content
from xrdrama.document import Node, place_of
from xrdrama.errors import Problem
from xrdrama.performer.mouth import Mouths, parse_mouths
from xrdrama.story import Line, Story

if TYPE_CHECKING:
    from xrdrama.show.model import ShowFile
    from xrdrama.show.production import Production


def check_voices(story: Story, path: Path) -> list[Problem]:
    """The problems of the recorded lines of a story file, in each language that has some.

    UsageError for an index of sounds that cannot be read.
    """
    index = content.sounds_index(path)
    if index is None:
        return []
    lengths = content.sound_lengths(content.read_text(index))
    lines = [item.id for beat in story.order for item in beat.script if isinstance(item, Line)]
    problems: list[Problem] = []
    for dubbed in ("", *content.dubbed_in(lengths)):
        recorded = content.lines_of(lengths, dubbed)
        missing = [line for line in lines if line not in recorded]
        if dubbed and missing:
            message = f"{_lines(missing)} not recorded in {dubbed!r}"
            problems.append(_warning(index, message, _remedy(path, dubbed)))
        problems += _tracks(path, dubbed, [line for line in lines if line in recorded])
    return problems


def check_heard(show: ShowFile, root: Node, production: Production) -> list[Problem]:
    """The problem of a show whose lines are not recorded in its language, or whose performers
    speak without mouth tracks."""
    story, place = production.story, place_of(root, "voices")
    if production.voices and production.voices not in content.dubbed_in(production.sounds):
        message = f"no line of the story {story.id!r} is recorded in {show.voices!r}"
        hint = f"run xrdrama voices {story.id} --lang {show.voices}, or remove voices:"
        return [Problem(place.file, place.line, place.column, "H022", "error", message, hint)]
    heard = (
        item.id
        for beat in story.order
        for item in beat.script
        if isinstance(item, Line)
        and item.speaker in production.cast
        and production.line_sound(item.id) in production.sounds
    )
    silent = [line for line in heard if line not in production.mouths]
    if not silent or production.mouths:
        return []  # `check_voices` names the tracks that a file of tracks lacks
    place = place_of(root, "performers")
    message = f"the mouths rest while the performers speak: {_lines(silent)} without mouth tracks"
    hint = f"run xrdrama voices {story.id}, which makes them with the audio"
    return [Problem(place.file, place.line, place.column, "C009", "warning", message, hint)]


def _tracks(story: Path, dubbed: str, recorded: list[str]) -> list[Problem]:
    """The problems of the tracks of one language."""
    file = content.mouths_file(story, dubbed)
    if file is None:
        return []
    mouths, problems = parse_mouths(content.read_text(file), str(file))
    if mouths is None:
        return problems
    without = [line for line in recorded if line not in mouths.lines]
    changed = list(_changed(story, dubbed, mouths, recorded))
    lost = sorted(set(mouths.lines) - set(recorded))
    remedy = _remedy(story, dubbed)
    for lines, message in (
        (without, "without a mouth track: the mouth rests while they are heard"),
        (changed, "with a mouth track that was made for other audio"),
        (lost, "with a mouth track and without audio"),
    ):
        if lines:
            problems.append(_warning(file, f"{_lines(lines)} {message}", remedy))
    return problems


def _changed(story: Path, dubbed: str, mouths: Mouths, recorded: list[str]) -> Iterable[str]:
    folder = content.sounds_folder(story)
    for line in recorded:
        track = mouths.lines.get(line)
        name = f"{dubbed}/line/{line}" if dubbed else f"line/{line}"
        audio = content.sound_file(folder, name) if track else None
        if track and audio and content.audio_hash(audio) != track.audio:
            yield line


def _lines(ids: list[str]) -> str:
    return f"{len(ids)} {'line' if len(ids) == 1 else 'lines'} ({', '.join(ids)})"


def _remedy(story: Path, dubbed: str) -> str:
    name = story.name.removesuffix(content.SUFFIXES["story"])
    return f"run xrdrama voices {name}{f' --lang {dubbed}' if dubbed else ''}"


def _warning(file: Path, message: str, hint: str) -> Problem:
    return Problem(str(file), 1, 1, "C009", "warning", message, hint)
