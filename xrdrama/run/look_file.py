"""The looks that a director saves are written into the show file, beside the running show."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

import xrdrama
from xrdrama import content
from xrdrama.errors import DeviceError, UsageError
from xrdrama.saving import saving
from xrdrama.scene.model import Scene
from xrdrama.show.look_text import Entry, edited, entries_in, entry_of
from xrdrama.show.looks import Look, Looks
from xrdrama.wire.frame import Alarm, Frame

RETRY_S = 2.0
"""Seconds between attempts to write looks that could not be written."""
ENDS_WITHIN_S = 10.0


class _ChangedMeanwhileError(Exception):
    """Another program has saved the file between reading and writing."""


class LookFile:
    """Saves the looks of a running show in the section `looks:` of its show file.

    A thread reads the file again before each change and replaces it as a whole, so that nothing
    that an author saved meanwhile is lost. A failed write is retried, `notice(text)` is called with
    the reason, and every frame has an alarm; the running show has the look in any case.
    """

    def __init__(
        self,
        loaded: content.Loaded,
        scenes: Mapping[str, Scene],
        looks: Looks,
        written: Iterable[Look],
        notice: Callable[[str], None],
    ) -> None:
        """`looks` are those of the show, `written` those of its file. A resumed take may have other
        looks; then `notice` is called."""
        self.path = loaded.path("show")
        self._scenes, self._notice = scenes, notice
        self._looks = looks
        self._known = entries_in(loaded.text("show") or "")
        """The known looks of the file: any other look is an author's edit."""
        others = _different(looks, written)
        for name in others:
            self._known.pop(name, None)
        if others:
            names = ", ".join(others)
            notice(f"the looks of the take are used; the show file has others ({names})")
        self._waiting: dict[str, Entry | None] = {}
        self._troubles: tuple[str, ...] = ()
        self._since: dict[str, int] = {}
        """The first time of each problem, in nanoseconds of the show."""
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def keep(self, looks: Looks) -> None:
        """Note the looks of the show after a frame."""
        if looks is self._looks:
            return
        before, now = self._looks.by_name, looks.by_name
        with self._lock:
            for name in (*now, *(name for name in before if name not in now)):
                if before.get(name) != now.get(name):
                    look = now.get(name)
                    self._waiting[name] = entry_of(look, self._scenes) if look else None
        self._looks = looks
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="looks", daemon=True)
            self._thread.start()

    def shown(self, frame: Frame) -> Frame:
        """The frame with an alarm while a look is not in the file. No replay has it."""
        troubles = self._troubles
        if not troubles:
            return frame
        at = frame.time.shows_at
        alarms = tuple(
            Alarm("look_unsaved", text[:500], self._since.setdefault(text, at)) for text in troubles
        )
        return replace(frame, alarms=(*alarms, *frame.alarms))

    def close(self) -> None:
        """Try a last time; say what is not in the file. May be called twice."""
        if self._thread is None or self._closing.is_set():
            return
        self._closing.set()
        self._wake.set()
        self._thread.join(ENDS_WITHIN_S)
        with self._lock:  # the thread may still be writing
            waiting = dict(self._waiting)
        for name, entry in waiting.items():
            if entry:
                self._notice(
                    f"the look {name!r} is only in the take, not in the show file; to keep it, add"
                    f" it under looks: as {name}: {_words(entry)}"
                )
            else:
                self._notice(
                    f"the look {name!r} was deleted, but is still in the show file: delete it there"
                )

    # -- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(RETRY_S if self._waiting else None)
            self._wake.clear()
            self._write_waiting()
        self._write_waiting()

    def _write_waiting(self) -> None:
        with self._lock:
            waiting = dict(self._waiting)
        troubles: list[str] = []
        for name, entry in waiting.items():
            try:
                self._write(name, entry)
            except _ChangedMeanwhileError:
                self._wake.set()
                continue
            except (UsageError, DeviceError) as error:
                how = "usable in this run, but not saved in" if entry else "still in"
                remedy = f"; {error.remedy}" if error.remedy else ""
                troubles.append(
                    f"the look {name!r} is {how} the show file: {error.message}{remedy}"
                )
                continue
            with self._lock:
                if self._waiting.get(name, ()) == entry:
                    del self._waiting[name]
            done = "saved in" if entry is not None else "deleted from"
            self._notice(f"the look {name!r} is {done} {self.path}")
        before, self._troubles = self._troubles, tuple(troubles)
        self._since = {text: at for text, at in dict(self._since).items() if text in troubles}
        for text in troubles:
            if text not in before:
                self._notice(text)

    def _write(self, name: str, entry: Entry | None) -> None:
        path = self._writable()
        before = _identity(path)
        content.read_text(path)  # UsageError with the reason when it is not a text file of ours
        try:
            raw = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path} cannot be read: {error}", "save it as UTF-8 text") from None
        mark = "\ufeff" if raw.startswith("\ufeff") else ""
        text = raw.removeprefix("\ufeff")
        found = entries_in(text)
        if found.get(name) == entry:
            self._know(name, entry)
            return
        if name in found and found[name] != self._known.get(name):
            raise UsageError(
                f"{path} has a look {name!r} that this run does not know",
                "rename it in the file, or save under another name",
            )
        try:
            done = edited(text, name, entry)
        except UsageError as error:
            raise UsageError(f"{path} was not changed: {error.message}", error.remedy) from None
        with saving(path) as beside:
            beside.write_bytes((mark + done).encode())
            if _identity(path) != before:
                raise _ChangedMeanwhileError
        self._know(name, entry)

    def _know(self, name: str, entry: Entry | None) -> None:
        if entry is None:
            self._known.pop(name, None)
        else:
            self._known[name] = entry

    def _writable(self) -> Path:
        """The show file; UsageError when it cannot be written."""
        if self.path is None:
            raise UsageError("this show has no file", "save it as a .show.yaml file")
        path = self.path.resolve()
        package = Path(xrdrama.__file__).resolve().parent
        own = "copy it into your own folder and run the copy"
        if path.is_relative_to(package):
            raise UsageError(f"{self.path} belongs to the installed xrdrama", own)
        try:
            locked = not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)
        except OSError as error:
            raise UsageError(
                f"{self.path} cannot be read: {error.strerror}", "restore the file"
            ) from None
        if locked:
            raise UsageError(f"{self.path} is read-only", f"make it writable, or {own}")
        return path


def _identity(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


def _words(entry: Entry) -> str:
    params = ", ".join(f"{name}: {value}" for name, value in entry["params"].items())
    rest = "".join(f"{key}: {entry[key]}, " for key in ("title", "fade") if key in entry)
    return f"{{{rest}params: {{{params}}}}}"


def _different(show: Looks, written: Iterable[Look]) -> list[str]:
    ours, theirs = show.by_name, {look.id: look for look in written}
    return [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
