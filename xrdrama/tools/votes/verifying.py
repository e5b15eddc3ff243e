"""Published votes as a folder: written, and verified again by anyone.

    votes.json     what `ledger.published.Log` says: run, key of the log, rules, results
    leaves.jsonl   one leaf a line, in the order of the log
    heads.jsonl    the signed heads

bridge/votes/verify.mjs verifies the same folder without our code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from xrdrama.adapters.signing.p256 import verify
from xrdrama.errors import UsageError
from xrdrama.ledger.published import Log, Verdict, verified
from xrdrama.ledger.votes import Head
from xrdrama.saving import save

T = TypeVar("T")
MOST_BYTES = 512 * 1024 * 1024
"""The largest file that is read."""


def publish(folder: Path, log: Log, lines: Sequence[str], heads: Iterable[Head]) -> None:
    """Write a folder of published votes. DeviceError when it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    save(folder / "votes.json", msgspec.json.encode(log) + b"\n")
    save(folder / "leaves.jsonl", "".join(f"{line}\n" for line in lines))
    save(folder / "heads.jsonl", b"".join(msgspec.json.encode(head) + b"\n" for head in heads))


def verify_folder(folder: Path) -> Verdict:
    """The verdict on a folder of published votes. UsageError when it cannot be read."""
    log = _decoded(folder / "votes.json", _read(folder / "votes.json"), Log)
    lines = _lines(folder / "leaves.jsonl")
    heads = [
        _decoded(folder / "heads.jsonl", line.encode(), Head, number)
        for number, line in enumerate(_lines(folder / "heads.jsonl"), 1)
    ]
    return verified(log, lines, heads, verify)


def _lines(path: Path) -> list[str]:
    try:
        text = _read(path).decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", "publish the votes again") from error
    return text.split("\n")[:-1] if text.endswith("\n") else [one for one in (text,) if one]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than {MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        hint = "name a folder with votes.json, leaves.jsonl and heads.jsonl"
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint) from error


def _decoded(path: Path, data: bytes, kind: type[T], line: int = 0) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        where = f"{path}, line {line}" if line else str(path)
        raise UsageError(f"{where}: {error}", "publish the votes again") from error
