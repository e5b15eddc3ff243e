"""Checks the plate that panic shows: a file that can be drawn."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.document import Node, place_of
from xrdrama.errors import Problem, RemoteProtocolError, UsageError
from xrdrama.scene.safe_plate import SafePlate


def check_plate(spec: SafePlate | None, root: Node, path: Path, code: str) -> list[Problem]:
    """A warning with `code` if the plate of a show or set cannot be used; `root` is the node of the
    file `path`. A warning, because panic then shows the dimmed set."""
    if spec is None:
        return []
    # Imported late: decoding needs numpy.
    from xrdrama.adapters.panda.wall.safe_plates import read_plate

    try:
        read_plate(spec, content.beside(spec.file, path))
    except UsageError as error:
        message, hint = error.message, error.remedy
    except RemoteProtocolError as error:
        message, hint = f"{spec.file}: {error}", "export it again as PNG or JPEG"
    else:
        return []
    place = place_of(root, "safe_plate", "file")
    message += "; until it is fixed, a panic shows the set, dim and grey"
    return [Problem(str(path), place.line, place.column, code, "warning", message, hint)]
