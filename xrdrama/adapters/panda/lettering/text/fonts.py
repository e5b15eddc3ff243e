"""The fonts of this machine: which one draws a piece of text, and what no font can draw.

`xrdrama check` and everything that draws text ask the same functions, so they agree.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from xrdrama.adapters.panda.lettering.text.coverage import Coverage, read_coverage
from xrdrama.adapters.panda.lettering.text.scripts import (
    CJK,
    COMMON,
    EMOJI,
    cluster_script,
    clusters,
    is_ignorable,
)

_LANGUAGES: Final = {"ja": 0, "ko": 1, "zh": 2, "zh-hans": 2, "zh-cn": 2, "zh-sg": 2, "zh-hant": 3,
                     "zh-tw": 3, "zh-hk": 4, "zh-mo": 4, "yue": 4}  # fmt: skip
"""The face of the collection Noto Sans CJK for each language; Simplified Chinese otherwise."""
_FACES: Final = 5
_PRIMARY: Final = (
    "NotoSansCJK-Regular",
    "NotoSans-Regular",
    "DejaVuSans",
    "LiberationSans-Regular",
)
_SYMBOLS: Final = ("NotoSansSymbols-Regular", "NotoSansSymbols2-Regular", "NotoSansMath-Regular",
                   "DejaVuSans")  # fmt: skip
_EMOJI: Final = ("NotoColorEmoji", "NotoEmoji-Regular", "Symbola", "Symbola_hint",
                 "NotoSansSymbols2-Regular", "DejaVuSans")  # fmt: skip
_FAMILIES: Final = {"Nko": "NKo", "Phags-pa": "PhagsPa"}
_PACKAGES: Final = {EMOJI: "fonts-noto-color-emoji", CJK: "fonts-noto-cjk"}
_PACKAGE: Final = "fonts-noto-core"
_STYLES: Final = ("italic", "oblique", "bold", "light", "thin", "black", "medium", "condensed",
                  "mono", "serif", "lastresort")  # fmt: skip
OFFERED: Final = (
    ("Latin", "A"), ("Greek", "Ω"), ("Cyrillic", "Ж"), ("Arabic", "ع"), ("Hebrew", "ש"),
    ("Devanagari", "क"), ("Bengali", "ক"), ("Tamil", "க"), ("Telugu", "క"), ("Thai", "ก"),
    ("Lao", "ກ"), ("Khmer", "ក"), ("Burmese", "က"), ("Tibetan", "ཀ"), ("Georgian", "ა"),
    ("Armenian", "Ա"), ("Ethiopic", "አ"), ("Chinese", "灯"), ("Japanese", "あ"), ("Korean", "한"),
    ("Emoji", "🙂"),
)  # fmt: skip
"""Scripts that `xrdrama doctor` lists, each with an example character."""


class FontFile(NamedTuple):
    """A font: a file and its place in a collection. Without a path it is the one in Pillow."""

    path: Path | None
    face: int = 0

    def data(self) -> bytes:
        """The file's bytes."""
        if self.path is not None:
            return self.path.read_bytes()
        from PIL import ImageFont

        made = ImageFont.load_default(10)
        assert isinstance(made, ImageFont.FreeTypeFont)
        return bytes(made.font_bytes)


class Missing(NamedTuple):
    """Characters of one script that no font of this machine draws."""

    script: str
    characters: str
    package: str
    """The Debian or Ubuntu package that has a font for them."""

    def __str__(self) -> str:
        named = ", ".join(
            f"{c if c.isprintable() else ''} U+{ord(c):04X}".strip() for c in self.characters[:6]
        )
        more = len(self.characters) - 6
        return f"{self.script}: {named}" + (f" and {more} more" if more > 0 else "")


class Piece(NamedTuple):
    """A run of characters of one script with the font that draws them; None without a font."""

    text: str
    script: str
    font: FontFile | None


def folders() -> list[Path]:
    """Where fonts are installed: for this person, and for everybody."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home / "fonts", Path.home() / ".fonts", *(Path(d) / "fonts" for d in shared.split(":"))]


@cache
def installed() -> dict[str, Path]:
    """Every font file of this machine by its name without suffix."""
    found: dict[str, Path] = {}
    for folder in folders():
        for place, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                stem, _, suffix = name.rpartition(".")
                if suffix.lower() in ("ttf", "otf", "ttc", "otc"):
                    found.setdefault(stem, Path(place, name))
    return found


@cache
def coverage(font: FontFile) -> Coverage:
    """The characters that a font has glyphs for."""
    if font.path is None:
        return read_coverage(BytesIO(font.data()))
    try:
        with font.path.open("rb") as file:
            return read_coverage(file, font.face)
    except OSError:
        return Coverage()


def has(font: FontFile, cluster: str) -> bool:
    """True when a font draws all of a cluster; marks may be part of a composed letter."""
    known = coverage(font)
    if all(ord(c) in known or is_ignorable(c) for c in cluster):
        return True
    return any(
        all(ord(c) in known or is_ignorable(c) for c in unicodedata.normalize(form, cluster))
        for form in ("NFC", "NFD")
    )


def pieces(text: str, language: str = "") -> list[Piece]:
    """A text in stretches of one script and one font, in the order of its characters.

    A stretch has one font if any font has all of it: words do not change their look halfway.
    """
    groups: list[tuple[str, list[str]]] = []
    for cluster in clusters(text):
        script = cluster_script(cluster)
        if groups and (script in (COMMON, groups[-1][0])):
            groups[-1][1].append(cluster)
        elif len(groups) == 1 and groups[0][0] == COMMON and script != EMOJI:
            groups[0] = (script, [*groups[0][1], cluster])
        else:
            groups.append((script, [cluster]))
    found: list[Piece] = []
    for script, parts in groups:
        own = tuple(dict.fromkeys(c for c in parts if cluster_script(c) == script))
        main = _font_of_all(own, script, language)
        for cluster in parts:
            kind = cluster_script(cluster)
            font = main if main is not None and has(main, cluster) else None
            font = font or font_of(cluster, kind or COMMON, language)
            if script == EMOJI and kind == COMMON and cluster.isascii():
                # The digits of an emoji font are as wide as its pictures.
                font = font_of(cluster, COMMON, language)
            if found and found[-1].font == font and found[-1].script == script:
                found[-1] = Piece(found[-1].text + cluster, script, font)
            else:
                found.append(Piece(cluster, script, font))
    return found


@cache
def _font_of_all(own: tuple[str, ...], script: str, language: str) -> FontFile | None:
    for font in candidates(script, language):
        if all(has(font, cluster) for cluster in own):
            return font
    return None


@cache
def font_of(cluster: str, script: str, language: str) -> FontFile | None:
    """The first font that draws a cluster, or None."""
    if all(is_ignorable(c) for c in cluster):
        return next(candidates(COMMON, language))
    return next((f for f in candidates(script, language) if has(f, cluster)), None)


def candidates(script: str, language: str) -> Iterator[FontFile]:
    """Fonts to ask for a script, best first; at the end every font of this machine."""
    family = _FAMILIES.get(script, script.replace(" ", ""))
    named = {
        EMOJI: _EMOJI,
        COMMON: (*_PRIMARY, *_SYMBOLS),
        "Latin": _PRIMARY,
    }.get(script, (f"NotoSans{family}-Regular", f"NotoSerif{family}-Regular", *_PRIMARY))
    code = language.lower().split("-", maxsplit=1)[0]
    if script in (COMMON, "Latin") and code not in ("zh", "ja", "yue"):
        language = "ko"  # in this face quotation marks and dots are as wide as in Latin text
    here = installed()
    for name in named:
        if name in here:
            yield _font_file(here[name], language)
    yield from _others(language)
    yield FontFile(None)


@cache
def _others(language: str) -> tuple[FontFile, ...]:
    """All installed fonts, plain ones first."""
    files = sorted(
        installed().items(), key=lambda item: (any(s in item[0].lower() for s in _STYLES), item[0])
    )
    return tuple(_font_file(path, language) for _, path in files)


def _font_file(path: Path, language: str) -> FontFile:
    if path.suffix.lower() not in (".ttc", ".otc") or "CJK" not in path.stem:
        return FontFile(path)
    code = language.lower().replace("_", "-")
    face = _LANGUAGES.get(code, _LANGUAGES.get(code.split("-", maxsplit=1)[0], 2))
    return FontFile(path, face)


@cache
def bold_of(font: FontFile) -> FontFile | None:
    """The bold font of a family, where it is installed."""
    if font.path is None:
        return None
    stem = font.path.stem
    name = stem.removesuffix("-Regular") + "-Bold"
    path = installed().get(name)
    return FontFile(path, font.face) if path is not None else None


def missing(text: str, language: str = "") -> list[Missing]:
    """The characters of a text that no font of this machine can draw, by script."""
    if text.isascii():
        return []
    found: dict[str, dict[str, None]] = {}
    for piece in pieces(text, language):
        if piece.font is None:
            for cluster in clusters(piece.text):
                shown = [c for c in cluster if not is_ignorable(c)]
                title = script_title(cluster)
                found.setdefault(title, {}).update(dict.fromkeys(shown))
    return [Missing(title, "".join(of), package_of(title)) for title, of in found.items()]


def package_of(script: str) -> str:
    """The Debian or Ubuntu package with fonts for a script."""
    if script in ("Chinese", "Japanese", "Korean"):
        return _PACKAGES[CJK]
    return _PACKAGES.get(script, _PACKAGE)


def script_title(cluster: str) -> str:
    """The name of the script of a cluster, for people."""
    script = cluster_script(cluster)
    if script == CJK:
        word = unicodedata.name(cluster[0], "").split(" ", maxsplit=1)[0]
        return {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}.get(
            word, "Chinese"
        )
    if script == COMMON:
        private = unicodedata.category(cluster[0]) in ("Co", "Cn")
        return "private or unassigned characters" if private else "symbols"
    return script


def legible(text: str, language: str = "") -> str:
    """A text with a readable note in place of what no font draws, never boxes.

    Letters become "[no Arabic font]"; a picture or a symbol its name: "[grinning face]".
    """
    if text.isascii():
        return text
    parts: list[str] = []
    for piece in pieces(text, language):
        note = "" if piece.font is not None else _note(piece.text)
        if not note:
            parts.append(piece.text)
        elif not parts or parts[-1] != note:
            if len(parts) > 1 and parts[-2] == note and not parts[-1].strip():
                parts.pop()  # the space between two words in the same script
                continue
            parts.append(note)
    return "".join(parts)


def _note(text: str) -> str:
    script = cluster_script(text)
    if script in (EMOJI, COMMON):
        names = [unicodedata.name(c, f"U+{ord(c):04X}") for c in text if not is_ignorable(c)]
        words = " ".join(f"[{name.lower()}]" for name in names)
    else:
        words = f"[no {script_title(text)} font]"
    return f"\u2066{words}\u2069"
