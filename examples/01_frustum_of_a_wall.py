"""The frustum through which an eye point sees a wall, and the pixel that shows a point of the
set."""

from xrdrama.spatial import Vec3
from xrdrama.stage import load_stage, outer_frustum

STAGE = """
xrdrama: 1
id: one_wall
canvas: [1920, 960]
eye_point: [0.4, -3, 1.6]
walls:
  main: {shape: flat, width: 8, height: 4, centre: [0, 3, 2], pixels: [1920, 960]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25]}
"""

stage = load_stage(STAGE, "one_wall.stage.yaml")
wall = stage.wall("main")
frustum = outer_frustum(stage.eye_point, wall.facets, near=0.1, far=500)
assert frustum is not None

print(f"pitch {wall.pitch * 1000:.2f} mm")
print(f"edges, as tangents: left {frustum.left:.3f} right {frustum.right:.3f}")
print(f"                    bottom {frustum.bottom:.3f} top {frustum.top:.3f}")

# The eye point is 0.4 m to the right, so more of the wall is on its left.
assert -frustum.left > frustum.right

# A corner of the wall is a corner of the picture.
x, y, _ = frustum.project(wall.facets[0].upper_right)
assert abs(x - 1) < 1e-9 and abs(y - 1) < 1e-9

# A lantern of the set, five metres behind the wall, on the wall's pixels.
x, y, depth = frustum.project(Vec3(0.55, 8.0, 2.75))
print(f"lantern at LED {x * 1920:.1f}, {960 - y * 960:.1f} (depth {depth:.2f} m)")
