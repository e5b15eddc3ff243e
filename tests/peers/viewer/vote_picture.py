"""Make README's picture of a vote: on the LED wall, through the film camera, and on a phone.

Both show the same frame of `the_last_boat`, played on a stage with a wall.

    python -m tests.peers.viewer.vote_picture out/vote
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.peers.browser import WEBGL, Chromium
from tests.peers.viewer.opening import drawn
from tests.peers.viewer.server import Room
from xrdrama import content
from xrdrama.adapters.web.audience.view import View
from xrdrama.processes.sets import compiled_scene
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.timing import NS, FrameTime
from xrdrama.wire.events import AnyEvent, Entry, Joined, Voted
from xrdrama.wire.frame import Frame

EXAMPLES: Final = Path(__file__).resolve().parents[3] / "examples"
PICTURE: Final = EXAMPLES / "shows" / "vote.jpg"
VOTES: Final = {"girl": 23, "doctor": 14}
JOINED, LOOKED_AT_S = 46, 6.0
WALL, GAP = (960, 540), 8


def main(folder: Path) -> None:
    """Play to the middle of the vote, and draw it twice."""
    folder.mkdir(parents=True, exist_ok=True)
    loaded = content.with_stage(
        content.load_show("the_last_boat"), EXAMPLES / "stages" / "arc_volume.stage.yaml"
    )
    production = content.produce(loaded)
    frame = voted(production)
    pictures = stage_pictures(loaded, production, size=WALL)
    pictures.present(frame)
    wall = Image.fromarray(np.array(pictures.newest("lens")))
    pictures.close()
    phone = on_phone(production, frame, folder)
    phone = phone.resize((round(phone.width * WALL[1] / phone.height), WALL[1]), Image.LANCZOS)
    whole = Image.new("RGB", (WALL[0] + GAP + phone.width, WALL[1]), "white")
    whole.paste(wall, (0, 0))
    whole.paste(phone, (WALL[0] + GAP, 0))
    whole.save(PICTURE, quality=90, optimize=True)
    whole.save(folder / "vote.png")


def voted(production: Production) -> Frame:
    """A frame in the middle of the vote."""
    show, number, events = opening(production), 0, list[AnyEvent]()
    opened = -1
    while True:
        time = FrameTime.of(number, production.rate)
        at = time.shows_at - 1
        entries = tuple(Entry(number * 100 + i, at, one) for i, one in enumerate(events))
        show, frame = advance(show, Tick(time, entries))
        events, number = [], number + 1
        if number == 1:
            events.append(Joined("audience", JOINED))
        tally = frame.tally
        if tally is None:
            continue
        if opened < 0:
            opened = number
            given = [option for option, count in VOTES.items() for _ in range(count)]
            events = [
                Voted("audience", tally.choice, tally.opening, option, f"viewer.{i}")
                for i, option in enumerate(given)
            ]
        elif (number - opened) * NS / production.rate.numerator > LOOKED_AT_S * NS:
            return frame


def on_phone(production: Production, frame: Frame, folder: Path) -> Image.Image:
    """The viewers' page with this frame."""
    view = View(production, "", "room", lambda scene: compiled_scene(scene).hash)
    state = view.of(frame)
    room = Room(folder, frame.scene)
    browser = Chromium(folder / "profile", WEBGL)
    try:
        choice, at = state.pop("choice"), state.pop("seconds")
        room.change(**{**dict.fromkeys(room.state), **state})
        tab = drawn(browser, room)
        time.sleep(8.0)  # software draws the first pictures of a set in seconds
        room.change(choice={**choice, "closes_at": room.seconds + choice["closes_at"] - at})
        tab.wait("document.querySelector('.options button, .option')")
        tab.screenshot(folder / "phone.png")
        return Image.open(folder / "phone.png").convert("RGB")
    finally:
        browser.close()
        room.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
