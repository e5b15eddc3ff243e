"""Draw one frame of a take through the lens, large: README's picture of the demo.

xrdrama run lantern_demo --headless --fixed-rate --no-video --out out/still
python examples/stages/still.py out/still/*.take 24.5 examples/shows/through_the_lens.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from PIL import Image

from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.timing import NS
from xrdrama.tools.film import FilmCamera
from xrdrama.tools.replaying import frames_of, open_take

SIZE = (1280, 720)


def main(take_file: Path, seconds: float, out: Path) -> None:
    """Write the picture of the frame at `seconds` of a take to `out`."""
    take, loaded, production = open_take(take_file)
    stage = production.stage
    if stage is None:
        raise SystemExit(f"{take_file} has no stage: use a take of a show with a stage")
    large = stage.with_pictures(SIZE)
    pictures = stage_pictures(
        loaded,
        msgspec.structs.replace(production, stage=large),
        size=SIZE,
        lens_sink=lambda picture: None,
    )
    film, last = FilmCamera.of_take(take, production), production.rate.frame_at(round(seconds * NS))
    for number, frame, _ in frames_of(take, production):
        # Outer pictures are shared by several frames: the ones before draw them.
        if last - stage.outer.every <= number <= last:
            pictures.present(frame, *film.at(frame))
        if number >= last:
            break
    Image.fromarray(pictures.newest("lens")).save(out)
    pictures.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
