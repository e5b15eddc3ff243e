"""Make two_cameras.png and lens_swap.png from a take of the show lantern_two_cameras.

python examples/stages/two_cameras_pictures.py out/run/lantern_two_cameras.take examples/stages

The first has the canvas, with both inner frusta, above what each camera sees; the second has three
frames through four lenses, as `xrdrama render TAKE --sheet --lens 24,35,50,75` draws them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.tools.instead import Instead, open_instead
from xrdrama.tools.rendering import needed
from xrdrama.tools.stills import draw_stills

WIDTH, GAP = 768, 4


def main(take: Path, out: Path) -> None:
    """Write both pictures into the folder `out`."""
    opened = open_instead(take, Instead())
    stage = opened.production.stage
    if stage is None:
        raise SystemExit(f"{take} has no stage: use a take of a show with a stage")
    middle = len(opened.take.ticks) // 2
    pictures = stage_pictures(opened.loaded, opened.production)
    for index, frame, _ in needed(opened, middle, middle + 1, stage.outer.every):
        pictures.present(frame) if index == middle else pictures.draw_outer(frame)
    canvas = Image.fromarray(pictures.newest("wall"))
    lenses = [Image.fromarray(pictures.through(camera.id)) for camera in stage.cameras]
    pictures.close()
    above = canvas.resize((WIDTH, canvas.height * WIDTH // canvas.width))
    half = (WIDTH - GAP) // 2
    below = [one.resize((half, one.height * half // one.width)) for one in lenses]
    sheet = Image.new("RGB", (WIDTH, above.height + GAP + below[0].height), (24, 24, 24))
    sheet.paste(above, (0, 0))
    for number, one in enumerate(below):
        sheet.paste(one, (number * (half + GAP), above.height + GAP))
    save(sheet, out / "two_cameras.png")
    lens = Instead(camera="tele", size=(240, 136))
    ticks = opened.take.ticks
    numbers = [ticks[len(ticks) * place // 6].number for place in (1, 3, 5)]
    lens_mm = ("24", "35", "50", "75")
    drawn = draw_stills(
        take, out, instead=lens, lenses=lens_mm, numbers=numbers, sheet=True, quality="draft"
    )
    save(Image.open(drawn.files[0]).convert("RGB"), out / "lens_swap.png")
    drawn.files[0].unlink()


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture in 128 colours, which is a third of its size."""
    few = picture.quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(path, np.asarray(picture).shape, path.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
