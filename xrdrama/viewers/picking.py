"""What the wearer of a headset aims at with gaze and hands, and what they pick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from xrdrama.adapters.openxr.headset import Seen
from xrdrama.adapters.openxr.interaction import gaze as gazes
from xrdrama.adapters.openxr.interaction.aiming import Board, Card, card_at, meets
from xrdrama.adapters.openxr.interaction.gaze import DWELL, Gaze
from xrdrama.adapters.openxr.interaction.places import place_ahead
from xrdrama.spatial import Pose, Vec3
from xrdrama.timing import NS
from xrdrama.viewers.boards import SHEET
from xrdrama.viewers.following import Follower
from xrdrama.wire.frame import OpenChoice, OpenOption

Spot = tuple[float, float, float]
"""A pixel of the choice's panel that somebody points at, and how far the pick is, 0 to 1."""
_NOTHING_SEEN: Final[Mapping[str, Vec3]] = {}


class Aimed(msgspec.Struct, frozen=True):
    """The option that is aimed at ("" for none), where it is pointed to, and how far a pick by
    looking at a place of the set is, 0 to 1."""

    option: str = ""
    spots: tuple[Spot, ...] = ()
    dwelt: float = 0.0


class Picker:
    """Follows gaze and hands while a choice is displayed, and sends their picks to the core."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._gaze = Gaze()
        self.ticks: tuple[str, ...] = ()
        """The hands that picked in the last call."""

    def rest(self, now: int) -> None:
        """No choice is displayed."""
        self.ticks = ()
        self._gaze, _ = gazes.look(self._gaze, "", "", now)

    def aim(
        self,
        seen: Seen,
        choice: OpenChoice,
        board: Board,
        cards: Mapping[str, tuple[float, float, float, float]],
        *,
        name: str,
        now: int,
        head: Pose | None = None,
        places: Mapping[str, Vec3] = _NOTHING_SEEN,
    ) -> Aimed:
        """What is aimed at: a card of the `board`, or one of the `places` of the set, in which the
        head is at `head` (None: not drawn now). `now` is in nanoseconds, `cards` in pixels."""
        self.ticks = ()
        shown = [
            Card(id, left / SHEET[0], low / SHEET[1], right / SHEET[0], top / SHEET[1])
            for id, (left, low, right, top) in cards.items()
        ]
        looked = meets(seen.head, board) if seen.tracked else None
        on = card_at(shown, looked)
        sought = None if on else self._sought(choice, head if seen.tracked else None, places)
        option = on or (sought.id if sought else "")
        dwell = sought.dwell or DWELL if sought else DWELL
        self._gaze, picked = gazes.look(self._gaze, name, option, now, dwell)
        if picked and sought:
            self._follower.look(sought.look, dwell / NS)
        elif picked:
            self._follower.pick(picked, "gaze")
        dwelt = gazes.progress(self._gaze, now, dwell)
        spots: list[Spot] = []
        if on and looked and dwelt > 0.0:
            spots.append((looked[0] * SHEET[0], looked[1] * SHEET[1], dwelt))
        aimed = self._hands(seen, board, shown, spots) or self._gaze.card
        return Aimed(aimed, tuple(spots), dwelt if sought else 0.0)

    def _sought(
        self, choice: OpenChoice, head: Pose | None, places: Mapping[str, Vec3]
    ) -> OpenOption | None:
        """The option whose place of the set is looked at."""
        if head is None or choice.phase != "open":
            return None
        offered = {one.look: one for one in choice.options if one.look in places}
        if not offered:
            return None
        return offered.get(place_ahead(head, ((name, places[name]) for name in offered)))

    def _hands(self, seen: Seen, board: Board, cards: list[Card], spots: list[Spot]) -> str:
        aimed = ""
        for hand in seen.hands:
            spot = meets(hand.aim, board) if hand.aim else None
            if spot is None:
                continue
            spots.append((spot[0] * SHEET[0], spot[1] * SHEET[1], float(hand.pulls)))
            card = card_at(cards, spot)
            aimed = card or aimed
            if card and hand.picks:
                self._follower.pick(card, hand.picks)
                self.ticks += (hand.side,)
        return aimed
