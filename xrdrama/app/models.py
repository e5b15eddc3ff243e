"""The recognisers' models: where they are, and how they get there."""

from __future__ import annotations

import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.errors import UsageError

MAX_MODEL = 4 << 30


class Model(msgspec.Struct, frozen=True):
    """A model: what it is for, whether it is here, where, or how to get it."""

    name: str
    here: bool
    detail: str


def listed() -> list[Model]:
    """Every model that xrdrama can use."""
    moonshine = find_spec("moonshine_voice") is not None
    vosk = vosk_folder()
    return [
        Model(
            "moonshine tiny English",
            moonshine,
            "in the package moonshine-voice" if moonshine else "pip install 'xrdrama[voice]'",
        ),
        _hand(),
        Model(
            "vosk",
            vosk is not None,
            str(vosk) if vosk else "optional: xrdrama models get vosk --from FOLDER_OR_ZIP",
        ),
    ]


def _hand() -> Model:
    from xrdrama.adapters.gesture.models import checked_model, model_path
    from xrdrama.errors import DeviceError

    try:
        checked_model()
    except DeviceError as error:
        return Model("MediaPipe hand landmarks", False, str(error))
    return Model("MediaPipe hand landmarks", True, str(model_path()))


def vosk_folder() -> Path | None:
    """The user's vosk model, or None."""
    folder = content.cache_folder("models") / "vosk"
    return folder if (folder / "am").is_dir() else None


def get(name: str, source: str = "") -> Path:
    """Get a model into the cache; its path. UsageError, or DeviceError when it cannot be had."""
    if name == "hand":
        from xrdrama.adapters.gesture.fetch import fetch_hand_model

        return fetch_hand_model()
    if name == "vosk":
        return _vosk(source)
    raise UsageError(f"there is no model {name!r}", "hand or vosk")


def _vosk(source: str) -> Path:
    if not source:
        raise UsageError("a vosk model must be named", "--from FOLDER or --from MODEL.zip")
    target = content.cache_folder("models") / "vosk"
    path = Path(source)
    part = target.with_name("vosk.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        if path.is_dir():
            shutil.copytree(path, part)
        else:
            _unpack(path, part)
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{source} cannot be read: {error}", "name a folder or zip") from None
    found = next((folder.parent for folder in part.rglob("am") if folder.is_dir()), None)
    if found is None:
        shutil.rmtree(part, ignore_errors=True)
        raise UsageError(f"{source} holds no vosk model", "it should have a folder am/")
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(str(found), target)
    shutil.rmtree(part, ignore_errors=True)
    return target


def _unpack(path: Path, into: Path) -> None:
    """A zip of a stranger: no way out of the folder, no bomb."""
    with zipfile.ZipFile(path) as archive:
        total = sum(member.file_size for member in archive.infolist())
        if total > MAX_MODEL or len(archive.infolist()) > 10_000:
            raise UsageError(f"{path} unpacks to {total >> 20} MB", "that is no vosk model")
        root = into.resolve()
        for member in archive.infolist():
            if not (root / member.filename).resolve().is_relative_to(root):
                raise UsageError(f"{path} has a file outside itself: {member.filename}")
        archive.extractall(into)
