"""Text of a `*.show.yaml` file: what is played, where, with which inputs."""

from __future__ import annotations

import msgspec

from xrdrama.document import (
    DURATION,
    FLAG,
    ID,
    Field,
    ListOf,
    MapOf,
    Place,
    Reading,
    Real,
    Record,
    Reference,
    Text,
    Whole,
    compose,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.plausible import with_likely_units
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.errors import Problem
from xrdrama.show.plausible import SHOW_UNITS
from xrdrama.show.production import HandRule, VoiceRule
from xrdrama.timing import FrameRate

FILE = FileName("a file in this one's folder")
OWN_KEYS = ("file", "clips", "microphone", "camera", "model", "engine")
"""Keys of an input that are no further settings: what they name is checked."""


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
    voice: VoiceRule = VoiceRule()
    hand: HandRule = HandRule()
    hears_itself: bool = True


_LANGUAGE = Text("a language such as en or zh", "[a-z]{2,3}(-[A-Za-z]{2,4})?", most=8)
_RATIO = Real(0.0, 1.0)
_INPUT = Record(
    InputSpec,
    {
        "use": Field(ID, "which input: voice, hand, ...", required=True),
        "file": Field(FILE, "a recording instead of a device"),
        "clips": Field(
            ListOf(
                Record(
                    Clip,
                    {
                        "file": Field(FILE, "the recording", required=True),
                        "at": Field(DURATION, "when it plays"),
                    },
                ),
                most=100,
            ),
            "several recordings over a quiet room",
        ),
        "microphone": Field(Text("a microphone", most=100), "its name, or default"),
        "camera": Field(Text("a camera", most=100), "its number or device"),
        "at": Field(DURATION, "when the recording starts"),
        "latency": Field(DURATION, "from the act to its event, the same for all"),
        "engine": Field(ID, "voice: moonshine or vosk"),
        "model": Field(FILE, "a model's file or folder"),
        "every": Field(Whole(1, 60), "hand: look at each so manieth video frame"),
        "settings": Field(MapOf(Text(most=200)), "further settings of the plugin"),
    },
    "Something that hears, sees or feels.",
)
SHOW = Record(
    ShowFile,
    {
        "xrdrama": Field(Whole(1, 1), "the version of this format: 1", True, name="version"),
        "id": Field(ID, "the show's name, the same as the file's", required=True),
        "title": Field(Text("a title", most=120), "what people call it"),
        "story": Field(Reference("story"), "the branch file that is played", required=True),
        "stage": Field(Reference("stage"), "the LED stage that it is played on"),
        "rate": Field(Text("a frame rate", "[0-9./]{1,12}", most=12), "frames a second (24)"),
        "languages": Field(ListOf(_LANGUAGE, most=8), "of captions and cards, first on top"),
        "look": Field(ID, "a look of the sets, under the cues"),
        "seed": Field(Whole(0, 2**31 - 1), "the dice of the story"),
        "seconds": Field(Real(0.1, 36_000.0), "stop after so long"),
        "start": Field(
            Record(
                Start,
                {
                    "beat": Field(ID, "begin here instead of at the story's start"),
                    "set": Field(
                        MapOf(Text("a value", most=100)),
                        "with variables at these values",
                        name="values",
                    ),
                },
            ),
            "where the show begins",
        ),
        "ambience": Field(ID, "a sound that loops from the start"),
        "move": Field(FILE, "the camera move of the simulated operator"),
        "inputs": Field(MapOf(_INPUT, named=True, most=16), "what hears, sees and feels"),
        "voice": Field(
            Record(
                VoiceRule,
                {
                    "accept": Field(_RATIO, "largest distance of a phrase that picks (0.40)"),
                    "margin": Field(_RATIO, "least distance to the next option (0.10)"),
                    "again": Field(_RATIO, "largest distance that asks again (0.60)"),
                    "confirm": Field(DURATION, "time to take a phrase back (400ms)"),
                    "misses": Field(Whole(1, 10), "misses before options get numbers (2)"),
                    "echo": Field(DURATION, "how long our own lines ring on (250ms)"),
                },
            ),
            "when a phrase picks",
        ),
        "hand": Field(
            Record(
                HandRule,
                {
                    "score": Field(_RATIO, "least certainty of a video frame (0.3)"),
                    "votes": Field(Whole(1, 60), "video frames that must agree (6)"),
                    "frames": Field(Whole(1, 60), "of so many (8)"),
                    "dwell": Field(DURATION, "how long a pose is held (700ms)"),
                    "rest": Field(DURATION, "no hand picks for so long after a pick (1.5s)"),
                },
            ),
            "when a hand picks",
        ),
        "hears_itself": Field(FLAG, "the microphone hears the show's own lines (true)"),
    },
    "A show: story, stage and inputs (xrdrama show file, version 1).",
)


def parse_show(text: str, file: str = "show") -> tuple[ShowFile | None, list[Problem]]:
    """A ShowFile (None when there are errors) and what is wrong with it."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    reading = Reading(file, problems)
    show = SHOW.read(root, reading) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(SHOW_UNITS, root, problems)
    if not isinstance(show, ShowFile):
        return None, problems
    try:
        FrameRate.parse(show.rate)
    except ValueError as error:
        reading.note(show.place, "H001", str(error))
    for spec in show.inputs.values():
        sources = [s for s in (spec.file, spec.clips, spec.microphone, spec.camera) if s]
        for key in OWN_KEYS:
            if key in spec.settings:
                reading.note(spec.place, "H002", f"{key!r} is set inside `settings`",
                             f"write {key}: beside use:, outside settings")  # fmt: skip
        if len(sources) > 1:
            reading.note(spec.place, "H002", f"input {spec.id!r} has several sources",
                         "keep one of file, clips, microphone, camera")  # fmt: skip
    return (None if any(p.severity == "error" for p in problems) else show), problems


def show_schema() -> Schema:
    """JSON Schema of `*.show.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama show file",
        **SHOW.schema(),
    }
