"""Make README's picture pair: the same set, place, params and moment on the wall and in a browser.

python -m tests.peers.looks.pair_picture out/pair
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tests.peers.looks.pictures import ROOT, Pixels, Shot, wall_picture, web
from xrdrama.processes.sets import compiled_scene
from xrdrama.tools.sets import load_scene

PICTURE = ROOT / "examples" / "shows" / "wall_and_web.jpg"
SIZE, GAP = (640, 360), 6


def main(folder: Path) -> None:
    """Draw a row for each of two sets, the wall's picture left and the browser's right."""
    rows = []
    with web(folder) as page:
        for name in ("lantern_street", "tea_room"):
            scene, path = load_scene(name)
            params = {key: param.default for key, param in scene.params.items()}
            shot = Shot(scene, compiled_scene(str(path)), params)
            rows.append(beside(wall_picture(shot, SIZE), page.picture(shot, SIZE), axis=1))
    Image.fromarray(beside(*rows, axis=0)).save(PICTURE, quality=88, optimize=True)


def beside(one: Pixels, other: Pixels, axis: int) -> Pixels:
    """Two pictures with a gap between them."""
    shape = list(one.shape)
    shape[axis] = GAP
    return np.concatenate([one, np.full(shape, 255, np.uint8), other], axis=axis)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
