"""Hands: where they aim, whether they pull a trigger or pinch, whether to centre the view.

Bindings are suggested for every controller that is common, and for bare hands; the runtime takes
those of the one that is there. A profile that it does not know is passed over.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final, NamedTuple

import msgspec
import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.axes import from_xr
from xrdrama.adapters.openxr.calls import NOT_FOCUSED, at, entry, good, number
from xrdrama.adapters.openxr.interaction.joints import Joints
from xrdrama.adapters.openxr.interaction.pinching import Pinch, pinch
from xrdrama.spatial import Pose

HANDS: Final = ("left", "right")


class Profile(NamedTuple):
    """The inputs of a controller; "left:" or "right:" where only one hand has it."""

    pick: tuple[str, ...]
    pinch: tuple[str, ...]
    centre: tuple[str, ...]
    has_tick: bool


PROFILES: Final = {
    "valve/index_controller": Profile(("trigger/click",), (), ("b/click",), True),
    "oculus/touch_controller": Profile(("trigger/value",), (), ("left:menu/click",), True),
    "meta/touch_controller_plus": Profile(("trigger/value",), (), ("left:menu/click",), True),
    "khr/simple_controller": Profile(("select/click",), (), ("menu/click",), True),
    "ext/hand_interaction_ext": Profile(
        (), ("pinch_ext/value", "aim_activate_ext/value"), (), False
    ),
}
LONG: Final = 800_000_000
"""Nanoseconds that a button is held to centre the view, so that it does not happen by accident."""
TICK_NS: Final = 25_000_000
TICK_STRENGTH: Final = 0.5
_VALID: Final = int(xr.SpaceLocationFlags.POSITION_VALID_BIT) | int(
    xr.SpaceLocationFlags.ORIENTATION_VALID_BIT
)


class Hand(msgspec.Struct, frozen=True):
    """One hand in a frame: where it aims (along +Y; None while it is lost), trigger and pinch."""

    side: str
    aim: Pose | None = None
    pulls: bool = False
    """True while the trigger is down or the fingers pinch."""
    pulled: bool = False
    """True in the frame in which the trigger went down."""
    pinched: bool = False
    """True in the frame in which thumb and index finger met."""

    @property
    def picks(self) -> str:
        """What it picks by in this frame: `trigger`, `pinch` or ""."""
        return "trigger" if self.pulled else "pinch" if self.pinched else ""


class Actions:
    """The actions of a session, created once before its first frame."""

    def __init__(self, instance: Any, session: Any, joints: Joints | None = None) -> None:
        self._handle, self._session, self._joints = session, number(session), joints
        self._synchronize, self._locate, self._read = map(
            entry, ("xrSyncActions", "xrLocateSpace", "xrGetActionStateBoolean")
        )
        self._located, self._state = xr.SpaceLocation(), xr.ActionStateBoolean()
        self._held_since: int | None = None
        self._pulls = dict.fromkeys(HANDS, False)
        self._closes = dict.fromkeys(HANDS, False)
        self._pinches = dict.fromkeys(HANDS, Pinch())
        self._paths = {side: xr.string_to_path(instance, f"/user/hand/{side}") for side in HANDS}
        self._set = xr.create_action_set(instance, xr.ActionSetCreateInfo("drama", "The drama", 0))
        kinds = xr.ActionType
        self._pick = self._action("pick", "Pick what you aim at", kinds.BOOLEAN_INPUT)
        self._pinch = self._action("pinch", "Pick by pinching", kinds.BOOLEAN_INPUT)
        self._tick = self._action("tick", "A tick on a pick", kinds.VIBRATION_OUTPUT)
        self._centre = self._action("centre", "Centre the view (hold)", kinds.BOOLEAN_INPUT)
        self._aim = self._action("aim", "Aim", kinds.POSE_INPUT)
        self.aims = {
            side: xr.create_action_space(
                session, xr.ActionSpaceCreateInfo(self._aim, self._paths[side])
            )
            for side in HANDS
        }
        self.profiles = tuple(
            name for name, inputs in PROFILES.items() if self._suggest(instance, name, inputs)
        )
        """The profiles whose bindings the runtime has taken."""
        xr.attach_session_action_sets(
            session, xr.SessionActionSetsAttachInfo(action_sets=[self._set])
        )
        self._active = (xr.ActiveActionSet * 1)(xr.ActiveActionSet(self._set, 0))
        self._sync = xr.ActionsSyncInfo(active_action_sets=self._active)
        self._asked = {
            (name, side): xr.ActionStateGetInfo(action, path)
            for name, action in (
                ("pick", self._pick),
                ("pinch", self._pinch),
                ("centre", self._centre),
            )
            for side, path in self._paths.items()
        }

    def _action(self, name: str, title: str, kind: Any) -> Any:
        paths = list(self._paths.values())
        info = xr.ActionCreateInfo(
            action_name=name,
            action_type=kind,
            subaction_paths=paths,
            localized_action_name=title,
        )
        return xr.create_action(self._set, info)

    def _suggest(self, instance: Any, profile: str, inputs: Profile) -> bool:
        bound = [(self._aim, "input/aim/pose")]
        bound += [(self._pick, f"input/{part}") for part in inputs.pick]
        bound += [(self._pinch, f"input/{part}") for part in inputs.pinch]
        bound += [(self._tick, "output/haptic")] * inputs.has_tick
        found = []
        for action, part in bound:
            for side in HANDS:
                path = xr.string_to_path(instance, f"/user/hand/{side}/{part}")
                found.append(xr.ActionSuggestedBinding(action, path))
        for place in inputs.centre:
            only, _, part = place.rpartition(":")
            for side in (only,) if only else HANDS:
                path = xr.string_to_path(instance, f"/user/hand/{side}/input/{part}")
                found.append(xr.ActionSuggestedBinding(self._centre, path))
        try:
            xr.suggest_interaction_profile_bindings(
                instance,
                xr.InteractionProfileSuggestedBinding(
                    interaction_profile=xr.string_to_path(
                        instance, f"/interaction_profiles/{profile}"
                    ),
                    suggested_bindings=(xr.ActionSuggestedBinding * len(found))(*found),
                ),
            )
        except xr.exception.PathUnsupportedError:
            return False
        return True

    def read(self, time: int, base: Any) -> tuple[Hand, ...]:
        """The state of both hands at a time of the runtime, in the space `base`."""
        if good(self._synchronize(self._session, at(self._sync))) == NOT_FOCUSED:
            self._pulls = dict.fromkeys(HANDS, False)
            self._closes = dict.fromkeys(HANDS, False)
            self._pinches = dict.fromkeys(HANDS, Pinch())
            return tuple(Hand(side) for side in HANDS)
        return tuple(self._hand(side, time, base) for side in HANDS)

    def _hand(self, side: str, time: int, base: Any) -> Hand:
        found = self._located
        good(self._locate(number(self.aims[side]), number(base), time, at(found)))
        aim = None
        if int(found._location_flags) & _VALID == _VALID:
            p, q = found.pose.position, found.pose.orientation
            aim = from_xr((p.x, p.y, p.z), (q.x, q.y, q.z, q.w))
        pulls = self._is_down("pick", side)
        pulled = pulls and not self._pulls[side]
        self._pulls[side] = pulls
        closes, pinched = self._pinched(side, time)
        return Hand(side, aim, pulls or closes, pulled, pinched and not pulls)

    def _pinched(self, side: str, time: int) -> tuple[bool, bool]:
        """Whether a hand pinches, and whether it began to in this frame."""
        apart = self._joints.apart(side, time) if self._joints else None
        self._pinches[side], met = pinch(self._pinches[side], apart)
        closes = self._is_down("pinch", side)
        began = closes and not self._closes[side]
        self._closes[side] = closes
        return closes or self._pinches[side].closed, began or met

    def tick(self, side: str) -> None:
        """Ask a controller for a short vibration; hands without one ignore it."""
        pulse = xr.HapticVibration(duration=TICK_NS, frequency=0.0, amplitude=TICK_STRENGTH)
        info = xr.HapticActionInfo(action=self._tick, subaction_path=self._paths[side])
        address = ctypes.cast(ctypes.pointer(pulse), ctypes.POINTER(xr.HapticBaseHeader))
        xr.apply_haptic_feedback(self._handle, info, address.contents)

    def _is_down(self, name: str, side: str) -> bool:
        state = self._state
        good(self._read(self._session, at(self._asked[name, side]), at(state)))
        return bool(state.is_active and state.current_state)

    def wants_centre(self, now: int) -> bool:
        """True for one frame after the button was held for long enough."""
        if not any(self._is_down("centre", side) for side in HANDS):
            self._held_since = None
            return False
        if self._held_since is None:
            self._held_since = now
        if self._held_since >= 0 and now - self._held_since >= LONG:
            self._held_since = -1  # held on: once is enough
            return True
        return False
