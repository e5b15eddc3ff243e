"""Measure right picks and false picks of the rule; prints the figures of README.md.

    python examples/clips/speech/measure_rates.py

Four choices of four options each (lines.PHRASES in order). Human speech is what Moonshine's wheel
brings as examples: English readers, whole utterances and windows of 2.5 s; none of it is a command.
"""

from __future__ import annotations

import json
import resource
import statistics
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from lines import PHRASES
from voices import JUDGED, Samples, in_room, say, seed_of

from xrdrama.adapters.voice.endpointing import RATE, Endpointer, Utterance
from xrdrama.adapters.voice.moonshine import Moonshine, find_model
from xrdrama.adapters.voice.sources import clip_samples
from xrdrama.speech import Offer, accepts, contradicts, match, offers, pronounce

FOLDER = Path(__file__).parent
CHOICES = [PHRASES[first : first + 4] for first in range(0, len(PHRASES), 4)]
OPEN = [[offer for phrase in choice for offer in offers(phrase, phrase)] for choice in CHOICES]
AROUND = ("um, {}", "well, {}", "{}, please", "yes, {}")
HUMAN = ("beckett", "endgame_nagg_nell", "two_cities", "clone-test")


def utterances(samples: Samples) -> Iterator[Utterance]:
    """What the endpointer finds in a recording."""
    endpointer = Endpointer()
    for event in (*endpointer.feed(samples), *endpointer.flush()):
        if isinstance(event, Utterance):
            yield event


def pick(text: str, offered: list[Offer], *, accept: float = 0.40, margin: float = 0.10) -> str:
    """The phrase that the rule picks for a text, or None."""
    found = match(pronounce(text), offered)
    if found is None or not accepts(found, accept=accept, margin=margin):
        return ""
    return "" if contradicts(text, found.phrase) else found.option


def report(name: str, outcomes: Iterable[bool]) -> None:
    """One line: how many of how many."""
    counted = list(outcomes)
    print(f"{name:44} {sum(counted):4}/{len(counted):<4} {sum(counted) / len(counted):.3f}")


def main() -> None:
    """Print every figure."""
    clock = time.perf_counter()
    recogniser = Moonshine()
    print(f"model load {time.perf_counter() - clock:.2f} s")
    index = json.loads((FOLDER / "index.json").read_text("utf-8"))
    english = [clip for clip in index if clip["language"] == "en"]
    walls, cpus, heard = [], [], {}
    for clip in english:
        texts = []
        for utterance in utterances(clip_samples(FOLDER / clip["file"])):
            wall, cpu = time.perf_counter(), time.process_time()
            texts.append(recogniser.transcribe(utterance.samples))
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        heard[clip["file"]] = " ".join(texts)
    for name, seconds in (("wall", walls), ("CPU", cpus)):
        late = sorted(seconds)[len(seconds) * 95 // 100]
        print(f"recogniser {name}: median {statistics.median(seconds) * 1e3:.0f} ms, "
              f"p95 {late * 1e3:.0f} ms, n = {len(seconds)}")  # fmt: skip
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"resident memory at most {usage} MB")

    said = [(clip["text"], heard[clip["file"]]) for clip in english if clip["kind"] == "phrase"]
    picked = [(text, pick(text_heard, _open(text))) for text, text_heard in said]
    report("picked right (48 clips, 20 dB)", (got == text for text, got in picked))
    report("picked wrong", (got not in ("", text) for text, got in picked))
    for text, text_heard in said:
        if pick(text_heard, _open(text)) != text:
            print(f"    not picked: {text!r} heard as {text_heard!r}")
    around = []
    for text in PHRASES:
        for words, voice in zip(AROUND, JUDGED.values(), strict=False):
            clip = in_room(say(words.format(text), voice), 20.0, seed_of(text, words))
            texts = [recogniser.transcribe(utterance.samples) for utterance in utterances(clip)]
            around.append({pick(text_heard, _open(text)) for text_heard in texts} - {""} == {text})
    report("picked right among other words", around)

    others = [heard[clip["file"]] for clip in english if clip["kind"] == "out_of_grammar"]
    report(
        "false picks, out of grammar, synthetic", (bool(pick(t, o)) for t in others for o in OPEN)
    )
    lax = [bool(pick(t, o, accept=0.75, margin=0.0)) for t in others for o in OPEN]
    report("  the same with a lax rule (0.75, 0)", lax)
    recordings = [clip_samples(find_model(None).parent / f"{name}.wav") for name in HUMAN]
    whole = [recogniser.transcribe(u.samples) for r in recordings for u in utterances(r)]
    report("false picks, human utterances", (bool(pick(t, o)) for t in whole for o in OPEN))
    windows = [
        recogniser.transcribe(r[first : first + RATE * 5 // 2])
        for r in recordings
        for first in range(0, len(r) - RATE * 5 // 2, RATE * 5 // 4)
    ]
    report("false picks, human windows of 2.5 s", (bool(pick(t, o)) for t in windows for o in OPEN))


def _open(phrase: str) -> list[Offer]:
    """The offers of the choice that a phrase belongs to."""
    return next(o for choice, o in zip(CHOICES, OPEN, strict=True) if phrase in choice)


if __name__ == "__main__":
    main()
