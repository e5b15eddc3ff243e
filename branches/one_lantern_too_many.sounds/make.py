"""Bakes every sound of the story into Ogg Opus, their lengths into index.json, and the mouths of
the spoken lines into mouths.json (README.md)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import av
import numpy as np
import pyloudnorm
from scipy.signal import resample_poly

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
from effects import EFFECTS, RATE  # noqa: E402
from fitting import fitted  # noqa: E402
from voices import NAME, speak  # noqa: E402

from xrdrama.adapters.synthesis.hibari import EnglishVoice  # noqa: E402
from xrdrama.adapters.synthesis.spoken import Spoken  # noqa: E402
from xrdrama.content.mouths import MOUTHS, audio_hash  # noqa: E402
from xrdrama.performer.mouth import (  # noqa: E402
    LineMouth,
    Mouths,
    MouthTrack,
    joined,
    mouths_text,
    moved,
    parse_mouths,
)
from xrdrama.story import Line, load_story  # noqa: E402

LINE_LOUDNESS = -21.0
LINE_BIT_RATE = 24_000
"""Bits a second of a spoken line, mono: Opus is transparent for speech from about here."""
PEAK = 10 ** (-3.5 / 20)
LEAST_LIKENESS = 0.97
"""Spectra of the same words by the same voice agree by 0.99, those of others by less than 0.9."""


def main() -> None:
    """Speak what is missing, synthesise what is missing, measure everything."""
    everything = "--all" in sys.argv
    story_file = HERE.with_name(HERE.name.removesuffix(".sounds") + ".branch.yaml")
    story = load_story(story_file.read_text("utf-8"), story_file.name)
    lines = {i.id: i for beat in story.order for i in beat.script if isinstance(i, Line)}
    wanted = {f"line/{name}" for name in lines} | set(EFFECTS)
    for path in HERE.rglob("*.ogg"):
        if path.relative_to(HERE).with_suffix("").as_posix() not in wanted:
            path.unlink()
    voice = EnglishVoice()
    known = tracks_of(HERE / MOUTHS)
    mouths: dict[str, LineMouth] = {}
    for name, line in lines.items():
        path = HERE / "line" / f"{name}.ogg"
        new = everything or not path.is_file()
        if not new and name in known and known[name].audio == audio_hash(path):
            mouths[name] = known[name]
            continue
        spoken = speak(line.text, story.cast[line.speaker].voice, voice)
        if new:
            samples = mastered(resample_poly(spoken.samples, 2, 1)[:, None], LINE_LOUDNESS)
            write(path, samples, LINE_BIT_RATE)
        mouths[name] = mouth_of(spoken, path, fit=not new)
        print(f"{line.speaker:12} {line.text}", flush=True)
        # As they are made: the next run continues with the next line.
        tracks = {id: (known | mouths)[id] for id in lines if id in known | mouths}
        written = Mouths(1, story.language, NAME, voice.alphabet, tracks)
        (HERE / MOUTHS).write_text(mouths_text(written), "utf-8")
    written = Mouths(1, story.language, NAME, voice.alphabet, mouths)
    (HERE / MOUTHS).write_text(mouths_text(written), "utf-8")
    for name, (make, loudness, _) in EFFECTS.items():
        path = HERE / f"{name}.ogg"
        if everything or not path.is_file():
            write(path, mastered(make(), loudness), 64_000)
            print(name)
    index = {name: length(HERE / f"{name}.ogg") for name in sorted(wanted)}
    (HERE / "index.json").write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def tracks_of(path: Path) -> dict[str, LineMouth]:
    """The tracks that are there."""
    found = parse_mouths(path.read_text("utf-8"), path.name)[0] if path.is_file() else None
    return found.lines if found else {}


def mouth_of(spoken: Spoken, path: Path, *, fit: bool) -> LineMouth:
    """The track of a line's file; with `fit` the file was spoken before, by the same voice."""
    phones = joined("misaki", spoken.nanoseconds())
    track = MouthTrack("en", "synthesised", "misaki", phones)
    if fit:
        recorded = decoded(path)[:, ::2].mean(axis=0)
        pairs, likeness = fitted(spoken.samples, recorded, spoken.rate)
        if likeness < LEAST_LIKENESS:
            raise SystemExit(f"{path.name} is not this line of this voice ({likeness:.3f})")
        points = tuple((round(a * 1e9), round(b * 1e9)) for a, b in pairs)
        track = moved(track, points, length(path))
    return LineMouth(audio_hash(path), "synthesised", track.phones)


def mastered(x: np.ndarray, loudness: float) -> np.ndarray:
    """Samples (n, channels) at a loudness (BS.1770, LUFS), peaks under -3.5 dBFS."""
    x = x - x.mean(axis=0)
    meter = pyloudnorm.Meter(RATE, block_size=min(0.4, len(x) / RATE * 0.9))
    x = x * 10 ** ((loudness - meter.integrated_loudness(x)) / 20)
    over = np.abs(x).max() / PEAK
    if over > 1:  # a soft knee over the top 6 dB, not a quieter line
        knee = PEAK / 2
        size = np.abs(x)
        soft = PEAK - (PEAK - knee) * np.exp(-(size - knee) / (PEAK - knee))
        x = np.where(size > knee, np.sign(x) * soft, x)
    return x


def write(path: Path, x: np.ndarray, bit_rate: int) -> None:
    """Ogg Opus at 48 kHz."""
    path.parent.mkdir(exist_ok=True)
    layout = "mono" if x.shape[1] == 1 else "stereo"
    with av.open(str(path), "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE, layout=layout)
        stream.bit_rate = bit_rate
        for begin in range(0, len(x), 960):
            block = np.ascontiguousarray(x[begin : begin + 960].T, np.float32)
            if block.shape[1] < 960:
                block = np.pad(block, ((0, 0), (0, 960 - block.shape[1])))
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block.T.reshape(1, -1)), "flt", layout
            )
            frame.sample_rate, frame.pts = RATE, begin
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def length(path: Path) -> int:
    """Nanoseconds of what a decoder gives."""
    return decoded(path).shape[1] * 1_000_000_000 // RATE


def decoded(path: Path) -> np.ndarray:
    """Samples (2, n) at 48 kHz."""
    blocks = []
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        for frame in [*file.decode(audio=0), None]:
            blocks += [made.to_ndarray() for made in resampler.resample(frame)]
    return np.concatenate(blocks, axis=1)


if __name__ == "__main__":
    main()
