"""Packets of OpenTrackIO built by hand from the specification, without the library's own writer."""

from __future__ import annotations

import copy
import json
import struct
from pathlib import Path
from typing import Any

_FOLDERS = [
    folder / "shared" / "vectors" / "opentrackio"
    for folder in Path(__file__).resolve().parents[4:6]
]
PUBLISHED = next((folder for folder in _FOLDERS if folder.is_dir()), None)
"""What others published; a clone does not have it."""


def fletcher(data: bytes) -> int:
    """Fletcher-16 modulo 256, one byte after another."""
    one = two = 0
    for byte in data:
        one = (one + byte) % 256
        two = (two + one) % 256
    return two << 8 | one


def packet(
    payload: bytes, *, sequence: int = 0, offset: int = 0, last: bool = True, encoding: int = 1
) -> bytes:
    """The datagram of a segment."""
    size = len(payload) | (0x8000 if last else 0)
    head = b"OTrk" + struct.pack(">BBHIH", 0, encoding, sequence, offset, size)
    return head + struct.pack(">H", fletcher(head + payload)) + payload


def text_of(sample: Any) -> bytes:
    """JSON as Python's own library writes it."""
    return json.dumps(sample).encode()


def urn(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012x}"


def dynamic(**changes: Any) -> dict[str, Any]:
    """A small valid sample; keyword arguments replace its groups."""
    sample = {
        "protocol": {"name": "OpenTrackIO", "version": [1, 0, 1]},
        "sampleId": urn(1),
        "sourceId": urn(2),
        "sourceNumber": 7,
        "timing": {
            "mode": "internal",
            "sampleTimestamp": {"seconds": 1_718_806_554, "nanoseconds": 500_000_000},
            "sequenceNumber": 42,
            "timecode": {
                "hours": 1, "minutes": 2, "seconds": 3, "frames": 4,
                "frameRate": {"num": 24_000, "denom": 1001},
            },
        },
        "transforms": [
            {
                "translation": {"x": 1.5, "y": -2.25, "z": 1.625},
                "rotation": {"pan": 10.0, "tilt": -5.0, "roll": 2.0},
                "id": "Camera",
            }
        ],
    }  # fmt: skip
    return {**sample, **changes}


def full() -> dict[str, Any]:
    """A valid sample with every key that the schema has."""
    fraction = {"num": 24_000, "denom": 1001}
    names = {"make": "Maker", "model": "M1", "serialNumber": "0001", "firmwareVersion": "1.2"}
    return copy.deepcopy(
        dynamic(
            static={
                "duration": fraction,
                "camera": {
                    **names,
                    "captureFrameRate": fraction,
                    "activeSensorPhysicalDimensions": {"height": 24.0, "width": 36.0},
                    "activeSensorResolution": {"height": 2160, "width": 3840},
                    "label": "A",
                    "anamorphicSqueeze": {"num": 2, "denom": 1},
                    "isoSpeed": 800,
                    "fdlLink": urn(3),
                    "shutterAngle": 172.8,
                },
                "lens": {
                    **names,
                    "distortionOverscanMax": 1.2,
                    "undistortionOverscanMax": 1.3,
                    "nominalFocalLength": 35.0,
                    "calibrationHistory": ["factory", "on set"],
                },
                "tracker": names,
            },
            tracker={"notes": "n", "recording": True, "slate": "A101", "status": "Good"},
            timing={
                "mode": "internal",
                "recordedTimestamp": {"seconds": 5, "nanoseconds": 6},
                "sampleRate": fraction,
                "sampleTimestamp": {"seconds": 1_718_806_554, "nanoseconds": 7},
                "sequenceNumber": 42,
                "synchronization": {
                    "locked": True,
                    "source": "ptp",
                    "frequency": fraction,
                    "offsets": {"translation": 0.001, "rotation": 0.002, "lensEncoders": 0.003},
                    "present": True,
                    "ptp": {
                        "profile": "SMPTE ST2059-2:2021",
                        "domain": 1,
                        "leaderIdentity": "00:11:22:33:44:55",
                        "leaderPriorities": {"priority1": 128, "priority2": 127},
                        "leaderAccuracy": 5e-8,
                        "meanPathDelay": 0.000123,
                        "leaderTimeSource": "GNSS",
                        "vlan": 100,
                    },
                },
                "timecode": {
                    "hours": 23, "minutes": 59, "seconds": 58, "frames": 22,
                    "frameRate": fraction, "subFrame": 1,
                },
            },
            lens={
                "custom": [1.0, 2.0],
                "distortion": [
                    {
                        "model": "Brown-Conrady U-D",
                        "radial": [0.1, -0.2, 0.3],
                        "tangential": [0.01, 0.02],
                        "overscan": 1.1,
                    }
                ],
                "distortionOffset": {"x": 0.1, "y": -0.1},
                "encoders": {"focus": 0.1, "iris": 0.2, "zoom": 0.3},
                "entrancePupilOffset": 0.123,
                "exposureFalloff": {"a1": 1.0, "a2": 2.0, "a3": 3.0},
                "fStop": 4.0,
                "pinholeFocalLength": 24.305,
                "focusDistance": 10.0,
                "projectionOffset": {"x": 0.2, "y": -0.2},
                "rawEncoders": {"focus": 1000, "iris": 2000, "zoom": 3000},
                "tStop": 4.1,
            },
            relatedSampleIds=[urn(4)],
            globalStage={"E": 1.0, "N": 2.0, "U": 3.0, "lat0": 4.0, "lon0": 5.0, "h0": 6.0},
        )
    )  # fmt: skip


def places(value: Any, path: str = "$", keys: tuple[Any, ...] = ()) -> list[tuple[str, Any]]:
    """Every JSON path of a value, with the keys that lead to it."""
    found = [(path, keys)]
    if isinstance(value, dict):
        for key, one in value.items():
            found += places(one, f"{path}.{key}", (*keys, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            found += places(one, f"{path}[{number}]", (*keys, number))
    return found


def replaced(value: Any, keys: tuple[Any, ...], new: Any) -> Any:
    """A copy of a value in which the one at a place is another."""
    if not keys:
        return new
    result = copy.deepcopy(value)
    inner = result
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = new
    return result


def without(value: Any, keys: tuple[Any, ...]) -> Any:
    """A copy of a value that lacks what is at a place."""
    result = copy.deepcopy(value)
    inner = result
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    return result
