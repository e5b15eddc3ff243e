"""What each performer can do: the joints of its body, the shapes of its face, its gestures."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.errors import Problem
from xrdrama.performer import Remark
from xrdrama.tools.checking.performers import check_performer


class Listed(msgspec.Struct, frozen=True):
    """A performer, by the names that cues use; empty lists for one with errors."""

    id: str
    file: Path
    body: str
    joints: tuple[str, ...]
    shapes: tuple[str, ...]
    gestures: tuple[str, ...]
    moods: tuple[str, ...]
    remarks: tuple[Remark, ...]


def list_performers(name: str = "") -> tuple[list[Listed], list[Problem]]:
    """One performer by name or path, or all that are found, and their problems."""
    names = [name] if name else content.names("performer")
    listed, problems = [], []
    for each in names:
        path = content.find("performer", each)
        checked = check_performer(path, content.read_text(path))
        problems += checked.problems
        made = checked.performer
        listed.append(
            Listed(
                made.id if made else path.parent.name,
                path,
                made.body.kind if made else "",
                tuple(made.body.limits) if made else (),
                tuple(sorted(made.body.shapes)) if made else (),
                tuple(made.repertoire.gestures) if made else (),
                tuple(made.repertoire.moods) if made else (),
                tuple(checked.remarks),
            )
        )
    return listed, problems
