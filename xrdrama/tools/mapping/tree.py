"""The map of a story as a tree for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xrdrama.authoring.mapping.boxes import Box
from xrdrama.authoring.mapping.mapped import Part
from xrdrama.errors import Problem
from xrdrama.story.model import Line
from xrdrama.tools.mapping.loading import Loaded

if TYPE_CHECKING:
    from rich.tree import Tree


def counts(loaded: Loaded) -> dict[str, int]:
    """Numbers of beats, endings, choices, options and lines of a story, and of its findings."""
    beats = loaded.story.order
    findings = [f for rows in loaded.marks.findings.values() for f in rows] + list(
        loaded.marks.general
    )
    return {
        "beats": len(beats),
        "endings": sum(beat.ending is not None for beat in beats),
        "choices": sum(beat.choice is not None for beat in beats),
        "options": sum(len(beat.choice.options) for beat in beats if beat.choice),
        "lines": sum(isinstance(item, Line) for beat in beats for item in beat.script),
        "findings": len(findings),
    }


def tree(loaded: Loaded, opened: int | None) -> Tree:
    """Beats with their paths. A story with chapters shows the chapters, and the beats of the one
    that is `opened`."""
    from rich.text import Text
    from rich.tree import Tree

    found = counts(loaded)
    words = ", ".join(f"{count} {_noun(name, count)}" for name, count in found.items() if count)
    root = Tree(Text.assemble((loaded.story.title, "bold"), f"  {words}"), guide_style="dim")
    parts = loaded.map.parts
    for number, part in enumerate(parts):
        if len(parts) == 1:
            _beats(root, loaded, part)
            continue
        branch = root.add(Text.assemble((part.title, "bold"), f"  {_chapter(loaded, number)}"))
        if number == opened:
            _beats(branch, loaded, part)
    return root


def _noun(name: str, count: int) -> str:
    return name[:-1] if count == 1 else name


def _chapter(loaded: Loaded, number: int) -> str:
    part = loaded.map.parts[number]
    endings = sum(loaded.map.boxes[name].shape == "ending" for name in part.beats)
    beats = sum(loaded.map.boxes[name].shape != "group" for name in part.beats)
    words = [f"{beats} {_noun('beats', beats)}"]
    words += [f"{endings} {_noun('endings', endings)}"] if endings else []
    found = sum(len(loaded.marks.findings.get(name, ())) for name in part.beats)
    words += [f"{found} {_noun('findings', found)}"] if found else []
    to = [loaded.map.parts[other].title for one, other, _ in loaded.map.links if one == number]
    return ", ".join(words) + (f" -> {', '.join(to)}" if to else "")


def _where(loaded: Loaded, finding: Problem) -> str:
    """The line of a finding; with its file if the story includes that."""
    line = f"line {finding.line}"
    if finding.file == loaded.story.file:
        return line
    return f"{line} of {finding.file.replace(chr(92), '/').rpartition('/')[2]}"


def _beats(branch: Tree, loaded: Loaded, part: Part) -> None:
    from rich.text import Text

    for name in part.beats:
        box = loaded.map.boxes[name]
        line = Text.assemble((name, "bold"), f"  {_note(box)}")
        if loaded.marks.plays and box.shape != "group":
            count = loaded.marks.beats.get(name, 0)
            line.append(f"  played {count} of {loaded.marks.plays}", "" if count else "red")
        for finding in loaded.marks.findings.get(name, ()):
            line.append(f"  {finding.severity} {finding.code} ({_where(loaded, finding)})",
                        "red" if finding.severity == "error" else "yellow")  # fmt: skip
        plain = [row.to for row in box.rows if not row.shown]
        if len(box.rows) == 1 and plain:
            line.append(f" -> {plain[0]}")
        below = branch.add(line)
        for row in box.rows if len(box.rows) > 1 or not plain else ():
            condition = f" [if {row.condition}]" if row.condition and row.how != "next" else ""
            below.add(Text.assemble(f"{row.label}{condition} -> ", (row.to, "bold")))


def _note(box: Box) -> str:
    words = ["start"] if box.start else []
    words += ["hidden plot"] if box.hidden else []
    words.append(box.note)
    words += [f"{box.seconds:g} s"] if box.seconds else []
    return ", ".join(words)
