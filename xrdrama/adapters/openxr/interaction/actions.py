"""Controllers: where they aim, whether the trigger is pulled, whether to centre the view.

Bindings are suggested for every controller that is common, and for bare hands; the runtime takes
those of the one that is there. A profile that it does not know is passed over.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.axes import from_xr
from xrdrama.adapters.openxr.calls import NOT_FOCUSED, at, entry, good, number
from xrdrama.spatial import Pose

HANDS: Final = ("left", "right")
# Profile: the inputs that pick, centre and aim; "left:" or "right:" where only one hand has it.
PROFILES: Final = {
    "valve/index_controller": ("trigger/click", ("b/click",), "aim/pose"),
    "oculus/touch_controller": ("trigger/value", ("left:menu/click",), "aim/pose"),
    "meta/touch_controller_plus": ("trigger/value", ("left:menu/click",), "aim/pose"),
    "khr/simple_controller": ("select/click", ("menu/click",), "aim/pose"),
    "ext/hand_interaction_ext": ("aim_activate_ext/value", (), "aim/pose"),
}
LONG: Final = 800_000_000
"""Nanoseconds that a button is held to centre the view, so that it does not happen by accident."""
_VALID: Final = int(xr.SpaceLocationFlags.POSITION_VALID_BIT) | int(
    xr.SpaceLocationFlags.ORIENTATION_VALID_BIT
)


class Hand(msgspec.Struct, frozen=True):
    """One hand in a frame: where it aims (along +Y; None while it is lost), and its trigger."""

    side: str
    aim: Pose | None = None
    pulls: bool = False
    pulled: bool = False
    """True in the frame in which the trigger went down."""


class Actions:
    """The actions of a session, created once before its first frame."""

    def __init__(self, instance: Any, session: Any) -> None:
        self._session = number(session)
        self._synchronize, self._locate, self._read = map(
            entry, ("xrSyncActions", "xrLocateSpace", "xrGetActionStateBoolean")
        )
        self._located, self._state = xr.SpaceLocation(), xr.ActionStateBoolean()
        self._held_since: int | None = None
        self._pulls = dict.fromkeys(HANDS, False)
        self._paths = {side: xr.string_to_path(instance, f"/user/hand/{side}") for side in HANDS}
        self._set = xr.create_action_set(instance, xr.ActionSetCreateInfo("drama", "The drama", 0))
        kinds = xr.ActionType
        self._pick = self._action("pick", "Pick what you aim at", kinds.BOOLEAN_INPUT)
        self._centre = self._action("centre", "Centre the view (hold)", kinds.BOOLEAN_INPUT)
        self._aim = self._action("aim", "Aim", kinds.POSE_INPUT)
        self.aims = {
            side: xr.create_action_space(
                session, xr.ActionSpaceCreateInfo(self._aim, self._paths[side])
            )
            for side in HANDS
        }
        for profile, inputs in PROFILES.items():
            self._suggest(instance, profile, *inputs)
        xr.attach_session_action_sets(
            session, xr.SessionActionSetsAttachInfo(action_sets=[self._set])
        )
        self._active = (xr.ActiveActionSet * 1)(xr.ActiveActionSet(self._set, 0))
        self._sync = xr.ActionsSyncInfo(active_action_sets=self._active)
        self._asked = {
            (name, side): xr.ActionStateGetInfo(action, path)
            for name, action in (("pick", self._pick), ("centre", self._centre))
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

    def _suggest(
        self, instance: Any, profile: str, pick: str, centre: tuple[str, ...], aim: str
    ) -> None:
        inputs = [(self._pick, pick), (self._aim, aim), *((self._centre, one) for one in centre)]
        found = []
        for action, place in inputs:
            only, _, part = place.rpartition(":")
            for side in (only,) if only else HANDS:
                path = xr.string_to_path(instance, f"/user/hand/{side}/input/{part}")
                found.append(xr.ActionSuggestedBinding(action, path))
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
            return

    def read(self, time: int, base: Any) -> tuple[Hand, ...]:
        """The state of both hands at a time of the runtime, in the space `base`."""
        if good(self._synchronize(self._session, at(self._sync))) == NOT_FOCUSED:
            self._pulls = dict.fromkeys(HANDS, False)
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
        return Hand(side, aim, pulls, pulled)

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
