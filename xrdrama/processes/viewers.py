"""The viewer processes of a show: started with it and restarted when they end early.

When no headset is available, or its runtime ends or hangs, a window replaces it. The window is on
standby from the start: it is loaded and only has to open. The show continues on the same beat.
Another headset viewer then waits for the headset, and replaces the window when the headset works.
A window that crashes is restarted.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy, Restart
from xrdrama.processes.statuses import LEFT, NO_DEVICE, SAY, SIGHT_BYTES, On, Report
from xrdrama.processes.supervisor import STOPPED, Command, Supervised, Supervisor
from xrdrama.saving import save

PREFIX: Final = "XRDRAMA_VIEWER_PREFIX"
"""Environment variable: a prefix for the command of a headset's viewer (words as in a shell), for a
runtime that needs other libraries than the rest of this machine."""
FOUND: Final = "the headset is available again"
HEADSET: Final = Policy(
    first_delay_s=3.0,
    longest_delay_s=96.0,
    healthy_s=10.0,
    attempts=sys.maxsize,  # it may be switched on later
    final=frozenset({1, 2}),
    announced=sys.maxsize,
)
WINDOW: Final = Policy(first_delay_s=0.25, longest_delay_s=5.0, attempts=4)
LAST_WORDS_S: Final = 0.2
"""Seconds to wait for a viewer's last lines: its runtime may keep stderr open."""
ENDS_WITHIN_S: Final = 15.0
PRESENTER: Final = "presenter"
"""The name in the show of the window that mirrors a viewer."""


class Asked(msgspec.Struct, frozen=True):
    """What the processes of viewers are asked for: options for all of them, options for the window
    alone, and the file in which the viewer leaves where it looks ("" without a presenter)."""

    both: tuple[str, ...] = ()
    window: tuple[str, ...] = ()
    sights: str = ""


class Change(msgspec.Struct, frozen=True):
    """A change of viewers: the new one, and the reason."""

    to: str
    reason: str


class Watched(msgspec.Struct, frozen=True):
    """How a show was watched: the last viewer, all changes, the last viewer's report."""

    on: str
    changes: tuple[Change, ...]
    report: Report | None


class ViewerProcesses:
    """The viewer of a show and its replacements. `on_notice(text)` is called for every change;
    `viewers` is what the command line says of them; `is_stopping` is true after the show was asked
    to end."""

    def __init__(
        self,
        show: str,
        on: On,
        out: Path,
        on_notice: Callable[[str], None],
        *,
        name: str = "viewer",
        asked: Asked = Asked(),  # noqa: B008 - a frozen value
        headset: Policy = HEADSET,
        window: Policy = WINDOW,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.closed = False
        """True after the person has closed the window."""
        self.changes: list[Change] = []
        self._show, self._first, self._on_notice = show, on, on_notice
        self._log = out / "viewer.json"
        self._endpoint = ""
        self._on_lost: Callable[[str, str], None] = lambda name, reason: None
        self._headset = self._supervise("headset", headset, frozenset({0, LEFT}))
        self._window = self._supervise("window", window, frozenset({0}))
        self._showing: Supervised | None = None
        """The current viewer, running or being restarted."""
        self._asked = asked
        self._presenter = Supervised(
            PRESENTER,
            self._mirror,
            window,
            on_ended=self._presenter_ended,
            on_line=self._read,
            done=frozenset({0}),
            last_words_s=LAST_WORDS_S,
        )
        self._supervisor = Supervisor(
            [self._headset, self._window, self._presenter],
            name="viewers", is_stopping=is_stopping,
        )  # fmt: skip

    def _supervise(self, on: On, policy: Policy, done: frozenset[int]) -> Supervised:
        def has_ended(ended: Ended, decision: Decision) -> None:
            if self._showing is supervised:
                self._replace(supervised, ended, decision)
            elif on == "headset" and isinstance(decision, GiveUp):
                self._on_notice(
                    f"xrdrama no longer looks for the headset ({_reason(ended)}): restart the show"
                    " to use it"
                )

        def is_done(ended: Ended) -> None:
            if self._showing is not supervised:
                return
            if ended.status == 0:
                self.closed = True
            else:
                self._replace(supervised, ended, GiveUp(1))

        def is_ready(after_s: float | None) -> None:
            if on == "headset" and self._showing is not supervised:
                self._return_to_headset()
            elif on == "window" and self._showing is supervised and after_s is not None:
                self._on_notice(f"the window is back, after {after_s:.1f} s")

        supervised = Supervised(
            on,
            lambda: self._command(on),
            policy,
            on_ready=is_ready,
            on_ended=has_ended,
            on_done=is_done,
            on_line=self._read,
            done=done,
            last_words_s=LAST_WORDS_S,
        )
        return supervised

    @property
    def gone(self) -> bool:
        """True when no viewer runs and none is being started."""
        return self._showing is None

    @property
    def on(self) -> str:
        """The current viewer: headset, window, or "" for none."""
        return self._showing.name if self._showing and self._showing.is_running else ""

    def start(self, endpoint: str, on_lost: Callable[[str, str], None]) -> None:
        """Start for the show at `endpoint`; `on_lost(name, reason)` is called when one ends."""
        self._endpoint, self._on_lost = endpoint, on_lost
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.unlink(missing_ok=True)
        self._showing = self._headset if self._first == "headset" else self._window
        if self._asked.sights:
            save(Path(self._asked.sights), bytes(SIGHT_BYTES))  # before anyone opens it
            if has_screen():
                self._presenter.start()
            else:
                self._on_notice("no presenter's window: there is no screen (set DISPLAY)")
        self._showing.start()
        if self._first == "headset" and has_screen():
            self._window.start()
        self._supervisor.start()

    def _command(self, on: On) -> Command:
        line = [sys.executable, "-m", "xrdrama", "viewer", self._endpoint, self._show]
        line += ["--on", on, "--name", self.name, "--log", str(self._log), *self._asked.both]
        line += self._asked.window if on == "window" else ()
        line += ["--sights", self._asked.sights] if self._asked.sights else []
        prefix = shlex.split(os.environ.get(PREFIX, "")) if on == "headset" else []
        if self._showing is not None and self._showing.name == on:
            return Command([*prefix, *line])
        return Command([*prefix, *line, "--standby"], "", stdin_stays_open=True)

    def _mirror(self) -> Command:
        line = [sys.executable, "-m", "xrdrama", "viewer", self._endpoint, self._show]
        line += ["--on", "window", "--name", PRESENTER, *self._asked.both]
        return Command([*line, "--mirrors", self._asked.sights])

    def _presenter_ended(self, ended: Ended, decision: Decision) -> None:
        then = decision.words() if isinstance(decision, Restart) else "it stays closed"
        self._on_notice(
            f"the presenter's window ended ({_reason(ended)}); {then}. The show continues"
        )

    def _read(self, line: str) -> None:
        if line.startswith(SAY):
            self._on_notice(line.removeprefix(SAY).strip())

    def _replace(self, viewer: Supervised, ended: Ended, decision: Decision) -> None:
        """Handle the end of the current viewer: restart it, replace it, or give up."""
        reason = _reason(ended)
        if viewer is self._window and isinstance(decision, Restart):
            self._on_lost(self.name, f"{reason}; {decision.words()}")
            self.changes.append(Change("window", reason))
            if decision.is_announced:
                self._on_notice(
                    f"the window ended ({reason}); {decision.words()}. The show continues"
                )
            return
        self._showing = self._window if viewer is self._headset and has_screen() else None
        to = self._showing.name if self._showing else "nothing"
        self.changes.append(Change(to, reason))
        back = (
            " and returns to the headset when it is available again"
            if isinstance(decision, Restart)
            else ""
        )
        if self._showing:
            self._on_lost(self.name, f"{reason}; the window takes over")
            self._on_notice(
                f"the {viewer.name} viewer ended ({reason}); the show continues in the"
                f" window{',' * bool(back)}{back}"
            )
            self._show_in_window()
            return
        hint = "the reason is given above" if has_screen() else "set DISPLAY to use a window"
        self._on_lost(self.name, f"{reason}; no viewer is left")
        self._on_notice(
            f"the {viewer.name} viewer ended ({reason}); no viewer is left; the show continues"
            f" ({hint}){back}"
        )

    def _show_in_window(self) -> None:
        if self._window.child is not None:
            self._window.child.write("go\n")
        elif not self._window.is_due:  # it was given up while it was on standby
            self._window.start()

    def _return_to_headset(self) -> None:
        """Replace the window with the headset, and put a new window on standby."""
        self._window.stop(ENDS_WITHIN_S)
        self._showing = self._headset
        if self._headset.child is not None:
            self._headset.child.write("go\n")
        self.changes.append(Change("headset", FOUND))
        self._on_notice(f"{FOUND}; the show continues in it")
        if has_screen():
            self._window.start()

    def watched(self) -> Watched:
        """How the show was watched; call it after `close`."""
        try:
            report = msgspec.json.decode(self._log.read_bytes(), type=Report)
        except (OSError, msgspec.MsgspecError):
            report = None
        return Watched(self._showing.name if self._showing else "", tuple(self.changes), report)

    def close(self) -> None:
        """End them all; say when the current one did not end properly."""
        self._supervisor.close(ENDS_WITHIN_S)
        child = self._showing.child if self._showing else None
        status = child.poll() if child else None
        if child is not None and status is not None and status not in STOPPED:
            ended = Ended(status, None, child.words)
            self._on_notice(f"the {self.on} viewer did not end properly ({ended.reason})")


def _reason(ended: Ended) -> str:
    """Why a viewer ended: its own message if another viewer replaces it, else the exit status."""
    return ended.words if ended.status in (NO_DEVICE, LEFT) and ended.words else ended.reason


def has_screen() -> bool:
    """True when a display for a window is available."""
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY"))
