"""What the wearer of a headset sees of a show: the set, captions, cards; and what they pick."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from xrdrama.adapters.openxr.headset import Seen
from xrdrama.adapters.openxr.interaction import anchor as anchors
from xrdrama.adapters.openxr.interaction.aiming import Board, in_front, recentred
from xrdrama.adapters.openxr.interaction.anchor import Anchor
from xrdrama.adapters.openxr.pacing import Budget, Spent
from xrdrama.adapters.openxr.pictures.fade import Fade, follow
from xrdrama.adapters.openxr.pictures.layers import Drawn, Sheet
from xrdrama.adapters.openxr.scaling import Scaling
from xrdrama.adapters.openxr.scaling import after as scale_after
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.lettering.sheets import WordSheet
from xrdrama.adapters.panda.pictures import prepared, warm_up_words
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.show.production import ViewerRule
from xrdrama.spatial import IDENTITY, Pose, Vec3
from xrdrama.timing import NS
from xrdrama.viewers.boards import BOARD_AWAY, SHEET, SIZES, WIDTH, board_before, middle, on_sheet
from xrdrama.viewers.following import SIGN, Follower, Turn, aimed_at
from xrdrama.viewers.picking import Aimed, Picker
from xrdrama.viewers.programme import Loading, Programme
from xrdrama.viewers.vignette import Vignette, wanted
from xrdrama.wire.frame import Frame, Projection

CAPTIONS_AT: Final = Pose(Vec3(0.0, anchors.AWAY, 0.0), IDENTITY)
"""Usual pose of the captions' panel relative to its anchor."""
BUDGET_AT: Final = Pose(Vec3(-0.55, 2.0, 0.45), IDENTITY)
"""Pose of the frame budget relative to the head."""
BUDGET_SIZE: Final = 0.4
BUDGET_FRAMES: Final = 60
LOST_FOR: Final = 0.3
"""Seconds without tracking before the picture fades."""
EYES_SORT, SHEETS_SORT = 20, 10


class Surroundings:
    """Draws the show around a viewer and records picks; implements `Pictures` for a headset."""

    def __init__(
        self,
        graphics: Graphics,
        size: tuple[int, int],
        show: str,
        follower: Follower,
        turn: Turn | None = None,
        budget: Budget | None = None,
        *,
        depth: bool = False,
        said: Mapping[str, str] = {},
    ) -> None:
        """`depth`: the runtime takes the depth of pictures. `said` is what a command line says of
        the viewer."""
        self._graphics, self._follower, self._turn = graphics, follower, turn
        self._follows = False
        self._size, self._budget = size, budget or Budget()
        self._takes_depth = depth
        self._depths: tuple[int, ...] = ()
        self.scaling = Scaling()
        """The size of the pictures."""
        self.rule = ViewerRule()
        """What the show file says about its viewers, once it is loaded."""
        self._lift: float | None = None
        self._share = 1.0
        self._judged: Spent | None = None
        self._frames = 0
        self._numbers = WordSheet(graphics, "budget", SHEET, sort=SHEETS_SORT + 2)
        self._eyes = [
            graphics.target(name, *size, "srgb8", sort=EYES_SORT + side)
            for side, name in enumerate(("left", "right"))
        ]
        for target in self._eyes:
            target.set_active(False)
        self._captions = WordSheet(graphics, "captions", SHEET, sort=SHEETS_SORT)
        self._board = WordSheet(graphics, "board", SHEET, sort=SHEETS_SORT + 1)
        self._loading = Loading(show, said)
        self._programme: Programme | None = None
        self._place: Place | None = None
        self._vignette: Vignette | None = None
        self._frame: Frame | None = None
        self._shown: Frame | None = None
        self._warming: Iterator[str] | None = None
        self._made: dict[str, int] = {}
        self._sign: Pose | None = None
        self._board_at: tuple[str, Pose] = ("", Pose())
        self._centre = Pose()
        self._anchor: Anchor | None = None
        self._picker = Picker(follower)
        self._fade = Fade()
        self._tracked_at = time.monotonic()
        self._then = 0

    # -- a frame --------------------------------------------------------------------------------

    def between(self) -> None:
        """One step of what must be made before the show can be seen: between two steps the runtime
        gets a picture."""
        if self._place is None:
            self._load()
        elif self._warming is not None and next(self._warming, None) is None:
            self._warming = None
            self._made = prepared(self._graphics)

    def prepare(self) -> None:
        """Use the show's newest frame; update the set if it is the one that is shown."""
        if self._place is None or self._warming is not None:
            return
        if not self._follows:
            self._follows = self._turn is None or self._turn.has_come()
            if self._follows:
                self._follower.begin()
            return
        self._follower.check()
        if self.rule.resolution == "adaptive" and self._budget.spent:
            spent = self._budget.spent[-1]
            if spent is not self._judged:
                self._judged = spent
                self.scaling = scale_after(self.scaling, spent.work, self._budget.period)
        self._frame = frame = self._follower.frame
        if frame is not None and frame.scene == self._fade.shows:
            self._shown = frame
            self._place.sets.update(frame, self._follower.seconds(frame))

    def _load(self) -> None:
        programme = self._loading.done()
        if programme is None:
            return
        self._programme = programme
        self._board.overlay.hints = programme.hints
        self.rule = programme.rule
        self._place = Place(self._graphics, programme, self._eyes)
        if self.rule.vignette and any(programme.speeds.values()):
            self._vignette = Vignette(self._graphics)
        self._warming = self._warm_up(programme, self._place)

    def _warm_up(self, programme: Programme, place: Place) -> Iterator[str]:
        """Draw everything that the show can reach, off screen; yields the name of each step."""
        graphics, rehearsal = self._graphics, programme.rehearsal
        for view in place.views:
            view.place(Pose(), Projection(-1.0, 1.0, -1.0, 1.0, 0.05, 300.0))
        yield from place.sets.warm_up(rehearsal.sets, lambda first: graphics.only(*self._eyes))
        spoken = [frame for frame in rehearsal.words if frame.captions]
        offered = [frame for frame in rehearsal.words if frame.choice]
        for sheet, words in ((self._captions, spoken), (self._board, offered)):

            def upload(target: Target = sheet.target) -> None:
                with graphics.only(target):
                    graphics.render()

            yield from warm_up_words(sheet.overlay, words, programme.names, upload)
            sheet.forget()

    def late(self) -> dict[str, int]:
        """Numbers of shaders, textures and meshes uploaded after the warm-up, by name."""
        now = prepared(self._graphics)
        return {name: count - self._made[name] for name, count in now.items() if self._made}

    def plates_late(self) -> dict[str, int]:
        """Drawn frames for which a plate repeated its last picture, by set and plate."""
        return self._place.sets.plates_late() if self._place else {}

    def draw(self, seen: Seen) -> Drawn:
        """Draw for these eyes and evaluate what the eyes and hands pick."""
        if seen.recentre:
            self._centre = recentred(seen.head)
            self._anchor, self._lift = None, None
        if self._lift is None and seen.tracked and self._programme is not None:
            self._lift = lift(self.rule, seen.head)
        step = (seen.shows_at - self._then) / NS if self._then else 0.0
        self._then = seen.shows_at
        if self._place is None or self._programme is None or self._frame is None:
            return self._waiting(seen)
        self._fade = self._faded(seen, self._frame, step)
        sheets = self._dimmed(self._programme, step)
        sheets |= self._words(seen, self._frame, self._programme, step)
        shown = self._shown
        if self._fade.dark >= 1.0 or shown is None:
            for target in self._eyes:
                target.set_active(False)
            self._graphics.render()
            return Drawn((0, 0), (), 1.0, sheets, self._picker.ticks)
        ground = self._ground(shown.scene)
        drawn = scaled(self._size, self.scaling.share)
        across, up = drawn[0] / self._size[0], drawn[1] / self._size[1]
        poses = [ground * eye.pose for eye in seen.eyes]
        for view, pose, eye, target in zip(
            self._place.views, poses, seen.eyes, self._eyes, strict=True
        ):
            target.set_active(True)
            view.place(pose, eye.projection)
            if self.scaling.share != self._share:
                view.use(across, up)
        self._share = self.scaling.share
        self._graphics.render()
        self._follower.present(shown, poses)
        left, right = (self._graphics.driver_name(target) for target in self._eyes)
        if self._takes_depth and not self._depths:
            kept = (view.depth for view in self._place.views)
            self._depths = tuple(self._graphics.name_of(one) for one in kept if one is not None)
        return Drawn(
            (left, right), self._depths, self._fade.dark, sheets, self._picker.ticks, drawn
        )

    def open_sky(self, on: bool) -> None:
        """Leave out the sky, so that the room shows behind the set."""
        for view in self._place.views if self._place else ():
            view.open_sky(on)

    def _ground(self, scene: str) -> Pose:
        """The pose of the room's floor in a set: the standpoint, as the view was centred."""
        assert self._programme is not None
        stands = self._programme.standpoints[scene]
        floor = Vec3(stands.position.x, stands.position.y, 0.0)
        lifted = floor + Vec3(0.0, 0.0, self._lift or 0.0)
        return Pose(lifted, stands.rotation) * self._centre

    def _waiting(self, seen: Seen) -> Drawn:
        """Only a sign with a fixed pose in the room; it does not follow the head."""
        if self._sign is None and seen.tracked:
            self._sign = in_front(seen.head, distance=BOARD_AWAY, below=0.1)
        changed = self._board.say(*SIGN)
        self._graphics.render()
        sign = self._sheet(self._board, self._sign or CAPTIONS_AT, changed)
        return Drawn((0, 0), (), 1.0, {"sign": sign} if sign and self._sign else {})

    def _faded(self, seen: Seen, frame: Frame, step: float) -> Fade:
        now = time.monotonic()
        if seen.tracked:
            self._tracked_at = now
        sees = now - self._tracked_at < LOST_FOR and not frame.panic
        return follow(self._fade, frame.scene if sees else "", max(0.0, min(step, 0.1)))

    def _dimmed(self, programme: Programme, step: float) -> dict[str, Sheet]:
        """Darkened edges while the set that is shown moves past."""
        shown = self._shown
        if self._vignette is None or shown is None:
            return {}
        sheet = self._vignette.sheet(wanted(programme.speeds[shown.scene], shown.params), step)
        return {"vignette": sheet} if sheet else {}

    @property
    def dimmed(self) -> int:
        """Frames with darkened edges."""
        return self._vignette.frames if self._vignette else 0

    # -- words ----------------------------------------------------------------------------------

    def _words(
        self, seen: Seen, frame: Frame, programme: Programme, step: float
    ) -> dict[str, Sheet]:
        sheets = {}
        spoken = msgspec.structs.replace(frame, choice=None)
        changed = self._captions.show(spoken, programme.names)
        anchor = self._anchor or anchors.anchored(seen.head)
        self._anchor = anchors.follow(anchor, seen.head, step, seen=bool(frame.captions))
        captions = self._spoken(seen, changed)
        if captions:
            sheets["captions"] = captions
        board = self._choice(seen, frame, programme)
        if board:
            sheets["board"] = board
        if self.rule.budget and (numbers := self._spent()):
            sheets["budget"] = numbers
        return sheets

    def _spoken(self, seen: Seen, changed: bool) -> Sheet | None:
        """The captions' sheet: in the room where it is anchored, or fixed to the head."""
        rule = self.rule
        at = Pose(Vec3(0.0, rule.captions_away, rule.captions_raised), IDENTITY)
        size = SIZES[rule.captions]
        if rule.captions_in == "head":
            return self._sheet(self._captions, at, changed, size, locked=True)
        assert self._anchor is not None
        return self._sheet(self._captions, self._anchor.pose * at, changed, size)

    def _spent(self) -> Sheet | None:
        """What the last frames took, a second or so old."""
        found = self._budget.medians(BUDGET_FRAMES) if self._frames % BUDGET_FRAMES == 1 else {}
        self._frames += 1
        changed = False
        if found:
            text = "{work_ms:.1f} of {period_ms:.1f} ms".format_map(found)
            parts = "update {update_ms:.1f}  draw {draw_ms:.1f}  copy {copy_ms:.1f}"
            changed = self._numbers.say(text, parts.format_map(found))
        else:
            self._numbers.target.set_active(False)
        return self._sheet(self._numbers, BUDGET_AT, changed, BUDGET_SIZE, locked=True)

    def _choice(self, seen: Seen, frame: Frame, programme: Programme) -> Sheet | None:
        choice, now = frame.choice, time.monotonic_ns()
        self._picker.ticks = ()
        name = f"{frame.beat}/{choice.id}" if choice else ""
        if choice is None:
            self._picker.rest(now)
            self._board_at = ("", Pose())
            return None
        board = Board(self._board_at[1], WIDTH, WIDTH * SHEET[1] / SHEET[0])
        aimed = Aimed()
        if self._board_at[0] == name:
            aimed = self._picker.aim(
                seen,
                choice,
                board,
                self._board.overlay.cards,
                name=name,
                now=now,
                head=self._ground(frame.scene) * seen.head if frame is self._shown else None,
                places=programme.places[frame.scene],
            )
        shown = aimed_at(frame, aimed.option, aimed.dwelt)
        silent = msgspec.structs.replace(shown, captions=())
        changed = self._board.show(silent, programme.names, list(aimed.spots))
        if self._board_at[0] != name:
            box = self._board.box or (0, 0, *SHEET)
            away, raised = self.rule.cards_away, self.rule.cards_raised
            self._board_at = (name, board_before(seen.head, box, away=away, raised=raised))
        return self._sheet(self._board, self._board_at[1], changed)

    def _sheet(
        self,
        words: WordSheet,
        at: Pose,
        changed: bool,
        larger: float = 1.0,
        *,
        locked: bool = False,
    ) -> Sheet | None:
        """The part of a panel that has content, with its pose; None when it is empty."""
        box = words.box
        if box is None:
            return None
        scale = WIDTH * larger / SHEET[0]
        size = ((box[2] - box[0]) * scale, (box[3] - box[1]) * scale)
        pose = at * Pose(on_sheet(*middle(box), larger), IDENTITY)
        texture = self._graphics.driver_name(words.target)
        return Sheet(texture, box, pose, size, locked, changed)


def lift(rule: ViewerRule, head: Pose) -> float:
    """How much higher than it is a head sees the set from, metres."""
    seated = rule.eye_height - head.position.z if rule.posture == "seated" else 0.0
    return seated + rule.raised


def scaled(size: tuple[int, int], share: float) -> tuple[int, int]:
    """The size of pictures of a share of the recommended width and height, in whole pixels."""
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


class Place:
    """The sets of a programme on the graphics card, with a view for each eye."""

    def __init__(self, graphics: Graphics, programme: Programme, eyes: list[Target]) -> None:
        # Without cross-fades: a headset changes sets behind a dark picture, as comfort needs.
        figures = Figures(programme.figures, programme.performers, graphics, "draft")
        self.sets = Sets(graphics, programme.sets, "draft", programme.plates, visiting=figures)
        self.views = [self.sets.add_view(eye, depth=True) for eye in eyes]
