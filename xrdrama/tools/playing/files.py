"""Files that a person names in a rehearsal."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.document.wording import short
from xrdrama.errors import UsageError


def file_named(text: str) -> Path:
    """The path that a person has typed, quoted or not; UsageError for an impossible one."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if "\0" in text:
        raise UsageError(f"{short(text)} cannot be used: it has a null character", "delete it")
    try:
        path = Path(text).expanduser()
        path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{short(text)} cannot be used: {reason}", "name another file") from None
    return path


def refuse_others(path: Path, first: str, noun: str) -> None:
    """UsageError when a file exists and does not begin with `first`: then it is not ours."""
    if path.exists() and not content.read_text(path).startswith(first):
        raise UsageError(f"{path} exists and is not {noun}", "choose another name")
