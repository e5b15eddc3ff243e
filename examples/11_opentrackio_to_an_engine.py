"""The camera of a show, sent to another engine as OpenTrackIO, as Unreal's Live Link receives it.

Here the engine is a socket of this script. For a real one, send to the multicast group of the
source number, `group_of(7)`, port 55555. Unreal itself is not tested.
"""

import json
import socket

from xrdrama import content
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move
from xrdrama.tracking.opentrackio import Names, Writer, decoder, group_of
from xrdrama.tracking.sample import LensReading
from xrdrama.wire.events import Entry

loaded = content.load_show("lantern_demo")
production = content.produce(loaded)
move, rate = load_move(loaded.text("move") or ""), production.rate
assert production.stage is not None
lens = production.stage.camera.lens

# Live Link shows a subject only if all four names are there; xrdrama fills the ones that are not.
writer = Writer("lantern_demo", Names("Example", "Simulated camera", "0001", "A"))
engine = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
engine.bind(("127.0.0.1", 0))
engine.settimeout(5.0)
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
received = decoder()

show = opening(production)
for number in range(60):
    time = FrameTime.of(number, rate)
    tracked = TrackingSample("op", "1", time.shows_at, move.pose(time.shows_at))
    show, frame = advance(show, Tick(time, (Entry(number, time.shows_at, tracked),)))
    assert frame.tracked is not None
    sample = TrackingSample(
        "lantern_demo", "7", time.shows_at, frame.tracked.camera,  # the entrance pupil
        focal_mm=lens.focal * 1000, timecode=str(frame.time.timecode),
        timecode_rate=(rate.numerator, rate.denominator),
        lens=LensReading(entrance_pupil_m=0.0, sensor_mm=tuple(s * 1000 for s in lens.sensor)),
    )  # fmt: skip
    for datagram in writer.packets(sample):
        out.sendto(datagram, engine.getsockname())
        data = engine.recv(65_535)
        (got,) = received.feed(data, time.shows_at)
        assert (got.pose.position - sample.pose.position).length() < 1e-8
        if number % 24 == 0:
            names = json.loads(data[16:]).get("static", {}).get("camera", {})
            pan, tilt, _ = got.pan_tilt_roll()
            what = f"with names of camera {names['label']}" if names else ""
            print(f"{got.timecode}  pan {pan:+.2f} tilt {tilt:+.2f}  {len(data)} bytes {what}")
assert received.counts["samples with faults"] == 0
print(f"60 samples received; for the network: {group_of(7)}:55555")
