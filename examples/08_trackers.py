"""Tracking protocols: one pose in four of them, the axes of a tracker, and what a stream lost."""

from xrdrama import plugins
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.axes import Axes
from xrdrama.tracking.datagrams import decode_datagram
from xrdrama.tracking.health import SubjectsHealth

pose = Pose(Vec3(1.5, -2.0, 1.6), Quat.from_angles(pan=-10.0, tilt=5.0))
sample = TrackingSample("example", "1", 10**9, pose)

for name in ("freed", "psn", "f4", "osc"):
    protocol = plugins.tracker(name)
    data = protocol.encode(sample)
    (back,) = decode_datagram(protocol.decoder(), data).samples
    pan, tilt, _ = back.pan_tilt_roll()
    print(f"{name}: {len(data)} bytes, pan {pan:.2f}, tilt {tilt:.2f}")
    assert (back.pose.position - pose.position).length() < 1e-3 and abs(pan + 10.0) < 1e-3

# A tracker whose x is our -y, and whose pan is positive to the right (a line of the stage file).
axes = Axes.of(("y", "-x", "z", "-pan", "tilt", "roll"))
mapped = axes.apply(sample)
print(f"mapped: {mapped.pose.position}, pan {mapped.pan_tilt_roll()[0]:.1f}")
assert axes.inverse().apply(mapped).pose.position == pose.position

# Two seconds of PosiStageNet at 100 Hz; every tenth packet is lost on the way.
health, decoder = SubjectsHealth(), plugins.tracker("psn").decoder()
encoder = plugins.tracker("psn").encoder()  # type: ignore[attr-defined]
for number in range(200):
    at = number * 10_000_000
    for packet in encoder.packets(TrackingSample("example", "1", at, pose)):
        if number % 10 != 9:
            for got in decode_datagram(decoder, packet, at=at).samples:
                health.received(got, at, decoder.sequence_modulus)  # type: ignore[attr-defined]
report = health.report(2 * 10**9).of("1")
print(f"lost {report.lost} of 200, rate {report.rate:.0f} per second, gaps {report.gaps}")
assert report.lost == 19 and report.gaps == 0  # the last one is not missed yet
