"""The only reader of content: shows, stories, stages, scenes, wherever they lie.

A name is looked up near the file that mentions it, in the working folder, in this repository, and
in what the wheel carries. What was read is kept as text (`Loaded`), because that is what a take
embeds: `produce` makes the same Production from a take as from the files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.scene.parse import parse_scene
from xrdrama.scene.scene import Scene
from xrdrama.show.form import ShowFile, parse_show
from xrdrama.show.production import CANCEL, NUMBERS, Production, offers_of, outer_views
from xrdrama.show.take import Source, source_of
from xrdrama.speech.matching import Offer
from xrdrama.speech.pronunciation import pronounce
from xrdrama.stage import Stage, parse_stage
from xrdrama.story import Story, parse_story
from xrdrama.story.expression import Value
from xrdrama.story.strings import parse_strings
from xrdrama.timing import FrameRate

SUFFIXES = {
    "show": ".show.yaml",
    "story": ".branch.yaml",
    "stage": ".stage.yaml",
    "move": ".move.yaml",
}
FOLDERS = {
    "show": ("examples/shows", "shows", "."),
    "story": ("branches", "."),
    "stage": ("examples/stages", "stages", "."),
    "move": ("examples/stages", "stages", "examples/shows", "."),
    "scene": ("scenes", "."),
}
MAX_BYTES = 8_000_000


class Loaded(msgspec.Struct, frozen=True):
    """The files of a show: which file plays which part, their texts, where they were found."""

    roles: dict[str, str]
    """Part (`show`, `story`, `stage`, `scene/<id>`, `strings/<lang>`, `sounds`) to file name."""
    texts: dict[str, str]
    """File name to text."""
    paths: dict[str, Path] = {}
    """File name to where it was read; empty for what comes out of a take."""

    def text(self, role: str) -> str | None:
        """The text of a part, or None."""
        return self.texts.get(self.roles.get(role, ""))

    def path(self, role: str) -> Path | None:
        """Where a part was read from, or None."""
        return self.paths.get(self.roles.get(role, ""))

    def sources(self) -> dict[str, Source]:
        """The files as a take's header carries them."""
        return {name: source_of(text.encode(), embed=True) for name, text in self.texts.items()}


# -- finding ------------------------------------------------------------------------------------


@cache
def package_roots() -> tuple[Path, ...]:
    """Where our own contents are: the repository this runs from, or what the wheel carries."""
    here = Path(__file__).resolve().parent
    found = [here.parent] if (here.parent / "scenes").is_dir() else []
    return (*found, *([here / "contents"] if (here / "contents").is_dir() else []))


def roots(near: Path | None = None) -> list[Path]:
    """Folders in which names are looked up, nearest first."""
    found: list[Path] = []
    for start in (near, Path.cwd()):
        if start is not None:
            found += [start, *list(start.resolve().parents)[:3]]
    return list(dict.fromkeys([*found, *package_roots()]))


def find(kind: str, name: str, near: Path | None = None) -> Path:
    """The file of a show, story, stage, move or scene by name or path, or UsageError."""
    given = Path(name)
    if given.is_file():
        return given
    if kind == "scene" and (given / "scene.yaml").is_file():
        return given / "scene.yaml"
    for root in roots(near):
        for folder in FOLDERS[kind]:
            place = root / folder
            path = (
                place / name / "scene.yaml"
                if kind == "scene"
                else place / (name if name.endswith(SUFFIXES[kind]) else name + SUFFIXES[kind])
            )
            if path.is_file():
                return path
    hint = suggestion(Path(name).name, names(kind, near))
    raise UsageError(f"there is no {kind} {name!r}", hint or "name a file or a known one")


def names(kind: str, near: Path | None = None) -> list[str]:
    """The names that `find` knows."""
    found: dict[str, None] = {}
    for root in roots(near):
        for folder in FOLDERS[kind]:
            if kind == "scene":
                paths = (path.parent.name for path in sorted((root / folder).glob("*/scene.yaml")))
            else:
                suffix = SUFFIXES[kind]
                paths = (
                    p.name.removesuffix(suffix) for p in sorted((root / folder).glob("*" + suffix))
                )
            found.update(dict.fromkeys(paths))
    return list(found)


def read_text(path: Path) -> str:
    """The text of a file; UsageError when it cannot be read as one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(
                f"{path} has over {MAX_BYTES // 1_000_000} MB", "is it the right file?"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text", "save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def label(path: Path) -> str:
    """A file's name without this machine's folders: `branches/night.branch.yaml`."""
    resolved = path.resolve()
    for root in (*package_roots(), Path.cwd().resolve()):
        if resolved.is_relative_to(root):
            return resolved.relative_to(root).as_posix()
    return "/".join(resolved.parts[-2:])


def cache_folder(name: str) -> Path:
    """A folder of ours in the user's cache (XDG_CACHE_HOME)."""
    home = os.environ.get("XDG_CACHE_HOME")
    folder = Path(home) if home else Path.home() / ".cache"
    path = folder / "xrdrama" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


# -- loading ------------------------------------------------------------------------------------


def load_show(name: str) -> Loaded:
    """The files of a show, following what it names. AuthoringError or UsageError."""
    path = find("show", name)
    loader = _Loader(path.parent)
    text = loader.add("show", path)
    show, problems = parse_show(text, str(path))
    if show is None:
        raise AuthoringError(problems)
    story = loader.add_story(show.story, show.languages)
    if show.stage:
        loader.add("stage", find("stage", show.stage, path.parent))
    for scene in dict.fromkeys(beat.scene for beat in story.order):
        loader.add(f"scene/{scene}", find("scene", scene, path.parent))
    if show.move:
        loader.add("move", find("move", show.move, path.parent))
    return loader.loaded()


def load_story_file(name: str) -> tuple[Story, Path]:
    """A story by name or path, with the lengths of its recorded lines."""
    path = find("story", name)
    story, problems, _ = parse_story(read_text(path), str(path), lasts=line_lengths(path))
    if story is None:
        raise AuthoringError(problems)
    return story, path


def sounds_folder(story: Path) -> Path:
    """Where the sounds of a story lie: `branches/<id>.sounds`."""
    return story.parent / (story.name.removesuffix(SUFFIXES["story"]) + ".sounds")


def sound_lengths(text: str | None) -> dict[str, int]:
    """Nanoseconds of each sound, of an index that a story's sound script wrote."""
    if not text:
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, int])
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"the index of sounds is damaged: {error}", "run the sound script"
        ) from None


def line_lengths(story: Path) -> dict[str, int]:
    """Nanoseconds of a story's recorded lines, by line id."""
    index = sounds_folder(story) / "index.json"
    lengths = sound_lengths(read_text(index) if index.is_file() else None)
    return _lines_of(lengths)


def _lines_of(lengths: dict[str, int]) -> dict[str, int]:
    prefix = "line/"
    return {k.removeprefix(prefix): v for k, v in lengths.items() if k.startswith(prefix)}


class _Loader:
    def __init__(self, near: Path) -> None:
        self.near = near
        self.roles: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.paths: dict[str, Path] = {}

    def add(self, role: str, path: Path) -> str:
        name = label(path)
        text = read_text(path)
        self.roles[role], self.texts[name], self.paths[name] = name, text, path
        return text

    def add_story(self, name: str, languages: Iterable[str]) -> Story:
        path = find("story", name, self.near)
        story, problems, _ = parse_story(
            self.add("story", path), str(path), lasts=line_lengths(path)
        )
        if story is None:
            raise AuthoringError(problems)
        stem = path.name.removesuffix(SUFFIXES["story"])
        for language in languages:
            table = path.parent / f"{stem}.{language}.csv"
            if language != story.language and table.is_file():
                self.add(f"strings/{language}", table)
        index = sounds_folder(path) / "index.json"
        if index.is_file():
            self.add("sounds", index)
        return story

    def loaded(self) -> Loaded:
        return Loaded(self.roles, self.texts, self.paths)


# -- producing ----------------------------------------------------------------------------------


def produce(loaded: Loaded) -> Production:
    """The Production of texts, from files or out of a take; AuthoringError with every problem."""
    problems: list[Problem] = []
    show = _shown(loaded, problems)
    lengths = sound_lengths(loaded.text("sounds"))
    name = loaded.roles.get("story", "story")
    story, found, _ = parse_story(loaded.text("story") or "", name, lasts=_lines_of(lengths))
    problems += found
    if show is None or story is None:
        raise AuthoringError(problems)
    scenes = _scenes(loaded, problems)
    stage = _stage(loaded, problems)
    missing = {beat.scene for beat in story.order} - set(scenes)
    if missing or any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)
    values = _start_values(show, story)
    if show.start.beat and show.start.beat not in story.beats:
        hint = suggestion(show.start.beat, story.beats)
        raise UsageError(f"{story.file} has no beat {show.start.beat!r} to start at", hint)
    return Production(
        show.id,
        FrameRate.parse(show.rate),
        story,
        scenes,
        stage,
        show.languages,
        _strings(loaded, show, story),
        lengths,
        {beat.id: offers_of(beat) for beat in story.order},
        tuple(Offer(str(n), word, pronounce(word)) for n, word in enumerate(NUMBERS, 1)),
        tuple(Offer("cancel", phrase, pronounce(phrase)) for phrase in CANCEL),
        outer_views(stage) if stage else (),
        show.look,
        show.seed,
        show.start.beat,
        values,
        0,
        show.ambience,
        show.voice,
        show.hand,
        show.hears_itself,
    )


def _shown(loaded: Loaded, problems: list[Problem]) -> ShowFile | None:
    show, found = parse_show(loaded.text("show") or "", loaded.roles.get("show", "show"))
    problems += found
    return show


def show_file(loaded: Loaded) -> ShowFile:
    """The show file of what was loaded; AuthoringError when it has errors."""
    problems: list[Problem] = []
    show = _shown(loaded, problems)
    if show is None:
        raise AuthoringError(problems)
    return show


def _scenes(loaded: Loaded, problems: list[Problem]) -> dict[str, Scene]:
    scenes = {}
    for role, name in loaded.roles.items():
        if role.startswith("scene/"):
            scene, found = parse_scene(loaded.texts[name], name)
            problems += found
            if scene is not None:
                scenes[role.removeprefix("scene/")] = scene
    return scenes


def _stage(loaded: Loaded, problems: list[Problem]) -> Stage | None:
    text = loaded.text("stage")
    if text is None:
        return None
    stage, found = parse_stage(text, loaded.roles["stage"])
    problems += found
    return stage


def _strings(loaded: Loaded, show: ShowFile, story: Story) -> dict[str, dict[str, str]]:
    strings = {story.language: story.texts()}
    for language in show.languages:
        text = loaded.text(f"strings/{language}")
        if text is not None:
            table, _ = parse_strings(text, loaded.roles[f"strings/{language}"], language, story)
            strings[language] = table.texts
    return {language: strings.get(language, {}) for language in show.languages}


def _start_values(show: ShowFile, story: Story) -> dict[str, Value]:
    kinds = {variable.id: variable.kind for variable in story.variables}
    values: dict[str, Value] = {}
    for name, text in show.start.values.items():
        if name not in kinds:
            raise UsageError(f"the story has no variable {name!r}", suggestion(name, kinds))
        try:
            values[name] = kinds[name].value(text)
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
    return values


# -- walking ------------------------------------------------------------------------------------


def content_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of authors among `paths`, folders searched; UsageError for what is not there."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if is_content(p))
        elif path.is_file():
            yield path
        else:
            raise UsageError(f"{path} is not there", "name a file or a folder")


def is_content(path: Path) -> bool:
    """True for a file that `xrdrama check` knows."""
    return path.name == "scene.yaml" or path.name.endswith((*SUFFIXES.values(), ".testplan"))


def header_texts(sources: dict[str, Source], roles: str) -> Loaded:
    """What a take embeds, as if it had been loaded."""
    texts = {name: source.text for name, source in sources.items() if source.text is not None}
    return Loaded(json.loads(roles), texts)


def find_file(name: str, missing: str) -> Path:
    """A file that was named outright; UsageError saying what is missing when it is not there."""
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"{missing}: {name}", "check the path")
    return path


def has_asset(name: str, near: Path) -> bool:
    """True when a recording that a show names can be found."""
    return any((root / name).is_file() for root in roots(near))


def asset(name: str, near: Path | None) -> Path:
    """A recording that a show names, looked up in the roots; UsageError when it is not there."""
    for root in roots(near):
        path = (root / name).resolve()
        if path.is_file() and path.is_relative_to(root.resolve()):
            return path
    raise UsageError(f"there is no file {name!r}", "name it from the folder of its root")


def located(name: str, near: Path) -> Path | None:
    """Where a file with the label `name` lies now, or None."""
    for root in (*roots(near), *(root.parent for root in package_roots())):
        path = root / name
        if path.is_file():
            return path
    return None


def sound_file(folder: Path, name: str) -> Path | None:
    """The file of a sound: `line/l4k2pq` is `line/l4k2pq.ogg` or the like."""
    for suffix in (".ogg", ".opus", ".flac", ".wav"):
        path = folder / (name + suffix)
        if path.is_file():
            return path
    return None
