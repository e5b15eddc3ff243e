"""Whether a story's texts can be read in pictures: fonts for every character, room for every line.

`xrdrama check` reports these problems; `xrdrama run` prints the same before it starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xrdrama import content
from xrdrama.document import Place
from xrdrama.errors import Problem
from xrdrama.story import Beat, Story
from xrdrama.story.model import Line
from xrdrama.story.strings import text_titles

if TYPE_CHECKING:
    from xrdrama.show import Production

VIEWERS: Final = (1280, 720)
"""Width and height in pixels of the headset's panels (viewers/boards.py) and of a window."""
FITS_SURELY: Final = 160
"""A caption or choice with fewer letters (wide ones count twice) fits into every picture that is at
least as wide as high. It is not laid out, which would load the font libraries."""
NEVER_FITS: Final = 20_000
"""A caption with more characters is cut off in every picture."""
MOST_CARDS: Final = 4
LARGEST: Final = 0.5
"""Share of a picture's height that a caption may take."""
Texts = Mapping[str, Mapping[str, str]]
"""Texts by language, then by id."""


def check_fonts(
    texts: Mapping[str, str], language: str, places: Mapping[str, Place], titles: Mapping[str, str]
) -> list[Problem]:
    """Problems for texts with characters that no installed font has, at their `places`."""
    drawn = {name: text for name, text in texts.items() if name in places and not text.isascii()}
    if not drawn:
        return []
    from xrdrama.adapters.panda.lettering.text.fonts import legible, missing

    problems = []
    for name, text in drawn.items():
        for lack in missing(text, language):
            shown = next((part for part in _notes(legible(text, language))), "a note")
            message = f"no installed font has characters of {titles[name]} ({language}): {lack}"
            hint = f"install a font (Debian, Ubuntu: apt-get install {lack.package})"
            hint += f"; until then pictures show {shown} instead"
            problems.append(_warning(places[name], "P001", message, hint))
    return problems


def _notes(text: str) -> Iterator[str]:
    """The replacements that `legible` has inserted for letters: the text between isolates."""
    for part in text.split("\u2066")[1:]:
        yield part.split("\u2069")[0]


def check_room(
    story: Story,
    texts: Texts,
    languages: Iterable[str],
    size: tuple[int, int],
    places: Mapping[str, Place],
) -> list[Problem]:
    """Problems for captions and choices that are cut off or cover half of a picture of `size`
    pixels."""
    shown = [language for language in languages if language in texts]
    titles: Mapping[str, str] = {}
    names = {role: texts[lead].get(f"cast.{role}", "") for role in story.cast for lead in shown[:1]}
    problems: list[Problem] = []
    for beat in story.order:
        for item in beat.script:
            if isinstance(item, Line) and item.id in places:
                said = _said(texts, shown, item.id)
                name = names.get(item.speaker, "")
                if _is_long((name, *said.values()), size):
                    fault = _caption_fault(name, said, size)
                    if fault:
                        titles = titles or text_titles(story)
                        problems.append(
                            _room_problem(places[item.id], titles[item.id], said, size, fault)
                        )
        problems += _choice_room(beat, texts, shown, size)
    return problems


def _choice_room(
    beat: Beat, texts: Texts, shown: list[str], size: tuple[int, int]
) -> list[Problem]:
    if beat.choice is None:
        return []
    cards = [_said(texts, shown, option.text_id) for option in beat.choice.options]
    everything = [text for card in cards for text in card.values()]
    if len(cards) <= MOST_CARDS and not _is_long(everything, size):
        return []
    from xrdrama.adapters.panda.lettering.measures import Words
    from xrdrama.adapters.panda.lettering.page import Option, arrange

    options = tuple(
        # With a key and a hand on each card, which is their greatest width.
        Option(str(i), tuple(Words(t, code) for code, t in card.items()), "open_palm", False, i)
        for i, card in enumerate(cards, 1)
    )
    page = arrange((), options, size, ring=True)
    if all(placed.block.fits for placed in page.cards):
        return []
    place, title = beat.choice.place, f"the choice of beat {beat.id!r}"
    languages = {code: "" for card in cards for code in card}
    return [
        _room_problem(place, title, languages, size, "its cards are cut off or too small to read")
    ]


def _said(texts: Texts, shown: list[str], name: str) -> dict[str, str]:
    return {code: texts[code][name] for code in shown if texts[code].get(name)}


def _is_long(texts: Iterable[str], size: tuple[int, int]) -> bool:
    if size[0] < size[1]:
        return True
    return sum(2 if c > "\u2e80" else 1 for text in texts for c in text) >= FITS_SURELY


def _caption_fault(name: str, said: Mapping[str, str], size: tuple[int, int]) -> str:
    if max(map(len, said.values()), default=0) > NEVER_FITS:
        return "its end is cut off"  # setting a million characters would take minutes
    from xrdrama.adapters.panda.lettering.measures import Words, safe_area
    from xrdrama.adapters.panda.lettering.plates import lay_caption

    safe = safe_area(size)
    lead = next(iter(said), "")
    words = tuple(Words(text, code) for code, text in said.items())
    block = lay_caption(Words(name, lead), words, size, (safe.width, safe.height))
    if not block.fits:
        return "its end is cut off"
    share = block.height / size[1]
    return f"it covers {share:.0%} of the height" if share > LARGEST else ""


def _room_problem(
    place: Place, title: str, said: Mapping[str, str], size: tuple[int, int], fault: str
) -> Problem:
    message = f"{title} ({', '.join(said)}) is too long for a picture of {size[0]} x {size[1]}"
    hint = "write shorter options or fewer of them"
    if not title.startswith("the choice"):
        hint = "split it into two lines, or show fewer languages at once"
    return _warning(place, "P002", f"{message}: {fault}", hint)


def _warning(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "warning", message, hint)


def places_of(story: Story) -> dict[str, Place]:
    """The positions in the story's file of all texts that pictures show: lines, options, names."""
    places = {f"cast.{role.id}": role.place for role in story.cast.values()}
    for beat in story.order:
        places.update((item.id, item.place) for item in beat.script if isinstance(item, Line))
        if beat.choice:
            places.update((option.text_id, option.place) for option in beat.choice.options)
    return places


def check_table(story: Story, path: Path, language: str) -> list[Problem]:
    """Problems for characters of a string table without a font, each at its row."""
    table, _ = content.read_table(path, language, story)
    places = places_of(story)
    rows = {name: Place(str(path), line, 1) for name, line in table.lines.items() if name in places}
    return check_fonts(table.texts, language, rows, text_titles(story))


def check_story_texts(story: Story) -> list[Problem]:
    """Problems of fonts and space for a story's own texts."""
    texts, places = story.texts(), places_of(story)
    return [
        *check_fonts(texts, story.language, places, text_titles(story)),
        *check_room(story, {story.language: texts}, [story.language], VIEWERS, places),
    ]


def check_show_texts(
    loaded: content.Loaded, production: Production, size: tuple[int, int] | None = None
) -> list[Problem]:
    """Problems of fonts and space for the texts of a show's pictures, in all its languages.

    `size` is the size of the through-the-lens picture in pixels; default: the stage's.
    """
    story = production.story
    places = places_of(story)
    problems: list[Problem] = []
    for language in production.languages:
        if language == story.language:
            problems += check_fonts(story.texts(), language, places, text_titles(story))
            continue
        table = loaded.path(f"strings/{language}")
        if table is not None:
            problems += check_table(story, table, language)
    sizes = [VIEWERS]
    if production.stage is not None:
        sizes.insert(0, size or production.stage.camera.picture)
    for each in dict.fromkeys(sizes):
        found = check_room(story, production.strings, production.languages, each, places)
        reported = {(p.line, p.column) for p in problems if p.code == "P002"}
        problems += [p for p in found if (p.line, p.column) not in reported]
    return problems


MAX_PRINTED: Final = 5
"""Most problems that a run prints one by one."""


def messages(problems: list[Problem], show: str) -> Iterator[str]:
    """The lines that a run prints for these problems."""
    for problem in problems[:MAX_PRINTED]:
        where = f"{Path(problem.file).name}:{problem.line}"
        yield f"{where}: {problem.message} ({problem.hint})"
    if len(problems) > MAX_PRINTED:
        yield f"{len(problems) - MAX_PRINTED} more warnings: xrdrama check {show}"
