"""Checks performer and gesture files, and lists what each body can do."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.content.performers import Figure, figure_files, figure_of, make_performer
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError, Severity, UsageError
from xrdrama.performer import Performer, Remark, Repertoire
from xrdrama.performer.bodies import missing_shapes
from xrdrama.performer.parse import parse_gestures, parse_performer
from xrdrama.performer.written import WrittenPerformer
from xrdrama.processes.figures import read_files


class Checked(msgspec.Struct, frozen=True):
    """A performer file: the performer if it has no errors, problems, and what fitting changed."""

    performer: Performer | None
    problems: list[Problem]
    remarks: list[Remark]


def check_gestures_file(path: Path, text: str) -> list[Problem]:
    """The problems of a gesture file."""
    _, problems = parse_gestures(text, str(path))
    return problems


def check_performer_file(path: Path, text: str) -> list[Problem]:
    """The problems of a performer file, of its gestures and of its figure."""
    return check_performer(path, text).problems


def check_performer(path: Path, text: str) -> Checked:
    """The same with the performer, and what was changed to fit its body."""
    written, problems = parse_performer(text, str(path))
    if written is None:
        return Checked(None, problems, [])
    if written.id != composed(path.parent.name):
        message = f"the performer's id {written.id!r} differs from its folder {path.parent.name!r}"
        hint = f"write id: {path.parent.name}, or rename the folder to {written.id}"
        problems.append(_problem(written, path, "A010", message, hint, "warning"))
    books: dict[str, Repertoire] = {}
    for name in written.gestures:
        try:
            file = content.mentioned("gestures", name, path.parent)
            found, faults = parse_gestures(content.read_text(file), str(file))
            problems += faults
            if found is not None:
                books[name] = found
        except UsageError as error:
            problems.append(_problem(written, path, "A011", error.message, error.remedy))
    figure: Figure | None = None
    if written.figure:
        try:
            figure = figure_of(written, path)
            problems += [] if written.robot else _faces(written, path, figure)
            problems += _drawn(written, path)
        except AuthoringError as error:
            return Checked(None, [*problems, *error.problems], [])
    made, faults, remarks = make_performer(written, str(path), books, figure)
    problems += faults
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else made, problems, remarks)


def _drawn(written: WrittenPerformer, path: Path) -> list[Problem]:
    """What is not drawn, or does not move, of a figure and of what it holds.

    AuthoringError for one that cannot be drawn: a run reads it in the same way.
    """
    try:
        figure = read_files(tuple(figure_files(written, path).items()))
    except RemoteProtocolError as error:
        message, _, hint = f"{written.figure}, or what it holds: {error}".rpartition(": ")
        raise AuthoringError([_problem(written, path, "A009", message, hint)]) from None
    return [
        _problem(written, path, "A013", f"{written.figure}: {one.message}", one.hint, "warning")
        for one in figure.remarks
        if not (written.robot and one.pointer == "/meshes")  # a robot needs no face
    ]


def _faces(written: WrittenPerformer, path: Path, figure: Figure) -> list[Problem]:
    """A warning for shapes that the figure lacks."""
    found = []
    missing = missing_shapes(figure.skeleton)
    if missing:
        few = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if missing[5:] else "")
        message = f"{written.figure}: the face has no {few}"
        hint = "its mouth, eyes or brows do not move fully; add morph targets with ARKit's names"
        found.append(_problem(written, path, "A012", message, hint, "warning"))
    return found


def _problem(
    written: WrittenPerformer, path: Path, code: str, message: str, hint: str,
    severity: Severity = "error",
) -> Problem:  # fmt: skip
    place = written.place
    return Problem(str(path), place.line, place.column, code, severity, message, hint)
