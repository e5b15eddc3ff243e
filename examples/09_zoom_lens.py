"""A zoom that FreeD ramps: what its counts mean, what the lens sees, what overscan it needs."""

from pathlib import Path

from xrdrama.spatial import Pose, Vec3
from xrdrama.stage.lenses import Setting, load_lens, needed_overscan
from xrdrama.tracking import TrackingSample, freed

file = Path(__file__).parent / "stages" / "zoom_24_70.lens.yaml"
lens = load_lens(file.read_text("utf-8"), file.name)
assert lens.zoom and lens.focus

print("count   zoom mm  focal mm  width of the frame  corner moves  overscan")
widths = []
for count in (2048, 12000, 21400, 40700, 61440):
    # The tracker sends raw counts of the rings, in each packet beside the pose.
    sample = TrackingSample("freed", "1", 0, Pose(Vec3(0, -2, 1.6)), zoom=count, focus=33800)
    received = freed.decode(freed.encode(sample))
    zoom, _ = lens.zoom.meaning(received.zoom)
    diopter, _ = lens.focus.meaning(received.focus)  # 1/m; 0 is infinity
    optics = lens.optics(Setting(zoom, diopter))

    # The ray at the corner of the sensor, and where it would be without distortion.
    right, up = optics.sensor_to_tangent(18.0, -10.125)
    moved = optics.tangent_to_sensor(18.0 / optics.focal_mm, 10.125 / optics.focal_mm)[0] - 18.0
    left_edge, _ = optics.sensor_to_tangent(-18.0, 0.0)
    widths.append(-2 * left_edge * 3.0)
    needed = needed_overscan(optics, lens.sensor_mm)
    sees = f"{optics.focal_mm:5.1f}    {widths[-1]:5.2f} m of a wall at 3 m"
    print(f"{count:5}   {zoom:5.1f}    {sees}   {moved:+.2f} mm     {needed:.3f}")

# Zooming in narrows the frame; barrel distortion draws the corner in, and needs overscan.
assert widths == sorted(widths, reverse=True)
wide = lens.optics(lens.home)
assert 1.04 < needed_overscan(wide, lens.sensor_mm) < 1.06

# Both directions are exact: sensor to ray and back.
x, y = wide.tangent_to_sensor(*wide.sensor_to_tangent(12.0, -7.5))
assert abs(x - 12.0) < 1e-9 and abs(y + 7.5) < 1e-9
