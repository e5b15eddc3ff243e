"""What can be typed in a row of a script, and in an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from xrdrama.authoring.editing.formulas import FUNCTIONS
from xrdrama.authoring.editing.places import Where
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.suggestions import Suggestion, beat_items, names, variable_items
from xrdrama.document.names import WORD_SIGN
from xrdrama.story.choosing import WAYS_TO_CHOOSE
from xrdrama.story.screenplay.cues import settings_of
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.text.plurals import CATEGORIES

_CALLS: Final = {
    "sound": "a sound: @sound bell gain=-6",
    "wait": "a pause: @wait 2s",
    "set": "changes a variable: @set coins = coins - 1",
    "detour": "plays other beats, then continues here",
    "group": "how one of the alternatives below is chosen",
}
_HEADS: Final = {
    "if": ("{if ", "the row, or the rows indented below it, only under a condition"),
    "elif": ("{elif ", "otherwise, under another condition"),
    "else": ("{else}", "otherwise"),
    "once": ("{once}", "at most once"),
}
_PHASES: Final = ("INT. ", "EXT. ")


@cache
def _enum() -> re.Pattern[str]:
    return re.compile(rf"({WORD_SIGN}+)\s*[=!]=\s*['\"]?{WORD_SIGN}*$")


@cache
def _of_beat() -> re.Pattern[str]:
    return re.compile(rf"(?:visits|seen)\(\s*{WORD_SIGN}*$")


def expression_items(project: Project, before: str, *, sets: bool = False) -> Iterator[Suggestion]:
    """What can follow in an expression; `sets`: it is the new value of a variable."""
    if _of_beat().search(before):
        yield from (one for one in beat_items(project) if one.sort == "beat")
        return
    if (found := _enum().search(before)) and (note := project.variables.get(found[1])):
        quoted = before.rstrip().endswith(("'", '"')) or re.search(r"['\"]\w*$", before)
        for word in note.words:
            yield Suggestion(word if quoted else f"'{word}'", "word", f"of {found[1]}")
        if note.words:
            return
    yield from variable_items(project)
    for name, note_text in FUNCTIONS.items():
        if name != "random" or sets:
            yield Suggestion(name, "word", note_text, f"{name}(")
    for word in ("and", "or", "not", "true", "false"):
        yield Suggestion(word, "word")


def script_items(project: Project, file: str, where: Where) -> Iterator[Suggestion]:
    """What can follow in a row of a script."""
    row = where.before
    if row.startswith("=>"):
        row = row[2:].lstrip()
    opened = row.rfind("{") > row.rfind("}")
    inside = row[row.rfind("{") + 1 :] if opened else ""
    if opened and (asked := re.match(r"(?:if|elif|once\s+if)\s(.*)", inside)):
        yield from expression_items(project, asked[1])
    elif opened and row.startswith("{" + inside):
        for word, (whole, note) in _HEADS.items():
            yield Suggestion(word, "word", note, whole[1:])
    elif opened:
        yield from _shown(project, inside)
    elif (at := re.sub(r"^\{[^}]*\}\s*", "", row)).startswith("@"):
        yield from _called(project, file, where, at[1:])
    elif ":" not in at:
        yield from _begun(project, at)


def _shown(project: Project, inside: str) -> Iterator[Suggestion]:
    """What can follow in the braces of a text: {coins}, {coins, plural, one {...} other {...}}."""
    parts = inside.split(",")
    note = project.variables.get(parts[0].strip())
    if len(parts) == 1:
        yield from variable_items(project)
    elif len(parts) == 2:
        yield Suggestion("plural", "word", "one text for each number", "plural, ")
        yield Suggestion("select", "word", "one text for each word", "select, ")
    elif parts[1].strip() == "plural":
        for form in ("=0", *CATEGORIES):
            yield Suggestion(form, "word", "plural form", f"{form} {{")
    else:
        for word in (*(note.words if note else ()), "other"):
            yield Suggestion(word, "word", "case", f"{word} {{")


def _called(project: Project, file: str, where: Where, text: str) -> Iterator[Suggestion]:
    """What can follow after @."""
    name, space, rest = text.partition(" ")
    if not space:
        yield from _calls(project, project.scene_of(file, where.beat))
    elif name == "set":
        variable, equals, value = rest.partition("=")
        if equals:
            yield from expression_items(project, value, sets=True)
        elif " " not in variable.strip():
            yield from variable_items(project)
    elif name == "detour":
        yield from beat_items(project)
    elif name == "group":
        yield from (Suggestion(way, "word") for way in WAYS_TO_CHOOSE)
    elif name == "sound" and " " not in rest:
        found_names = dict.fromkeys((*project.around.sounds, *project.used("sound")))
        yield from (Suggestion(one, "name", "sound") for one in found_names if "/" not in one)
    elif name != "wait":
        yield from _settings(project, name, rest)


def _calls(project: Project, scene: str) -> Iterator[Suggestion]:
    """The names of cues of a set, and the calls that every script has."""
    found = project.around.sets.get(scene)
    for cue, note in (found.cues if found else {}).items():
        yield Suggestion(cue, "cue", note.doc)
    for call, text in _CALLS.items():
        yield Suggestion(call, "word", text, call + " ")
    for performer in project.used("performer"):
        yield Suggestion(performer, "name", "performer", performer + ".")


def _settings(project: Project, name: str, rest: str) -> Iterator[Suggestion]:
    """The settings of a call that are not written yet, or the targets of a performer's act."""
    typed = rest.rpartition(" ")[2]
    key, equals, _ = typed.partition("=")
    if equals:
        if "." in name and key in ("at", "to"):
            yield from names(project, "performer")
            yield Suggestion("camera", "word")
        return
    given = {word.partition("=")[0] for word in rest.split(" ")[:-1]}
    for setting, example in settings_of(name).items():
        if setting not in given:
            yield Suggestion(setting, "word", f"such as {example}", f"{setting}=")


def _begun(project: Project, text: str) -> Iterator[Suggestion]:
    """What a row can begin with."""
    for role in project.defined("role"):
        yield Suggestion(capitals(role), "role", "speaker", f"{capitals(role)}: ")
    if not text.strip():
        for word, (whole, note) in _HEADS.items():
            yield Suggestion("{" + word + "}", "word", note, whole)
        yield Suggestion("@", "word", "a cue, a sound, a pause, an effect")
        yield Suggestion("=>", "word", "one of several alternatives", "=> ")
    for phase in _PHASES:
        yield Suggestion(phase.strip(), "word", "a heading", phase)
