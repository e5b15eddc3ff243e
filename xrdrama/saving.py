"""Saves files by replacing them, so that no file is left half-written.

A file is written beside its target, synced and renamed to it. After a full disk or `kill -9` either
the old or the new file exists. Every file that xrdrama writes is saved with this module, except a
take, which is appended to (adapters.journal).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xrdrama.errors import DeviceError


def save(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a whole file: bytes, or text as UTF-8 with its newlines unchanged. Only its owner can
    read a `private` file, from its first moment.

    DeviceError when it cannot be written; an existing file is then unchanged.
    """
    data = content.encode() if isinstance(content, str) else content
    with saving(path, private=private) as beside:
        beside.write_bytes(data)


def save_all(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files: when one of them cannot be written, no file is changed.

    DeviceError as for `save`. If renaming fails, the error names the files that were written.
    """
    data = {path: c.encode() if isinstance(c, str) else c for path, c in contents.items()}
    try:
        with contextlib.ExitStack() as stack:
            for path, content in data.items():
                stack.enter_context(saving(path)).write_bytes(content)
    except DeviceError as error:
        if len(data) == 1:
            raise
        done = [path for path, content in data.items() if _holds(path, content)]
        rest = [str(path) for path in data if path not in done]
        said = f"written: {', '.join(map(str, done))}; not written: {', '.join(rest)}"
        if not done:
            said = f"none of the {len(data)} files was changed"
        raise DeviceError(f"{error.message}; {said}", error.remedy) from error


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


@contextmanager
def saving(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield the path of a new, empty file beside `path`, which replaces `path` when the block ends.

    For libraries that write to a path themselves. The new file has the suffix, permissions (0600
    if `private`) and folder of the old one; for a symbolic link, its target is replaced. When the
    block raises, the new file is removed. An OSError becomes a DeviceError.
    """
    target = path.resolve()
    beside: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = _new_file(target, private=private)
        yield beside
        _sync(beside)
        beside.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


@contextmanager
def saving_folder(path: Path) -> Iterator[Path]:
    """Yield the path of a new, empty folder beside `path`, which replaces it when the block ends.

    Files in it can be written without `save`. Errors as for `saving`.
    """
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name[:80]}.", dir=path.parent))
        beside.chmod(0o777 & ~_umask())
        yield beside
        for file in beside.rglob("*"):
            _sync(file)
        shutil.rmtree(path, ignore_errors=True)
        beside.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _new_file(target: Path, *, private: bool) -> Path:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.stem[:80]}.", suffix=target.suffix, dir=target.parent
    )
    os.close(descriptor)
    beside = Path(name)
    beside.chmod(0o600 if private else mode)
    return beside


def _umask() -> int:
    """The process's umask, read without changing it, because other threads create files."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Umask:")).split()[1], 8)
    return 0o022


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unwritable(path: Path, error: OSError) -> DeviceError:
    """The error for a file that cannot be written, with its remedy."""
    unchanged = "; the existing file is unchanged" if path.exists() else ""
    remedy = {
        "No space left on device": "free some space on the disk",
        "Disk quota exceeded": "free some space",
        "Permission denied": "check the permissions of the folder, or choose another one",
        "Read-only file system": "choose a folder that can be written to",
    }.get(error.strerror or "", "choose another folder")
    return DeviceError(f"{path} cannot be written: {error.strerror or error}{unchanged}", remedy)
