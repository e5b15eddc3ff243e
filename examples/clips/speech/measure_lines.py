"""Measure how well each candidate line is understood; prints the table of README.md (minutes).

    python examples/clips/speech/measure_lines.py

Each line is said by six voices in 20 dB and 10 dB of room noise. `said` counts utterances within
the distance that picks; `picked` those that the rule of a show would pick with the line and
its three nearest neighbours open, the hardest company there is.
"""

from __future__ import annotations

from lines import CANDIDATES
from voices import JUDGED, Samples, in_room, say, seed_of

from xrdrama.adapters.voice.endpointing import Endpointer, Utterance
from xrdrama.adapters.voice.moonshine import Moonshine
from xrdrama.show.production import VoiceRule
from xrdrama.speech import Offer, confusability, judge, match, pronounce

NOISES = (20.0, 10.0)
RULE = VoiceRule()


def heard(recogniser: Moonshine, samples: Samples) -> str:
    """All that is understood in a clip."""
    endpointer = Endpointer()
    events = [*endpointer.feed(samples), *endpointer.flush()]
    utterances = [event for event in events if isinstance(event, Utterance)]
    return " ".join(recogniser.transcribe(utterance.samples) for utterance in utterances)


def main() -> None:
    """Print a table in Markdown."""
    recogniser = Moonshine()
    print("| line | said 20 dB | said 10 dB | picked 20 dB | picked 10 dB | nearest | heard as |")
    print("|---|---|---|---|---|---|---|")
    for line in CANDIDATES:
        others = sorted(
            (other for other in CANDIDATES if other != line),
            key=lambda other: confusability(line, other),
        )
        open_now = [Offer(phrase, phrase, pronounce(phrase)) for phrase in (line, *others[:3])]
        said, picked, wrong = dict.fromkeys(NOISES, 0), dict.fromkeys(NOISES, 0), set()
        for voice in JUDGED.values():
            speech = say(line, voice)
            for noise in NOISES:
                text = heard(recogniser, in_room(speech, noise, seed_of(line, voice.name, noise)))
                alone = match(pronounce(text), open_now[:1])
                said[noise] += alone is not None and alone.distance <= RULE.accept
                outcome, found = judge(text, pronounce(text), open_now, RULE)
                right = outcome == "candidate" and found is not None and found.option == line
                picked[noise] += right
                if noise == NOISES[0] and not right:
                    wrong.add(text)
        counts = " | ".join(f"{count}/6" for count in (*said.values(), *picked.values()))
        far = f"{others[0]} {confusability(line, others[0]):.2f}"
        print(f"| {line} | {counts} | {far} | {'; '.join(sorted(wrong))} |", flush=True)


if __name__ == "__main__":
    main()
