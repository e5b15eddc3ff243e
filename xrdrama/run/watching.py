"""What `run` and `vr` say to the processes of their viewers: settings, languages, displays."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.adapters.panda.x11 import Display
from xrdrama.document import suggestion
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.viewers import Asked
from xrdrama.run.options import RunOptions
from xrdrama.run.outputs.displays import desktop, listed
from xrdrama.show.production import Production

ANY: Final = "on"
"""The value of `--full-screen` for the display on which the window opens."""
_PLACE = re.compile(r"(-?[0-9]{1,5}),(-?[0-9]{1,5})")


def asked_of_viewers(options: RunOptions, production: Production) -> Asked:
    """The options for a show's viewers, checked before one is started; UsageError, or DeviceError
    without a screen for a window that was asked for."""
    languages = _languages(options.language, production.languages)
    window: tuple[str, ...] = ()
    if options.full_screen:
        window = ("--area", area(options.full_screen, _desktop()))
    said = msgspec.json.encode(options.viewers).decode()
    both = ["--viewers", said] if options.viewers else []
    both += ["--language", ",".join(languages)] if languages else []
    sights = str(Path(options.out) / "sight") if options.presenter else ""
    return Asked(tuple(both), window, sights)


def _languages(text: str, there: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for one in found:
        if one not in there:
            raise UsageError(
                f"--language {one!r}: the show has no texts in it", suggestion(one, there)
            )
    return found


def _desktop() -> list[Display]:
    try:
        return desktop() or []
    except DeviceError:
        raise DeviceError(
            "there is no screen for a window", "set DISPLAY, or remove --full-screen"
        ) from None


def area(text: str, there: list[Display]) -> str:
    """The display of `--full-screen`, as LEFT,TOP,WIDTH,HEIGHT in pixels; UsageError when it does
    not exist. `there` are the displays of the desktop."""
    place = _PLACE.fullmatch(text.replace(" ", ""))
    if text == ANY or not there:
        if text != ANY:
            raise UsageError(
                "--full-screen: this system does not name its displays", f"write {ANY}"
            )
        return ANY
    for one in there:
        at = place is not None and (int(place[1]), int(place[2])) == (one.left, one.top)
        if at or one.name == text:
            return f"{one.left},{one.top},{one.width},{one.height}"
    raise UsageError(
        f"--full-screen {text!r}: there is no such display",
        f"write {ANY}, or a name or its X,Y: the displays are {listed(there)}",
    )
