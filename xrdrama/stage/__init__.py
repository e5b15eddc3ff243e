"""The stage: LED walls, the tracked camera, and what each wall must show (pure geometry, no GL).

    stage = load_stage(text, "arc.stage.yaml")
    frustum = outer_frustum(stage.eye_point, stage.wall("main").facets, near=0.1, far=500)
    view = inner_frustum(camera_pose, stage.camera.lens, overscan=1.2, near=0.1, far=500)

Right-handed, Z up, Y forward, metres (xrdrama.spatial). A wall is a list of flat facets with
a position on the processor canvas: rectangles, or the triangles of a mesh. An arc has one rectangle
for each column of cabinets.
"""

from xrdrama.stage.facets import Facet, Triangle
from xrdrama.stage.frustum import Frustum, inner_frustum, outer_frustum
from xrdrama.stage.model import Camera, Lens, Stage, Stance, StandIn, Wall
from xrdrama.stage.parse import load_stage, parse_stage

__all__ = [
    "Camera",
    "Facet",
    "Frustum",
    "Lens",
    "Stage",
    "Stance",
    "StandIn",
    "Triangle",
    "Wall",
    "inner_frustum",
    "load_stage",
    "outer_frustum",
    "parse_stage",
]
