"""What a `*.show.yaml` file may say: its keys and their shapes."""

from __future__ import annotations

from xrdrama.document import (
    DURATION,
    FLAG,
    ID,
    Field,
    ListOf,
    MapOf,
    Real,
    Record,
    Reference,
    Text,
    Whole,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.shapes import Schema
from xrdrama.show.model import Clip, InputSpec, OutputSpec, ShowFile, Start
from xrdrama.show.production import HandRule, VoiceRule

FILE = FileName("a file in this one's folder")


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
_OUTPUT = Record(
    OutputSpec,
    {
        "use": Field(ID, "which output: the name of a plug-in", required=True),
        "settings": Field(MapOf(Text(most=200)), "the settings of the plug-in"),
    },
    "Something that shows, plays or forwards the frames of a show.",
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
        "outputs": Field(MapOf(_OUTPUT, named=True, most=16), "further outputs, of plug-ins"),
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


def show_schema() -> Schema:
    """JSON Schema of `*.show.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama show file",
        **SHOW.schema(),
    }
