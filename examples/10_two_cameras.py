"""Two tracked cameras on one wall: where each looks, and which of them an LED shows."""

from __future__ import annotations

from xrdrama.spatial import Vec3
from xrdrama.stage import Camera, inner_frustum, load_stage

STAGE = """
xrdrama: 1
id: two
canvas: [1280, 640]
walls:
  front: {shape: flat, width: 9, height: 4.5, centre: [0, 3, 1.5], pixels: [1280, 640]}
cameras:
  wide: {focal_mm: 30, sensor_mm: [36, 20.25], subject: "1", priority: 1, safe: {position: [-0.4, -2, 1.5]}}
  tele: {focal_mm: 55, sensor_mm: [36, 20.25], subject: "2", priority: 2, safe: {position: [0.9, -1.5, 1.5], pan: 9}}
eye_point: [0, -1, 1.5]
inner: {overscan: 1.2, feather: 0.03}
"""  # noqa: E501

stage = load_stage(STAGE, "two.stage.yaml")


def sees(camera: Camera, led: Vec3) -> bool:
    """True if an LED is in the camera's inner frustum, overscan included."""
    frustum = inner_frustum(
        camera.safe, camera.lens, overscan=camera.inner.grown, near=stage.near, far=stage.far
    )
    x, y, depth = frustum.project(led)
    return depth > 0 and 0 <= x <= 1 and 0 <= y <= 1


print("LEDs at eye level, from left to right, with the cameras at their safe poses:")
for x in (-4.4, -3.0, -1.0, 0.0, 1.0, 2.8, 4.4):
    led = Vec3(x, 3.0, 1.5)
    seeing = [camera.id for camera in reversed(stage.by_priority()) if sees(camera, led)]
    shown = f"the inner picture of {seeing[0]}" if seeing else "the outer picture"
    below = f", over {' and '.join(seeing[1:])}" if seeing[1:] else ""
    print(f"  x = {x:4.1f} m shows {shown}{below}")
