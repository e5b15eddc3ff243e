"""The mouth of a speaking performer: phones of the line's audio, visemes, face shapes."""

from xrdrama.performer.mouth.alphabets import ALPHABETS, unknown_phones
from xrdrama.performer.mouth.form import LineMouth, Mouths, mouths_text, parse_mouths, with_lines
from xrdrama.performer.mouth.loudness import STEP, energy_track
from xrdrama.performer.mouth.phones import joined, moved
from xrdrama.performer.mouth.speaking import Segment, mouth_at, segments
from xrdrama.performer.mouth.track import MouthTrack, Phone
from xrdrama.performer.mouth.visemes import CLOSURES, SHAPES_OF_VISEME, VISEMES, shapes_of

__all__ = [
    "ALPHABETS",
    "CLOSURES",
    "SHAPES_OF_VISEME",
    "STEP",
    "VISEMES",
    "LineMouth",
    "MouthTrack",
    "Mouths",
    "Phone",
    "Segment",
    "energy_track",
    "joined",
    "mouth_at",
    "mouths_text",
    "moved",
    "parse_mouths",
    "segments",
    "shapes_of",
    "unknown_phones",
    "with_lines",
]
