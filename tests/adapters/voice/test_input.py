"""The input process with the real recogniser on baked clips: both clocks, and what can fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.fakes import RecordingIngress
from xrdrama.adapters.voice import input as voice
from xrdrama.adapters.voice import listening
from xrdrama.adapters.voice.endpointing import TRAILING_SILENCE, Samples
from xrdrama.adapters.voice.input import HEARING_LATENCY, NEVER, Voice
from xrdrama.adapters.voice.listening import Listener
from xrdrama.adapters.voice.moonshine import Moonshine
from xrdrama.adapters.voice.settings import LATENCY, Settings
from xrdrama.adapters.voice.sources import (
    BLOCK_NS,
    AudioFile,
    Microphone,
    clip_samples,
    room_noise,
)
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.production import VoiceRule
from xrdrama.speech import Offer, judge, normalise, pronounce
from xrdrama.timing import NS
from xrdrama.wire.codec import checked
from xrdrama.wire.events import AnyEvent, DeviceLost, Heard, Hearing
from xrdrama.wire.messages import Record

CLIPS = Path(__file__).parents[3] / "examples" / "clips" / "speech"
SAID = ("I remember you", "close your eyes", "keep it burning")
SCHEDULE = [
    {"file": CLIPS / "i_remember_you.tom.opus", "at": 1 * NS},
    {"file": CLIPS / "the_meeting_starts_at_half_past_nine.ada.opus", "at": 3 * NS},
    {"file": CLIPS / "close_your_eyes.ada.opus", "at": 7 * NS},
    {"file": CLIPS / "keep_it_burning.kit.opus", "at": 9 * NS},
]
OPEN = tuple(Offer(phrase, phrase, pronounce(phrase)) for phrase in SAID)


def picked(event: Heard, offered: tuple[Offer, ...]) -> str:
    """The option that an utterance picks by the rule of a show."""
    outcome, found = judge(event.text, event.phones, offered, VoiceRule())
    return found.option if found and outcome == "candidate" else ""


def run(
    *, fixed_rate: bool = True, stop_at: int | None = None, **settings: Any
) -> RecordingIngress:
    ingress = RecordingIngress(fixed_rate=fixed_rate, stop_at=stop_at)
    voice.open("viewer", settings).run(ingress, ingress.stop)
    return ingress


def heard(ingress: RecordingIngress) -> list[tuple[int, Heard]]:
    return [(at, event) for at, event in ingress.records if isinstance(event, Heard)]


def unmeasured(ingress: RecordingIngress) -> list[tuple[int, Any]]:
    """The records without what is measured and never used."""
    return [
        (at, msgspec.structs.replace(event, measured=0) if isinstance(event, Heard) else event)
        for at, event in ingress.records
    ]


@pytest.fixture(scope="module")
def once() -> RecordingIngress:
    """One run of the whole schedule on the virtual clock."""
    return run(clips=SCHEDULE)


def test_phrases_pick_and_other_speech_does_not(once: RecordingIngress) -> None:
    found = [picked(event, OPEN) for _, event in heard(once)]
    assert found == [SAID[0], "", SAID[1], SAID[2]]
    # The control: were the meeting an option, it would be picked.
    phrase = "the meeting starts at half past ten"
    meeting = (*OPEN, Offer("meeting", phrase, pronounce(phrase)))
    assert picked(heard(once)[1][1], meeting) == "meeting"


def test_beginning_and_end_are_those_of_the_speech(once: RecordingIngress) -> None:
    for clip, (_, event) in zip(SCHEDULE, heard(once), strict=True):
        samples = clip_samples(Path(str(clip["file"])))
        over = int(str(clip["at"])) + len(samples) * NS // 16_000 - 600_000_000
        assert event.began == pytest.approx(int(str(clip["at"])) + 400_000_000, abs=120_000_000)
        # The voices themselves end with up to half a second of silence.
        assert over - 550_000_000 < event.ended < over + 60_000_000


def test_stamps_are_media_time_and_a_constant(once: RecordingIngress) -> None:
    for at, event in once.records:
        if isinstance(event, Heard):
            assert at == event.ended + LATENCY
        else:
            assert isinstance(event, Hearing)
            assert at == event.began + HEARING_LATENCY
    assert len(once.records) == 2 * len(SCHEDULE)


def test_promises_are_kept_and_stamps_never_go_back(once: RecordingIngress) -> None:
    assert once.broken == []
    assert all(a <= b for (a, _), (b, _) in pairwise(once.records))
    assert all(a <= b for (_, a), (_, b) in pairwise(once.promises))
    assert once.promises[-1] == ("viewer", NEVER)
    # Promised after each block, so no frame waits for more than it must.
    steps = [b - a for (_, a), (_, b) in pairwise(once.promises[:-1])]
    assert max(steps) == BLOCK_NS


def test_every_event_can_go_over_the_wire(once: RecordingIngress) -> None:
    assert all(checked(Record(n, at, event)) for n, (at, event) in enumerate(once.records))


def test_a_slow_recogniser_changes_nothing_but_what_is_measured(once: RecordingIngress) -> None:
    slow = run(clips=SCHEDULE, slow=5)
    assert unmeasured(slow) == unmeasured(once)
    assert slow.promises == once.promises
    assert all(event.measured > TRAILING_SILENCE for _, event in heard(slow))


class Paced:
    """A recogniser that takes 40 ms for anything, on a clock of our own; `wait` is a show's stop.

    So the figures are exact, however busy the machine is.
    """

    def __init__(self) -> None:
        self.now = 0

    def perf_counter_ns(self) -> int:
        return self.now

    def transcribe(self, samples: Samples) -> str:
        self.now += 40_000_000
        return f"{len(samples)} samples"

    def wait(self, seconds: float | None = None) -> bool:
        self.now += round((seconds or 0.0) * NS)
        return False

    def is_set(self) -> bool:
        return False


@pytest.mark.parametrize("slow", [1.0, 5.0])
def test_slow_is_how_many_times_as_long_the_recogniser_takes(
    slow: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced = Paced()
    monkeypatch.setattr(listening, "time", paced)
    listener = Listener("viewer", paced, slow=slow)
    clip = clip_samples(CLIPS / "close_your_eyes.tom.opus")
    *_, event = [*listener.take(0, clip, paced), *listener.finish(paced)]
    assert isinstance(event, Heard)
    # The whole clip came in one block, so what is waited for is its end.
    waited = len(clip) * NS // 16_000 // 10_000_000 * 10_000_000 - event.ended
    assert event.measured - waited == paced.now == slow * 40_000_000


def test_the_latency_that_is_declared_is_the_one_that_counts(once: RecordingIngress) -> None:
    late = run(clips=SCHEDULE, latency=2 * NS)
    assert [event.text for _, event in heard(late)] == [event.text for _, event in heard(once)]
    assert all(at == event.ended + 2 * NS for at, event in heard(late))
    assert late.broken == []
    assert all(a <= b for (a, _), (b, _) in pairwise(late.records))


def test_the_viewer_of_the_demo_is_heard_right_at_20_db() -> None:
    recogniser = Moonshine()
    quiet = clip_samples(CLIPS / "demo_viewer.opus")
    level = 10 ** ((-26 - 20) / 20)
    for samples in (quiet, quiet + room_noise(len(quiet), 3) * np.float32(level)):
        assert normalise(recogniser.transcribe(samples)) == "i remember you"


def test_noise_gives_no_text_and_order_does_not_matter() -> None:
    recogniser = Moonshine()
    clips = [clip_samples(Path(str(clip["file"]))) for clip in SCHEDULE]
    noise = room_noise(24_000, 5) * np.float32(0.05)
    forth = [recogniser.transcribe(samples) for samples in (*clips, noise)]
    back = [recogniser.transcribe(samples) for samples in (noise, *reversed(clips))]
    assert forth == back[::-1]
    assert forth[-1] == ""
    assert all(forth[:-1])
    assert recogniser.transcribe(np.zeros(0, np.float32)) == ""


def test_file_starts_at_its_time() -> None:
    ingress = run(file=CLIPS / "close_your_eyes.tom.opus", at=5 * NS)
    ((at, event),) = heard(ingress)
    assert ingress.promises[0] == ("viewer", 5 * NS)
    assert event.began == pytest.approx(5.4 * NS, abs=0.12 * NS)
    assert at == event.ended + LATENCY
    assert normalise(event.text) == "close your eyes"


class Followed(AudioFile):
    """A file that counts how far it was played; an ingress that notes it with each record."""

    played = 0

    def blocks(self) -> Iterator[tuple[int, Samples]]:
        for start, block in super().blocks():
            self.played = start + len(block) * NS // 16_000
            yield start, block


class Noting(RecordingIngress):
    def __init__(self, source: Followed) -> None:
        super().__init__(fixed_rate=False)
        self.source = source
        self.asked: list[int] = []
        self.played: list[int] = []

    def now(self) -> int:
        self.asked.append(super().now())
        return self.asked[-1]

    def record(self, event: AnyEvent, at: int = 0) -> None:
        self.played.append(self.source.played)
        super().record(event, at)


def test_live_a_file_takes_its_time_and_events_come_when_they_happen() -> None:
    began = time.monotonic()
    clip = CLIPS / "close_your_eyes.tom.opus"
    source = Followed(clip, at=NS // 5)
    ingress = Noting(source)
    Voice("viewer", Settings(file=str(clip), at=NS // 5), source).run(ingress, ingress.stop)
    (hearing_at, hearing), (heard_at, event) = ingress.records
    assert isinstance(hearing, Hearing) and isinstance(event, Heard)
    assert time.monotonic() - began > 2.0
    # Reported when so much of the file was played, and never before the clock was there.
    assert hearing.began + 150_000_000 <= ingress.played[0] < event.ended
    assert ingress.played[1] >= event.ended + TRAILING_SILENCE
    assert hearing_at >= ingress.played[0] and heard_at >= ingress.played[1]
    # What is measured is the way to a moment at which the time was asked for, behind that.
    assert ingress.played[1] <= event.ended + event.measured <= heard_at
    assert event.ended + event.measured in ingress.asked
    assert ingress.promises == []


def test_it_ends_when_it_is_asked_to() -> None:
    ingress = run(clips=SCHEDULE, stop_at=2 * NS)
    assert len(ingress.promises) < 110
    assert ingress.promises[-1][1] < NEVER


def test_a_file_that_breaks_off_is_a_lost_device(tmp_path: Path) -> None:
    broken = tmp_path / "broken.flac"
    broken.write_bytes(_flac(tmp_path)[:-2000])
    ingress = run(file=broken)
    assert [type(event) for _, event in ingress.records] == [Hearing, Heard, DeviceLost]
    lost = ingress.records[-1][1]
    assert isinstance(lost, DeviceLost)
    assert "broken.flac" in lost.reason
    assert ingress.broken == []
    assert ingress.promises[-1] == ("viewer", NEVER)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"file": "nowhere.wav"}, "nowhere.wav"),
        ({"clips": [{"file": "nowhere.opus", "at": 0}]}, "nowhere.opus"),
        ({"microphone": "no such microphone"}, "no such microphone"),
        (
            {"file": CLIPS / "demo_viewer.opus", "model": "nowhere"},
            "nowhere does not contain a Moonshine",
        ),
        ({"file": CLIPS / "demo_viewer.opus", "engine": "vosk"}, "needs a model"),
        (
            {"file": CLIPS / "demo_viewer.opus", "engine": "vosk", "model": "nowhere"},
            "does not contain a Vosk",
        ),
    ],
)
def test_missing_file_or_model_is_reported_on_opening(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DeviceError) as raised:
        voice.open("viewer", settings)
    assert words in raised.value.message
    assert raised.value.remedy


def test_broken_model_is_reported_before_the_show_starts(tmp_path: Path) -> None:
    for part in ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"):
        (tmp_path / part).write_bytes(b"no model")
    ingress = RecordingIngress(fixed_rate=True)
    opened = voice.open("viewer", {"file": CLIPS / "demo_viewer.opus", "model": tmp_path})
    with pytest.raises(DeviceError, match="cannot be loaded"):
        opened.run(ingress, ingress.stop)
    assert not ingress.started


class Silent(Microphone):
    """A microphone that is there, as far as anybody asks."""

    def __init__(self) -> None:
        pass


def test_microphone_is_refused_at_a_fixed_rate() -> None:
    ingress = RecordingIngress(fixed_rate=True)
    with pytest.raises(UsageError, match="--fixed-rate"):
        Voice("viewer", Settings(microphone="default"), Silent()).run(ingress, ingress.stop)
    assert not ingress.started


def test_invalid_settings_are_refused_on_opening() -> None:
    with pytest.raises(UsageError, match="370 ms"):
        voice.open("viewer", {"file": CLIPS / "demo_viewer.opus", "latency": 1000})


def _flac(folder: Path) -> bytes:
    """A clip as FLAC, and four seconds more: a file of many frames."""
    import av

    samples = clip_samples(CLIPS / "close_your_eyes.tom.opus")
    padded = np.concatenate((samples, room_noise(64_000, 1) * np.float32(0.005)))
    path = folder / "whole.flac"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=16_000)
        stream.layout = "mono"  # type: ignore[attr-defined]
        pcm = (padded * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.rate = 16_000
        for packet in (*stream.encode(frame), *stream.encode(None)):  # type: ignore[attr-defined]
            container.mux(packet)
    return path.read_bytes()


def test_the_entry_point_opens_it() -> None:
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="xrdrama.inputs", name="voice")
    assert entry.load() is voice and voice.SETTINGS is voice.Settings
