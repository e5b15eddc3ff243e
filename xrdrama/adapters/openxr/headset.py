"""A session with a headset: its states and its frame loop, in the thread that draws."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from time import monotonic_ns
from typing import Any, Final, Protocol, assert_never

import msgspec
import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr import runtime
from xrdrama.adapters.openxr.axes import USUAL, Fov, bounded, from_xr, projection
from xrdrama.adapters.openxr.binding import binding
from xrdrama.adapters.openxr.calls import FrameCalls
from xrdrama.adapters.openxr.interaction.actions import Actions, Hand
from xrdrama.adapters.openxr.interaction.aiming import EYES_HEIGHT
from xrdrama.adapters.openxr.interaction.joints import (
    EXTENSION,
    SOURCE_EXTENSION,
    Joints,
    has_joints,
)
from xrdrama.adapters.openxr.pacing import Pacing, Spent
from xrdrama.adapters.openxr.pictures.layers import Drawn, Layers
from xrdrama.adapters.openxr.runtime import Blend, GoneError
from xrdrama.adapters.openxr.states import Duty, Life, live
from xrdrama.adapters.openxr.watchdog import CALL_TIMEOUT_S, OPENING_TIMEOUT_S, Watchdog
from xrdrama.spatial import IDENTITY, Pose, Vec3
from xrdrama.timing import NS
from xrdrama.wire.frame import Projection

_log = logging.getLogger(__name__)
_STEREO: Final = xr.ViewConfigurationType.PRIMARY_STEREO
_VIEWS_VALID: Final = 3  # orientation and position
LARGEST: Final = 4096
HALF_EYES: Final = 0.0315
"""Half the distance between the eyes, metres, until the runtime reports it."""


class Eye(msgspec.Struct, frozen=True):
    """One eye at the display time of a frame, in the stage's space."""

    pose: Pose
    projection: Projection


class _Sight(msgspec.Struct, frozen=True):
    """A field of view as reported by the runtime, and as it is used."""

    reported: Fov
    used: Fov
    own: bool
    projection: Projection

    @classmethod
    def of(cls, reported: Fov) -> _Sight:
        used, own = bounded(reported)
        return cls(reported, used, own, projection(used))


class Seen(msgspec.Struct, frozen=True):
    """A frame's eyes and hands. `tracked` is False while the head's pose is the last known.

    `shows_at` is when it will be seen, in nanoseconds of the runtime's clock.
    """

    eyes: tuple[Eye, Eye]
    head: Pose
    hands: tuple[Hand, ...]
    tracked: bool
    recentre: bool
    shows_at: int


class Pictures(Protocol):
    """Draws the pictures of both eyes, in this thread and its OpenGL context."""

    def between(self) -> None:
        """Do what may take longer than a frame, before one is waited for."""

    def prepare(self) -> None:
        """Update everything except the view."""

    def draw(self, seen: Seen) -> Drawn:
        """Draw for these eyes."""


class Headset:
    """A headset that shows `application`; DeviceError without a runtime or headset.

    The OpenGL context must be current in this thread, now and in every call. A call may block
    forever if the runtime hangs: then `hung(seconds)` is called in another thread.
    """

    def __init__(
        self,
        application: str,
        hung: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.life = Life()
        self.pacing = Pacing()
        self._instance: Any = None
        self._session: Any = None
        self._watchdog = Watchdog(hung, OPENING_TIMEOUT_S)
        try:
            with self._watchdog, runtime.runtime_errors():
                self._instance, extensions = runtime.open_instance(application)
                self._open(extensions)
        except BaseException:
            self.close()
            raise
        self._watchdog.timeout_s = CALL_TIMEOUT_S

    def _open(self, extensions: frozenset[str]) -> None:
        system = runtime.open_system(self._instance)
        graphics = binding(extensions)
        pointer = ctypes.cast(ctypes.pointer(graphics), ctypes.c_void_p)
        self._session = xr.create_session(
            self._instance, xr.SessionCreateInfo(system_id=system, next=pointer)
        )
        view = xr.enumerate_view_configuration_views(self._instance, system, _STEREO)[0]
        self.size = (
            min(view.recommended_image_rect_width, view.max_image_rect_width, LARGEST),
            min(view.recommended_image_rect_height, view.max_image_rect_height, LARGEST),
        )
        """Pixels of each eye's picture, as the runtime recommends them."""
        self._stage, self._floor = self._stage_space()
        self._layers = Layers(
            self._session,
            self.size,
            stage=self._stage,
            head=self._space(xr.ReferenceSpaceType.VIEW),
            floor=self._floor,
            depth=runtime.DEPTH_EXTENSION in extensions,
        )
        self.takes_depth = self._layers.takes_depth
        """True when the runtime uses the depth of pictures, to correct late ones."""
        joints = None
        if EXTENSION in extensions and has_joints(self._instance, system):
            bare_only = SOURCE_EXTENSION in extensions
            joints = Joints(self._instance, self._session, self._stage, bare_only=bare_only)
        self._actions = Actions(self._instance, self._session, joints)
        self._system = system
        self.blend: Blend = "opaque"
        """How the pictures are put over what the wearer sees."""
        self._calls = FrameCalls(self._session, self._stage)
        self._waited = 0
        self._recentre = False
        self._warned = False
        self._sees = [_Sight.of(USUAL), _Sight.of(USUAL)]
        self.eyes = tuple(Eye(self._usual(side), projection(USUAL)) for side in (-1, 1))

    def _stage_space(self) -> tuple[Any, float]:
        """The room's space, and the height of its origin above the floor (a guess if unknown),
        metres."""
        kinds = xr.ReferenceSpaceType
        offered = [int(kind) for kind in xr.enumerate_reference_spaces(self._session)]
        if int(kinds.STAGE) in offered:
            return self._space(kinds.STAGE), 0.0
        return self._space(kinds.LOCAL), EYES_HEIGHT

    def _space(self, kind: Any) -> Any:
        return xr.create_reference_space(self._session, xr.ReferenceSpaceCreateInfo(kind))

    def _usual(self, side: int) -> Pose:
        return Pose(Vec3(side * HALF_EYES, 0.0, EYES_HEIGHT), IDENTITY)

    # -- states ---------------------------------------------------------------------------------

    def follow_events(self) -> bool:
        """Handle the runtime's events; False if the session has ended; GoneError if it was lost."""
        with self._watchdog, runtime.runtime_errors():
            while True:
                try:
                    event = xr.poll_event(self._instance)
                except xr.exception.EventUnavailable:
                    return True
                if not self._handled(event):
                    return False

    def _handled(self, event: Any) -> bool:
        kind = xr.StructureType(event.type)
        if kind == xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING:
            raise GoneError("the OpenXR runtime is shutting down", "restart the runtime")
        if kind == xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
            self._recentre = True
        if kind != xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
            return True
        pointer = ctypes.POINTER(xr.EventDataSessionStateChanged)
        changed = ctypes.cast(ctypes.byref(event), pointer).contents
        self.life, duty = live(self.life, int(changed.state))
        match duty:
            case Duty.BEGIN:
                xr.begin_session(self._session, xr.SessionBeginInfo(_STEREO))
            case Duty.END:
                xr.end_session(self._session)
            case Duty.LEAVE if self.life.lost:
                raise GoneError("the OpenXR session was lost", "connect the headset again")
            case Duty.LEAVE:
                return False
            case Duty.NOTHING:
                pass
            case _:
                assert_never(duty)
        return True

    def ask_to_leave(self) -> None:
        """Request the runtime to end the session; `follow_events` returns False when it has."""
        if self._session is not None and self.life.runs:
            with self._watchdog, runtime.runtime_errors():
                xr.request_exit_session(self._session)

    def blend_as(self, wanted: Blend) -> Blend:
        """Put the pictures over what the wearer sees in this way, or opaque where the runtime does
        not offer it; returns how it is."""
        with self._watchdog, runtime.runtime_errors():
            self.blend, mode = runtime.blend_mode(self._instance, self._system, wanted)
        self._calls.blend(mode)
        self._layers.blend(self.blend == "alpha")
        return self.blend

    # -- frames ---------------------------------------------------------------------------------

    def frame(self, pictures: Pictures) -> bool:
        """One frame, from waiting to ending it; True when it was drawn.

        Every frame that was waited for is ended, drawn or not. GoneError if the runtime is lost.
        """
        # Not within the frame: the runtime would expect the next ones to take as long.
        pictures.between()
        self._watchdog.timeout_s = CALL_TIMEOUT_S + self.pacing.slowest / NS
        with self._watchdog, runtime.runtime_errors():
            counts = self.pacing.counts
            began = monotonic_ns()
            self._calls.wait()
            woken = monotonic_ns()
            self._waited = woken - began
            counts.waited += 1
            state = self._calls.state
            shows_at, is_drawn = int(state.predicted_display_time), bool(state.should_render)
            self.pacing.note(shows_at)
            layers: list[Any] = []
            try:
                if is_drawn:
                    layers = self._draw(pictures, shows_at)
                    counts.drawn += 1
            finally:
                self._calls.end(shows_at, layers)
                counts.ended += 1
                self.pacing.worked(monotonic_ns() - woken)
            return is_drawn

    def _draw(self, pictures: Pictures, time: int) -> list[Any]:
        began = monotonic_ns()
        hands = self._actions.read(time, self._stage)
        recentre = self._actions.wants_centre(time) or self._recentre
        self._recentre = False
        with self._watchdog.paused():
            pictures.prepare()
        updated = monotonic_ns()
        # Locate the eyes as late as possible: the prediction is then most accurate.
        tracked = self._calls.locate(time) & _VIEWS_VALID == _VIEWS_VALID
        eyes = tuple(self._eye(side, view, tracked) for side, view in enumerate(self._calls.views))
        self.eyes = eyes
        left, right = eyes[0].pose, eyes[1].pose
        if self._floor:
            hands = tuple(self._raised(hand) for hand in hands)
        seen = Seen((eyes[0], eyes[1]), left.lerp(right, 0.5), hands, tracked, recentre, time)
        with self._watchdog.paused():
            drawn = pictures.draw(seen)
        done = monotonic_ns()
        for side in drawn.ticks:
            self._actions.tick(side)
            self.pacing.counts.ticks += 1
        layers = self._layers.of(drawn)
        if drawn.dark < 1.0:
            copied = monotonic_ns() - done
            spent = Spent(self._waited, updated - began, done - updated, copied)
            self.pacing.budget.note(spent, int(self._calls.state.predicted_display_period))
        return layers

    def _raised(self, hand: Hand) -> Hand:
        aim = hand.aim and Pose(hand.aim.position + Vec3(0.0, 0.0, self._floor), hand.aim.rotation)
        return msgspec.structs.replace(hand, aim=aim)

    def _eye(self, side: int, view: Any, tracked: bool) -> Eye:
        p, q = view.pose.position, view.pose.orientation
        pose = from_xr((p.x, p.y, p.z), (q.x, q.y, q.z, q.w)) if tracked else None
        sent, seen = view.fov, self._sees[side]
        fov = Fov(sent.angle_left, sent.angle_right, sent.angle_up, sent.angle_down)
        if fov != seen.reported:
            seen = self._sees[side] = _Sight.of(fov)
        counts = self.pacing.counts
        if not seen.own:
            counts.bounded_fovs += 1
            if not self._warned:
                self._warned = True
                _log.warning(
                    "the runtime reported an invalid field of view (%s); a valid one is used",
                    view.fov,
                )
        if pose is None:
            counts.lost_poses += 1
            pose = self.eyes[side].pose
        else:
            pose = Pose(pose.position + Vec3(0.0, 0.0, self._floor), pose.rotation)
        self._layers.place(side, pose, seen.used)
        return Eye(pose, seen.projection)

    def close(self) -> None:
        """Destroy the session and the instance; errors of a lost runtime are ignored."""
        for end, thing in (
            (xr.destroy_session, self._session),
            (xr.destroy_instance, self._instance),
        ):
            if thing is not None:
                try:
                    with self._watchdog:
                        end(thing)
                except xr.exception.XrException:
                    _log.debug("the runtime was lost before %s", end.__name__)
        self._session = self._instance = None
        self._watchdog.close()
