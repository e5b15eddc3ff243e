"""Loads performers: their file, their gestures, and the skeleton of their figure.

A take embeds the texts, and the skeleton as JSON with the hash of the figure's file, so that a
show replays without the figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.content.places import beside, mentioned
from xrdrama.content.texts import read_text
from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError, UsageError
from xrdrama.performer import Body, Performer, Remark, Repertoire, Skeleton, fitted
from xrdrama.performer.bodies import ROBOTS, figure_body, missing_bones, robot_body
from xrdrama.performer.idling import resting
from xrdrama.performer.parse import limits_of, merged, parse_gestures, parse_performer, temper_of
from xrdrama.performer.written import WrittenPerformer
from xrdrama.spatial import Vec3

MOST_FIGURE_BYTES: Final = 64 << 20


class Figure(msgspec.Struct, frozen=True):
    """What a take keeps of a figure's file: its hash, and where its bones are."""

    hash: str
    skeleton: Skeleton


def figure_of(written: WrittenPerformer, file: Path) -> Figure:
    """The figure that a performer file names. AuthoringError for one that cannot be used."""
    try:
        files = figure_files(written, file)
        figure = read_figure(*files.values())
        for joint in written.holds.by_bone():
            if joint not in figure.skeleton.bones:
                raise RemoteProtocolError(
                    f"the figure has no joint {joint!r} to hold something: add it below the hand"
                )
        return figure
    except UsageError as error:
        raise AuthoringError([_fault(written, file, error.message, error.remedy)]) from None
    except RemoteProtocolError as error:
        message, _, hint = f"{written.figure}: {error}".rpartition(": ")
        raise AuthoringError([_fault(written, file, message, hint)]) from None


def figure_files(written: WrittenPerformer, file: Path) -> dict[str, bytes]:
    """The bytes of a figure (by "") and of what its hands hold (by the joint of the fist).

    UsageError for a file that is missing, too large, or cannot be read.
    """
    found = {}
    for bone, name in {"": written.figure, **written.holds.by_bone()}.items():
        path = beside(name, file)
        try:
            found[bone] = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{name}: {error.strerror}", "make the file readable") from None
        if len(found[bone]) > MOST_FIGURE_BYTES:
            raise UsageError(
                f"{name} has {len(found[bone]):,} bytes; at most {MOST_FIGURE_BYTES:,} are allowed",
                "reduce the model",
            )
    return found


def read_figure(content: bytes, *held: bytes) -> Figure:
    """The skeleton in the bytes of a .glb, and the hash of it and of what its hands hold.

    RemoteProtocolError when it cannot be used.
    """
    from xrdrama.gltf.skeleton import read_joints  # numpy is imported for performers only

    found = read_joints(content)
    # glTF: Y up, the figure faces +Z, its left is +X. A body: Z up, ahead +Y, its left is -X.
    bones = {name: Vec3(-x, z, y) for name, (x, y, z) in found.joints.items()}
    skeleton = Skeleton(bones, found.shapes)
    missing = missing_bones(skeleton)
    if missing:
        raise RemoteProtocolError(
            f"the figure lacks the bones {', '.join(missing)}: name its joints as VRM 1.0 does"
        )
    return Figure(hash_of(content, *held), skeleton)


def hash_of(*contents: bytes) -> str:
    """The hash of a figure's files."""
    return blake2b(b"".join(contents), digest_size=16).hexdigest()


def make_performer(
    written: WrittenPerformer, file: str, books: Mapping[str, Repertoire], figure: Figure | None
) -> tuple[Performer | None, list[Problem], list[Remark]]:
    """A performer with the gestures that fit its body; problems; and what was changed to fit."""
    problems: list[Problem] = []
    repertoire, doubled = merged(books)
    for name, book in doubled:
        message = f"{name!r} is defined in another gesture file of this performer, too: {book}"
        problems.append(_problem(written, file, "A005", message, "rename one of them"))
    if written.mood and written.mood not in repertoire.moods:
        message = f"there is no mood {written.mood!r} in the performer's gesture files"
        hint = suggestion(written.mood, repertoire.moods)
        problems.append(_problem(written, file, "A004", message, hint))
    body = _body(written, figure)
    if body is None:
        message = f"there is no robot {written.robot!r}"
        hint = suggestion(written.robot, ROBOTS) or f"known robots: {', '.join(ROBOTS)}"
        problems.append(_problem(written, file, "A008", message, hint))
        return None, problems, []
    body = msgspec.structs.replace(body, limits=limits_of(written, body.limits))
    temper = temper_of(written)
    repertoire, remarks = fitted(repertoire, body, resting(temper))
    title = written.title or written.id
    steady = bool(written.holds.by_bone())
    made = Performer(written.id, title, body, repertoire, temper, written.mood, steady)
    return made, problems, remarks


def performer_from(
    texts: Mapping[str, str], name: str
) -> tuple[Performer | None, list[Problem], list[Remark]]:
    """A performer from the texts of its files by role: `performer/<id>`, `gestures/<id>`,
    `skeleton/<id>`; of files or of a take."""
    file = f"performer/{name}"
    written, problems = parse_performer(texts.get(file, ""), file)
    if written is None:
        return None, problems, []
    books = {}
    for book in written.gestures:
        found, faults = parse_gestures(texts.get(f"gestures/{book}", ""), f"gestures/{book}")
        problems += faults
        if found is not None:
            books[book] = found
    skeleton = texts.get(f"skeleton/{name}")
    figure = msgspec.json.decode(skeleton, type=Figure) if skeleton else None
    made, faults, remarks = make_performer(written, file, books, figure)
    return made, problems + faults, remarks


def figure_text(figure: Figure) -> str:
    """A figure as a take embeds it."""
    return msgspec.json.encode(figure, order="sorted").decode()


def _body(written: WrittenPerformer, figure: Figure | None) -> Body | None:
    if written.robot:
        return robot_body(written.robot, figure.skeleton if figure else None)
    return figure_body(figure.skeleton) if figure else None


def _fault(written: WrittenPerformer, file: Path, message: str, hint: str) -> Problem:
    return _problem(written, str(file), "A009", message, hint)


def _problem(written: WrittenPerformer, file: str, code: str, message: str, hint: str) -> Problem:
    place = written.place
    return Problem(file, place.line, place.column, code, "error", message, hint)


def load_performer(file: Path) -> Performer:
    """The performer of a performer.yaml file; AuthoringError with every problem."""
    text = read_text(file)
    written, problems = parse_performer(text, str(file))
    if written is None:
        raise AuthoringError(problems)
    texts = {f"performer/{written.id}": text}
    for book in written.gestures:
        texts[f"gestures/{book}"] = read_text(mentioned("gestures", book, file.parent))
    if written.figure:
        texts[f"skeleton/{written.id}"] = figure_text(figure_of(written, file))
    made, problems, _ = performer_from(texts, written.id)
    if made is None or problems:
        raise AuthoringError(problems)
    return made
