"""Measure how well the phrases of a story are picked; prints a table in Markdown (minutes).

    python examples/clips/speech/measure_story.py one_lantern_too_many

Each phrase is said by six voices in 20 dB of room noise, with all options of its choice open, as
if every condition were true. `picked` counts utterances that pick their option by the rule of a
show, `wrong` those that pick another one. The last line has the sums, and how many phrases of
other choices pick something.
"""

from __future__ import annotations

import sys

from measure_lines import RULE, heard
from voices import JUDGED, in_room, say, seed_of

from xrdrama import content
from xrdrama.adapters.voice.moonshine import Moonshine
from xrdrama.speech import Offer, judge, pronounce
from xrdrama.story.model import Beat

NOISE = 20.0


def offers(beat: Beat) -> list[Offer]:
    """Every phrase that picks an option of a choice."""
    options = beat.choice.options if beat.choice else ()
    return [
        Offer(option.id, phrase, pronounce(phrase))
        for option in options
        for trigger in option.triggers
        if trigger.kind == "voice"
        for phrase in trigger.values
    ]


def picked(text: str, open_now: list[Offer]) -> str:
    """The option that a text picks by the rule of a show; "" for none."""
    outcome, found = judge(text, pronounce(text), open_now, RULE)
    return found.option if found is not None and outcome == "candidate" else ""


def main() -> None:
    """Print a table in Markdown."""
    story, _ = content.load_story_file(sys.argv[1])
    recogniser = Moonshine()
    tried = right = wrong = strangers = false = 0
    choices = {beat.id: offers(beat) for beat in story.order}
    written: dict[str, list[str]] = {}
    print("| choice | phrase | picked | wrong | heard as |\n|---|---|---|---|---|")
    for beat, open_now in choices.items():
        for offer in open_now:
            texts = written.setdefault(offer.phrase, [])
            for voice in JUDGED.values():
                speech = say(offer.phrase, voice)
                seed = seed_of(offer.phrase, voice.name, NOISE)
                texts.append(heard(recogniser, in_room(speech, NOISE, seed)))
            got = [picked(text, open_now) for text in texts]
            good, bad = got.count(offer.option), sum(one not in ("", offer.option) for one in got)
            tried, right, wrong = tried + len(got), right + good, wrong + bad
            missed = {text for text, one in zip(texts, got, strict=True) if one != offer.option}
            row = (beat, offer.phrase, f"{good}/{len(got)}", str(bad), "; ".join(sorted(missed)))
            print(f"| {' | '.join(row)} |", flush=True)
    for open_now in choices.values():
        here = {offer.phrase for offer in open_now}
        for phrase, texts in written.items():
            if open_now and phrase not in here:
                strangers += len(texts)
                false += sum(picked(text, open_now) != "" for text in texts)
    print(f"\n{right} of {tried} picked, {wrong} wrong; phrases of other choices: "
          f"{false} of {strangers} picked something")  # fmt: skip


if __name__ == "__main__":
    main()
