"""`xrdrama check`: every kind of author's file, and references between files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xrdrama import content
from xrdrama.authoring.check import check_draft, check_story
from xrdrama.authoring.check_timing import check_translation
from xrdrama.document import Node, Place, Sequence, compose, place_of, suggestion
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError, UsageError
from xrdrama.scene.parse import parse_scene
from xrdrama.story import Story
from xrdrama.story.form import PROSE
from xrdrama.story.strings import parse_strings
from xrdrama.tools.checking.legibility import check_show_texts, check_story_texts, check_table
from xrdrama.tools.checking.mouths import check_heard, check_voices
from xrdrama.tools.checking.panic_plate import check_plate
from xrdrama.tools.checking.scenes import scenes_for
from xrdrama.tools.checking.sounding import check_sounds

if TYPE_CHECKING:
    from xrdrama.show import Production
    from xrdrama.show.model import ShowFile

# The modules for a kind of file are imported when one is checked: most checks are of one story.


def check_paths(paths: Iterable[Path]) -> tuple[list[Problem], int]:
    """All problems of the files in `paths`, and the number of files that were read."""
    files = author_files(paths)
    problems = [problem for path in files for problem in check_file(path)]
    # A show reports the problems of its story, too: with the same file name they are merged.
    named = {path.resolve(): str(path) for path in files}
    called = {file: _called(file, named) for file in {problem.file for problem in problems}}
    unique = {msgspec.structs.replace(p, file=called[p.file]) for p in problems}
    return sorted(unique), len(files)


def _called(file: str, named: Mapping[Path, str]) -> str:
    """A file's name as the author gave it, or relative to the working folder."""
    path, here = Path(file).resolve(), Path.cwd()
    if path in named:
        return named[path]
    below = Path(file).is_absolute() and path.is_relative_to(here)
    return str(path.relative_to(here)) if below else file


def author_files(paths: Iterable[Path]) -> list[Path]:
    """The authors' files in `paths`; folders are searched. UsageError for a file of another kind
    and for a folder that contains no author's file."""
    found: list[Path] = []
    for path in paths:
        files = list(content.content_files([path]))
        if not files:
            raise UsageError(f"{path} contains no file that xrdrama can check", _kinds())
        for file in files:
            if not content.is_content(file):
                raise _unknown(file)
        found += files
    return found


def check_file(path: Path) -> list[Problem]:
    """The problems of one file. An unreadable file is reported as a problem, too."""
    if not content.is_content(path):
        raise _unknown(path)
    reader = next(read for end, read in _READERS.items() if path.name.endswith(end))
    try:
        return reader(path, content.read_text(path))
    except UsageError as error:
        return [_unreadable(path, error)]


def _unknown(path: Path) -> UsageError:
    """The error for a file of another kind; a story of another tool can be imported."""
    from xrdrama.story.foreign import tool_of_file

    tool, stem = tool_of_file(path.name)
    if tool:
        command = f"xrdrama import {path} -o {stem}.branch.yaml"
        return UsageError(
            f"{path} is a story of {tool}, not a branch file", f"import it: {command}"
        )
    return UsageError(f"xrdrama cannot check {path}: unknown kind of file", _kinds())


def _kinds() -> str:
    return "known kinds: " + ", ".join(("*" if end[0] == "." else "") + end for end in _READERS)


def _unreadable(path: Path, error: UsageError) -> Problem:
    return Problem(str(path), 1, 1, "Y000", "error", error.message, error.remedy)


def _story(path: Path, text: str) -> list[Problem]:
    return check_branch(path, text)[0]


def check_branch(path: Path, text: str) -> tuple[list[Problem], Story | None]:
    """The problems of a branch file, and its story as far as it could be read. An included file is
    checked as a part of the story that includes it."""
    owner = content.included_by(path)
    if owner is not None:  # its beats may lead to beats of the other files
        found, story = check_branch(owner, content.read_text(owner))
        return [one for one in found if Path(one.file).resolve() == path.resolve()], story
    story, problems = content.draft_story_file(path, text)
    whole = not any(problem.severity == "error" for problem in problems)
    if story is None:
        return problems, None
    scenes, found = scenes_for(story, path)
    sounds = _sounds(path)
    problems = [*problems, *found]
    if not whole:
        return problems + check_draft(story, scenes, sounds), story
    name = path.name.removesuffix(".branch.yaml")
    if story.id != composed(name):
        place = place_of(compose(text, str(path), [], PROSE) or Sequence((), Place()), "id")
        message = f"the story's id {story.id!r} differs from its file name {name!r}"
        hint = f"write id: {name}, or rename the file to {story.id}.branch.yaml"
        problems.append(
            Problem(str(path), place.line, place.column, "S118", "warning", message, hint)
        )
    problems += check_story(story, scenes, sounds) + check_story_texts(story)
    problems += check_sounds(path) + check_voices(story, path)
    return problems + _tables(path, story), story


def _tables(path: Path, story: Story) -> list[Problem]:
    problems: list[Problem] = []
    table = path
    try:
        for language, table in content.string_tables(path):
            read, found = content.read_table(table, language, story)
            problems += found
            problems += check_table(story, table, language)
            problems += check_translation(story, read, str(table))
    except AuthoringError as error:
        problems += error.problems
    except UsageError as error:
        problems.append(_unreadable(table, error))
    return problems


def _sounds(story: Path) -> Collection[str] | None:
    """The names of a story's sounds, None when the story has no index of sounds."""
    index = content.sounds_index(story)
    return content.sound_lengths(content.read_text(index)).keys() if index else None


def _scene(path: Path, _: str) -> list[Problem]:
    # Imported late: models need numpy, and their compiler the settings of an engine.
    from xrdrama.tools.checking.sets import check_scene_file

    return check_scene_file(path)[0]


def check_stage_file(path: Path, text: str) -> list[Problem]:
    """The problems of a stage file; the file may have any name."""
    from xrdrama.authoring.check_stage import check_stage
    from xrdrama.stage import parse_stage
    from xrdrama.tools.checking.plugged import check_tracker

    stage, problems = parse_stage(text, str(path), content.files_of(path))
    root = compose(text, str(path), [])
    if stage is None or root is None:
        return problems
    problems += check_tracker(
        stage.tracking.protocol, root, stage.tracking.profile, stage.tracking.osc_address
    ) + check_stage(stage, root)
    model = stage.stand_in.model if stage.stand_in else ""
    if model:
        place = place_of(root, "stand_in", "model")
        try:
            problems += _stand_in(content.beside(model, path), place)
        except UsageError as error:
            problems.append(_at(place, "W014", error.message, error.remedy))
    return problems


def _stand_in(file: Path, place: Place) -> list[Problem]:
    """The problems of the stand-in's model, and its parts that are not drawn."""
    # Imported late: models need numpy.
    from xrdrama.processes.sets import read_stand_in

    try:
        model = read_stand_in(file)
    except RemoteProtocolError as error:
        return [_at(place, "W014", f"{file.name}: {error}", "")]
    messages = [(f"{remark.pointer}: {remark.message}", remark.hint) for remark in model.remarks]
    pictured = sorted(material.name for material in model.materials if material.pictures())
    if pictured:
        message = f"the pictures of {', '.join(pictured[:5])} are not drawn on a stand-in"
        messages.append((message, "use vertex colours, or give the materials base colours"))
    return [
        Problem(place.file, place.line, place.column, "S023", "warning", f"{file.name}: {m}", hint)
        for m, hint in messages
    ]


def _show(path: Path, text: str) -> list[Problem]:
    from xrdrama.authoring.check_show import check_groups, check_start
    from xrdrama.show.parse import parse_show
    from xrdrama.tools.checking.plugged import check_plugged

    show, problems = parse_show(text, str(path))
    root = compose(text, str(path), [])
    if show is None or root is None:
        return problems
    problems = [*problems, *check_plugged(show, root, path)]
    parts, missing = _parts(show, root, path)
    problems += _warnings(parts)
    if missing:
        return problems + missing
    story, found = content.parse_story_file(parts["story"])
    if story is None:
        return problems + found
    unplayable = check_start(show, root, story) + _unreadable_parts(story, parts, path)
    if unplayable:
        return problems + unplayable
    try:
        loaded = content.load_show(str(path))
        production = content.produce(loaded)
    except AuthoringError as error:
        return [*problems, *error.problems]
    except UsageError as error:
        return [*problems, _at(place_of(root, "story"), "H003", error.message, error.remedy)]
    problems += check_show_texts(loaded, production)
    undrawable = _drawable(production.scenes, path)
    problems += undrawable + _figures(show, path)
    if not any(problem.severity == "error" for problem in undrawable):
        problems += _plates(production, path)
    problems += check_groups(show, root, story) + check_sounds(parts["story"], decode=True)
    problems += check_voices(story, parts["story"])
    problems += check_plate(show.safe_plate, root, path, "H018")
    return problems + _misfits(show, root, loaded, production)


def check_loaded(loaded: content.Loaded, production: Production) -> list[Problem]:
    """Errors of a loaded show: looks, sounds and languages that its files do not have, looks that
    no set can show, phrases that its voice rule never picks, plug-ins that cannot be used or whose
    settings are invalid; and all errors of its story, such as loops that never end."""
    from xrdrama.show.parse import parse_show
    from xrdrama.tools.checking.plugged import check_plugged

    text, file = loaded.text("show") or "", str(loaded.path("show") or loaded.roles["show"])
    show, problems = parse_show(text, file)
    root = compose(text, file, [])
    if show is None or root is None:
        return problems
    plugged = check_plugged(show, root, loaded.path("show"))
    problems = [*plugged, *_misfits(show, root, loaded, production)]
    return [problem for problem in problems if problem.severity == "error"]


def _misfits(
    show: ShowFile, root: Node, loaded: content.Loaded, production: Production
) -> list[Problem]:
    """What a show or story names that its files do not have, and what can never happen in it."""
    from xrdrama.authoring import check_show as of_show
    from xrdrama.authoring.check_performers import check_performers
    from xrdrama.tools.checking.plugged import check_tracker

    problems = of_show.check_phrases(root, production) + check_heard(show, root, production)
    problems += of_show.check_senses(show, root, production)
    problems += of_show.check_looks(show, root, production.scenes) + _unsound(loaded, production)
    problems += of_show.check_sources(show, root, production) + check_performers(root, production)
    problems += of_show.check_stage(show, root, production.stage, loaded.moves())
    problems += of_show.check_content(
        show,
        root,
        story=production.story,
        scenes=production.scenes,
        sounds=production.sounds,
        translated=[role[8:] for role in loaded.roles if role.startswith("strings/")],
    )
    if production.stage is not None:
        file = str(loaded.path("stage") or loaded.roles["stage"])
        stage = compose(loaded.text("stage") or "", file, []) or Sequence((), Place())
        problems += check_tracker(production.stage.tracking.protocol, stage)
    return problems


def _unsound(loaded: content.Loaded, production: Production) -> list[Problem]:
    """The errors that a check of the story finds, in the files that they are made in."""
    sounds = production.sounds if loaded.text("sounds") else None
    found = _errors(check_story(production.story, production.scenes, sounds))
    story = production.story
    for role, file in loaded.roles.items():
        if role.startswith("strings/"):
            table, _ = parse_strings(loaded.text(role) or "", file, role[8:], story)
            found += _errors(check_translation(story, table, file))
    paths = {name: str(path) for name, path in loaded.paths.items()}
    return [msgspec.structs.replace(one, file=paths.get(one.file, one.file)) for one in found]


def check_playable(story: Story, path: Path, language: str = "") -> list[Problem]:
    """The errors of a story file without a show, as `xrdrama check` finds them: in the story, and
    in its table of a language if one is named. Raises as `content.table_in`."""
    found = check_story(story, scenes_for(story, path)[0], _sounds(path))
    if language not in ("", story.language):
        table, file = content.table_in(language, story, path)
        found += check_translation(story, table, str(file))
    return _errors(found)


def _errors(problems: list[Problem]) -> list[Problem]:
    return [one for one in problems if one.severity == "error"]


def _drawable(scenes: Collection[str], path: Path) -> list[Problem]:
    """The problems of a show's sets; models and pictures are read as for drawing."""
    # Imported late: see _scene.
    from xrdrama.tools.checking.sets import check_scene_file

    found: list[Problem] = []
    for name in scenes:
        file = content.find("scene", name, path.parent)
        found += check_scene_file(file)[0]
    return found


def _figures(show: ShowFile, path: Path) -> list[Problem]:
    """The problems of a show's performers; figures are read as for drawing."""
    found: list[Problem] = []
    for name in dict.fromkeys(spec.played_by for spec in show.performers.values()):
        file = content.mentioned("performer", name, path.parent)
        found += _performer(file, content.read_text(file))
    return found


def _plates(production: Production, path: Path) -> list[Problem]:
    # Imported late: see _scene.
    from xrdrama.tools.checking.plates import check_plates

    return check_plates(production, path)


def _parts(show: ShowFile, root: Node, path: Path) -> tuple[dict[str, Path], list[Problem]]:
    """The files that a show names, and a problem at the name of each missing one."""
    parts: dict[str, Path] = {}
    missing: list[Problem] = []
    named: dict[tuple[str, ...], str] = {
        ("story",): show.story,
        ("stage",): show.stage,
        ("move",): show.move,
    }
    named.update({("moves", camera): name for camera, name in show.moves.items()})
    for where, name in named.items():
        kind = "move" if where[0] == "moves" else where[0]
        if name:
            try:
                parts["/".join(where)] = content.mentioned(kind, name, path.parent)
            except UsageError as error:
                missing.append(_at(place_of(root, *where), "H003", error.message, error.remedy))
    return parts, missing


def _moves(parts: Mapping[str, Path]) -> list[Problem]:
    """The problems of a show's camera moves."""
    files = dict.fromkeys(path for role, path in parts.items() if role.startswith("move"))
    return [problem for path in files for problem in _move(path, content.read_text(path))]


def _warnings(parts: Mapping[str, Path]) -> list[Problem]:
    """The warnings of a show's stage and camera moves: units above all."""
    problems: list[Problem] = []
    if "stage" in parts:
        problems += content.read_stage(parts["stage"])[1]
    problems += _moves(parts)
    return [problem for problem in problems if problem.severity == "warning"]


def _unreadable_parts(story: Story, parts: Mapping[str, Path], path: Path) -> list[Problem]:
    """The errors of a show's stage and scenes; a missing scene is reported at its name."""
    names = content.names("scene", path.parent)
    problems: list[Problem] = []
    if "stage" in parts:
        problems += content.read_stage(parts["stage"])[1]
    problems += _moves(parts)
    for name, place in {beat.scene: beat.scene_place for beat in reversed(story.order)}.items():
        if name not in names:
            hint = suggestion(name, names)
            problems.append(_at(place, "C001", f"there is no scene {name!r}", hint))
        else:
            file = content.mentioned("scene", name, path.parent)
            problems += parse_scene(content.read_text(file), str(file))[1]
    return [problem for problem in problems if problem.severity == "error"]


def _at(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "error", message, hint)


def _move(path: Path, text: str) -> list[Problem]:
    from xrdrama.tracking.moves import parse_move

    return parse_move(text, str(path))[1]


def _lens(path: Path, text: str) -> list[Problem]:
    from xrdrama.stage.lenses import parse_lens

    return parse_lens(text, str(path))[1]


def _plan(path: Path, text: str) -> list[Problem]:
    from xrdrama.authoring.check_plan import check_plan
    from xrdrama.story.testplan import parse_plan
    from xrdrama.tools.checking.plans import story_beside

    runs, problems = parse_plan(text, str(path))
    file = story_beside(path)
    if file is None or any(problem.severity == "error" for problem in problems):
        return problems
    story, _ = content.parse_story_file(file)
    if story is None:
        return problems  # the problems of a broken story are reported for its own file
    return problems + check_plan(story, runs)


def _performer(path: Path, text: str) -> list[Problem]:
    # Imported late: figures need numpy.
    from xrdrama.tools.checking.performers import check_performer_file

    return check_performer_file(path, text)


def _gestures(path: Path, text: str) -> list[Problem]:
    from xrdrama.tools.checking.performers import check_gestures_file

    return check_gestures_file(path, text)


_READERS: dict[str, Callable[[Path, str], list[Problem]]] = {
    ".branch.yaml": _story,
    "scene.yaml": _scene,
    ".stage.yaml": check_stage_file,
    ".show.yaml": _show,
    ".move.yaml": _move,
    ".lens.yaml": _lens,
    "performer.yaml": _performer,
    ".gestures.yaml": _gestures,
    ".testplan": _plan,
}
