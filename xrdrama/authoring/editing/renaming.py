"""Renames a beat, a storylet group, a variable, an option, a role or an ending of a story, in all
of its files: branch files, test plans, string tables and shows."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Final

import msgspec

from xrdrama.authoring.editing.occurrences import Kind, Occurrence
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.spans import Span, file_name
from xrdrama.document.names import as_name, composed, is_name
from xrdrama.document.wording import short
from xrdrama.errors import UsageError
from xrdrama.story.screenplay.speakers import capitals, role_of

RENAMED: Final[dict[Kind, str]] = {
    "beat": "beat", "variable": "variable", "option": "option", "role": "role",
    "ending": "ending", "plot": "hidden plot",
}  # fmt: skip
_ELSEWHERE: Final[dict[Kind, str]] = {
    "scene": "a set is named after its folder: rename the folder, then its uses",
    "cue": "cues are defined in the file of the set: rename it there, then its uses",
    "sound": "sounds are files: rename the file, then its uses",
    "marker": "markers are printed: give the new marker another name, then change its uses",
    "story": "a branch file is named after its story: rename the file, then its uses",
    "line": "line ids are never changed: recordings and translations depend on them",
    "performer": "performers are named in shows: rename it there, then its uses",
}


class Change(msgspec.Struct, frozen=True, order=True):
    """A new text for a span."""

    span: Span
    text: str


def renamable(project: Project, one: Occurrence | None) -> Occurrence:
    """The name that can be renamed; UsageError with the reason if it cannot."""
    if one is None:
        raise UsageError("there is no name here", "put the cursor on a beat, variable, option ...")
    if one.kind not in RENAMED:
        raise UsageError(f"{one.name!r} is not renamed here", _ELSEWHERE[one.kind])
    if not project.definitions(one):
        noun = RENAMED[one.kind]
        raise UsageError(f"there is no {noun} {one.name!r}", "correct the name first")
    broken = [index.file for index in project.files.values() if _is_broken(index.file, project)]
    if broken:
        raise UsageError(
            f"{file_name(broken[0])} cannot be read",
            "correct its errors first: names in it would be missed",
        )
    return one


def _is_broken(file: str, project: Project) -> bool:
    return file.endswith(".yaml") and project.files[file].root is None


def renames(
    project: Project, one: Occurrence, new: str, picked: Mapping[tuple[str, int], str]
) -> list[Change]:
    """The changes that rename what an occurrence names; UsageError with the reason if it cannot be
    done. `picked` says which beat an option is of, by file and line of a test plan."""
    one = renamable(project, one)
    if one.kind == "option" and not one.beat:
        one = _option_of_plan(project, one, picked)
    new = _valid(project, one, composed(new.strip()))
    found = [other for other in project.of(one) if _is_meant(project, other, one, picked)]
    if one.kind == "role":
        _refuse_performer(project, one)
    changes = {Change(o.span, capitals(new) if o.capitals else new) for o in found}
    return sorted(changes)


def _option_of_plan(
    project: Project, one: Occurrence, picked: Mapping[tuple[str, int], str]
) -> Occurrence:
    """The option that a step of a test plan picks, as it is defined."""
    owners = project.definitions(one)
    beat = picked.get((one.span.file, one.span.line), "")
    meant = [owner for owner in owners if owner.beat == beat] or list(owners)
    if len(meant) == 1:
        return meant[0]
    raise UsageError(
        f"several beats have an option {one.name!r}", "rename it in its beat, under options:"
    )


def _is_meant(
    project: Project, other: Occurrence, one: Occurrence, picked: Mapping[tuple[str, int], str]
) -> bool:
    """True when an occurrence names the same thing; steps of test plans name no beat."""
    if one.kind != "option" or other.beat:
        return True
    owners = [o for o in project.named.get(("option", one.name), ()) if o.defines]
    if len(owners) == 1:
        return True
    beat = picked.get((other.span.file, other.span.line))
    if beat is None:
        raise UsageError(
            f"{other.where}: which beat's option {one.name!r} is meant cannot be found out",
            "correct this test plan first, so that it passes",
        )
    return beat == one.beat


def _valid(project: Project, one: Occurrence, new: str) -> str:
    """The new name; UsageError when it is invalid or taken."""
    if one.kind == "role" and not is_name(new):
        new = role_of(new)  # typed as in a script
    if not is_name(new):
        meant = as_name(new)
        raise UsageError(
            f"{short(new)} is not a name of lower-case letters, digits and _",
            f"write {meant}" if meant else "begin with a letter",
        )
    reserved = keyword.iskeyword(new) or new in ("true", "false")
    if (one.kind == "variable" and reserved) or (one.kind == "option" and new == "else"):
        raise UsageError(f"{new!r} is a reserved word", "use another name")
    taken = project.named.get((one.kind, new), ())
    for other in taken:
        if other.defines and (one.kind != "option" or other.beat == one.beat):
            noun = "storylet group" if other.group else RENAMED[one.kind]
            raise UsageError(
                f"the {noun} {new!r} exists already ({other.where})",
                "use another name",
            )
    return new


def _refuse_performer(project: Project, one: Occurrence) -> None:
    """A performer speaks the lines of the role with its name: both are renamed together or not at
    all, and its figure and its name in shows are not renamed here."""
    acts = project.named.get(("performer", one.name), ())
    if acts:
        raise UsageError(
            f"{one.name!r} is also the name of a performer ({acts[0].where})",
            "rename the performer in the shows and the cues first; it speaks the lines of the role "
            "with its name",
        )
