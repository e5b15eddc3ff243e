"""What can be typed at a position of a branch file or a test plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xrdrama.authoring.editing.places import Where, where_is
from xrdrama.authoring.editing.plans import STEPS
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.rows import expression_items, script_items
from xrdrama.authoring.editing.suggestions import Suggestion, beat_items, names, variable_items
from xrdrama.document import Field, ListOf, MapOf, OneOf, Record, Reference, Shape, Variant
from xrdrama.document.groups import fields_of
from xrdrama.document.quantities import FLAG
from xrdrama.story.form import STORY, EndingShape, ExitShape
from xrdrama.story.model import HAND_POSES, PERFORMER_STATES
from xrdrama.story.prose_shapes import FORMULA, Effects, Formula, Placed, Script
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.testplan import SETTINGS
from xrdrama.story.testplan import STEPS as PLAN_STEPS
from xrdrama.story.triggers import TRIGGER_KINDS, Listed
from xrdrama.story.written import RawBeat

MOST = 500
"""Most suggestions at a position."""


def complete_story(project: Project, file: str, line: int, column: int) -> list[Suggestion]:
    """What can be typed at a position (from 1) of a branch file of a project."""
    rows = project.files[file].rows
    where = where_is(rows, line, column)
    if where.in_script:
        found = script_items(project, file, where)
    else:
        found = _in_yaml(project, where, rows[line - 1], _given(rows, line, where))
    return _fitting(found, where.word)


def complete_plan(project: Project, file: str, line: int, column: int) -> list[Suggestion]:
    """What can be typed at a position of a test plan."""
    row = project.files[file].rows[line - 1][: column - 1].lstrip()
    kind, colon, rest = row.partition(":")
    word = rest.lstrip()
    if not colon:
        steps = dict.fromkeys((*SETTINGS, *PLAN_STEPS))
        return _fitting((Suggestion(one, "key", "step", _step(one)) for one in steps), row)
    return _fitting(_values(project, kind.strip()), word)


def _step(step: str) -> str:
    bare = ("stop", "hold", "resume", "next choice", "continue")
    return step if step in bare else f"{step}: "


def _values(project: Project, step: str) -> Iterator[Suggestion]:
    """The names that a step of a plan can have."""
    kind = STEPS.get(step)
    if kind == "beat":
        yield from beat_items(project)
    elif kind == "variable":
        for one in variable_items(project):
            yield Suggestion(one.label, "variable", one.note, f"{one.label} = ")
    elif kind == "option":
        for option in project.options():
            yield Suggestion(option.name, "name", f"option of {option.beat}")
        yield Suggestion("else", "word", "nothing is picked")
    elif kind == "role":
        for role in project.defined("role"):
            yield Suggestion(capitals(role), "role", "speaker", f"{capitals(role)}: ")
    elif kind:
        yield from names(project, kind)
    elif step == "gestured":
        yield from (Suggestion(pose, "word") for pose in HAND_POSES)


def _fitting(found: Iterable[Suggestion], word: str) -> list[Suggestion]:
    """The suggestions that the typed part of a word may become, each once; those that begin with it
    first."""
    typed = word.rpartition(".")[2].lower()
    unique: dict[str, Suggestion] = {}
    for one in found:
        if _letters(typed, one.label.lower()):
            unique.setdefault(one.label, one)
    ordered = sorted(unique.values(), key=lambda one: not one.label.lower().startswith(typed))
    return ordered[:MOST]


def _letters(typed: str, label: str) -> bool:
    """True when the typed letters occur in the label in their order, as editors filter."""
    rest = iter(label)
    return all(sign in rest for sign in typed)


# -- YAML -------------------------------------------------------------------------------------


def _given(rows: tuple[str, ...], line: int, where: Where) -> set[str]:
    """The keys that the mapping around a position has already."""
    given = set(where.given)
    if not where.is_key or where.given:
        return given
    row = rows[line - 1]
    indent = len(row) - len(row.lstrip())
    for step in (-1, 1):
        number = line - 1 + step
        while 0 <= number < len(rows):
            text = rows[number].lstrip()
            at = len(rows[number]) - len(text)
            if text and at < indent:
                break
            if at == indent and (key := re.match(r"([a-z_]+):(?:\s|$)", text)):
                given.add(key[1])
            number += step
    return given


def _in_yaml(project: Project, where: Where, row: str, given: set[str]) -> Iterator[Suggestion]:
    shape, made = _shape_at(where.path)
    if shape is None:
        return
    if where.is_key:
        if isinstance(shape, Variant) and (kind := re.search(rf"{shape.by}:\s*(\w+)", row)):
            shape = shape.records.get(kind[1], shape)
        yield from _keys(project, shape, given)
        if where.path[-1:] == ("-",) and not where.in_flow:
            yield from _value(project, shape, where, made)
    else:
        yield from _value(project, shape, where, made)


def _shape_at(path: tuple[str, ...]) -> tuple[Shape | None, str]:
    """The shape of what is under a path of keys, and what the last key of it is: the type of its
    record and its name, `set` for an effect, or a trigger."""
    shape: Shape | None = STORY
    made = ""
    for step in path:
        if isinstance(shape, ListOf):
            shape = shape.item
            if step == "-":
                continue
        if isinstance(shape, (ExitShape, EndingShape)):
            shape = shape.forms[1]
        if isinstance(shape, Listed):
            if step != "-":
                return shape, f"trigger {step}"
        elif shape is None:
            return None, ""
        else:
            shape, made = _below(shape, step)
    return shape, made


def _below(shape: Shape, step: str) -> tuple[Shape | None, str]:
    """The shape under one key, and what the key is."""
    if isinstance(shape, Effects):
        return FORMULA, "set"
    if isinstance(shape, MapOf):
        return shape.item, ""
    field = fields_of(shape).get(step)
    made = f"{shape.make.__name__}.{step}" if isinstance(shape, Record) else step
    return (field.shape if field else None), made


def _keys(project: Project, shape: Shape, given: set[str]) -> Iterator[Suggestion]:
    """The keys that a mapping of a shape can have."""
    if isinstance(shape, ListOf):
        shape = shape.item
    if isinstance(shape, (ExitShape, EndingShape)):
        shape = shape.forms[1]
    if isinstance(shape, Effects):
        for one in variable_items(project):
            yield Suggestion(one.label, "variable", one.note, f"{one.label}: ")
    elif isinstance(shape, Listed):
        for kind in TRIGGER_KINDS:
            yield Suggestion(kind, "key", "trigger", kind if kind == "button" else f"{kind}: ")
    else:
        for key, field in fields_of(shape).items():
            if key not in given:
                yield Suggestion(key, "key", field.doc, _inserted(key, field))


def _inserted(key: str, field: Field) -> str:
    """The key with its colon, and with the bar of a script."""
    if isinstance(field.shape, Script):
        return f"{key}: |"
    is_map = isinstance(field.shape, (MapOf, Record)) and not isinstance(field.shape, Variant)
    return f"{key}:" if is_map else f"{key}: "


def _value(project: Project, shape: Shape, where: Where, made: str) -> Iterator[Suggestion]:
    """The values that a key can have."""
    if isinstance(shape, ListOf):
        shape = shape.item
    if isinstance(shape, (ExitShape, Reference)):
        yield from beat_items(project)
    elif isinstance(shape, Formula):
        yield from expression_items(project, where.before, sets=made == "set")
    elif isinstance(shape, Placed):
        yield from _files(project, shape.kind)
    elif isinstance(shape, Listed):
        yield from _trigger(project, made, where)
    elif made == f"{RawBeat.__name__}.storylet":
        yield from (one for one in beat_items(project) if one.sort == "group")
    else:
        yield from (Suggestion(word, "word") for word in _words(shape))


def _files(project: Project, kind: str) -> Iterator[Suggestion]:
    """The names of sets or branch files."""
    noun = "set" if kind == "scene" else "branch file"
    known = list(project.around.sets if kind == "scene" else project.around.stories)
    yield from (Suggestion(name, "scene", noun) for name in known)


def _words(shape: Shape) -> tuple[str, ...]:
    """The words that a value of a shape can be."""
    if isinstance(shape, OneOf):
        return shape.words
    if isinstance(shape, Variant):
        return tuple(shape.records)
    return ("true", "false") if shape is FLAG else ()


def _trigger(project: Project, made: str, where: Where) -> Iterator[Suggestion]:
    """The values of a trigger."""
    kind = made.removeprefix("trigger ")
    if kind == "gesture":
        yield from (Suggestion(pose, "word", "pose of the hand") for pose in HAND_POSES)
    elif kind == "marker":
        yield from names(project, "marker")
    elif kind == "performer" and "." in where.before:
        yield from (Suggestion(state, "word", "state") for state in PERFORMER_STATES)
    elif kind == "performer":
        for name in project.used("performer"):
            yield Suggestion(name, "name", "performer", f"{name}.")
    elif kind not in TRIGGER_KINDS:
        yield from _keys(project, Listed(), set())
