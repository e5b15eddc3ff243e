"""The languages of captions and options that one viewer sees: one, or several at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from xrdrama.wire.frame import Frame, OpenChoice


def turns_of(languages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What a key switches between: all of them at a time, then each alone."""
    each = tuple((language,) for language in languages)
    return (tuple(languages), *each) if len(languages) > 1 else each


def in_languages(frame: Frame, languages: Sequence[str]) -> Frame:
    """The frame with its captions and options in these languages only.

    A text that has none of them stays in a language that it has.
    """
    captions = tuple(
        msgspec.structs.replace(caption, texts=_texts(caption.texts, languages))
        for caption in frame.captions
    )
    choice: OpenChoice | None = frame.choice
    if choice is not None:
        options = tuple(
            msgspec.structs.replace(option, texts=_texts(option.texts, languages))
            for option in choice.options
        )
        choice = msgspec.structs.replace(choice, options=options)
    return msgspec.structs.replace(frame, captions=captions, choice=choice)


def _texts(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    found = {language: texts[language] for language in languages if texts.get(language)}
    return found or dict(list(texts.items())[:1])
