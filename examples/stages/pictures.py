"""Make the pictures of the READMEs: play two shows, and draw frames of their takes with `xrdrama`.

python examples/stages/pictures.py out/pictures
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.tools.takes.instead import Instead, open_instead
from xrdrama.tools.takes.rendering import needed

EXAMPLES = Path(__file__).resolve().parent.parent
LIVE = f"file:{EXAMPLES / 'clips' / 'hands' / 'demo_hand.webm'}"
WIDTH, GAP = 960, 4


def main(out: Path) -> None:
    """Write all pictures to `examples/`; takes and stills are left in `out`."""
    demo, two = played("lantern_demo", out), played("lantern_two_cameras", out)
    large = still(demo, out / "large", 588, "--size", "1280x720")
    large.save(EXAMPLES / "shows" / "through_the_lens.png", optimize=True)

    late = ("--effects", "slip", "--latency", "11 frames")
    wide = ("--size", "800x450")
    in_time = still(demo, out / "in_time", 444, *wide)
    save(below(in_time, still(demo, out / "late", 444, *wide, *late)), "shows/slip.jpg")

    open_lens = ("--effects", "depth_of_field", "--aperture", "1.4")
    all_effects = ("--effects", "all", "--aperture", "1.4", "--latency", "6 frames")
    small = ("--size", "640x360")
    plain = still(demo, out / "plain", 444, *small)
    shallow = still(demo, out / "shallow", 444, *small, *open_lens)
    slipped = still(demo, out / "slipped", 444, *small, *late)
    every = still(demo, out / "every", 444, *small, *all_effects)
    save(below(beside(plain, shallow), beside(slipped, every)), "stages/effects.jpg")

    save(two_cameras(two), "stages/two_cameras.jpg")
    lenses = ("--camera", "tele", "--size", "240x136", "--lens", "24,35,50,75")
    xrdrama("render", two, "--out", out / "swap", "--sheet", *lenses)
    save(Image.open(out / "swap" / "sheet.png"), "stages/lens_swap.jpg")

    layers = ("--layers", "all", "--without", "moire", "--latency", "6 frames")
    move = ("--move", "off_the_wall", "--live", LIVE)
    drawn = ("--headless", "--still", "28", "--size", "1024x576", "--out", out / "previs")
    xrdrama("previs", "lantern_demo", *move, *layers, *drawn)
    save(Image.open(out / "previs" / "previs_000028.png"), "shows/previs.jpg")


def played(show: str, out: Path) -> Path:
    """The take of a show, played at a fixed rate."""
    folder = out / show
    xrdrama("run", show, "--headless", "--fixed-rate", "--no-video", "--out", folder)
    return next(folder.glob("*.take"))


def still(take: Path, folder: Path, frame: int, *options: str) -> Image.Image:
    """A frame of a take, drawn again with some options of `xrdrama render`."""
    xrdrama("render", take, "--out", folder, "--still", str(frame), *options)
    return Image.open(folder / f"still_{frame:06}.png").convert("RGB")


def two_cameras(take: Path) -> Image.Image:
    """The canvas with both inner frusta, above what each camera sees, early in a take."""
    opened = open_instead(take, Instead())
    stage = opened.production.stage
    assert stage is not None
    shown = len(opened.take.ticks) // 8
    pictures = stage_pictures(opened.loaded, opened.production)
    for index, frame, _ in needed(opened, shown, shown + 1, stage.outer.every):
        pictures.present(frame) if index == shown else pictures.draw_outer(frame)
    canvas = Image.fromarray(pictures.newest("wall"))
    lenses = [Image.fromarray(pictures.through(camera.id)) for camera in stage.cameras]
    pictures.close()
    half = (WIDTH - GAP) // 2
    wide = canvas.resize((WIDTH, canvas.height * WIDTH // canvas.width))
    return below(
        wide, beside(*(one.resize((half, one.height * half // one.width)) for one in lenses))
    )


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two pictures of equal height, side by side."""
    sheet = Image.new("RGB", (left.width + GAP + right.width, left.height), (24, 24, 24))
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width + GAP, 0))
    return sheet


def below(upper: Image.Image, lower: Image.Image) -> Image.Image:
    """Two pictures of equal width, one below the other."""
    sheet = Image.new("RGB", (upper.width, upper.height + GAP + lower.height), (24, 24, 24))
    sheet.paste(upper, (0, 0))
    sheet.paste(lower, (0, upper.height + GAP))
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """Write a picture as JPEG, a third of the size of a PNG file."""
    path = EXAMPLES / name
    picture.convert("RGB").save(path, quality=87, optimize=True, subsampling=0)
    print(path.name, picture.size, path.stat().st_size // 1000, "kB")


def xrdrama(*words: str | Path) -> None:
    """Run the command of this environment."""
    subprocess.run([sys.executable, "-m", "xrdrama", *map(str, words)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
