"""`xrdrama check`: every kind of author's file, and what they say of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from xrdrama import content
from xrdrama.authoring.check import check_story
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
    problems: list[Problem] = []
    count = 0
    for path in content.content_files(paths):
        count += 1
        problems += check_file(path)
    return sorted(set(problems)), count


def check_file(path: Path) -> list[Problem]:
    """The problems of one file. One that cannot be read at all is a problem, too."""
    reader = next((read for end, read in _READERS.items() if path.name.endswith(end)), None)
    if reader is None:
        raise UsageError(f"{path} is no file of an author", f"there are: {', '.join(_READERS)}")
    try:
        return reader(path, content.read_text(path))
    except UsageError as error:
        return [_unreadable(path, error)]


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
    index = content.sounds_folder(path) / "index.json"
    sounds = content.sound_lengths(content.read_text(index)).keys() if index.is_file() else None
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


def _show(path: Path, text: str) -> list[Problem]:
    show, problems = parse_show(text, str(path))
    if show is None:
        return problems
    try:
        content.produce(content.load_show(str(path)))
    except AuthoringError as error:
        return [*problems, *error.problems]
    except UsageError as error:
        p = show.place
        return [
            *problems,
            Problem(str(path), p.line, 1, "H003", "error", error.message, error.remedy),
        ]
    for spec in show.inputs.values():
        for file in (spec.file, *(clip.file for clip in spec.clips)):
            if file and not content.has_asset(file, path.parent):
                problems.append(
                    Problem(str(path), spec.place.line, spec.place.column, "H004", "error",
                            f"there is no file {file!r}", "name it from the folder of its root")
                )  # fmt: skip
    return problems


def _plan(path: Path, text: str) -> list[Problem]:
    return parse_plan(text, str(path))[1]


_READERS: dict[str, Callable[[Path, str], list[Problem]]] = {
    ".branch.yaml": _story,
    "scene.yaml": lambda path, text: parse_scene(text, str(path))[1],
    ".stage.yaml": lambda path, text: parse_stage(text, str(path))[1],
    ".show.yaml": _show,
    ".move.yaml": lambda path, text: parse_move(text, str(path))[1],
    ".testplan": _plan,
}
