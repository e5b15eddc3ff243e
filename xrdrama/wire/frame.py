"""The frame: one value that every output draws, plays or forwards, and that a take hashes.

Floats are settled to nine decimals when a frame is built, and maps are written in sorted order,
so equal frames have equal bytes on every machine. Pixels are not part of it: their hashes belong
to one machine.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

import msgspec

from xrdrama.performer.performing import Performing
from xrdrama.spatial import Pose, Vec3
from xrdrama.timing import FrameTime
from xrdrama.tracking.sample import Nanoseconds
from xrdrama.wire.commands import CommandCode, Number
from xrdrama.wire.events import BodyState, Count, Ratio
from xrdrama.wire.tally import Tally

ParamValue = Number | str


class Projection(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a view sees: tangents of its four edges from the forward axis, and near and far.

    A symmetric lens has left = -right; a wall seen off-axis has not. Metres.
    """

    left: Number
    right: Number
    bottom: Number
    top: Number
    near: Number
    far: Number


class ViewLens(msgspec.Struct, frozen=True, array_like=True):
    """The lens of a camera at the frame's time, in OpenLensIO's terms: millimetres on the sensor,
    x right, y down.

    `focus_m` is None for infinity. `radial` is k1 to k6 in OpenLensIO's order; `model` says which
    way the distortion maps. `needed_overscan` is how much larger than the camera's own frame a
    picture must be to cover what this lens sees; if it is greater than the view's overscan, the
    inner frustum is too small.
    """

    focal_mm: Number
    focus_m: Number | None
    sensor_mm: tuple[Number, Number]
    entrance_pupil_mm: Number
    projection_offset_mm: tuple[Number, Number]
    distortion_offset_mm: tuple[Number, Number]
    model: Literal["D-U", "U-D"]
    radial: tuple[Number, Number, Number, Number, Number, Number]
    tangential: tuple[Number, Number]
    needed_overscan: Number


class View(msgspec.Struct, frozen=True, array_like=True):
    """A picture to draw: from where, through what, for which surface.

    `pose` looks along its +Y. `target` is `inner` or the id of a wall. `overscan` is how much
    larger than the camera's own frame it is (1 = the same), by which the size in pixels grows too.
    `camera` is the id of the camera whose inner frustum it is; "" for a wall. The picture is
    rectilinear; `lens` is how that camera sees it, None for one without a lens file.
    """

    id: str
    target: str
    pose: Pose
    projection: Projection
    overscan: Number = 1.0
    camera: str = ""
    lens: ViewLens | None = None


class Caption(msgspec.Struct, frozen=True, array_like=True):
    """A line to show: its id, who says it, and the text in each language of the show."""

    line: str
    speaker: str
    texts: dict[str, str]


class Sound(msgspec.Struct, frozen=True, array_like=True):
    """A sound that starts within this frame, at a sample of the 48 kHz clock of the show."""

    id: str
    kind: Literal["line", "effect", "ambience", "stop"]
    start_sample: Count
    gain_db: Number = 0.0
    loop: bool = False


class OpenOption(msgspec.Struct, frozen=True, array_like=True):
    """An option that can be picked now.

    `progress` is how far its held hand has come, 0 to 1; `heard` that its words were, and commit
    soon. `say`, `show` and `look` are the words, the hand and the place of the set that pick it;
    `dwell` is how long that is looked at (0: as long as the viewer's cards); `number` is what to
    say after two misses.
    """

    id: str
    number: Count
    texts: dict[str, str]
    say: tuple[str, ...] = ()
    show: str = ""
    progress: Ratio = 0.0
    heard: bool = False
    look: str = ""
    dwell: Nanoseconds = 0


class OpenChoice(msgspec.Struct, frozen=True, array_like=True):
    """The choice that is displayed: its options, and what is left of its window, 1 to 0.

    `closes_at` is when the window ends if nothing holds it up; while the story is held it moves on
    with the frames. None where the choice has no time limit. `phase` is `shown` before its options
    can be picked, and `picked` afterwards, when only the picked option is displayed.
    """

    id: str
    options: tuple[OpenOption, ...]
    left: Ratio | None = None
    show: str = "ring"
    hearing: bool = False
    numbered: bool = False
    closes_at: Nanoseconds | None = None
    phase: Literal["shown", "open", "picked"] = "open"


class Pick(msgspec.Struct, frozen=True, array_like=True):
    """A branch that was taken in this frame, by what and by whom.

    `name` and `role` are those of the person, or of the input, that picked; empty where nobody did.
    `confirmed_by` is the director who allowed a pick that waited.
    """

    beat: str
    choice: str
    option: str
    to: str
    trigger: str
    said: str = ""
    confidence: Ratio = 1.0
    latency: Nanoseconds = 0
    """Nanoseconds from the end of the act (phrase, held hand) to the commit, in show time."""
    name: str = ""
    role: str = ""
    confirmed_by: str = ""
    tally: Tally | None = None
    """The votes, if it was decided by them."""


class Proposal(msgspec.Struct, frozen=True, array_like=True):
    """A pick that waits for the director's decision; the story is held until then."""

    option: str
    trigger: str
    said: str = ""
    confidence: Ratio = 1.0
    name: str = ""
    role: str = ""


class WaitingCut(msgspec.Struct, frozen=True, array_like=True):
    """A cut that a director asked for while the story was held in a roll: it is made when the hold
    ends. Either `beat` was forced or `option` was picked by hand; the other is empty."""

    beat: str
    option: str = ""
    name: str = ""
    role: str = ""


class CommandRefused(msgspec.Struct, frozen=True, array_like=True):
    """A command that was recorded and had no effect: the entry's number, which, why, whose.

    `command` is `vote` for a vote that does not count.
    """

    seq: Count
    command: str
    code: CommandCode
    text: str
    name: str = ""
    role: str = ""


VoiceVerdict = Literal[
    "candidate", "again", "too_late", "nothing_open", "own_voice", "unlikely", "opened"
]
"""`opened` is said of markers only: it opened a hidden plot or picked an option."""


class Feedback(msgspec.Struct, frozen=True, array_like=True):
    """What was made of an act that did not pick, and of each marker that was found: shown to the
    viewer and to the director."""

    source: str
    said: str
    verdict: VoiceVerdict
    option: str = ""
    distance: Number = 1.0
    margin: Number = 0.0


class Light(msgspec.Struct, frozen=True, array_like=True):
    """A light of the set: linear colour times intensity, and for a directional one its way."""

    id: str
    colour: Vec3
    direction: Vec3 | None = None


class Fade(msgspec.Struct, frozen=True, array_like=True):
    """A set that fades out while the frame's own set fades in.

    `share` is its share of the light, 1 at the change and falling evenly to 0: the picture is
    `share` times this set plus (1 - share) times the frame's own, as scene-linear light after each
    set's exposure. `performers` are those that were in it. A performer has one body: one that is
    also present in the frame's own set is drawn there only, and is left out here.
    """

    scene: str
    params: dict[str, ParamValue]
    lights: tuple[Light, ...]
    share: Ratio
    performers: tuple[Performing, ...] = ()


class Alarm(msgspec.Struct, frozen=True, array_like=True):
    """Something that needs a person: what, and since when.

    Codes that begin with `take_`, `events_refused`, `look_unsaved` (of the files that are being
    written), `off_wall` (a camera sees beyond the walls, or soon will), `off_wall_possible` (it
    soon may) and `audience_away` (viewers' pages have no server) are added by the core to the
    frames that it sends, and a replay does not have them.
    """

    code: str
    text: str
    since: Nanoseconds


class OfferedLook(msgspec.Struct, frozen=True, array_like=True):
    """A look of the show that the set can fade to, and in how many seconds it usually does."""

    id: str
    title: str = ""
    fade: Number = 0.0


class LiveFace(msgspec.Struct, frozen=True, array_like=True):
    """A live face that is on: the input, the performer that it drives, and whether a face is there.

    `waiting` has seen none yet. `others` is how many more faces are in the picture; they are not
    used.
    """

    source: str
    performer: str
    state: Literal["waiting", "live", "lost"]
    others: Count = 0

    @property
    def words(self) -> str:
        """The lamp in words."""
        others = "" if not self.others else f"; {self.others + 1} faces, only the first is used"
        if self.state == "live":
            return f"LIVE FACE: {self.source} drives {self.performer}{others}"
        if self.state == "lost":
            return f"LIVE FACE on: {self.source} has lost the face of {self.performer}"
        return f"LIVE FACE on: {self.source} sees no face for {self.performer} yet"


class Latched(msgspec.Struct, frozen=True, array_like=True):
    """What the show knows of a performer's body.

    `stops` and `releases` count the show's stops and a director's releases of it; a body compares
    them with those of the frame before. The row of "" counts stops of every body. `state` is what
    the body reported last, `since` when it changed; "" before its first report.
    """

    performer: str
    stops: Count = 0
    releases: Count = 0
    state: BodyState | Literal[""] = ""
    since: Nanoseconds = 0


class Tracked(msgspec.Struct, frozen=True, array_like=True):
    """The tracking sample that a camera's pose was predicted from, and how good that is.

    `camera` is the pose of its entrance pupil, `id` its name in the stage file.
    """

    source: str
    subject: str
    at: Nanoseconds
    state: Literal["live", "predicted", "held", "easing", "safe", "none"]
    camera: Pose
    id: str = "main"


class Frame(msgspec.Struct, frozen=True, array_like=True, tag="frame"):
    """All that is shown, heard and offered at one frame's time."""

    time: FrameTime
    beat: str
    scene: str
    params: dict[str, ParamValue]
    views: tuple[View, ...] = ()
    captions: tuple[Caption, ...] = ()
    sounds: tuple[Sound, ...] = ()
    choice: OpenChoice | None = None
    picks: tuple[Pick, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    lights: tuple[Light, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    tracked: Tracked | None = None
    ending: str = ""
    held: bool = False
    panic: bool = False
    confirming: bool = False
    proposal: Proposal | None = None
    undo: str = ""
    """The beat to which undo returns; "" if nothing can be undone."""
    overridden: tuple[str, ...] = ()
    """Parameters in the director's hand."""
    slate: str = ""
    rolling: bool = False
    refused: tuple[CommandRefused, ...] = ()
    """Commands since the frame before that had no effect."""
    roll: Count = 0
    """How often it was rolled; with `rolling` the number of this roll."""
    rolled_at: Nanoseconds = 0
    """When the newest roll started."""
    holders: dict[str, str] = {}
    """Who set each parameter in `overridden`, by name."""
    looks: tuple[OfferedLook, ...] = ()
    """Looks of the show file, and those saved since, that fit the scene."""
    others: tuple[Tracked, ...] = ()
    """The other cameras of the stage, in its order; `tracked` is the first."""
    frozen_at: Nanoseconds | None = None
    """Since when the outer pictures are frozen: they stay those of the first frame that is not
    shown before it."""
    patterns: dict[str, str] = {}
    """The test patterns that are shown on walls, by wall."""
    fade: Fade | None = None
    """The set that fades out; None after a cut, and once its fade is over."""
    waiting: WaitingCut | None = None
    """The cut that waits for the end of the hold."""
    performers: tuple[Performing, ...] = ()
    """The performers in the set and on the stage: what decides their poses."""
    faces: tuple[LiveFace, ...] = ()
    """The live faces that are on, by the name of their input: a lamp for each."""
    latches: tuple[Latched, ...] = ()
    """Bodies that were stopped or released, or that report, by performer."""
    tally: Tally | None = None
    """The votes of the open choice, or the result of the last one while it is displayed."""

    time_scale: Number | None = 1.0
    """How much longer than written choices stay open; None: they have no time limit."""
    join: str | None = None
    """The link that the audience scans, while it is shown; "" in takes, which have no link."""

    @property
    def cameras(self) -> tuple[Tracked, ...]:
        """Every camera of the stage, in its order; empty without a stage."""
        return () if self.tracked is None else (self.tracked, *self.others)

    @property
    def open_choice(self) -> OpenChoice | None:
        """The choice whose options can be picked now, or None."""
        return self.choice if self.choice and self.choice.phase == "open" else None

    @property
    def number(self) -> int:
        """The frame's number in the show."""
        return self.time.number


_encode = msgspec.msgpack.Encoder(order="sorted").encode


def frame_hash(frame: Frame) -> bytes:
    """16 bytes that are equal exactly when two frames are: BLAKE2b over canonical msgpack."""
    return hash_of(_encode(frame))


def hash_of(data: bytes) -> bytes:
    """The hash of a frame whose canonical bytes are at hand."""
    return blake2b(data, digest_size=16).digest()
