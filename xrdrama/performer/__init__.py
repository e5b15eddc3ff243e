"""Performers: digital actors, robots and live faces that take the same cues. Pure, without numpy.

    pose = evaluate(performing, performer, now)     # a frame's value and a time to bones and shapes

A performer has named channels (`channels`) and shapes (`shapes`). A frame says what decides its
pose (`performing`); gestures, moods, gaze, walks and idling are curves over time.
"""

from xrdrama.performer.channels import CHANNELS, LIMITS, Limit
from xrdrama.performer.evaluating import channels_at, evaluate
from xrdrama.performer.fitting import Remark, fitted
from xrdrama.performer.model import (
    Body,
    Gesture,
    Key,
    Mood,
    Performer,
    Repertoire,
    Skeleton,
    Temper,
)
from xrdrama.performer.performing import Act, Expression, Gaze, Performing, Root, Travel
from xrdrama.performer.pose import Pose
from xrdrama.performer.shapes import SHAPES

__all__ = [
    "CHANNELS", "LIMITS", "SHAPES", "Act", "Body", "Expression", "Gaze", "Gesture", "Key", "Limit",
    "Mood", "Performer", "Performing", "Pose", "Remark", "Repertoire", "Root", "Skeleton", "Temper",
    "Travel", "channels_at", "evaluate", "fitted",
]  # fmt: skip
