"""A show's own console, seen from the show: its process, its board, the pictures it looks at."""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from xrdrama.adapters.web.board import PICTURES, Board, PictureName, Vitals
from xrdrama.errors import DeviceError, UsageError
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    from xrdrama.adapters.panda.pictures import StagePictures

HINT = "no console: pip install 'xrdrama[console]' brings it"
ENDS_WITHIN = 3.0


class Opened(msgspec.Struct, frozen=True):
    """A console that listens: the address for one director, and what to compare beside it."""

    url: str
    show: str
    fingerprint: str = ""
    note: str = ""
    """What is still missing, and what to do about it."""


def is_installed() -> bool:
    """Whether the extra `console` is there."""
    return all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn", "websockets"))


class ConsoleBeside:
    """Starts with the show, ends with it, and never stops it. `told` is told the address.

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
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, endpoint: str, vitals: Callable[[], Vitals]) -> None:
        """Put the board up and start the process; what is missing is told in one line."""
        if not is_installed():
            self._told(HINT)
            return
        try:
            self._board = Board(port_of(endpoint), self._sizes())
        except DeviceError as error:
            self._told(f"no console: {error}")
            return
        command = [sys.executable, "-m", "xrdrama", "console", "--core", endpoint]
        command += ["--show", self._show, "--port", str(self._port), "--child"]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # the terminal's Ctrl-C is for us: we end it
        )
        for target, arguments in ((self._listen, (self._child,)), (self._tell, (vitals,))):
            thread = threading.Thread(target=target, args=arguments, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _sizes(self) -> dict[PictureName, tuple[int, int]]:
        if self._pictures is None:
            return {}
        return {"lens": self._pictures.lens.picture.size, "wall": self._pictures.wall.canvas.size}

    def _listen(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None and child.stderr is not None
        for line in child.stdout:
            try:
                opened = msgspec.json.decode(line, type=Opened)
            except msgspec.MsgspecError:
                continue
            self._told(f"console, for one browser on this machine: {opened.url}")
            if opened.note:
                self._told(opened.note)
        said = [line.strip() for line in child.stderr if line.strip()]
        if child.wait() and not self._stop.is_set():
            self._told(f"no console any more: {said[-1] if said else 'it said nothing'}")

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
        self._stop.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        for thread in self._threads:
            thread.join(ENDS_WITHIN)
        for stream in (self._child.stdout, self._child.stderr) if self._child else ():
            if stream is not None:
                stream.close()
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
