"""What a sample of OpenTrackIO says that a TrackingSample has no field for, by JSON path.

sampleId and sourceId are left out: they name messages, and every sender has its own.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET

from xrdrama.tracking.opentrackio.form import Sample

_BLOCKS: Final[tuple[tuple[str, tuple[str, ...], dict[str, str]], ...]] = (
    ("$.tracker", ("tracker",), {"notes": "notes", "recording": "recording", "slate": "slate"}),
    (
        "$.timing",
        ("timing",),
        {
            "mode": "mode",
            "recorded_timestamp": "recordedTimestamp",
            "sample_rate": "sampleRate",
            "synchronization": "synchronization",
        },
    ),
    ("$.timing.timecode", ("timing", "timecode"), {"sub_frame": "subFrame"}),
    ("$.lens", ("lens",), {"custom": "custom"}),
    (
        "$",
        (),
        {
            "related_sample_ids": "relatedSampleIds",
            "global_stage": "globalStage",
        },
    ),
    ("$.static", ("static",), {"duration": "duration", "tracker": "tracker"}),
    (
        "$.static.camera",
        ("static", "camera"),
        {
            "capture_frame_rate": "captureFrameRate",
            "make": "make",
            "model": "model",
            "serial_number": "serialNumber",
            "firmware_version": "firmwareVersion",
            "label": "label",
            "iso_speed": "isoSpeed",
            "fdl_link": "fdlLink",
            "shutter_angle": "shutterAngle",
        },
    ),
    (
        "$.static.lens",
        ("static", "lens"),
        {
            "distortion_overscan_max": "distortionOverscanMax",
            "undistortion_overscan_max": "undistortionOverscanMax",
            "make": "make",
            "model": "model",
            "serial_number": "serialNumber",
            "firmware_version": "firmwareVersion",
            "calibration_history": "calibrationHistory",
        },
    ),
)


def unread(sample: Sample) -> tuple[str, ...]:
    """The paths of what is in a sample and not in its TrackingSample, in a fixed order."""
    found: list[str] = []
    for path, way, fields in _BLOCKS:
        block: Any = sample
        for step in way:
            block = getattr(block, step) if block is not UNSET else UNSET
        if block is UNSET:
            continue
        found += [
            f"{path}.{name}" for field, name in fields.items() if getattr(block, field) is not UNSET
        ]
    if isinstance(sample.transforms, tuple):
        if len(sample.transforms) > 1:
            found.append("$.transforms (written as one)")
        found += [
            f"$.transforms[{number}].id"
            for number, link in enumerate(sample.transforms)
            if link.id is not UNSET
        ]
    return tuple(found)
