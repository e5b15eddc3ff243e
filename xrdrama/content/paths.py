"""Resolves paths that are written in content files.

Content files are untrusted: a path in one must lead to a regular file inside the content's folders,
after symbolic links are followed. A path on the command line may be anywhere.
"""

from __future__ import annotations

import contextlib
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from xrdrama.document.filenames import name_fault
from xrdrama.document.wording import nearest
from xrdrama.errors import UsageError

MOST_COMPARED = 1000
"""Most names of a folder that are compared with the name of a missing file."""


def resolve(
    name: str,
    bases: Iterable[Path],
    within: Iterable[Path],
    *,
    folder: bool = False,
    suggest: bool = True,
) -> Path:
    """The file `name` relative to the first of the `bases` that has it, with links followed.

    It is a regular file (or a folder, with `folder`) inside one of the folders `within`.
    UsageError with the reason if no such file exists; with `suggest` it names a file with a
    similar name.
    """
    message, remedy = name_fault(name)
    if message:
        raise UsageError(message, remedy)
    allowed = list(dict.fromkeys(place.resolve() for place in within))
    bases = list(bases)
    refused: UsageError | None = None
    for path in _candidates(name, bases):
        try:
            return _accepted(name, path, allowed, folder=folder)
        except FileNotFoundError:
            continue
        except UsageError as error:
            refused = refused or error
    if refused is not None:
        raise refused
    looked = " or ".join(str(base) for base in bases[:3]) + (" ..." if bases[3:] else "")
    hint, parent = "check the name", name.rpartition("/")[0]
    if parent and not any((base / parent).is_dir() for base in bases):
        hint = f"check the name of the folder {parent!r}"
    elif suggest and (meant := _similar(name, bases, allowed)):
        hint = f"did you mean {meant!r}?"
    raise UsageError(f"there is no file {name!r} in {looked}", hint)


def _similar(name: str, bases: Iterable[Path], allowed: Iterable[Path]) -> str:
    """The file with the most similar name in the same folder, as it is to be written, or ""."""
    parent, _, last = name.rpartition("/")
    for base in bases:
        with contextlib.suppress(OSError, RuntimeError):
            place = (base / parent).resolve(strict=True)
            if any(place.is_relative_to(known) for known in allowed):
                known = [path.name for path in place.iterdir() if not path.name.startswith(".")]
                meant = nearest(last, sorted(known)[:MOST_COMPARED])
                if meant:
                    return f"{parent}/{meant}" if parent else meant
    return ""


def _candidates(name: str, bases: Iterable[Path]) -> Iterator[Path]:
    # Some systems store é in file names as one character, some as two.
    forms = [name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))]
    for base in bases:
        for form in dict.fromkeys(forms):
            yield base / form


def _accepted(name: str, path: Path, allowed: Iterable[Path], *, folder: bool) -> Path:
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError from None
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or "its symbolic links form a loop"
        raise UsageError(
            f"{name!r} cannot be read: {reason}", "check its permissions and links"
        ) from None
    if not any(target.is_relative_to(place) for place in allowed):
        how = "is a symbolic link that leaves" if ".." not in Path(name).parts else "leaves"
        raise UsageError(
            f"{name!r} {how} the content's folders",
            "copy the file into the folder of the file that refers to it",
        )
    if stat.S_ISDIR(mode) and not folder:
        raise UsageError(f"{name!r} is a folder", "write the name of a file in it")
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise UsageError(
            f"{name!r} is not a regular file", "use a regular file, not a device or pipe"
        )
    return target
