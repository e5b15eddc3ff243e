"""The settings of a voice input in a show file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from xrdrama.adapters.voice.endpointing import TRAILING_SILENCE
from xrdrama.adapters.voice.sources import BLOCK_NS
from xrdrama.errors import UsageError
from xrdrama.show.settings import FILE, MODEL, PHRASES, duration, record_of
from xrdrama.show.validation import explained
from xrdrama.timing import NS

LATENCY: Final = 900 * NS // 1000
"""Default declared latency from the end of speech to its `Heard` event, ns."""
LEAST_LATENCY: Final = TRAILING_SILENCE + BLOCK_NS
"""The shortest latency that can be declared: the end of speech is known after it, ns."""

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
File = Annotated[str, FILE, msgspec.Meta(min_length=1, max_length=4096, description="a recording")]
At = Annotated[int, duration(plausible=(0.001, 36_000, 10))]


class Clip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that starts at nanosecond `at` of the show."""

    file: File
    at: At = 0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of `file`, `clips` and `microphone`, and how to listen to it.

    `at` is the ns of the show at which the file starts, `latency` is declared in ns, `phrases` are
    all phrases of the story (`"yes|i did"`; vosk only), `model` is a folder. `slow` makes the
    recogniser take that many times as long, for tests of the virtual clock; `seed` is that of the
    room noise between clips.
    """

    file: File | None = None
    clips: Annotated[tuple[Clip, ...], msgspec.Meta(min_length=1, max_length=1000)] | None = None
    microphone: Annotated[str | int, msgspec.Meta(description="a microphone")] | None = None
    at: At = 0
    latency: Annotated[int, duration(most=10 * NS, plausible=(0.005, 10, 0.6))] = LATENCY
    engine: Literal["moonshine", "vosk"] = "moonshine"
    model: Annotated[ShortText, MODEL] | None = None
    phrases: Annotated[tuple[ShortText, ...], PHRASES, msgspec.Meta(max_length=10_000)] = ()
    slow: Annotated[float, msgspec.Meta(ge=1.0, le=100.0)] = 1.0
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] = 0

    def __post_init__(self) -> None:
        """UsageError if the settings contradict each other."""
        sources = [self.file, self.clips, self.microphone]
        if sum(source is not None for source in sources) != 1:
            raise UsageError(
                "a voice input needs exactly one source", "write file, clips or microphone"
            )
        if self.at and self.file is None:
            raise UsageError("at is only for a file", "write at for each clip")
        if self.latency < LEAST_LATENCY:
            raise UsageError(
                f"a latency of {self.latency / 1e6:g} ms is too short: the end of speech is only "
                f"known after {LEAST_LATENCY / 1e6:g} ms of silence",
                f"write {LATENCY / 1e6:g} ms, or as much as the recogniser needs on this machine",
            )

    @property
    def model_path(self) -> Path | None:
        """The folder of the model, or None for the one that comes with the engine."""
        return None if self.model is None else Path(self.model)


def read(name: str, settings: Mapping[str, Any]) -> Settings:
    """The settings of the voice input `name`; UsageError if they are invalid."""
    try:
        return msgspec.convert(_plain(settings), Settings, strict=False)
    except UsageError as error:
        raise UsageError(f"the voice input {name}: {error.message}", error.remedy) from None
    except RecursionError:
        raise UsageError(
            f"the voice input {name}: its settings are nested too deeply", "use fewer levels"
        ) from None
    except msgspec.ValidationError as error:
        message, remedy = explained(error, record_of(Settings).fields)
        raise UsageError(f"the voice input {name}: {message}", remedy) from None


def _plain(value: Any) -> Any:
    """Settings as a show file or a test gives them, with paths as text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
