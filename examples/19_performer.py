"""A performer: a gesture, a walk and a mood give a pose at any time, without an engine."""

from math import degrees

from xrdrama import content
from xrdrama.content.performers import load_performer
from xrdrama.performer import Act, Expression, Performing, Root, Travel, channels_at, evaluate
from xrdrama.spatial import Vec3

S = 1_000_000_000
lan = load_performer(content.find("performer", "lan"))
there = Root(Vec3(0.0, 2.0, 0.0))
doing = Performing(
    "lan",
    acts=(Act("wave", S),),  # begins at one second
    expression=Expression("happy", 0, S),
    travel=Travel(Root(), there, 0, 4 * S),
)
for seconds in (0.0, 1.0, 2.0, 4.0):
    pose = evaluate(doing, lan, round(seconds * S))
    elbow = degrees(channels_at(doing, lan, round(seconds * S))["right_elbow"])
    smile = pose.shapes.get("mouthSmileLeft", 0.0)
    print(
        f"{seconds:.0f} s: {pose.root.at.y:.2f} m ahead, elbow {elbow:4.0f} deg, smile {smile:.2f}"
    )
