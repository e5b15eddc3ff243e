"""The numbers of a previsualisation: a show's stage, another move, and walls that are late."""

from __future__ import annotations

from xrdrama.stage.advice.shot import shot_of, wall_ahead
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.advice.tree import Walls
from xrdrama.tools.previs.opening import Wanted, open_previs
from xrdrama.tools.previs.playing import Playback

previs = open_previs(Wanted("lantern_demo", move="off_the_wall", lens="50", seconds=8.0))
camera, walls = previs.stage.camera_named(previs.camera), Walls.of(surfaces_of(previs.stage))
playback = Playback(previs.production, previs.samples, previs.latency.lag_ns)
print(f"the walls are {previs.latency.total_frames:g} frames late", *previs.notices, sep="; ")

shots = []
while playback.number < 8 * 24:
    frame = playback.step()
    seen, _ = playback.film(camera.id, playback.exposed_at(late=True))
    late = playback.walls(late=True)
    shown = next(view.pose for view in late.views if view.camera == camera.id)
    met = wall_ahead(walls, camera, seen)
    shots.append((frame.time.timecode, shot_of(walls, camera, seen, shown, met)))

for name, worst in (
    ("slip_px", max(shots, key=lambda one: one[1].slip_px or 0.0)),
    ("overscan_needed", max(shots, key=lambda one: one[1].overscan_needed)),
):
    print(f"most {name} at {worst[0]}: {getattr(worst[1], name):.2f}")
at, shot = min(shots, key=lambda one: one[1].seen.share + one[1].seen.floor)
print(
    f"least of the frame on the walls at {at}: {shot.seen.share:.0%}, off at the {shot.seen.side}"
)
assert shot.seen.is_off and max(one[1].slip_px or 0.0 for one in shots) > 2.0
