"""The seams that adapters fill. Each is small; `app.py` alone knows who stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from xrdrama.show.rehearsal import Rehearsal
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame


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
    """A recogniser or tracker in a process of its own.

    An entry point of the group `xrdrama.inputs` is a function `open(name, settings) -> Input`
    that raises DeviceError, with a remedy, when its model, file or device is missing.
    """

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Load what is needed, wait for the start, then record events until media or show end."""


class Output(Protocol):
    """Something that shows, plays or forwards frames."""

    def present(self, frame: Frame) -> None:
        """Draw, play or send one frame."""

    def close(self) -> None:
        """Finish files and let devices go."""


@runtime_checkable
class WarmingOutput(Protocol):
    """An output that can do before the show's clock starts what takes long the first time."""

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Make ready everything that the frames of a show can hold; yields what comes next."""

    def prepared(self) -> Mapping[str, int]:
        """How much was made so far, by name: `shaders`, `textures` and `buffers`, and where it is
        known `driver_code_kb`."""


Settings = Mapping[str, Any]
