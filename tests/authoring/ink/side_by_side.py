"""Plays an ink story in its runtime and the story that it becomes, with the same picks."""

from __future__ import annotations

import random
from collections.abc import Iterator

from xrdrama.authoring.ink.importing import changes_the_play, read
from xrdrama.authoring.ink.reading import read_ink
from xrdrama.authoring.ink.speakers import speaker_of
from xrdrama.errors import UsageError
from xrdrama.processes.ink import InkReply, InkRuntime
from xrdrama.story import Story, load_story
from xrdrama.story.stepping.happenings import Happening, Spoken
from xrdrama.story.stepping.rehearsal import Rehearsal
from xrdrama.story.text import render

MOST_PICKS = 40
ERROR = "ink has an error"
"""The difference begins so when the runtime cannot continue and the rest is not compared."""


def imported(text: str, name: str = "case") -> tuple[Story, list[str]]:
    """The story, and the losses that change the play."""
    made = read(text, name)
    return load_story(made.text), [
        one.what for one in made.not_carried_over if changes_the_play(one)
    ]


def ink_lines(reply: InkReply) -> list[tuple[str, str]]:
    """Speaker and words of each line."""
    found = []
    for line in reply.lines:
        name, said = speaker_of(" ".join(line.text.split()), line.tags)
        if said:
            found.append((name or "Narrator", said))
    return found


def own_lines(story: Story, happened: list[Happening]) -> Iterator[tuple[str, str]]:
    """Speaker and words of each line."""
    for one in happened:
        if isinstance(one, Spoken):
            yield story.cast[one.line.speaker].name, render(one.line.text, one.values, "en")


def difference(text: str, story: Story, seed: int) -> str:
    """Where one random play differs, or where ink has an error; "" when all is the same."""
    chance = random.Random(seed)
    with InkRuntime("case", text, read_ink(text, "case").names) as runtime:
        reply = runtime.play_on()
        rehearsal = Rehearsal(story, seed=seed)
        happened = list(rehearsal.happenings)
        path: list[str] = []
        for _ in range(MOST_PICKS):
            expected, got = ink_lines(reply), list(own_lines(story, happened))
            if expected != got:
                at = next((n for n, pair in enumerate(zip(expected, got, strict=False))
                           if pair[0] != pair[1]), min(len(expected), len(got)))  # fmt: skip
                return (
                    f"after {path}: ink says {expected[at : at + 2]}, the story {got[at : at + 2]}"
                )
            texts = [" ".join(one.text.split()) for one in reply.choices]
            p = rehearsal.playthrough
            own = [" ".join(render(o.text, p.values_of(o.values), "en").split())
                   for o in rehearsal.options()]  # fmt: skip
            if texts != own:
                return f"after {path}: ink offers {texts}, the story {own}"
            if not texts:
                return ""
            index = chance.randrange(len(texts))
            path.append(texts[index])
            try:
                reply = runtime.choose(index)
            except UsageError as error:
                return f"{ERROR} after {path}: {error}"
            if reply.error:
                return f"{ERROR} after {path}: {reply.error}"
            happened = rehearsal.pick(rehearsal.options()[index].id)
    return ""
