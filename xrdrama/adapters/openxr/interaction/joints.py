"""Bare hands (XR_EXT_hand_tracking): how far the tips of thumb and index finger are apart.

Where the runtime can distinguish bare hands from hands that it derives from a controller
(XR_EXT_hand_tracking_data_source), only bare hands are used: fingers on a controller do not pinch.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.calls import at, good, number

EXTENSION: Final = "XR_EXT_hand_tracking"
SOURCE_EXTENSION: Final = "XR_EXT_hand_tracking_data_source"
JOINTS: Final = 26
REST: Final = 8
"""A hand that is not seen is looked for in one of so many frames."""
_THUMB, _INDEX = int(xr.HandJointEXT.THUMB_TIP), int(xr.HandJointEXT.INDEX_TIP)
_VALID: Final = int(xr.SpaceLocationFlags.POSITION_VALID_BIT)
_P = ctypes.c_void_p
_SIDES: Final = {"left": xr.HandEXT.LEFT, "right": xr.HandEXT.RIGHT}


class Joints:
    """The joints of both hands in a session."""

    def __init__(self, instance: Any, session: Any, base: Any, *, bare_only: bool) -> None:
        def call(name: str, *arguments: Any) -> Any:
            address = ctypes.cast(xr.get_instance_proc_addr(instance, name), _P).value or 0
            return ctypes.CFUNCTYPE(ctypes.c_int32, *arguments)(address)

        create = call("xrCreateHandTrackerEXT", _P, _P, _P)
        self._destroy = call("xrDestroyHandTrackerEXT", _P)
        self._locate = call("xrLocateHandJointsEXT", _P, _P, _P)
        self._trackers: dict[str, int] = {}
        self._rests = dict.fromkeys(_SIDES, 0)
        sources = (ctypes.c_int * 1)(int(xr.HandTrackingDataSourceEXT.UNOBSTRUCTED))
        for side, hand in _SIDES.items():
            info = xr.HandTrackerCreateInfoEXT(hand=hand)
            if bare_only:
                source = xr.HandTrackingDataSourceInfoEXT()
                source.requested_data_source_count = 1
                source._requested_data_sources = ctypes.cast(
                    sources, type(source._requested_data_sources)
                )
                info.next = ctypes.cast(ctypes.pointer(source), _P)
            made = _P()
            good(create(number(session), at(info), ctypes.addressof(made)))
            self._trackers[side] = made.value or 0
        self._joints = (xr.HandJointLocationEXT * JOINTS)()
        self._found = xr.HandJointLocationsEXT()
        self._found.joint_count = JOINTS
        self._found._joint_locations = ctypes.cast(self._joints, type(self._found._joint_locations))
        self._asked = xr.HandJointsLocateInfoEXT(base_space=base, time=0)

    def apart(self, side: str, time: int) -> float | None:
        """Metres between the tips of thumb and index finger; None while the hand is not seen.

        A hand that was not seen is looked for in every `REST`th call: a tenth of a second is soon
        enough, and a call takes about as long as all others that read a hand.
        """
        if self._rests[side] > 0:
            self._rests[side] -= 1
            return None
        self._asked.time = time
        good(self._locate(self._trackers[side], at(self._asked), at(self._found)))
        if not self._found.is_active:
            self._rests[side] = REST - 1
            return None
        thumb, index = self._joints[_THUMB], self._joints[_INDEX]
        if not int(thumb._location_flags) & int(index._location_flags) & _VALID:
            return None
        a, b = thumb.pose.position, index.pose.position
        return float(((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5)

    def close(self) -> None:
        """Destroy the trackers."""
        for tracker in self._trackers.values():
            self._destroy(tracker)
        self._trackers.clear()


def has_joints(instance: Any, system: Any) -> bool:
    """True when this headset tracks hands; the extension must be enabled."""
    hands = xr.SystemHandTrackingPropertiesEXT()
    found = xr.SystemProperties()
    found.next = ctypes.cast(ctypes.pointer(hands), _P)
    call = ctypes.cast(xr.raw_functions.xrGetSystemProperties, _P).value or 0
    get = ctypes.CFUNCTYPE(ctypes.c_int32, _P, ctypes.c_uint64, _P)(call)
    identity = int(getattr(system, "value", system))
    return get(number(instance), identity, at(found)) == 0 and bool(hands.supports_hand_tracking)
