"""A performer in a set that fades out is drawn there, in proportion to the set's share."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from tests.adapters.panda.figure.figure_stage import EYE, HEIGHT, SHAPES, SQUARE, WIDTH
from tests.gltf.box_man import box_man
from tests.gltf.gltf_files import GltfFile, yard
from tests.performer.bodies import figure
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.gltf.figures import read_figure
from xrdrama.performer import Performing, Root
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Fade, Frame


def test_a_performer_fades_out_with_its_set() -> None:
    file = GltfFile()
    level = [-np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    file.card("floor", file.material(pbr={}), half=6.0, at=(0, 0, 0), rotation=level)
    scene, problems = parse_scene(yard(), "yard/scene.yaml")
    assert scene is not None, problems
    compiled = compile_scene(scene, {"a.glb": file.glb()}, decode=decoded)
    graphics = open_graphics()
    figures = Figures({"man": read_figure(box_man(), SHAPES)}, {"man": figure()}, graphics, "draft")
    sets = Sets(graphics, {"new": compiled, "old": compiled}, "draft", fades=True, visiting=figures)
    target = graphics.target("fading", WIDTH, HEIGHT, "srgb8", sort=10)
    sets.add_view(target).place(Pose(EYE, Quat()), SQUARE)
    man = Performing("man", Root(Vec3(0.0, 4.0, 0.0)))
    new = Frame(FrameTime.of(0, FrameRate.parse("24")), "door", "new", {})

    def seen(share: float, there: tuple[Performing, ...]) -> float:
        """How far the picture is from the empty set, summed."""
        sets.update(replace(new, fade=Fade("old", {}, (), share, there)))
        graphics.render()
        return float(np.abs(graphics.picture(target).astype(float) - empty).sum())

    empty = np.zeros(())
    seen(0.5, ())
    empty = graphics.picture(target).astype(float)
    whole, half, little = (seen(share, (man,)) for share in (1.0, 0.5, 0.1))
    assert whole > half > little > 0.0
    # The negative controls: nobody, and one that is not present.
    assert seen(0.5, ()) == 0.0
    assert seen(0.5, (replace(man, presence=0.0),)) == 0.0
    graphics.close()
