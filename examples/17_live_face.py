"""A live face from a file: what MediaPipe sees in each frame drives a performer.

`run SHOW --face 0` does the same with a camera; the show records the numbers, never a picture.
"""

from pathlib import Path

from xrdrama.adapters.face.landmarks import Landmarker
from xrdrama.adapters.face.watching import Watch
from xrdrama.adapters.vision.sources import VideoFile
from xrdrama.content import find
from xrdrama.content.performers import read_figure
from xrdrama.performer import Performer, Performing, Repertoire, evaluate
from xrdrama.performer.bodies import figure_body
from xrdrama.performer.live import levels_of
from xrdrama.performer.model import Temper

clip = VideoFile(Path(__file__).parent / "clips" / "faces" / "smile.webm")
glb = find("performer", "lan").parent / "assets" / "lan.glb"
body = figure_body(read_figure(glb.read_bytes()).skeleton)
lan = Performer("lan", "Lan", body, Repertoire(), Temper())

poses = []
with Landmarker() as landmarker:
    watch = Watch(landmarker, "file", "lan")
    for at, picture in clip.frames():
        face = watch.look(picture, at).face
        live = levels_of(face.values(), face.head or (0.0, 0.0, 0.0)) if face.shapes else ()
        performing = Performing("lan", live=live, live_share=1.0 if live else 0.0)
        poses.append((at / 1e9, evaluate(performing, lan, at)))

for second, pose in poses[::12]:
    smile = pose.shapes.get("mouthSmileLeft", 0.0)
    print(f"{second:4.1f} s  smile {smile:.2f}")

smiles = [pose.shapes.get("mouthSmileLeft", 0.0) for second, pose in poses if 1.5 < second < 2.2]
assert min(smiles) >= 0.5, "the smile of the file is on the performer"
assert all("mouthSmileLeft" not in pose.shapes for second, pose in poses if second > 3.6), "no face"
