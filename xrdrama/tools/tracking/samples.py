"""Tracking samples as the `track` commands print them."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.tracking import TrackingSample
from xrdrama.tracking.sample import LensReading


def machine_form(sample: TrackingSample) -> dict[str, Any]:
    """A sample as `track decode` prints it: metres and degrees in our axes; unknown values are
    left out."""
    pan, tilt, roll = sample.pan_tilt_roll()
    p = sample.pose.position
    form: dict[str, Any] = {
        "source": sample.source,
        "subject": sample.subject,
        "position_m": [p.x, p.y, p.z],
        "pan_deg": pan,
        "tilt_deg": tilt,
        "roll_deg": roll,
    }
    for name in _OPTIONAL:
        value = getattr(sample, name)
        if value is not None:
            form[name] = int(value) if isinstance(value, float) and value.is_integer() else value
    if sample.taken is not None:
        form["taken_ns"] = sample.taken
    if sample.encoders is not None:
        names = ("zoom", "focus", "iris")
        pairs = zip(names, sample.encoders, strict=True)
        form["encoders"] = {name: share for name, share in pairs if share is not None}
    if sample.timecode_rate is not None:
        form["timecode_rate"] = list(sample.timecode_rate)
    if sample.lens is not None:
        form["lens"] = _lens_form(sample.lens)
    return form


def _lens_form(lens: LensReading) -> dict[str, Any]:
    """A lens block by field name, without the fields that a packet lacks."""
    form = {
        name: msgspec.to_builtins(value)
        for name in lens.__struct_fields__
        if (value := getattr(lens, name)) not in (None, ())
    }
    if lens.distortion:
        form["distortion"] = [
            {name: getattr(one, name) for name in one.__struct_fields__} for one in lens.distortion
        ]
    return form


_OPTIONAL = (
    "zoom", "focus", "iris", "timecode", "sequence", "spare", "focal_mm", "focus_m", "f_number",
    "status",
)  # fmt: skip
