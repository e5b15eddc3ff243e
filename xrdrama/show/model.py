"""A show as its file describes it: what is played, where, with which inputs."""

from __future__ import annotations

import msgspec

from xrdrama.document import Mapping, Place
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.show.cast import PerformerSpec
from xrdrama.show.production import HandRule, ViewerRule, VoiceRule
from xrdrama.wire.audience import Mode
from xrdrama.wire.senses import Sense


class InputSpec(msgspec.Struct, frozen=True):
    """An input: which plug-in, and what the show file says to it, unread (`show.settings`)."""

    id: str
    use: str
    place: Place
    settings: Mapping


class OutputSpec(msgspec.Struct, frozen=True):
    """An output: the same."""

    id: str
    use: str
    place: Place
    settings: Mapping


class Start(msgspec.Struct, frozen=True):
    """Where the show begins, when not at the start of its story."""

    beat: str = ""
    values: dict[str, str] = {}


class LookSpec(msgspec.Struct, frozen=True):
    """A look as the show file has it: values of parameters as text, the fade in nanoseconds."""

    id: str
    place: Place
    params: dict[str, str]
    title: str = ""
    fade: int = 2_000_000_000


class AudienceSpec(msgspec.Struct, frozen=True):
    """How viewers take part: all follow the room's show, or each plays a branch of their own.

    `groups` are those that viewers join in, each by a link of its own; votes have weights by them.
    """

    mode: Mode = "room"
    groups: tuple[str, ...] = ()
    voice: bool = False
    """Viewers may pick by speaking to their phones."""
    gesture: bool = False
    """Viewers may pick by showing a hand to their phones' cameras."""

    @property
    def senses(self) -> tuple[Sense, ...]:
        """The senses that viewers may use."""
        allowed: dict[Sense, bool] = {"voice": self.voice, "gesture": self.gesture}
        return tuple(sense for sense, is_allowed in allowed.items() if is_allowed)


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
    voices: str = ""
    """The language that the lines are spoken in; "" is the story's own."""
    look: str = ""
    seed: int = 0
    seconds: float = 0.0
    start: Start = Start()
    ambience: str = ""
    move: str = ""
    """The camera move of the simulated operator, where there is no tracker."""
    moves: dict[str, str] = {}
    """The same by camera, for a stage with several."""
    inputs: dict[str, InputSpec] = {}
    outputs: dict[str, OutputSpec] = {}
    performers: dict[str, PerformerSpec] = {}
    voice: VoiceRule = VoiceRule()
    hand: HandRule = HandRule()
    viewers: ViewerRule = ViewerRule()
    hears_itself: bool = True
    looks: dict[str, LookSpec] = {}
    safe_plate: SafePlate | None = None
    """What panic shows on the walls in sets that have no plate of their own."""
    nodes: dict[str, tuple[str, ...]] = {}
    """The walls that each render node draws, by node; {} for a show that is drawn in one
    process."""
    audience: AudienceSpec = AudienceSpec()
