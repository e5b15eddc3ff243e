"""Draw a set from some places at some moments, side by side, to see whether it holds up in motion.

    python scenes/contact_sheet.py ridge_road out/motion.png windscreen,rear_window 1,1.5,2

A row for each place, a column for each second. Needs xrdrama with its extra `panda`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.processes.sets import compiled_scene
from xrdrama.show.lamps import lights_of
from xrdrama.show.state.cue_stack import stack_for
from xrdrama.stage import inner_frustum
from xrdrama.timing import NS
from xrdrama.tools.sets import LENS, load_scene
from xrdrama.wire.frame import Projection

WIDTH, HEIGHT = 200, 112


def main(name: str, out: str, places: str, seconds: str) -> None:
    """Draw the sheet at four times its size, and write it reduced."""
    scene, path = load_scene(name)
    graphics = open_graphics()
    target = graphics.target("sheet", WIDTH * 2, HEIGHT * 2, "srgb8", sort=10)
    virtual = VirtualSet(graphics, compiled_scene(str(path)))
    view = virtual.add_view(target)
    rows = []
    for place in places.split(","):
        frustum = inner_frustum(scene.places[place].pose, LENS, near=0.1, far=500.0)
        ends = (frustum.left, frustum.right, frustum.bottom, frustum.top)
        view.place(frustum.pose, Projection(*ends, frustum.near, frustum.far))
        row = []
        for second in map(float, seconds.split(",")):
            params = stack_for(scene).values(round(second * NS))
            virtual.update(params, lights_of(scene, params), second)
            graphics.render()
            row.append(graphics.picture(target))
        rows.append(np.concatenate(row, axis=1))
    sheet = Image.fromarray(np.concatenate(rows))
    graphics.close()
    small = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    small.save(out, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
