"""A show's own console, seen from the show: its process, its board, the pictures it looks at."""

from __future__ import annotations

import contextlib
import importlib.util
import shlex
import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from xrdrama.adapters.web.board import PICTURES, Board, PictureName, Vitals
from xrdrama.adapters.web.kept import secrets_path
from xrdrama.errors import DeviceError, UsageError
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    from xrdrama.adapters.panda.pictures import StagePictures

HINT = "no console: pip install 'xrdrama[console]' brings it"
ENDS_WITHIN = 3.0
RESTARTS = 5
"""How often a console is started again within `RESTARTS_WITHIN` seconds."""
RESTARTS_WITHIN = 60.0
BACKOFF = 0.25
"""Seconds before the first restart; twice as many before each further one."""


class Opened(msgspec.Struct, frozen=True):
    """A console that listens: the address for one director, and what to compare beside it."""

    url: str
    show: str
    fingerprint: str = ""
    note: str = ""
    """What is still missing, and what to do about it."""


class Noticed(msgspec.Struct, frozen=True):
    """What a console's process has to say to a person at the terminal."""

    notice: str


def is_installed() -> bool:
    """Whether the extra `console` is there."""
    return all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn", "websockets"))


class ConsoleBeside:
    """Starts with the show, ends with it, is started again when it breaks, and never stops the
    show. `told` is told the address, and what happens to it.

    `pictures` are those of the stage, where the show draws it.
    """

    def __init__(
        self,
        show: str,
        told: Callable[[str], None],
        *,
        port: int = 0,
        pictures: StagePictures | None = None,
    ) -> None:
        self._show, self._told, self._port = show, told, port
        self._pictures = pictures
        self._board: Board | None = None
        self._child: subprocess.Popen[str] | None = None
        self._secrets: Path | None = None
        self._command: list[str] = []
        self._opened = 0
        """How often a console has listened so far."""
        self._stop = threading.Event()
        self._lock = threading.Lock()
        """Held while a process is started or all are ended."""
        self._threads: list[threading.Thread] = []

    def start(self, endpoint: str, vitals: Callable[[], Vitals], *, resumed: bool = False) -> None:
        """Put the board up and start the process; what is missing is told in one line.

        The console of a take that is resumed has the keys of the one before it.
        """
        if not is_installed():
            self._told(HINT)
            return
        try:
            self._board = Board(port_of(endpoint), self._sizes())
        except DeviceError as error:
            self._told(f"no console: {error}")
            return
        self._command = [sys.executable, "-m", "xrdrama", "console", "--core", endpoint]
        self._command += ["--show", self._show, "--child"]
        if take := vitals().take:
            self._secrets = secrets_path(Path(take))
            if not resumed:
                self._forget()
            self._command += ["--secrets", str(self._secrets)]
        for target, arguments in ((self._keep, (self._spawn(),)), (self._tell, (vitals,))):
            thread = threading.Thread(target=target, args=arguments, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _keep(self, child: subprocess.Popen[str] | None) -> None:
        """Start the process again whenever it ends before its time."""
        endings: deque[float] = deque(maxlen=RESTARTS)
        while child is not None:
            opened = self._opened
            reason = self._listen(child)
            if self._stop.is_set():
                return
            if self._opened == opened and not opened:
                self._told(f"no console: {reason}")
                return
            now = time.monotonic()
            if len(endings) == RESTARTS and now - endings[0] < RESTARTS_WITHIN:
                self._told(
                    f"the console ended again ({reason}) and is not started any more, after"
                    f" {RESTARTS} restarts in {RESTARTS_WITHIN:g} s; the show goes on. Start one"
                    f" beside it with  {shlex.join(['xrdrama', *self._command[3:6]])}"
                )
                return
            recent = sum(now - at < RESTARTS_WITHIN for at in endings)
            endings.append(now)
            self._told(
                f"the console ended ({reason}); it is started again on port {self._port}, and its"
                " open pages connect again by themselves. The show goes on"
            )
            self._stop.wait(BACKOFF * 2**recent)
            child = self._spawn()

    def _spawn(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._stop.is_set():
                return None
            self._child = subprocess.Popen(
                [*self._command, "--port", str(self._port)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,  # the terminal's Ctrl-C is for us: we end it
            )
            return self._child

    def _sizes(self) -> dict[PictureName, tuple[int, int]]:
        if self._pictures is None:
            return {}
        return {"lens": self._pictures.lens.picture.size, "wall": self._pictures.wall.canvas.size}

    def _listen(self, child: subprocess.Popen[str]) -> str:
        """Tell what it says until it ends; how it ended."""
        assert child.stdout is not None and child.stderr is not None
        with child.stdout, child.stderr:
            for line in child.stdout:
                try:
                    said = msgspec.json.decode(line, type=dict[str, str])
                    if "notice" in said:
                        self._told(f"console: {msgspec.convert(said, Noticed).notice}")
                    else:
                        self._is_open(msgspec.convert(said, Opened))
                except msgspec.MsgspecError:
                    continue
            last = [line.strip() for line in child.stderr if line.strip()]
        status = child.wait()
        if status < 0:
            return f"killed by signal {-status}"
        return last[-1] if last else f"exit status {status}"

    def _is_open(self, opened: Opened) -> None:
        self._opened += 1
        self._port = urlsplit(opened.url).port or self._port
        if self._opened > 1:
            self._told(f"the console is back; for another browser on this machine: {opened.url}")
            return
        self._told(f"console, for one browser on this machine: {opened.url}")
        if opened.note:
            self._told(opened.note)

    def _forget(self) -> None:
        if self._secrets is not None:
            with contextlib.suppress(OSError):
                self._secrets.unlink(missing_ok=True)

    def _tell(self, vitals: Callable[[], Vitals]) -> None:
        while not self._stop.wait(1.0):
            if self._board is not None:
                self._board.tell(vitals())

    # -- an output ------------------------------------------------------------------------------

    def present(self, frame: Frame) -> None:
        """Put up the pictures that somebody looks at; they were drawn just before."""
        board, pictures = self._board, self._pictures
        if board is None or pictures is None:
            return
        for name in PICTURES:
            if board.is_wanted(name):
                board.write(name, pictures.newest(name), frame.number)

    def close(self) -> None:
        """End the process and take the board down. May be called twice."""
        with self._lock:
            self._stop.set()
            child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for thread in self._threads:
            thread.join(ENDS_WITHIN)
        self._forget()
        if self._board is not None:
            self._board.close()
            self._board = None


def milliseconds(times: list[float], period: float) -> tuple[float, float]:
    """Median and worst of the last second of frame times, in milliseconds."""
    last = times[-max(1, round(1 / period)) :]
    return (round(statistics.median(last), 2), round(max(last), 2)) if last else (0.0, 0.0)


def port_of(endpoint: str) -> int:
    """The port of `tcp://host:port`; UsageError."""
    scheme, _, rest = endpoint.partition("://")
    port = rest.rpartition(":")[2]
    if scheme != "tcp" or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"{endpoint!r} is no endpoint of a show", "write tcp://127.0.0.1:7400")
    return int(port)
