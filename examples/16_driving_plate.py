"""A video plate in a show: which of its frames is displayed when, and how a cue stops it.

The plate's time is a param of its set, so it is part of every frame's value: walls, viewers, a
replay and a rendering show the same picture.
"""

from xrdrama import content
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.compiled import read_sheet
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.wire.commands import PickedByHand
from xrdrama.wire.events import Entry

plate = read_sheet(compiled_scene("ridge_plate").scene_json).plates[0]
facts = plate.facts
print(f"{plate.plate.file}: {facts.width} x {facts.height}, {facts.frames} frames, "
      f"{plate.rate:g} per second, then {plate.plate.at_end}")  # fmt: skip

production = content.produce(content.load_show("two_cups"))
show, seen, log = opening(production), [], []
for number in range(24 * 40):
    at = FrameTime.of(number, production.rate)
    show, frame = advance(show, Tick(at, tuple(log)))
    log = []
    if frame.scene == "ridge_plate":
        seen.append((frame.beat, plate.frame_at(float(frame.params["plate_time"]))))
        if frame.choice and frame.beat == "car":  # pull over: the cue `stops` brakes the plate
            log = [Entry(0, at.shows_at + 1, PickedByHand("director", "stop"))]

first = [number for beat, number in seen if beat == "car"][:4]
print("frames of the plate when the set appears:", *first)
assert first == [0, 1, 2, 3]
assert len({number for _, number in seen[-24:]}) == 1, "the plate holds its frame after the cue"
print(f"the plate holds frame {seen[-1][1]} after the cue `stops`")
