"""Replaces words by other spellings that are pronounced correctly: `Nian` by `nee en`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xrdrama.speech.phrases import is_chinese


def respelled(text: str, pronunciations: Mapping[str, str]) -> str:
    """The text with each word that has a pronunciation replaced by it; longer words first.

    Words of letters are replaced as whole words in either case, Chinese ones anywhere.
    """
    if not pronunciations:
        return text
    known = {word.casefold(): said for word, said in pronunciations.items()}
    parts = (
        re.escape(word) if is_chinese(word) else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(pronunciations, key=len, reverse=True)
    )
    pattern = re.compile("|".join(parts), re.IGNORECASE)
    return pattern.sub(lambda found: known.get(found[0].casefold(), found[0]), text)
