"""What a wearer aims at and picks, without a headset: cards and places of the set."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.adapters.openxr.headset import Eye, Seen
from xrdrama.adapters.openxr.interaction.actions import Hand
from xrdrama.adapters.openxr.interaction.aiming import Board
from xrdrama.spatial import IDENTITY, Pose, Vec3, look_at
from xrdrama.timing import NS
from xrdrama.viewers.boards import SHEET, WIDTH, board_before
from xrdrama.viewers.picking import Aimed, Picker
from xrdrama.wire.frame import OpenChoice, OpenOption, Projection

AT = Vec3(0.0, 0.0, 1.6)
AHEAD = Pose(AT, IDENTITY)
WHOLE = (0.0, 0.0, float(SHEET[0]), float(SHEET[1]))
CARDS = {"stay": (0.0, 0.0, 640.0, 720.0), "go": (640.0, 0.0, 1280.0, 720.0)}
CHOICE = OpenChoice(
    "door",
    (
        OpenOption("stay", 1, {"en": "Stay"}, look="lamp", dwell=NS),
        OpenOption("go", 2, {"en": "Go"}),
    ),
)
PLACES = {"lamp": Vec3(0.0, 8.0, 6.0), "gate": Vec3(0.0, -8.0, 1.0)}
STEP = 50_000_000


class Said:
    """Takes what a viewer sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, ...]] = []

    def pick(self, option: str, by: str) -> None:
        self.sent.append((option, by))

    def look(self, place: str, seconds: float) -> None:
        self.sent.append(("look", place, f"{seconds:g}"))


class Wearer:
    """Looks and points for so many frames, 20 a second."""

    def __init__(self, choice: OpenChoice = CHOICE) -> None:
        self.said: Any = Said()
        self.picker = Picker(self.said)
        self.choice, self.now = choice, 0
        self.board = Board(board_before(AHEAD, WHOLE), WIDTH, WIDTH * SHEET[1] / SHEET[0])  # type: ignore[arg-type]

    def look(self, head: Pose, frames: int = 1, *hands: Hand, drawn: bool = True) -> Aimed:
        eye = Eye(head, Projection(-1.0, 1.0, -1.0, 1.0, 0.05, 300.0))
        aimed = Aimed()
        for _ in range(frames):
            self.now += STEP
            seen = Seen((eye, eye), head, hands, True, False, self.now)
            aimed = self.picker.aim(
                seen, self.choice, self.board, CARDS, name="night/door", now=self.now,
                head=head if drawn else None, places=PLACES,
            )  # fmt: skip
        return aimed

    @property
    def sent(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = self.said.sent
        return found


def to(at: Vec3) -> Pose:
    return Pose(AT, look_at(AT, at))


UP = to(Vec3(0.0, 0.1, 9.0))


def test_a_place_is_picked_after_the_time_that_its_author_wrote() -> None:
    wearer = Wearer()
    wearer.look(UP)
    assert wearer.look(to(PLACES["lamp"]), 11) == Aimed("stay", (), 0.5)
    wearer.look(to(PLACES["lamp"]), 20)
    assert wearer.sent == [("look", "lamp", "1")]


def test_a_place_of_no_option_or_of_a_set_that_is_not_drawn_picks_nothing() -> None:
    wearer = Wearer()
    wearer.look(UP)
    wearer.look(to(PLACES["gate"]), 60)
    wearer.look(to(PLACES["lamp"]), 60, drawn=False)
    shown = Wearer(msgspec.structs.replace(CHOICE, phase="shown"))
    shown.look(UP)
    shown.look(to(PLACES["lamp"]), 60)
    assert wearer.sent == shown.sent == []


def test_a_card_is_picked_by_looking_by_trigger_and_by_pinch() -> None:
    wearer = Wearer()
    left = wearer.board.pose.apply(Vec3(-WIDTH / 4, 0.0, 0.0))
    wearer.look(UP)
    wearer.look(to(left), 26)
    assert wearer.sent == [("stay", "gaze")] and wearer.picker.ticks == ()
    right = wearer.board.pose.apply(Vec3(WIDTH / 4, 0.0, 0.0))
    wearer.look(UP, 1, Hand("left", to(right), pulls=True, pulled=True))
    assert wearer.sent[1:] == [("go", "trigger")] and wearer.picker.ticks == ("left",)
    wearer.look(UP, 1, Hand("right", to(right), pulls=True, pinched=True))
    assert wearer.sent[2:] == [("go", "pinch")] and wearer.picker.ticks == ("right",)
    wearer.look(UP, 1, Hand("right", to(right), pulls=True))
    assert wearer.sent[3:] == [] and wearer.picker.ticks == ()
