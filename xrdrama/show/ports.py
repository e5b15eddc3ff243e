"""The interfaces between a show and what is outside it. Adapters implement them; `xrdrama.run` and
the processes beside a show use them, and `xrdrama.app` chooses the implementations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol, runtime_checkable

from xrdrama.show.production import Production
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.wire.events import AnyEvent, Presented
from xrdrama.wire.frame import Frame

NOTE: Final = "note: "
"""Prefix of lines that an input writes on stderr and that are printed while the show runs."""


class Stop(Protocol):
    """A flag that asks a run to end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """True once the run shall end."""

    def wait(self, timeout: float | None = None) -> bool:
        """Block until set or for `timeout` seconds; True when set."""


class Ingress(Protocol):
    """Where an input puts what happened. All times are nanoseconds of the show.

    Live, `record` stamps with arrival and `at` is ignored. At a fixed rate the source stands on
    the virtual clock: `at` is media time plus its declared, constant latency, stamps never go
    back, and after each stretch of media it promises "nothing of mine is earlier than t".
    """

    @property
    def fixed_rate(self) -> bool:
        """True when the show runs on the virtual clock."""

    def wait_for_start(self, stop: Stop) -> bool:
        """Say "ready", then block until the show starts (True) or `stop` is set (False)."""

    def now(self) -> int:
        """The show's time on this machine's monotonic clock. Live only."""

    def record(self, event: AnyEvent, at: int = 0) -> None:
        """Send an event; returns when the core has recorded it or the send queue has room."""

    def promise(self, source: str, at: int) -> None:
        """Send a watermark."""


class Input(Protocol):
    """A recogniser or tracker in a process of its own. What it raises is a DeviceLost."""

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Load what is needed, wait for the start, then record events until media or show end."""


class InputKind(Protocol):
    """What an entry point of `xrdrama.inputs` names: a module, class or object with `open`.

    It may also have

    - `SETTINGS`, a msgspec.Struct that declares its settings (`show.settings`); without one it has
      none;
    - `ROLE`, as which it connects to the show: "recogniser" unless it says "tracker" or, to
      send commands, "operator";
    - `SOURCES`, the settings that `--input NAME=SETTING:VALUE` may give instead of those of the
      show file, each with the value that it has when none is given ("": one must be given);
    - `REQUIRES`, names of the modules that `open` imports: the plug-in's own module imports none of
      them, so that `xrdrama check` can read its settings quickly.
    """

    def open(self, name: str, settings: Mapping[str, Any]) -> Input:
        """Open the input.

        UsageError if its settings are invalid; DeviceError, with a remedy, when its model,
        file or device is missing.
        """


class Output(Protocol):
    """Something that shows, plays or forwards frames.

    An exception of `present` is a counted fault; after 24 in a row the output is closed, and the
    next tick has a DeviceLost of its name. The show's clock waits for `present`: do slow work
    elsewhere. An output with `DRAWS = True` draws: frames that it gets count as drawn.
    """

    def present(self, frame: Frame) -> None:
        """Draw, play or send one frame."""

    def close(self) -> None:
        """Finish files and let devices go. Called once."""


class OutputContext(Protocol):
    """What an output may use when it is opened."""

    @property
    def production(self) -> Production:
        """The show: story, stage, scenes."""

    @property
    def fixed_rate(self) -> bool:
        """True when the show runs on the virtual clock."""

    @property
    def notice(self) -> Callable[[str], None]:
        """Called with a line that a person should read."""

    @property
    def is_stopping(self) -> Callable[[], bool]:
        """Returns True once the run was asked to end: what ends then has not failed."""

    @property
    def others(self) -> Mapping[str, Output]:
        """Those of its `USES` that the run has, by name, open already."""


class OutputKind(Protocol):
    """What an entry point of `xrdrama.outputs` names: a module, class or object with `open`.

    It may also have `SETTINGS` and `REQUIRES`, as an input has; `USES`, names of other outputs
    that are opened before it; and `FIXED_RATE = True` when it also takes frames that come faster
    than their time.
    """

    def open(self, name: str, settings: Mapping[str, Any], context: Any) -> Output:
        """Open the output; `context` is an OutputContext.

        DeviceError, with a remedy, when its device is missing: the show then runs without it.
        """


@runtime_checkable
class StartingOutput(Protocol):
    """An output that follows the run itself, and not only its frames."""

    def start(self, endpoint: str, vitals: Callable[[], Any], *, resumed: bool = False) -> None:
        """Before the first frame: the bridge's address, and how the run does, whenever called."""


@runtime_checkable
class WarmingOutput(Protocol):
    """An output that can do before the show's clock starts what takes long the first time."""

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Make ready everything that the frames of a show can hold; yields what comes next."""

    def prepared(self) -> Mapping[str, int]:
        """How much was made so far, by name: `shaders`, `textures` and `buffers`, and where it is
        known `driver_code_kb`."""


@runtime_checkable
class KeepingOutput(Protocol):
    """An output that keeps ready what the next beats need."""

    def late_by_name(self) -> Mapping[str, int]:
        """How often something was needed before it was ready, by what it is: `set tea_room`,
        `sound bell`. Empty if nothing was."""


@runtime_checkable
class PlatedOutput(Protocol):
    """An output that shows plates."""

    def plates_late(self) -> Mapping[str, int]:
        """Frames for which a plate repeated its last picture, by set and plate: `set/plate`."""


@runtime_checkable
class WatchingOutput(Protocol):
    """An output that needs to know where the viewer's eyes are, such as for sound."""

    def seen(self, presented: Presented) -> None:
        """A viewer has shown a frame with these eyes. Called at once, in any thread: be quick."""


@runtime_checkable
class AlarmingOutput(Protocol):
    """An output that needs a person now and then."""

    def alarms(self) -> Mapping[str, str]:
        """What is wrong now: texts by code. Empty if nothing is."""


@runtime_checkable
class AudienceOutput(Protocol):
    """An output with viewers of its own."""

    def audience(self) -> Any:
        """The viewers now, for the console; None before the first has been counted."""


Settings = Mapping[str, Any]
