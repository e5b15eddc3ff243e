"""A show as its file describes it: what is played, where, with which inputs."""

from __future__ import annotations

import msgspec

from xrdrama.document import Place
from xrdrama.show.production import HandRule, VoiceRule


class Clip(msgspec.Struct, frozen=True):
    """A recording that plays to an input at a time of the show, instead of a device."""

    file: str
    at: int = 0


class InputSpec(msgspec.Struct, frozen=True):
    """An input: which plugin, and its settings. Times are nanoseconds of the show."""

    id: str
    use: str
    place: Place
    file: str = ""
    clips: tuple[Clip, ...] = ()
    microphone: str = ""
    camera: str = ""
    at: int = 0
    latency: int | None = None
    engine: str = ""
    model: str = ""
    every: int = 1
    settings: dict[str, str] = {}


class OutputSpec(msgspec.Struct, frozen=True):
    """An output of a plug-in: which, and its settings as they are written."""

    id: str
    use: str
    place: Place
    settings: dict[str, str] = {}


class Start(msgspec.Struct, frozen=True):
    """Where the show begins, when not at the start of its story."""

    beat: str = ""
    values: dict[str, str] = {}


class ShowFile(msgspec.Struct, frozen=True):
    """A show as its file describes it."""

    version: int
    id: str
    story: str
    place: Place
    title: str = ""
    stage: str = ""
    rate: str = "24"
    languages: tuple[str, ...] = ("en",)
    look: str = ""
    seed: int = 0
    seconds: float = 0.0
    start: Start = Start()
    ambience: str = ""
    move: str = ""
    """The camera move of the simulated operator, where there is no tracker."""
    inputs: dict[str, InputSpec] = {}
    outputs: dict[str, OutputSpec] = {}
    voice: VoiceRule = VoiceRule()
    hand: HandRule = HandRule()
    hears_itself: bool = True
