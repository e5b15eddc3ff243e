"""Loads the files of a show; a take embeds their texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from xrdrama.content.compiled import compiled_story
from xrdrama.content.mouths import mouths_file
from xrdrama.content.performers import figure_of, figure_text
from xrdrama.content.places import beside, find, label, mentioned, string_tables
from xrdrama.content.plates import PLATE, plate_hashes
from xrdrama.content.sounds import line_lengths, sounds_index
from xrdrama.content.stages import ROLE, embedded, files_of
from xrdrama.content.stories import ROLE as STORY_FILE
from xrdrama.content.stories import included_by, read_story, story_files
from xrdrama.content.texts import read_text
from xrdrama.document import Place
from xrdrama.document.filenames import name_fault
from xrdrama.document.names import is_word
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError, UsageError
from xrdrama.performer.parse import parse_performer
from xrdrama.scene.parse import parse_scene
from xrdrama.show import viewer_text
from xrdrama.show.parse import parse_show
from xrdrama.show.take import Source, source_of
from xrdrama.stage import parse_stage
from xrdrama.story import Story
from xrdrama.story.strings import parse_strings
from xrdrama.tracking.moves import parse_move

_ROLE = re.compile(
    rf"show|story|stage|move|move/[a-z0-9_]+|sounds|mouths|strings/[A-Za-z-]+|{ROLE}(?P<file>.+)"
    r"|scene/(?P<scene>.+)|(performer|gestures|skeleton)/(?P<performer>.+)"
    rf"|{STORY_FILE}(?P<story>.+)"
)


_STORY = re.compile(rf"story|sounds|mouths|strings/[A-Za-z-]+|{STORY_FILE}.+")
"""The parts that belong to the story."""


class Loaded(msgspec.Struct, frozen=True):
    """The files of a show: the file of each part, their texts, and their paths."""

    roles: dict[str, str]
    """Part (`show`, `story`, `story-file/<name>`, `stage`, `stage-file/<name>`, `scene/<id>`,
    `strings/<lang>`,
    `performer/<id>`, `gestures/<id>`, `skeleton/<id>`, `sounds`, `mouths`, `move` and
    `move/<camera>`) to file name."""
    texts: dict[str, str]
    """File name to text."""
    paths: dict[str, Path] = {}
    """File name to path; empty for files from a take."""
    plates: dict[str, str] = {}
    """The hash of each plate, by `plate/<set>/<file>`; a take does not embed them."""

    def text(self, role: str) -> str | None:
        """The text of a part, or None."""
        return self.texts.get(self.roles.get(role, ""))

    def moves(self) -> dict[str, str]:
        """The text of the camera move of each camera, by its id; "" is the first camera."""
        roles = [role for role in self.roles if role.partition("/")[0] == "move"]
        return {role.partition("/")[2]: self.text(role) or "" for role in roles}

    def without_moves(self, cameras: Collection[str]) -> Loaded:
        """The files without the camera moves of some cameras, by their ids."""
        left_out = {f"move/{camera}" for camera in cameras}
        roles = {role: name for role, name in self.roles.items() if role not in left_out}
        return msgspec.structs.replace(self, roles=roles)

    def path(self, role: str) -> Path | None:
        """The path of a part, or None."""
        return self.paths.get(self.roles.get(role, ""))

    def sources(self) -> dict[str, Source]:
        """The files in the form of a take's header."""
        embedded = {name: source_of(text.encode(), embed=True) for name, text in self.texts.items()}
        return {**embedded, **{name: Source(digest) for name, digest in self.plates.items()}}


def load_show(name: str) -> Loaded:
    """Load a show and all files that it refers to. Raises AuthoringError or UsageError."""
    path = find("show", name)
    loader = _Loader(path.parent)
    text = loader.add("show", path)
    show, problems = parse_show(text, str(path))
    if show is None:
        raise AuthoringError(problems)
    story = loader.add_story(show.story, show.languages)
    if show.performers:
        loader.add_mouths(show.story, show.voices if show.voices != story.language else "")
    if show.stage:
        loader.add_stage(mentioned("stage", show.stage, path.parent))
    for scene, place in {beat.scene: beat.scene_place for beat in reversed(story.order)}.items():
        loader.add_scene(scene, place)
    for played_by in dict.fromkeys(spec.played_by for spec in show.performers.values()):
        loader.add_performer(played_by)
    moves = {"move": show.move} if show.move else {}
    moves.update({f"move/{camera}": name for camera, name in show.moves.items()})
    for role, file in moves.items():
        move = mentioned("move", file, path.parent)
        _refuse_errors(parse_move(loader.add(role, move), str(move))[1])
    return loader.loaded()


def with_stage(loaded: Loaded, path: Path) -> Loaded:
    """The files of a show with the stage file at `path` instead of its own."""
    loader = _Loader(path.parent)
    loader.add_stage(path)
    others = {
        role: name
        for role, name in loaded.roles.items()
        if role != "stage" and not role.startswith(ROLE)
    }
    return Loaded(
        {**others, **loader.roles},
        {**loaded.texts, **loader.texts},
        {**loaded.paths, **loader.paths},
        loaded.plates,
    )


def with_story_of(loaded: Loaded, newer: Loaded) -> Loaded:
    """The files of a show with the story of newer ones: its branch files, string tables, and the
    indices of its sounds and mouths. Everything else stays."""
    roles = {role: name for role, name in loaded.roles.items() if not _STORY.fullmatch(role)}
    roles.update({role: name for role, name in newer.roles.items() if _STORY.fullmatch(role)})
    kept = {name for role, name in newer.roles.items() if _STORY.fullmatch(role)}
    texts = {**loaded.texts, **{name: newer.texts[name] for name in kept}}
    paths = {**loaded.paths, **{name: newer.paths[name] for name in kept if name in newer.paths}}
    return Loaded(roles, texts, paths, loaded.plates)


def with_viewers(loaded: Loaded, said: Mapping[str, str]) -> Loaded:
    """The files of a show that says this of its viewers, by name, whatever its file has.

    UsageError for a value that it cannot have.
    """
    name = loaded.roles["show"]
    text = viewer_text.with_viewers(loaded.texts[name], said, name)
    return msgspec.structs.replace(loaded, texts={**loaded.texts, name: text})


def is_story(role: str) -> bool:
    """True for a part of a show that belongs to its story."""
    return _STORY.fullmatch(role) is not None


def load_story_file(name: str) -> tuple[Story, Path]:
    """Load a story by name or path, with the lengths of its recorded lines.

    AuthoringError with its problems; UsageError for a file that is only a part of another story.
    """
    path = find("story", name)
    story, problems = read_story(path)
    if story is None and (owner := included_by(path)) is not None:
        raise UsageError(f"{path} is a part of {owner.name}, which includes it", f"name {owner}")
    if story is None:
        raise AuthoringError(problems)
    return story, path


def header_texts(sources: dict[str, Source], roles: str) -> Loaded:
    """The files that a take embeds, as `Loaded`.

    RemoteProtocolError for invalid names of parts: a take may come from an untrusted source, and
    sets are looked up by these names.
    """
    texts = {name: source.text for name, source in sources.items() if source.text is not None}
    try:
        found = msgspec.json.decode(roles, type=dict[str, str])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise RemoteProtocolError(
            f"the list of parts in the take is damaged: {error}: restore the take from a copy"
        ) from None
    for role, name in found.items():
        known = _ROLE.fullmatch(role)
        named = (
            known
            and is_word(known["scene"] or known["performer"] or known["story"] or "scene")
            and not name_fault(known["file"] or "x")[0]
        )
        if not named or name not in texts:
            raise RemoteProtocolError(
                f"the take refers to an invalid part {role!r}: restore the take from a copy"
            )
    plates = {name: source.hash for name, source in sources.items() if source.text is None}
    return Loaded(found, texts, plates=plates)


def _refuse_errors(problems: list[Problem]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)


def _at(place: Place, code: str, error: UsageError) -> Problem:
    return Problem(place.file, place.line, place.column, code, "error", error.message, error.remedy)


class _Loader:
    def __init__(self, near: Path) -> None:
        self.near = near
        self.roles: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.paths: dict[str, Path] = {}
        self.plates: dict[str, str] = {}

    def add(self, role: str, path: Path) -> str:
        name = label(path)
        text = read_text(path)
        self.roles[role], self.texts[name], self.paths[name] = name, text, path
        return text

    def add_scene(self, id: str, named: Place) -> None:
        """Add the set that a story names at this place."""
        try:
            path = mentioned("scene", id, self.near)
        except UsageError as error:
            raise AuthoringError([_at(named, "C001", error)]) from None
        text = self.add(f"scene/{id}", path)
        if "plates:" in text:  # else it is not parsed yet
            scene, _ = parse_scene(text, str(path))
            hashes = plate_hashes(scene, path) if scene else {}
            self.plates.update({f"{PLATE}{id}/{name}": one for name, one in hashes.items()})

    def add_performer(self, name: str) -> None:
        path = mentioned("performer", name, self.near)
        written, problems = parse_performer(self.add(f"performer/{name}", path), str(path))
        if written is None:
            raise AuthoringError(problems)
        for book in written.gestures:
            if f"gestures/{book}" not in self.roles:
                self.add(f"gestures/{book}", mentioned("gestures", book, path.parent))
        if written.figure:
            role = f"skeleton/{name}"
            self.roles[role] = role
            self.texts[role] = figure_text(figure_of(written, path))

    def add_stage(self, path: Path) -> None:
        read: dict[str, bytes] = {}
        text = self.add("stage", path)
        _, problems = parse_stage(text, str(path), files_of(path, read))
        # Other problems of the stage are reported with those of the other files of the show.
        _refuse_errors([problem for problem in problems if problem.code == "W020"])
        for name, content in read.items():
            file = beside(name, path)
            called = label(file)
            self.roles[ROLE + name] = called
            self.texts[called], self.paths[called] = embedded(content), file

    def add_story(self, name: str, languages: Iterable[str]) -> Story:
        path = mentioned("story", name, self.near)
        files = story_files(path, lambda part, file: self.add(STORY_FILE + part, file))
        story, problems = compiled_story(
            self.add("story", path), str(path), lasts=line_lengths(path), files=files
        )
        if story is None:
            raise AuthoringError(problems)
        tables = dict(string_tables(path))
        for language in languages:
            if language != story.language and language in tables:
                table = tables[language]
                text = self.add(f"strings/{language}", table)
                _refuse_errors(parse_strings(text, str(table), language, story)[1])
        index = sounds_index(path)
        if index is not None:
            self.add("sounds", index)
        return story

    def add_mouths(self, story: str, dubbed: str) -> None:
        tracks = mouths_file(mentioned("story", story, self.near), dubbed)
        if tracks is not None:
            self.add("mouths", tracks)

    def loaded(self) -> Loaded:
        return Loaded(self.roles, self.texts, self.paths, self.plates)
