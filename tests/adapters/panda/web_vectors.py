"""What the browser's ports of our rules must give: written for and read by bridge/web/viewer/test.

python -m tests.adapters.panda.web_vectors      writes the file again
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from xrdrama.adapters.panda.lettering.text import breaking
from xrdrama.adapters.panda.lettering.text.shaping import Paragraph, paragraph
from xrdrama.adapters.panda.set.flashes import SLOTS, flash
from xrdrama.scene.model import Flashes
from xrdrama.spatial import Vec3

FILE = Path(__file__).resolve().parents[3] / "bridge/web/viewer/test/vectors.json"
TEXTS = (
    ("en", "You carry one lantern too many, and the lane has counted."),
    ("en", "No."),
    ("en", "A well-known, half-forgotten song (hers) rose over the roofs; nobody sang it."),
    ("en", "Pneumonoultramicroscopicsilicovolcanoconiosis is a word that no line holds."),
    ("de", "Die Donaudampfschifffahrtsgesellschaft hat heute Nacht kein Schiff geschickt."),
    ("fr", "Elle dit : « Reviens avant minuit ! » puis la porte se ferme."),
    ("es", "¿Quién encendió el decimotercer farol? Nadie de esta calle."),
    ("zh", "巷子里多了一盏灯，奶奶却说她只点了十二盏。"),
    ("zh", "今晚的风从桥那边吹过来，带着远处的鼓声和孩子的笑。"),
    ("ar", "من أشعل الفانوس الثالث عشر في هذا الزقاق القديم؟"),
)
WIDTHS = (3.0, 9.0, 14.0, 22.0)


class _Advance(NamedTuple):
    width: float


def advance(character: str) -> float:
    """A measure that needs no font, em."""
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.5


def _shaped(of: Paragraph, start: int = 0, end: int | None = None, *_: Any) -> _Advance:
    return _Advance(sum(map(advance, of.text[start:end])))


def vectors() -> dict[str, Any]:
    """All vectors; every character is one UTF-16 unit."""
    found = []
    with mock.patch.object(breaking, "shaped", _shaped):
        for rule in (breaking._widths, breaking.filled, breaking.wrapped):
            rule.cache_clear()
        for language, text in TEXTS:
            of = paragraph(text, language)
            for width in WIDTHS:
                for indent in (0.0, 2.5):
                    wide = language == "zh"
                    lines = breaking.wrapped(of, width, indent, wide=wide)
                    found.append({
                        "text": text, "language": language, "width": width, "indent": indent,
                        "wide": wide, "advances": [advance(c) for c in text],
                        "segments": [end for _, end in breaking._segments(of)],
                        "places": [list(place) for place in lines.places],
                        "broken": lines.broken,
                    })  # fmt: skip
        for rule in (breaking._widths, breaking.filled, breaking.wrapped):
            rule.cache_clear()
    flashes = Flashes(Vec3(-0.2, 0.95, 0.25).unit(), Vec3(1.0, 0.6, 0.2))
    flashed = []
    for slot in range(SLOTS):
        for seconds in (0.0, 1.3, 47.11, 5000.5, 14399.9):
            rows = [[v.x, v.y, v.z] for v in flash(flashes, slot, seconds)]
            flashed.append({"slot": slot, "seconds": seconds, "is": rows})
    toward, colour = flashes.toward, flashes.colour
    return {
        "lines": found,
        "flashes": {
            "of": {
                "toward": [toward.x, toward.y, toward.z],
                "colour": [colour.x, colour.y, colour.z], "scaled_by": "",
            },
            "are": flashed,
        },
    }  # fmt: skip


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", "utf-8")
