"""Whole files around the examples of explanations that are not stories: shows, stages, sets,
lenses, camera moves, performers and gestures. An example is merged into a sound file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from xrdrama.authoring.explaining import Explanation

WALL = {"shape": "flat", "width": 6, "height": 3, "pixels": [2304, 1152], "centre": [0, 4, 1.5]}
CAMERA = {"focal_mm": 35, "sensor_mm": [36, 20.25], "picture": [1920, 1080]}
STAGE = {
    "xrdrama": 1, "id": "small", "canvas": [2304, 1152], "walls": {"back": WALL}, "camera": CAMERA,
    "eye_point": [0, -1, 1.5],
}  # fmt: skip
SHOW = {"xrdrama": 1, "id": "night", "title": "Night", "story": "one_lantern_too_many",
        "stage": "small", "languages": ["en"]}  # fmt: skip
BASES: dict[str, tuple[str, dict[str, Any]]] = {
    "a show": ("night.show.yaml", SHOW),
    "a stage": ("small.stage.yaml", STAGE),
    "a lens file": (
        "prime_35.lens.yaml",
        {
            "xrdrama": 1, "id": "prime_35", "sensor_mm": [36, 20.25],
            "calibration": [{"focal_mm": 35}],
        },
    ),
    "a camera move": ("walk_in.move.yaml", {"keys": [{"at": "0s", "position": [0, -3, 1.5]}]}),
}  # fmt: skip
"""The file of each kind of example, and what else is in it."""
Tree = dict[str, Any]


def placed(explanation: Explanation, example: str, where: str, more: Mapping[str, Any]) -> Tree:
    """The whole file of an example; `where` is the path of keys at which it is, `more` what its
    file has besides."""
    tree = merged(json.loads(json.dumps(BASES[explanation.inside][1])), more)
    part: Any = yaml.load(example, yaml.CBaseLoader)
    for key in reversed(where.split(".") if where else []):
        part = {key: part}
    return merged(tree, part)


def merged(tree: Tree, part: Mapping[str, Any]) -> Tree:
    """Groups are merged; an empty one, and everything else, replaces. None removes a key."""
    found = dict(tree)
    for key, value in part.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping) and value and isinstance(found.get(key), dict):
            found[key] = merged(found[key], value)
        else:
            found[key] = value
    return found


def write(folder: Path, inside: str, tree: Tree) -> Path:
    """Write the file, and those that it names, into a folder; the story is one of ours."""
    for name, base in BASES.values():
        (folder / name).write_text(json.dumps(base))
    path = folder / BASES[inside][0]
    path.write_text(json.dumps(tree))
    return path


_LAN = {"performers": {"lan": {"mark": "girl", "presence": "girl"}}}
WHERE = {
    **dict.fromkeys(("W004", "W012", "W015", "W020", "W070"), "walls"),
    **dict.fromkeys(("W011", "W013", "W016", "W017", "Q001"), "walls.back"),
    **dict.fromkeys(("W008", "W041", "W043", "W052", "W053"), "camera"),
    **dict.fromkeys(("W034", "W035"), "cameras"),
    **dict.fromkeys(("W050", "W051"), "tracking"),
    **dict.fromkeys(("K002", "K003", "K004", "K005"), "encoders"),
}
"""The keys at which an example is in its file; the others are at the top."""
_TWO_WALLS = {
    "canvas": [4608, 1152],
    "walls": {
        "back": None,
        "left": {**WALL, "centre": [-3, 4, 1.5]},
        "right": {**WALL, "centre": [3, 4, 1.5], "at": [2304, 0]},
    },
}
_TWO_CAMERAS = {
    "camera": None,
    "cameras": {
        "a": {**CAMERA, "subject": "1", "priority": 1},
        "b": {**CAMERA, "subject": "2", "priority": 2},
    },
}
_NO_PIXELS = {"canvas": [2400, 1200], "walls": {"back": {"pixels": None}}}
_NO_FOCAL = {"camera": {"focal_mm": None}}
MORE: dict[str, Tree] = {
    **dict.fromkeys(("H020", "H021", "H025", "H026"), _LAN),
    **dict.fromkeys(("W004", "W012"), _TWO_WALLS),
    **dict.fromkeys(("W034", "W035"), _TWO_CAMERAS),
    **dict.fromkeys(("W015", "W017", "Q001"), _NO_PIXELS),
    **dict.fromkeys(("W041", "W043"), _NO_FOCAL),
    "W020": {"walls": {"back": {"width": None, "height": None, "centre": None}}},
    "W033": {"camera": None},
    "W070": {"canvas": None, "canvases": {"left": {"size": [2304, 1152]}}},
    "W072": {"canvas": None, "walls": {"back": {"canvas": "left", "pixels": [1920, 960]}}},
}
"""What the file of an example has besides, or (None) has not."""
