"""A FreeD packet to a camera pose. FreeD's pan is positive to the right, ours to the left."""

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import FORWARD
from xrdrama.tracking import freed

# Camera 7: pan 10 degrees to the right, tilt 5 up, at x 1.5, y -2.5, height 1.6 m.
packet = bytes.fromhex("d107050000028000000000017700fd8f000190000012340000ff0000")
packet += bytes((freed.checksum(packet),))

sample = freed.decode(packet)
pan, tilt, roll = sample.pose.rotation.angles()
print(f"camera {sample.subject} at {sample.pose.position}")
print(f"pan {pan:+.3f}  tilt {tilt:+.3f}  roll {roll:+.3f} degrees")
assert abs(pan + 10) < 1e-9 and abs(tilt - 5) < 1e-9

# It looks along +Y, turned 10 degrees to the right: a little towards +X.
ahead = sample.pose.rotation.rotate(FORWARD)
assert ahead.x > 0

# The bytes come back as they were, and garbage has one error.
assert freed.encode(sample) == packet
try:
    freed.decode(packet[:-1] + b"\x00")
except RemoteProtocolError as error:
    print(f"refused: {error}")
