"""Scripts for recording voices as one page of HTML, to read from and to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from xrdrama.authoring.exchange.html_pages import document
from xrdrama.authoring.exchange.pages import words_in
from xrdrama.authoring.exchange.recording import Spoken, not_carried_over, spoken_lines
from xrdrama.story import Story
from xrdrama.story.formats import Recording

__all__ = ["RECORDINGS", "not_carried_over", "write"]
RECORDINGS = True


def write(story: Story, recordings: Mapping[str, Recording] | None = None) -> str:
    """A table for each speaker: the lines with what they answer, their files and lengths."""
    said = words_in(story.language)
    lines = list(spoken_lines(story, recordings or {}))
    there = sum(one.recording.is_there for one in lines)
    folder = lines[0].recording.file.rpartition("/")[0] if lines else ""
    facts = [story.language, said["recorded"].format(there, len(lines)), said["in"].format(folder)]
    body = [f"<h1>{escape(story.title or story.id)}</h1>",
            f'<p class="by">{escape(" · ".join(facts))}</p>']  # fmt: skip
    for _, spoken in groupby(lines, lambda one: one.speaker):
        body += _speaker(list(spoken), said)
    return document(story.title or story.id, story.language, body)


def _speaker(spoken: list[Spoken], said: Mapping[str, str]) -> Iterator[str]:
    total = f"{sum(one.words for one in spoken)} {said['words']}"
    yield f'<section id="{escape(spoken[0].speaker)}">'
    yield f"<h2>{escape(spoken[0].name)} · {len(spoken)} · {escape(total)}</h2>"
    heads = "".join(f"<th>{escape(said[name])}</th>" for name in ("answers", "line"))
    yield f'<table><tr><th></th>{heads}<th class="number">{escape(said["length"])}</th></tr>'
    for one in spoken:
        yield _row(one)
    yield "</table></section>"


def _row(one: Spoken) -> str:
    found = one.recording
    length = f"{found.seconds:.1f} s" if found.seconds is not None else f"{one.words}"
    notes = [f"({one.manner})" if one.manner else "", one.condition]
    noted = "".join(f'<div class="note">{escape(n)}</div>' for n in notes if n)
    state = "" if found.is_there else ' class="missing"'
    file = found.file.rpartition("/")[2]
    return (
        f'<tr><td class="number">{one.number}</td>'
        f'<td><div class="note">{escape(one.beat.replace("_", " "))}</div>'
        f'<div class="note">{escape(one.before)}</div></td>'
        f'<td class="said">{noted}{escape(one.text)}<br><code{state}>{escape(file)}</code></td>'
        f'<td class="number">{length}</td></tr>'
    )
