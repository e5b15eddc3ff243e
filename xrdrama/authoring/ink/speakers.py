"""Who says a line of ink, which has no speakers of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"([^\W\d_][\w.' -]{0,39}?)[ \t]*[:：][ \t]+(\S.*)")
_TAG = re.compile(r"(?:speaker|character|voice)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
MOST_WORDS = 3


def speaker_of(text: str, tags: Iterable[str] = ()) -> tuple[str, str]:
    """The speaker and what is said. The tag `speaker: LAN` of the line counts first; then
    `Name: text`, where the name begins with a capital and has at most three words; else ""."""
    for tag in tags:
        found = _TAG.fullmatch(tag.strip())
        if found and found[1].strip():
            return found[1].strip(), text
    found = _NAME.fullmatch(text)
    if found and len(found[1].split()) <= MOST_WORDS and not found[1][0].islower():
        return found[1].strip(), found[2]
    return "", text


def is_speaker_tag(tag: str) -> bool:
    """True for a tag that names the speaker."""
    return _TAG.fullmatch(tag.strip()) is not None
