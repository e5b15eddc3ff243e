"""Bakes every sound of the story into Ogg Opus, and their lengths into index.json (README.md)."""

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
from hibari import Hibari  # noqa: E402
from voices import speak  # noqa: E402

from xrdrama.story import Line, load_story  # noqa: E402

LINE_LOUDNESS = -21.0
PEAK = 10 ** (-3.5 / 20)


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
    tts = None
    for name, line in lines.items():
        path = HERE / "line" / f"{name}.ogg"
        if everything or not path.is_file():
            tts = tts or Hibari()
            voice = resample_poly(speak(line.text, story.cast[line.speaker].voice, tts), 2, 1)
            write(path, mastered(voice[:, None], LINE_LOUDNESS), 40_000)
            print(f"{line.speaker:12} {line.text}")
    for name, (make, loudness, _) in EFFECTS.items():
        path = HERE / f"{name}.ogg"
        if everything or not path.is_file():
            write(path, mastered(make(), loudness), 64_000)
            print(name)
    index = {name: length(HERE / f"{name}.ogg") for name in sorted(wanted)}
    (HERE / "index.json").write_text(json.dumps(index, indent=1) + "\n", "utf-8")


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
    count = 0
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        for frame in [*file.decode(audio=0), None]:
            count += sum(made.samples for made in resampler.resample(frame))
    return count * 1_000_000_000 // RATE


if __name__ == "__main__":
    main()
