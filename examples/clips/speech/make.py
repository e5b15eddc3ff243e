"""Make the clips of this folder again: python examples/clips/speech/make.py (needs espeak-ng).

Each is a line in a synthetic voice with seeded room noise 20 dB below it, as Ogg Opus;
`index.json` says what is in them. The viewer's line is warmed and has the noise of a quiet room.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import av
import numpy as np
from lines import (
    KOREAN,
    KOREAN_OUT_OF_GRAMMAR,
    OUT_OF_GRAMMAR,
    PHRASES,
    VIEWER,
)
from voices import BAKED, Samples, Voice, in_room, say, seed_of, warmed
from voices import KOREAN as KOREAN_VOICES
from voices import VIEWER as VIEWER_VOICE

from xrdrama.adapters.voice.endpointing import RATE

FOLDER = Path(__file__).parent
NOISE = 20.0
QUIET_ROOM = 32.0
BITS_A_SECOND = 24_000


def write(name: str, samples: Samples) -> None:
    """A clip as Ogg Opus; equal samples give equal bytes with the same ffmpeg."""
    path = FOLDER / name
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, bit_rate=BITS_A_SECOND)
        stream.layout = "mono"
        pcm = (samples * 32767.0).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def bake(kind: str, text: str, name: str, voice: Voice) -> dict[str, Any]:
    """One clip, and its entry in the index."""
    stem = re.sub(r"\W+", "_", text.lower()) if text.isascii() else f"korean_{seed_of(text):08x}"
    file = f"{stem}.{name}.opus"
    write(file, in_room(say(text, voice), NOISE, seed_of(text, name)))
    language = "en" if text.isascii() else "ko"
    return {"file": file, "kind": kind, "text": text, "voice": name, "language": language}


def main() -> None:
    """Bake every clip and write the index."""
    for old in FOLDER.glob("*.opus"):
        old.unlink()
    clips = [bake("phrase", text, *voice) for text in PHRASES for voice in BAKED.items()]
    two = list(BAKED.items())[:2]
    clips += [bake("out_of_grammar", text, *voice) for text in OUT_OF_GRAMMAR for voice in two]
    for text in KOREAN:
        clips += [bake("phrase", text, *voice) for voice in KOREAN_VOICES.items()]
    one = next(iter(KOREAN_VOICES.items()))
    clips += [bake("out_of_grammar", text, *one) for text in KOREAN_OUT_OF_GRAMMAR]
    speech = warmed(say(f"{VIEWER}.", VIEWER_VOICE), seed=seed_of("hall"))
    write("demo_viewer.opus", in_room(speech, QUIET_ROOM, seed_of("demo_viewer")))
    clips.append(
        {"file": "demo_viewer.opus", "kind": "demo", "text": VIEWER, "voice": "annie",
         "language": "en"}
    )  # fmt: skip
    entries = ",\n".join("  " + json.dumps(clip, ensure_ascii=False) for clip in clips)
    (FOLDER / "index.json").write_text(f"[\n{entries}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
