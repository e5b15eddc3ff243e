"""Reads a Twee 3 file or a Twine 2 HTML file as a story."""

from __future__ import annotations

import re

import msgspec

from xrdrama.authoring.exchange.screenplay import language_of
from xrdrama.authoring.exchange.twee.branch import Head, branch_file
from xrdrama.authoring.exchange.twee.expressions import NotParsedError, Tree, parse
from xrdrama.authoring.exchange.twee.kinds import Declared, declared
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.exchange.twee.passages import is_html, read_html, read_twee
from xrdrama.authoring.exchange.twee.plan import Plan, expressions, planned, unique
from xrdrama.authoring.exchange.twee.script import Script
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.story.formats import ImportedStory

MOST_CHARACTERS = 2_000_000
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_VARIABLE = re.compile(
    rf"var (\w+): (?:(bool|text)|(int|float) {_NUMBER} to {_NUMBER}|enum ([\w, ]+)"
    r"|computed (.+))"
)


def read(text: str, name: str) -> ImportedStory:
    """The story of a Twee 3 or Twine 2 HTML file. UsageError, with the line, for a text that has no
    passages or is over the limits."""
    story = name if is_name(name) else as_name(name)
    if not is_name(story):
        raise UsageError(f"--out {name}.branch.yaml: {name!r} cannot be the id of a story",
                         "use a file name of letters, digits and _")  # fmt: skip
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"the file has more than {MOST_CHARACTERS:,} characters",
                         "split the story into several files")  # fmt: skip
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "\ufffd").replace("\x85", " ").replace("\u2028", " ")
    text = text.replace("\u2029", " ").replace("\x0b", " ").replace("\x0c", " ")
    book = Book()
    file = read_html(text, book) if is_html(text) else read_twee(text, book)
    plan = planned(file, book)
    head = Head(story, file.title or story, plan.ids[plan.start])
    variables = _variables(plan, book)
    script = Script(book, variables, dict(plan.ids))
    for one in plan.order:
        script.passage(one, plan.nodes[one], plan.begins[one], returns=one in plan.returning)
    head.cast = {role: (shown, "") for role, shown in script.cast.items()}
    head.language = language_of("".join(row.text for beat in script.written for row in beat.rows))
    _said_of_story(head, plan)
    if head.scene == "stage":
        book.lose(plan.begins[plan.start],
                  "scene: stage is guessed: make that set, or write the name of yours")  # fmt: skip
    return branch_file(head, list(variables.values()), script.written, book)


def _variables(plan: Plan, book: Book) -> dict[str, Declared]:
    """The variables by the names that they have in the file."""
    assigned, read_ = expressions(plan)
    noted = {found[0]: found for note in plan.notes if (found := _noted(note.text))}
    taken: set[str] = set()
    made: dict[str, Declared] = {}
    for name, one in declared(assigned, plan.initial, read_).items():
        made[name] = msgspec.structs.replace(one, id=unique(name.lstrip("_"), taken, "variable"))
    for name, note in noted.items():
        made[name] = _declared(note, made.get(name), plan.initial.get(name))
    made = {name: made[name] for name in [*noted, *(one for one in made if one not in noted)]}
    lines = {one.name: one.line for one in reversed(assigned)}
    for name, one in made.items():
        if one.guessed and name not in noted:
            book.lose(lines.get(name, 1), f"range of {one.id} is guessed: {one.least:g} to "
                                          f"{one.most:g}: change it under vars")  # fmt: skip
        elif one.kind == "float" and name not in noted:
            book.lose(lines.get(name, 1), f"type of {one.id} is guessed: float")
    return made


def _noted(text: str) -> tuple[str, ...] | None:
    match = _VARIABLE.fullmatch(" ".join(text.split()))
    return tuple(one or "" for one in match.groups()) if match else None


def _declared(note: tuple[str, ...], found: Declared | None, initial: Tree | None) -> Declared:
    name, plain_kind, number, least, most, words, computed = note
    init = found.init if found else ""
    if computed:
        return Declared(name, _kind_of(computed), computed=computed)
    if words:
        allowed = tuple(word.strip() for word in words.split(",") if word.strip())
        return Declared(name, "enum", words=allowed, init=getattr(initial, "text", init))
    if number:
        return Declared(name, number, float(least), float(most), init=init or "0")
    return Declared(name, plain_kind, init=init)


def _kind_of(computed: str) -> str:
    try:
        tree = parse(computed, "native")
    except NotParsedError:
        return "bool"
    return "int" if getattr(tree, "sign", "") in ("+", "-", "*", "//") else "bool"


def _said_of_story(head: Head, plan: Plan) -> None:
    """What the export notes of the story as a whole: scene, language, cast."""
    cast: dict[str, tuple[str, str]] = {}
    for note in plan.notes:
        key, _, value = note.text.partition(":")
        value = value.strip()
        if key == "scene" and is_name(value):
            head.scene = value
        elif key == "language" and re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", value):
            head.language = value
        elif key.startswith("cast ") and is_name(role := key[5:].strip()):
            name, _, voice = value.partition(" voice=")
            cast[role] = (name.strip() or role, voice.strip() if is_name(voice) else "")
    head.cast = {**cast, **{role: one for role, one in head.cast.items() if role not in cast}}
