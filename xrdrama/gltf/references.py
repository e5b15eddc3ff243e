"""Find the file of a set that a model or scene file refers to.

    path, remark = resolve("../textures/wood%20old.png", "models", files)

Paths are written in many ways: with `..` and `.`, with backslashes, percent-encoded, in either
Unicode form, in other letter case. Each finds the intended file, or the error says why not. No
path may lead out of the set's folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from posixpath import join, normpath
from unicodedata import normalize
from urllib.parse import unquote

from xrdrama.document import suggestion
from xrdrama.errors import RemoteProtocolError

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(
    reference: str, folder: str, files: Collection[str], unread: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """The path in `files` that `reference` means, relative to `folder`; and a remark or "".

    `files` and `folder` are paths from the set's folder. `unread` has the reason for each file that
    exists but is not read. RemoteProtocolError, with the reason, if there is no such file.
    """
    shown = repr(reference[:120])
    if _SCHEME.match(reference):
        raise RemoteProtocolError(
            f"{shown} is an address or an absolute path: copy the file into the set's folder and "
            "refer to it by its path from there"
        )
    paths = _readings(reference, folder)
    inside = [path for path in paths if not leaves(path)]
    found, remark = _find(inside, files, shown)
    if found:
        return found, remark
    if len(inside) < len(paths):
        raise RemoteProtocolError(
            f"{shown} is outside the set's folder: copy the file into the set's folder"
        )
    for path in inside:
        for name in _matches(path, unread or {}, _folded):
            raise RemoteProtocolError(f"{shown}: {(unread or {})[name]}")
    hint = suggestion(inside[0], sorted(files))
    raise RemoteProtocolError(
        f"{shown} does not exist in the set's folder: {hint or 'copy the file there'}"
    )


def _find(paths: Iterable[str], files: Collection[str], shown: str) -> tuple[str, str]:
    """The first of the paths that is a file, exactly or nearly, and a remark."""
    for path in paths:
        if path in files:
            return path, ""
    for alike, what in ((_composed, ""), (_folded, "different letter case")):
        for path in paths:
            found = _matches(path, files, alike)
            if len(found) > 1:
                raise RemoteProtocolError(
                    f"{shown} may mean {' or '.join(map(repr, found))}: write the exact name"
                )
            if found:
                remark = f"{shown} is named {found[0]!r} on disk ({what})" if what else ""
                return found[0], remark
    return "", ""


def _readings(reference: str, folder: str) -> Collection[str]:
    """The paths that a reference may mean, the most likely first."""
    decoded = unquote(reference)
    texts = (decoded, reference, decoded.replace("\\", "/"))
    return dict.fromkeys(normpath(join(folder, text)) for text in texts)


def leaves(path: str) -> bool:
    """True if a normalised path leads out of the folder that it starts from."""
    plain = path.replace("\\", "/")
    return plain.startswith("/") or plain == ".." or plain.startswith("../")


def _matches(path: str, names: Iterable[str], alike: Callable[[str], str]) -> list[str]:
    wanted = alike(path)
    return sorted(name for name in names if alike(name) == wanted)


def _composed(name: str) -> str:
    return normalize("NFC", name)


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())
