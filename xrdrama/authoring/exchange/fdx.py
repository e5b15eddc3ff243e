"""Final Draft's screenplays (.fdx, XML), from and to stories.

A script is a list of `Paragraph` elements, each with a `Type` and its words in `Text` elements;
two columns of dialogue are paragraphs in a `DualDialogue`. Headings, actions, names, parentheticals
and dialogue are carried over; everything else in the file is listed.
"""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.authoring.exchange.losses import losses
from xrdrama.authoring.exchange.screenplay import HEADING, Screenplay
from xrdrama.authoring.exchange.script_notes import NOTED, paths, readable, rows
from xrdrama.authoring.exchange.xml import Element, attribute, parse_xml, text_node
from xrdrama.document.names import is_name
from xrdrama.errors import UsageError
from xrdrama.story import Line, Story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.model import Direction
from xrdrama.story.screenplay.speakers import capitals

SUFFIXES = (".fdx",)
_REMEDY = "give the paragraphs of a speech the types Character and Dialogue in Final Draft"
_SETTINGS = (
    "HeaderAndFooter", "PageLayout", "ElementSettings", "SmartType", "MoresAndContinueds",
    "Revisions", "SplitState", "ScriptNoteDefinitions", "WindowState", "TextState",
    "SpellCheckIgnoreLists", "UserData", "Macros", "Actors", "Cast", "SceneNumberOptions",
    "LockedPages", "TargetScriptLength", "TitleColumns", "Outline", "DisplayBoards", "ListItems",
    "Writers", "CharacterHighlighting", "AltCollection", "TagData", "Paragraph",
)  # fmt: skip
"""How the program prints and displays a script; nothing of the script itself."""
_AS_ACTION = ("Action", "General", "Shot", "Cast List")


def read(text: str, name: str) -> ImportedStory:
    """The screenplay as a story with one path. UsageError for XML that is not a script."""
    root = parse_xml(text.removeprefix("\ufeff"), "Final Draft file")
    content = root.child("Content")
    if root.name != "FinalDraft" or content is None:
        raise UsageError(
            f"line {root.line}: this is not a Final Draft script: expected <FinalDraft> with "
            "<Content>",
            "save it in Final Draft as .fdx",
        )
    reader = _Reader(name)
    for other in root.children():
        reader.beside(other)
    reader.paragraphs(content)
    reader.said()
    return reader.screenplay.story()


class _Reader:
    """A script, paragraph by paragraph; a speech is kept until all of it is read."""

    def __init__(self, name: str) -> None:
        self.screenplay = Screenplay(name, _REMEDY)
        self.speaker = self.manner = ""
        self.words: list[str] = []
        self.line = 1

    def beside(self, element: Element) -> None:
        """What is beside the script: the title page has the title, the rest are settings."""
        if element.name == "TitlePage":
            self._title_page(element)
        elif element.name not in ("Content", *_SETTINGS):
            self.screenplay.lose(element.line, f"element {element.name[:40]}")

    def paragraphs(self, content: Element) -> None:
        """Every paragraph of the script."""
        for child in content.children():
            if child.name == "Paragraph":
                self._paragraph(child)
            else:
                self.screenplay.lose(child.line, f"element {child.name[:40]} in the script")

    def said(self) -> None:
        """Write the speech that was read as a line."""
        self.screenplay.say(self.speaker, self.manner, " ".join(self.words), self.line)
        self.words = []

    def _paragraph(self, paragraph: Element) -> None:
        dual = paragraph.child("DualDialogue")
        if dual is not None:
            self.screenplay.lose(dual.line, "dual dialogue: the lines follow each other")
            self.paragraphs(dual)
            return
        kind, text = paragraph.keys.get("Type", ""), self._text(paragraph)
        for child in paragraph.children():
            if child.name not in ("Text", "DynamicLabel", "SceneProperties", "DualDialogue"):
                self.screenplay.lose(child.line, _noted(child))
            if child.name == "SceneProperties" and (summary := child.child("Summary")):
                self.screenplay.lose(child.line, f"summary: {_all_text(summary)[:60]}")
        if text:
            self._typed(kind, text, paragraph.line)

    def _typed(self, kind: str, text: str, line: int) -> None:
        """A paragraph of a type with its text."""
        if kind == "Dialogue" and self.speaker:
            self.line = self.line if self.words else line
            self.words.append(text)
            return
        if kind == "Parenthetical" and self.speaker:
            begun = bool(self.words)
            self.said()
            inside = text.strip("()（） ")
            self.manner = f"{self.manner}, {inside}" if self.manner and not begun else inside
            return
        self.said()
        self.speaker = self.manner = ""
        if kind == "Character":
            self._character(text)
        elif kind == "Scene Heading":
            self.screenplay.heading(text, line)
        elif kind in _AS_ACTION:
            self._action(kind, text, line)
        else:
            self.screenplay.lose(line, f"{kind.lower() or 'paragraph without a type'}: {text[:60]}")

    def _action(self, kind: str, text: str, line: int) -> None:
        beat = text.removeprefix("# ")
        if kind == "General" and beat != text and is_name(beat):
            self.screenplay.begin(beat, is_named=True)  # a beat of an exported story
        elif kind == "General" and text.startswith(("[[", "= ")):
            self.screenplay.lose(line, f"note: {text.strip('[]= ')[:60]}")
        else:
            self.screenplay.action(text, line)

    def _character(self, text: str) -> None:
        name, _, extension = text.partition("(")
        extension = extension.partition(")")[0].strip()
        again = extension.upper().rstrip(".").replace("’", "'") in ("CONT'D", "CONT")
        self.speaker, self.manner = name.strip(), "" if again else extension

    def _text(self, paragraph: Element) -> str:
        """The words of a paragraph; its styles are listed once."""
        styles: set[str] = set()
        words: list[str] = []
        for child in paragraph.children():
            if child.name == "Text":
                words.append(_all_text(child))
                for key in ("Style", "AdornmentStyle"):
                    styles.update(filter(None, child.keys.get(key, "").split("+")))
                for part in child.children():
                    self.screenplay.lose(part.line, _noted(part))
        styles -= {"AllCaps", "0", "-1"}
        if styles and "".join(words).strip():
            named = ", ".join(sorted(styles)).lower()[:60]
            self.screenplay.lose(paragraph.line, f"style {named}: the words are there, plain")
        return " ".join("".join(words).split())

    def _title_page(self, page: Element) -> None:
        content = page.child("Content")
        for paragraph in content.children() if content else ():
            text = _all_text(paragraph)
            if not text:
                continue
            if not self.screenplay.title:
                self.screenplay.title = text
            elif text.startswith("Scene: ") and is_name(text[7:]):
                self.screenplay.scene = text[7:]
            else:
                self.screenplay.lose(paragraph.line, f"title page: {text[:60]}")


def _noted(element: Element) -> str:
    noun = {"ScriptNote": "note"}.get(element.name, f"element {element.name[:40]}")
    text = _all_text(element)[:60]
    return f"{noun}: {text}" if text else noun


def _all_text(element: Element) -> str:
    """The words in an element and in all elements below it; notes have paragraphs of their own."""
    parts = [
        part if isinstance(part, str) else "" if part.name == "ScriptNote" else _all_text(part)
        for part in element.parts
    ]
    joint = " " if any(part.name == "Paragraph" for part in element.children()) else ""
    return " ".join(joint.join(parts).split()) if joint else "".join(parts)


# -- from a story -------------------------------------------------------------------------------


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What a screenplay cannot hold. Conditions, cues, sounds, waits and paths are paragraphs of
    type General."""
    carried = ("line", "heading", "action")
    return losses(story, carried, notes=NOTED)


def write(story: Story) -> str:
    """The story as a Final Draft script, beat after beat."""
    parts = ['<?xml version="1.0" encoding="UTF-8" standalone="no" ?>']
    parts += ['<FinalDraft DocumentType="Script" Template="No" Version="1">', "  <Content>"]
    for beat in story.order:
        paragraphs = [("General", f"# {beat.id}")]
        for row in rows(beat):
            paragraphs += _written(row)
        paragraphs += [("General", f"= {line}") for line in paths(story, beat)]
        parts += _elements(paragraphs)
    parts += ["  </Content>", "  <TitlePage>", "    <Content>"]
    title = [("General", story.title or story.id), ("General", f"Scene: {story.order[0].scene}")]
    parts += ["  " + line for line in _elements(title)]
    parts += ["    </Content>", "  </TitlePage>", "</FinalDraft>"]
    return "\n".join(parts) + "\n"


def _elements(paragraphs: list[tuple[str, str]]) -> Iterator[str]:
    for kind, text in paragraphs:
        yield f'    <Paragraph Type="{attribute(kind)}"><Text>{text_node(text)}</Text></Paragraph>'


def _written(row: Line | Direction | str) -> Iterator[tuple[str, str]]:
    if isinstance(row, str):
        yield "General", f"[[{row}]]"
    elif isinstance(row, Line):
        yield "Character", capitals(row.speaker)
        if row.manner:
            yield "Parenthetical", f"({row.manner})"
        yield "Dialogue", readable(row.text)
    elif row.heading:
        yield "Scene Heading", row.text.upper() if HEADING.fullmatch(row.text) else row.text
    else:
        yield "Action", row.text
