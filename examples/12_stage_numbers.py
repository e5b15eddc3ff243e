"""Numbers of a stage: slip, overscan for a pan, coverage of a pose, and the risk of moire."""

from math import radians

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import load_stage
from xrdrama.stage.advice import moire
from xrdrama.stage.advice.coverage import coverage
from xrdrama.stage.advice.overscan import pan_overscan
from xrdrama.stage.advice.slip import focal_px, move_slip
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.timing import FrameRate

STAGE = """
xrdrama: 1
id: one_wall
canvas: [3840, 1920]
eye_point: [0, -1, 1.5]
walls:
  main: {shape: flat, width: 9.984, height: 4.992, centre: [0, 3, 2.5], pixels: [3840, 1920]}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [3840, 2160]}
latency: {tracker: 8ms, network: 1ms, render: 3 frames, processor: 1 frame, panel: 2ms}
"""

stage = load_stage(STAGE, "one_wall.stage.yaml")
camera, rate = stage.camera, FrameRate(24)
late = stage.delays.total(rate) / 1e9
print(f"the wall is {stage.delays.frames(rate):.2f} frames late ({late * 1000:.0f} ms)")

# A move of 0.5 m/s, 4 m from the wall: distant objects slip, and overscan does not change that.
print(f"a distant object slips by {move_slip(focal_px(camera), 0.5 * late, 4.0):.0f} px")
print(f"one at 5 m by {move_slip(focal_px(camera), 0.5 * late, 4.0, 5.0):.0f} px")
assert move_slip(focal_px(camera), 0.5 * late, 4.0, 4.0) == 0

# A pan of 20 degrees per second needs overscan.
print(f"the pan needs an overscan of {pan_overscan(camera.lens, radians(20 * late)):.2f}")

# What the camera sees when it has turned too far.
pose = Pose(Vec3(0, -1, 1.5), Quat.from_angles(pan=35))
seen = coverage(surfaces_of(stage), pose, camera.lens.edges)
print(f"{seen.share:.0%} of the frame is on the wall; the {seen.side} edge leaves first")
assert seen.is_off and seen.side == "left"

# In focus on the wall, the risk of moire is high; in focus on an actor before it, low.
for focus in (4.0, 2.0):
    optics = moire.Optics(camera.lens.focal, 2.8, focus, 0.036 / 3840)
    found = moire.at(stage.walls[0].pitch, 4.0, optics)
    print(f"moire risk with the focus at {focus:g} m: {found.word} (s {found.period:.2f}, "
          f"c {found.blur:.1f} photosites)")  # fmt: skip
