"""A show between two frames: everything that the next frame depends on."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from xrdrama.show.looks import Looks
from xrdrama.show.production import Production
from xrdrama.show.state.bodies import Bodies
from xrdrama.show.state.cue_stack import CueStack
from xrdrama.show.state.direction import Direction
from xrdrama.show.state.faces import FollowedFace
from xrdrama.show.state.fading import Fading
from xrdrama.show.state.hand import Hand
from xrdrama.show.state.seats import with_seat
from xrdrama.show.state.staged import Staged
from xrdrama.show.state.voice import Voice
from xrdrama.stage.lenses.following import Rings
from xrdrama.stage.prediction import Sample, Track
from xrdrama.story import Line, Option, Playthrough
from xrdrama.story.expressions.expression import Value
from xrdrama.timing import NS
from xrdrama.wire.frame import Sound
from xrdrama.wire.tally import Tally

OTHER_SUBJECT_LASTS = NS
"""A subject whose newest sample is older is not being received any more."""
MOST_OTHER_SUBJECTS = 8


class Speaking(msgspec.Struct, frozen=True):
    """A line of ours: on screen from `began` to `ends`, and whether it can be heard.

    `values` are those that its text shows; `plot` is the hidden plot beside the main path that says
    it, "" for the main path.
    """

    line: Line
    began: int
    ends: int
    audible: bool
    values: Mapping[str, Value] = {}
    plot: str = ""


class PickedOption(msgspec.Struct, frozen=True):
    """An option that was picked, which stays displayed until `until`."""

    choice: str
    option: Option
    values: Mapping[str, Value]
    until: int


class Followed(msgspec.Struct, frozen=True):
    """What is known of where a camera is; source and subject of its newest sample."""

    track: Track = Track()
    source: str = ""
    subject: str = ""
    rings: Rings = Rings()
    """Zoom and focus of its lens, if it has a lens file."""
    smoothed: Sample | None = None
    """The newest sample after smoothing, if the stage smooths."""
    arrived: int | None = None
    """When the newest sample arrived."""
    gap: tuple[int, int] | None = None
    """The last gap: from the arrival of one sample to that of the next."""


class Show(msgspec.Struct, frozen=True):
    """A show between two frames. Everything that the next frame depends on is in here."""

    production: Production
    playthrough: Playthrough
    stack: CueStack
    now: int = 0
    voice: Voice = Voice()
    hand: Hand = Hand()
    seat_voices: dict[str, Voice] = {}
    """What viewers say to their phones, by seat."""
    seat_hands: dict[str, Hand] = {}
    """What viewers' hands do before their phones' cameras, by seat."""
    opened: int = 0
    """Since when acts count: the open choice opened, or went on after a hold or a hidden plot."""
    picked: PickedOption | None = None
    """The option that was picked last, if its choice stays displayed."""
    spoken: tuple[Speaking, ...] = ()
    cameras: tuple[Followed, ...] = ()
    """One for each camera of the stage, in its order."""
    other_subjects: dict[str, tuple[int, int]] = {}
    """Subjects that are received and that the stage does not expect: since when, last when."""
    frozen_at: int | None = None
    """Since when the outer pictures are frozen."""
    patterns: dict[str, str] = {}
    """Test patterns by wall."""
    join_code: bool = False
    """Whether the code of the room's link is shown."""
    lost: dict[str, tuple[int, str]] = {}
    panic: bool = False
    direction: Direction = Direction()
    first_sounds: tuple[Sound, ...] = ()
    story_due: int | None = None
    away: dict[str, CueStack] = {}
    """The parameters of scenes that were left: what the director holds there stays held."""
    fading: Fading | None = None
    """The set that was left last, if the change was a cross-fade."""
    bodies: Bodies = Bodies()
    """Bodies of performers that were stopped or released, or that report."""
    looks: Looks = Looks()
    """The looks of the show file, and those that were saved since."""
    staged: dict[str, Staged] = {}
    """The performers in the current set, in the order of the show file."""
    faces: dict[str, FollowedFace] = {}
    """Live faces by source: those of the show's inputs, and others that sent one."""
    joined: dict[str, int] = {}
    """Joined viewers by the source that counts them."""
    voted: Tally | None = None
    """The result of the last vote."""
    voted_until: int = 0
    """How long it is displayed."""

    @property
    def voices(self) -> dict[str, Voice]:
        """All voices by seat; "" is the stage's microphone."""
        return {"": self.voice, **self.seat_voices}

    @property
    def hands(self) -> dict[str, Hand]:
        """All hands by seat; "" is the stage's camera."""
        return {"": self.hand, **self.seat_hands}

    def with_voice(self, seat: str, voice: Voice) -> Show:
        """The show after a change of one voice."""
        if not seat:
            return replace(self, voice=voice)
        return replace(self, seat_voices=with_seat(self.seat_voices, seat, voice))

    def with_hand(self, seat: str, hand: Hand) -> Show:
        """The show after a change of one hand."""
        if not seat:
            return replace(self, hand=hand)
        return replace(self, seat_hands=with_seat(self.seat_hands, seat, hand))


def received(
    others: dict[str, tuple[int, int]], subject: str, at: int
) -> dict[str, tuple[int, int]]:
    """`Show.other_subjects` after a sample of one of them, taken at `at`."""
    since, last = others.get(subject, (at, at))
    updated = {**others, subject: (at if at - last > OTHER_SUBJECT_LASTS else since, at)}
    if len(updated) > MOST_OTHER_SUBJECTS:
        del updated[min(updated, key=lambda name: updated[name][1])]
    return updated
