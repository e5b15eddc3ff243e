"""A viewer's process: follows the show, draws it, sends what was seen and picked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from xrdrama.errors import DeviceError, XrdramaError
from xrdrama.processes.child import end_with_parent
from xrdrama.processes.statuses import LEFT, On, Report
from xrdrama.processes.stopping import set_on_signals
from xrdrama.saving import save
from xrdrama.viewers.following import Follower, Turn, end_process
from xrdrama.viewers.programme import load_programme
from xrdrama.viewers.sights import SightFile


class Wishes(msgspec.Struct, frozen=True):
    """What a viewer's process was asked for: what the command line says of viewers, languages, an
    area of the desktop to fill (`on`: the display where the window opens), the file in which it
    leaves where it looks, and the one of the viewer that it mirrors."""

    said: Mapping[str, str] = {}
    languages: tuple[str, ...] = ()
    area: str = ""
    sights: Path | None = None
    mirrors: Path | None = None


def run_viewer(
    endpoint: str,
    show: str,
    on: On,
    name: str,
    wishes: Wishes,
    *,
    standby: bool,
    log: Path | None,
) -> int:
    """Run a viewer for the core at `endpoint` and return its exit status.

    0 when it is stopped, its core ends or the window is closed; `NO_DEVICE` when its device is
    lost; `LEFT` when its wearer quits. On `standby` it waits for its `Turn`: a window after
    loading, a headset after one is available. `said` is what a command line says of viewers.
    """
    stop = threading.Event()
    set_on_signals(stop, interrupts_calls=on == "window")
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    follower = Follower(endpoint, name)
    turn = Turn(stop) if standby else None
    if wishes.sights is not None:
        sights = SightFile(wishes.sights)
        follower.on_seen = lambda frame, eye: sights.write(frame.scene, eye)

    def on_report(report: Report) -> None:
        if log is not None and (turn is None or turn.came):
            save(log, msgspec.json.encode(report))

    try:
        if on == "headset":
            from xrdrama.adapters.openxr.runtime import LeftError
            from xrdrama.viewers.headset import show_in_headset

            try:
                show_in_headset(show, wishes.said, follower, stop, turn, on_report)
            except LeftError as error:
                end_process(error, LEFT)
        else:
            from xrdrama.viewers.window import opening_of, show_in_window

            called = turn.wait if turn else None
            programme = load_programme(show, wishes.said, keys=wishes.mirrors is None)
            if wishes.languages:
                programme = msgspec.structs.replace(programme, languages=wishes.languages)
            opening = opening_of(wishes.area, wishes.mirrors)
            show_in_window(programme, follower, stop, called, on_report, opening)
    except DeviceError as error:
        end_process(error)
    except XrdramaError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    finally:
        follower.close()
    return 0
