"""Draw a frame of a take through the lens twice: with walls in time, and below with walls that are
N frames late. A late wall still shows what was drawn for an earlier pose of the camera.

xrdrama run lantern_demo --headless --fixed-rate --seconds 25 --no-video --out out/late
python examples/stages/late.py out/late/*.take 18.5 11 examples/shows/slip.png
"""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.timing import NS
from xrdrama.tools.replaying import frames_of, open_take

SIZE = (800, 450)


def main(take_file: Path, seconds: float, late: int, out: Path) -> None:
    """Write both pictures of the frame at `seconds` of a take to `out`, the late one below."""
    take, loaded, production = open_take(take_file)
    stage = production.stage
    if stage is None:
        raise SystemExit(f"{take_file} has no stage: use a take of a show with a stage")
    pictures = stage_pictures(
        loaded,
        msgspec.structs.replace(production, stage=stage.with_pictures(SIZE)),
        size=SIZE,
        lens_sink=lambda picture: None,
    )
    last = production.rate.frame_at(round(seconds * NS))
    recent = deque(maxlen=late + 1)
    both = []
    for number, frame, _ in frames_of(take, production):
        recent.append(frame)
        # Outer pictures are shared by several frames: the ones before draw them.
        if last - stage.outer.every - late <= number <= last:
            pictures.present(frame, walls=recent[0])
        if number >= last:
            both.append(pictures.newest("lens"))
            break
    pictures.present(frame)
    both.insert(0, pictures.newest("lens"))
    Image.fromarray(np.concatenate(both)).quantize(160).save(out, optimize=True)
    pictures.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
