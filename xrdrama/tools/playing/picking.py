"""Finds the option that a person means by an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from xrdrama.document.names import composed
from xrdrama.document.wording import nearest, short
from xrdrama.errors import UsageError
from xrdrama.speech import words
from xrdrama.speech.phrases import is_chinese
from xrdrama.story.model import Option
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.tools.playing.shown import Shown

LONGEST = 2_000
"""Characters of an answer."""
SILENCE = ("0", ELSE)


class Offered(msgspec.Struct, frozen=True):
    """An option as it is offered: what is displayed, said and shown to pick it."""

    id: str
    number: int
    text: str
    to: str
    phrases: tuple[str, ...] = ()
    signs: tuple[tuple[str, str], ...] = ()
    """Other triggers: their kind (gesture, gaze, marker, vote, button, performer) and name."""


def offer(p: Playthrough, shown: Shown) -> tuple[Offered, ...]:
    """The open options with the numbers and texts that a person sees."""
    return tuple(
        Offered(
            option.id,
            number,
            shown.option(option, p),
            option.to or option.detour,
            shown.phrases(option),
            _signs(option),
        )
        for number, option in enumerate(p.options(), 1)
    )


def _signs(option: Option) -> tuple[tuple[str, str], ...]:
    """The triggers of an option besides its phrases; a vote has no name of its own."""
    named = [(t.kind, v) for t in option.triggers if t.kind != "voice" for v in t.values]
    return (*named, *([("vote", "by all viewers")] if option.voted else []))


def exactly(answer: str, offered: Sequence[Offered]) -> str | None:
    """The id of the option with this number, id, text, phrase or sign; `else` for silence; None
    for anything else."""
    answer = composed(answer.strip())
    if answer in SILENCE:
        return ELSE
    if answer.isdecimal() and len(answer) < 6 and 1 <= int(answer) <= len(offered):
        return offered[int(answer) - 1].id
    if any(one.id == answer for one in offered):
        return answer
    plain = _plain(answer)
    for names in _names():
        found = [one.id for one in offered if plain in map(_plain, names(one))]
        if len(found) == 1:
            return found[0]
    return None


def by_part(answer: str, offered: Sequence[Offered]) -> str | None:
    """The id of the one option whose text or phrase has the answer in it, or whose phrase is in the
    answer; None for no option. UsageError when it fits several."""
    plain = _plain(composed(answer))
    if len(plain) < 2 and not is_chinese(plain):
        return None
    found = [one for one in offered if any(plain in _plain(text) for text in _texts(one))]
    said = words(answer)
    if not found:
        found = [one for one in offered if any(_within(words(p), said) for p in one.phrases)]
    if len(found) > 1:
        listed = " and ".join(f"{one.number} ({one.text or one.id})" for one in found)
        raise UsageError(f"{short(answer)} fits {listed}", "type more of it, or a number")
    return found[0].id if found else None


def suggested(answer: str, offered: Sequence[Offered], others: Iterable[str] = ()) -> str:
    """The option or other name that is nearest to an answer, or ""."""
    named = {name: name for name in others}
    named.update({text: one.id for one in offered for text in _texts(one)})
    meant = nearest(answer[:100], named)
    return named[meant] if meant else ""


def _names() -> tuple[Callable[[Offered], Iterable[str]], ...]:
    """The names of an option, the clearest first."""
    return (
        lambda one: (one.id,),
        lambda one: (one.text,),
        lambda one: one.phrases,
        lambda one: (name.replace("_", " ") for _, name in one.signs),
        lambda one: (name for _, name in one.signs),
    )


def _texts(one: Offered) -> tuple[str, ...]:
    return (one.id, one.text, *one.phrases)


def _within(phrase: Sequence[str], said: Sequence[str]) -> bool:
    """True when the words of a phrase follow each other in what was said."""
    starts = range(len(said) - len(phrase) + 1)
    return bool(phrase) and any(list(said[n : n + len(phrase)]) == list(phrase) for n in starts)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .!?。！？")
