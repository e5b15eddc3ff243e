"""Reads authors' text files: encoding, byte order mark, line ends.

A text is UTF-8, with or without a byte order mark, with the line ends of any system. In memory it
has no mark, and its lines end in a line feed. Parsing, hashing and comparing use this form, so a
file that another editor has saved without changes counts as unchanged.
"""

from __future__ import annotations

import contextlib
import errno
import re
import stat
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path

import msgspec

from xrdrama.errors import UsageError

MAX_BYTES = 8_000_000
"""The longest text file that is read."""
MARK = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAVE = "save it as UTF-8 (Excel: CSV UTF-8; Notepad: Encoding, UTF-8)"
# Longest first: the mark of UTF-32 begins with that of UTF-16.
_WIDE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


_edited: ContextVar[Mapping[Path, str] | None] = ContextVar("edited", default=None)


@contextlib.contextmanager
def edited(texts: Mapping[Path, str]) -> Iterator[None]:
    """Read these texts instead of those of their files, as they are in an editor before they are
    saved; by resolved path."""
    token = _edited.set(texts)
    try:
        yield
    finally:
        _edited.reset(token)


class Written(msgspec.Struct, frozen=True):
    """A text file, with its line ends and byte order mark for writing it back unchanged."""

    text: str
    """The text without a byte order mark; lines end in a line feed."""
    newline: str = "\n"
    """The line end of the file's first line."""
    mark: bool = False
    """True when the file begins with a byte order mark."""
    mixed: bool = False
    """True when its lines end in more than one way."""

    def encoded(self, text: str) -> bytes:
        """Encode another text with this file's byte order mark; its line ends are kept."""
        return ((MARK if self.mark else "") + text).encode()


def read_written(path: Path) -> Written:
    """Read a text file with its line ends and mark; UsageError when it cannot be read."""
    text = _decoded(path, _read(path))
    ends = _LINE_END.findall(text)
    return Written(
        plain_text(text), ends[0] if ends else "\n", text.startswith(MARK), len(set(ends)) > 1
    )


def read_text(path: Path) -> str:
    """Read a text file, in the form of `plain_text`; UsageError when it cannot be read."""
    texts = _edited.get()
    if texts and (text := texts.get(path.resolve())) is not None:
        return plain_text(text)
    return plain_text(_decoded(path, _read(path)))


def plain_text(text: str) -> str:
    """A text without a byte order mark, with lines that end in a line feed."""
    return text.removeprefix(MARK).replace("\r\n", "\n").replace("\r", "\n")


def other_than_a_file(path: Path) -> str:
    """What is at a path instead of a file: a folder, a pipe, a link that leads nowhere; "" for a
    file, and for a path where nothing is."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "a link to a file that does not exist" if path.is_symlink() else ""
    except OSError as error:
        return "a link that leads to itself" if error.errno == errno.ELOOP else ""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a folder" if stat.S_ISDIR(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"


def _read(path: Path) -> bytes:
    try:
        # Check before opening: a pipe would wait for its writer, a device may be endless.
        if kind := other_than_a_file(path):
            raise UsageError(f"{path} is {kind}, not a text file", "give the path of a text file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "check its name and permissions"
        ) from None
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB", "check that it is the right file"
        )
    return data


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise UsageError(
            f"{path} is a workbook or another ZIP archive, not text", "export it as UTF-8 CSV"
        )
    wide = next((name for mark, name in _WIDE if data.startswith(mark)), "")
    if not wide and data[:16].count(0) >= 6:
        wide = "UTF-16"  # without a mark: authors' files begin with ASCII
    if wide:
        raise UsageError(f"{path} is {wide} text, not UTF-8", _SAVE)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(data[: error.start].decode())) + 1
        byte = f"line {line} contains the byte 0x{data[error.start]:02X}"
        raise UsageError(f"{path} is not UTF-8 text: {byte}", _SAVE) from None
