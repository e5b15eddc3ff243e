"""The processes that show a running show to people: started with it, restarted when they end.

A headset that is not there, or whose runtime dies or hangs, gives way to a window, which is on
standby from the start: it is loaded, and needs only to open. The show goes on meanwhile, on the
same beat. Then another viewer looks for the headset beside the window, and takes over once it could
be seen. A window that dies is restarted.
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
from xrdrama.processes.statuses import LEFT, NO_DEVICE, SAY, On, Report
from xrdrama.processes.supervisor import Command, Supervised, Supervisor

PREFIX: Final = "XRDRAMA_VIEWER_PREFIX"
"""What stands before the command of a headset's viewer, for a runtime that needs other libraries
than the rest of this machine; words as in a shell."""
FOUND: Final = "the headset is there again"
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
"""Seconds that are waited for what a viewer said last: its runtime may hold its stderr open."""
ENDS_WITHIN_S: Final = 15.0


class Change(msgspec.Struct, frozen=True):
    """A viewer was replaced: by what, and why."""

    to: str
    reason: str


class Watched(msgspec.Struct, frozen=True):
    """How a show was watched: on what at the end, what changed, what the last viewer tells."""

    on: str
    changes: tuple[Change, ...]
    report: Report | None


class ViewerProcesses:
    """The viewer of a show and what replaces it. `noticed(text)` is called with every change;
    `is_stopping` is true once the show was asked to end."""

    def __init__(
        self,
        show: str,
        on: On,
        out: Path,
        noticed: Callable[[str], None],
        *,
        name: str = "viewer",
        headset: Policy = HEADSET,
        window: Policy = WINDOW,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.closed = False
        """True once the window was closed: who watches has had enough."""
        self.changes: list[Change] = []
        self._show, self._first, self._noticed = show, on, noticed
        self._log = out / "viewer.json"
        self._endpoint = ""
        self._lost: Callable[[str, str], None] = lambda name, reason: None
        self._headset = self._supervise("headset", headset, frozenset({0, LEFT}))
        self._window = self._supervise("window", window, frozenset({0}))
        self._showing: Supervised | None = None
        """What shows the show, or is being restarted to show it."""
        self._supervisor = Supervisor(
            [self._headset, self._window], name="viewers", is_stopping=is_stopping
        )

    def _supervise(self, on: On, policy: Policy, done: frozenset[int]) -> Supervised:
        def has_ended(ended: Ended, decision: Decision) -> None:
            if self._showing is supervised:
                self._replace(supervised, ended, decision)
            elif on == "headset" and isinstance(decision, GiveUp):
                self._noticed(
                    f"the headset is not looked for any more ({_reason(ended)}): restart the show"
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
                self._noticed(f"the window is back, after {after_s:.1f} s")

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
        """True when nobody shows the show, and nothing is being started to show it."""
        return self._showing is None

    @property
    def on(self) -> str:
        """What the show is seen on now: headset, window, or nothing."""
        return self._showing.name if self._showing and self._showing.is_running else ""

    def start(self, endpoint: str, lost: Callable[[str, str], None]) -> None:
        """Start, for the core at `endpoint`; `lost(name, reason)` is called when one ends."""
        self._endpoint, self._lost = endpoint, lost
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.unlink(missing_ok=True)
        self._showing = self._headset if self._first == "headset" else self._window
        self._showing.start()
        if self._first == "headset" and has_screen():
            self._window.start()
        self._supervisor.start()

    def _command(self, on: On) -> Command:
        line = [sys.executable, "-m", "xrdrama", "viewer", self._endpoint, self._show]
        line += ["--on", on, "--name", self.name, "--log", str(self._log)]
        prefix = shlex.split(os.environ.get(PREFIX, "")) if on == "headset" else []
        if self._showing is not None and self._showing.name == on:
            return Command([*prefix, *line])
        return Command([*prefix, *line, "--standby"], "", stdin_stays_open=True)

    def _read(self, line: str) -> None:
        if line.startswith(SAY):
            self._noticed(line.removeprefix(SAY).strip())

    def _replace(self, viewer: Supervised, ended: Ended, decision: Decision) -> None:
        """What showed the show has ended: restart it, let another one take over, or give up."""
        reason = _reason(ended)
        if viewer is self._window and isinstance(decision, Restart):
            self._lost(self.name, f"{reason}; {decision.words()}")
            self.changes.append(Change("window", reason))
            if decision.is_announced:
                self._noticed(
                    f"the window ended ({reason}); {decision.words()}. The show continues"
                )
            return
        self._showing = self._window if viewer is self._headset and has_screen() else None
        to = self._showing.name if self._showing else "nothing"
        self.changes.append(Change(to, reason))
        back = " and in the headset again once it is there" if isinstance(decision, Restart) else ""
        if self._showing:
            self._lost(self.name, f"{reason}; the window takes over")
            self._noticed(
                f"the {viewer.name} viewer ended ({reason}); the show continues in the"
                f" window{',' * bool(back)}{back}"
            )
            self._show_in_window()
            return
        hint = "see the reason" if has_screen() else "set DISPLAY for a window"
        self._lost(self.name, f"{reason}; nobody sees the show")
        self._noticed(
            f"the {viewer.name} viewer ended ({reason}); nobody sees the show now, which continues"
            f" ({hint}){back}"
        )

    def _show_in_window(self) -> None:
        if self._window.child is not None:
            self._window.child.write("go\n")
        elif not self._window.is_due:  # it had been given up while it was on standby
            self._window.start()

    def _return_to_headset(self) -> None:
        """The headset is there again: the window gives way, and another one is on standby."""
        self._window.stop(ENDS_WITHIN_S)
        self._showing = self._headset
        if self._headset.child is not None:
            self._headset.child.write("go\n")
        self.changes.append(Change("headset", FOUND))
        self._noticed(f"{FOUND}; the show continues in it")
        if has_screen():
            self._window.start()

    def watched(self) -> Watched:
        """How the show was watched, once they are closed."""
        try:
            report = msgspec.json.decode(self._log.read_bytes(), type=Report)
        except (OSError, msgspec.MsgspecError):
            report = None
        return Watched(self._showing.name if self._showing else "", tuple(self.changes), report)

    def close(self) -> None:
        """End them all."""
        self._supervisor.close(ENDS_WITHIN_S)


def _reason(ended: Ended) -> str:
    """Why a viewer ended: in its own words where it gave way to another one."""
    return ended.words if ended.status in (NO_DEVICE, LEFT) and ended.words else ended.reason


def has_screen() -> bool:
    """True when a window could open."""
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY"))
