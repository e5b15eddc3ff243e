"""`xrdrama check`: every kind of author's file, and what they say of each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from xrdrama import content, plugins
from xrdrama.app.plans import story_beside
from xrdrama.authoring.check import check_story
from xrdrama.authoring.check_plan import check_plan
from xrdrama.authoring.check_show import check_content, check_inputs, check_tracker
from xrdrama.document import compose
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.scene.parse import parse_scene
from xrdrama.scene.scene import Scene
from xrdrama.show.form import parse_show
from xrdrama.stage import parse_stage
from xrdrama.story import Story, parse_story
from xrdrama.story.strings import parse_strings
from xrdrama.story.testplan import parse_plan
from xrdrama.tracking.moves import parse_move


def check_paths(paths: Iterable[Path]) -> tuple[list[Problem], int]:
    """All problems of the files among `paths`, and how many files were read."""
    files = author_files(paths)
    problems = [problem for path in files for problem in check_file(path)]
    return sorted(set(problems)), len(files)


def author_files(paths: Iterable[Path]) -> list[Path]:
    """The files of authors among `paths`, folders searched; UsageError for a file that is none,
    and for a folder without any."""
    found: list[Path] = []
    for path in paths:
        files = list(content.content_files([path]))
        if not files:
            raise UsageError(f"{path} holds no file of an author", _kinds())
        for file in files:
            if not content.is_content(file):
                raise UsageError(f"{file} is no file of an author", _kinds())
        found += files
    return found


def check_file(path: Path) -> list[Problem]:
    """The problems of one file. One that cannot be read at all is a problem, too."""
    if not content.is_content(path):
        raise UsageError(f"{path} is no file of an author", _kinds())
    reader = next(read for end, read in _READERS.items() if path.name.endswith(end))
    try:
        return reader(path, content.read_text(path))
    except UsageError as error:
        return [_unreadable(path, error)]


def _kinds() -> str:
    return "these are: " + ", ".join(("*" if end[0] == "." else "") + end for end in _READERS)


def _unreadable(path: Path, error: UsageError) -> Problem:
    return Problem(str(path), 1, 1, "Y000", "error", error.message, error.remedy)


def _story(path: Path, text: str) -> list[Problem]:
    story, problems, _ = parse_story(text, str(path), lasts=content.line_lengths(path))
    if story is None:
        return problems
    scenes, found = _scenes(story, path)
    problems = [*problems, *found]
    name = path.name.removesuffix(".branch.yaml")
    if story.id != name:
        message = f"the story calls itself {story.id!r}, its file {name!r}"
        hint = "give both the same name"
        problems.append(Problem(str(path), 1, 1, "S118", "warning", message, hint))
    sounds = _sounds(path)
    problems += check_story(story, scenes, sounds)
    for table in sorted(path.parent.glob(f"{name}.*.csv")):
        language = table.name.split(".")[-2]
        try:
            problems += parse_strings(content.read_text(table), str(table), language, story)[1]
        except UsageError as error:
            problems.append(_unreadable(table, error))
    return problems


def _scenes(story: Story, path: Path) -> tuple[dict[str, Scene], list[Problem]]:
    """The scenes that can be found; one that is broken is reported where it is mentioned."""
    scenes: dict[str, Scene] = {}
    problems: list[Problem] = []
    for name in content.names("scene", path.parent):
        file = content.find("scene", name, path.parent)
        scene, found = parse_scene(content.read_text(file), str(file))
        if scene is not None:
            scenes[name] = scene
        elif any(beat.scene == name for beat in story.order):
            problems += found
    return scenes, problems


def _sounds(story: Path) -> Collection[str] | None:
    """The names of a story's sounds, None where there is no index of them."""
    index = content.sounds_folder(story) / "index.json"
    return content.sound_lengths(content.read_text(index)).keys() if index.is_file() else None


def _scene(path: Path, _: str) -> list[Problem]:
    # Late: models need arrays, and their compiler an engine's settings.
    from xrdrama.app.sets import check_scene_file

    return check_scene_file(path)[0]


def _stage(path: Path, text: str) -> list[Problem]:
    stage, problems = parse_stage(text, str(path))
    root = compose(text, str(path), [])
    if stage is None or root is None:
        return problems
    known = plugins.known(plugins.TRACKERS)
    return [*problems, *check_tracker(stage.tracking.protocol, root, known)]


def _show(path: Path, text: str) -> list[Problem]:
    show, problems = parse_show(text, str(path))
    root = compose(text, str(path), [])
    if show is None or root is None:
        return problems
    problems = [*problems, *check_inputs(show, root, plugins.known(plugins.INPUTS))]
    for spec in show.inputs.values():
        for file in (spec.file, *(clip.file for clip in spec.clips)):
            if file and not content.has_asset(file, path.parent):
                problems.append(
                    Problem(str(path), spec.place.line, spec.place.column, "H004", "error",
                            f"there is no file {file!r}", "name it from the folder of its root")
                )  # fmt: skip
    try:
        loaded = content.load_show(str(path))
        production = content.produce(loaded)
    except AuthoringError as error:
        return [*problems, *error.problems]
    except UsageError as error:
        p = show.place
        return [
            *problems,
            Problem(str(path), p.line, 1, "H003", "error", error.message, error.remedy),
        ]
    translated = [role[8:] for role in loaded.roles if role.startswith("strings/")]
    return problems + check_content(
        show,
        root,
        story=production.story,
        scenes=production.scenes,
        sounds=production.sounds,
        translated=translated,
    )


def _plan(path: Path, text: str) -> list[Problem]:
    runs, problems = parse_plan(text, str(path))
    file = story_beside(path)
    if problems or file is None:
        return problems
    story, _, _ = parse_story(content.read_text(file), str(file), lasts=content.line_lengths(file))
    return check_plan(story, runs) if story else []  # a broken story is told as its own


_READERS: dict[str, Callable[[Path, str], list[Problem]]] = {
    ".branch.yaml": _story,
    "scene.yaml": _scene,
    ".stage.yaml": _stage,
    ".show.yaml": _show,
    ".move.yaml": lambda path, text: parse_move(text, str(path))[1],
    ".testplan": _plan,
}
