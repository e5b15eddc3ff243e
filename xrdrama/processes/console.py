"""The console of a show, on the show's side: its process, its board and its pictures."""

from __future__ import annotations

import contextlib
import importlib.util
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from xrdrama.adapters.web.access.kept import secrets_path
from xrdrama.adapters.web.board.memory import LENSES, PICTURES, Board, PictureName, Vitals
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import Command, Supervised, Supervisor
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    from xrdrama.adapters.panda.pictures import StagePictures

HINT = "the console is not installed: pip install 'xrdrama[console]'"
ENDS_WITHIN_S = 10.0
"""Seconds that the console has to send its pages that the show has ended. On a busy machine its low
priority makes it slow; if it is killed earlier, its pages search for a console for ever."""
POLICY = Policy(first_delay_s=0.25, longest_delay_s=5.0, final=frozenset({1, 2}))


class Opened(msgspec.Struct, frozen=True):
    """A console that listens: the address for one director, and the certificate's fingerprint."""

    url: str
    show: str
    fingerprint: str = ""
    note: str = ""
    """What is missing, and what to do about it; "" when nothing is."""


class Notice(msgspec.Struct, frozen=True):
    """A message from the console's process to the terminal."""

    notice: str


_Message = TypeVar("_Message", Opened, Notice)


def is_installed() -> bool:
    """True when the packages of the extra `console` are installed."""
    return all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn", "websockets"))


class ConsoleProcess:
    """The console of a show: started and closed with it, restarted when its process ends early.

    `on_notice` is called with the console's address and with messages about restarts. `pictures`
    are the stage's, if the show draws it; `is_stopping` is true after the show was asked to end. A
    failed console never stops the show.
    """

    def __init__(
        self,
        show: str,
        on_notice: Callable[[str], None],
        *,
        port: int = 0,
        pictures: StagePictures | None = None,
        policy: Policy = POLICY,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._show, self._on_notice, self._port = show, on_notice, port
        self._pictures = pictures
        self._board: Board | None = None
        self._vitals: Callable[[], Vitals] = Vitals
        self._secrets: Path | None = None
        self._command: list[str] = []
        self._opened = Opened("", show)
        """The newest message that the process sent when it began to listen."""
        self._published_at = 0.0
        self._console = Supervised(
            "console",
            lambda: Command([*self._command, "--port", str(self._port)]),
            policy,
            on_ready=self._is_ready,
            on_ended=self._has_ended,
            on_line=self._read,
            is_ready=lambda line: _decoded(line, Opened) is not None,
        )
        self._supervisor = Supervisor(
            [self._console], name="console", also=self._publish_vitals, is_stopping=is_stopping
        )

    def start(self, endpoint: str, vitals: Callable[[], Vitals], *, resumed: bool = False) -> None:
        """Create the board and start the process. If something is missing, one notice says so.

        The console of a resumed take has the same keys as the one before.
        """
        if not is_installed():
            self._on_notice(HINT)
            return
        try:
            self._board = Board(port_of(endpoint), self._sizes())
        except DeviceError as error:
            self._on_notice(f"the console does not run: {error}")
            return
        self._vitals = vitals
        self._command = [sys.executable, "-m", "xrdrama", "console", "--core", endpoint]
        self._command += ["--show", self._show, "--child"]
        if take := vitals().take:
            self._secrets = secrets_path(Path(take))
            if not resumed:
                self._forget()
            self._command += ["--secrets", str(self._secrets)]
        self._console.start()
        self._supervisor.start()

    def _sizes(self) -> dict[PictureName, tuple[int, int]]:
        if self._pictures is None:
            return {}
        lenses = zip(LENSES, self._pictures.lenses.values(), strict=False)
        sizes: dict[PictureName, tuple[int, int]] = {
            name: lens.picture.size for name, lens in lenses
        }
        return {**sizes, "wall": self._pictures.wall.canvas.size}

    def _read(self, line: str) -> None:
        if notice := _decoded(line, Notice):
            self._on_notice(f"console: {notice.notice}")
        elif opened := _decoded(line, Opened):
            self._opened = opened
            self._port = urlsplit(opened.url).port or self._port

    def _is_ready(self, after_s: float | None) -> None:
        url = self._opened.url
        if after_s is not None:
            self._on_notice(
                f"the console is back, after {after_s:.1f} s; for another browser on this"
                f" machine: {url}"
            )
            return
        self._on_notice(f"console, for one browser on this machine: {url}")
        if self._opened.note:
            self._on_notice(self._opened.note)

    def _has_ended(self, ended: Ended, decision: Decision) -> None:
        if isinstance(decision, GiveUp):
            self._on_notice(f"the console does not run: {ended.words or ended.reason}")
        elif decision.is_announced:
            where = f" on port {self._port}" if self._port else ""
            self._on_notice(
                f"the console ended ({ended.reason}); {decision.words()}{where}, and its open pages"
                " reconnect by themselves. The show continues"
            )

    def _forget(self) -> None:
        if self._secrets is not None:
            with contextlib.suppress(OSError):
                self._secrets.unlink(missing_ok=True)

    def _publish_vitals(self, now: float) -> None:
        if self._board is not None and now - self._published_at >= 1.0:
            self._published_at = now
            self._board.publish(self._vitals())

    # -- an output ------------------------------------------------------------------------------

    def present(self, frame: Frame) -> None:
        """Publish the pictures that someone is watching. They were just drawn; those of further
        cameras are drawn now."""
        board, pictures = self._board, self._pictures
        if board is None or pictures is None:
            return
        cameras = dict(zip(LENSES, pictures.lenses, strict=False))
        for name in PICTURES:
            if board.is_wanted(name):
                camera = cameras.get(name)
                shown = pictures.through(camera) if camera else pictures.newest("wall")
                board.write(name, shown, frame.number)

    def close(self) -> None:
        """End the process and remove the board. May be called twice."""
        self._supervisor.close(ENDS_WITHIN_S)
        self._forget()
        if self._board is not None:
            self._board.close()
            self._board = None


def _decoded(line: str, kind: type[_Message]) -> _Message | None:
    """A line of the process as a message of the given type; None when it is another line."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def milliseconds(times: list[float], period: float) -> tuple[float, float]:
    """Median and maximum of the frame times of the last second, in milliseconds."""
    last = times[-max(1, round(1 / period)) :]
    return (round(statistics.median(last), 2), round(max(last), 2)) if last else (0.0, 0.0)


def port_of(endpoint: str) -> int:
    """The port of `tcp://host:port`; UsageError for another form."""
    scheme, _, rest = endpoint.partition("://")
    port = rest.rpartition(":")[2]
    if scheme != "tcp" or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(
            f"{endpoint!r} is not a valid show endpoint",
            "write tcp://HOST:PORT, such as tcp://127.0.0.1:7400",
        )
    return int(port)
