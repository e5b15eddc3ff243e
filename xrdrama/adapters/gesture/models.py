"""Find the hand model, and check that it is the right one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from xrdrama.errors import DeviceError

MODEL_NAME = "hand_landmarker.task"
MODEL_SHA256 = "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1"
REMEDY = "xrdrama models get hand"


def model_path() -> Path:
    """Where the model is looked for: `xrdrama/models` in the user's cache (XDG_CACHE_HOME)."""
    # By the XDG specification, relative paths in the variable are ignored.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    cache = named if named.is_absolute() else Path.home() / ".cache"
    return cache / "xrdrama" / "models" / MODEL_NAME


def checked_model(path: Path | None = None) -> bytes:
    """The bytes of the model at `path` (by default `model_path()`), or DeviceError."""
    path = path or model_path()
    try:
        model = path.read_bytes()
    except FileNotFoundError:
        raise DeviceError(f"the hand model is missing at {path}", REMEDY) from None
    except OSError as error:
        raise DeviceError(f"the hand model at {path} cannot be read ({error})", REMEDY) from None
    if not is_model(model):
        raise DeviceError(f"{path} is not the hand model: its checksum is wrong", REMEDY)
    return model


def is_model(data: bytes) -> bool:
    """True if the checksum is that of the model with which this project's figures were measured."""
    return hashlib.sha256(data).hexdigest() == MODEL_SHA256
