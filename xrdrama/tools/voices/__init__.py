"""`xrdrama voices`: the audio of a story's lines and the mouth tracks that fit it."""

from xrdrama.tools.voices.choosing import Voice, voice_for
from xrdrama.tools.voices.lines import Made, make_voices

__all__ = ["Made", "Voice", "make_voices", "voice_for"]
