"""What an editor shows of a name under the pointer, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.authoring.editing.occurrences import Occurrence
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.explaining import Explanation
from xrdrama.story.model import Beat, CueCall, Line
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.ways import ways_of

LINES = 4
"""Lines of a script, and paths, that are shown."""
_NS = 1e9


def hover(project: Project, one: Occurrence) -> str:
    """A description of what an occurrence names; "" if nothing is known of it."""
    makers = {
        "beat": _beat, "variable": _variable, "cue": _cue, "line": _line, "role": _role,
        "option": _option, "scene": _scene, "marker": _marker, "ending": _ending,
    }  # fmt: skip
    maker = makers.get(one.kind)
    return "\n\n".join(maker(project, one)) if maker else ""


def line_at(project: Project, file: str, number: int) -> Occurrence | None:
    """The id of the spoken line in a row of a file."""
    index = project.files.get(file)
    found = index.occurrences if index else ()
    return next((o for o in found if o.kind == "line" and o.span.line == number), None)


def explained(found: Explanation) -> str:
    """An explanation of a problem code, as Markdown."""
    parts = [f"**{found.code}** ({found.severity}): {found.title}", found.why]
    for title, text in (("Wrong", found.wrong), ("Right", found.right)):
        if text:
            parts.append(f"{title}:\n\n```yaml\n{text.rstrip()}\n```")
    return "\n\n".join(parts)


def _code(text: str) -> str:
    return "`" + text.replace("`", "'") + "`"


def _beat(project: Project, one: Occurrence) -> Iterator[str]:
    story = project.story
    group = story.storylets.get(one.name) if story else None
    if group:
        yield f"**{one.name}**: storylet group, chosen by {_code(group.choose)}"
        yield "beats: " + (", ".join(map(_code, group.beats)) or "none")
        if group.otherwise:
            yield f"else: {_code(group.otherwise.to)}"
        return
    beat = story.beats.get(one.name) if story else None
    if story is None or beat is None:
        if project.definitions(one):
            yield f"**{one.name}**: beat"
        return
    lines = [item for item in beat.script if isinstance(item, Line)]
    seconds = sum(line.lasts for line in lines) / _NS
    said = f"{len(lines)} line{'' if len(lines) == 1 else 's'}, {seconds:.1f} s of speech"
    yield f"**{one.name}**: beat in the set {_code(beat.scene or '(none)')}; {said}"
    shown = [f"> {capitals(line.speaker)}: {line.text}" for line in lines[:LINES]]
    if shown:
        yield "  \n".join([*shown, *(["> ..."] if lines[LINES:] else [])])
    into = [other.id for other in story.order if any(w[2] == beat.id for w in ways_of(other))]
    into += [f"{beat.storylet} (group)"] if beat.storylet else []
    first = ["the start"] if story.start == beat.id else []
    yield "from: " + (", ".join(map(_code, [*first, *into][: 3 * LINES])) or "nowhere")
    yield "to: " + (_ways(beat) or "nowhere")


def _ways(beat: Beat) -> str:
    if beat.ending:
        return f"the ending {_code(beat.ending.id)}"
    if beat.returns:
        return "back to the beat that it interrupted"
    ways = [f"{name or kind} {_code(to)}" for kind, name, to in ways_of(beat)]
    return ", ".join(ways[: 3 * LINES])


def _variable(project: Project, one: Occurrence) -> Iterator[str]:
    note = project.variables.get(one.name)
    if note is None:
        return
    yield f"**{one.name}**: {note.text}"
    setters: dict[str, None] = {}
    for other in project.of(one):
        row = _row(project, other)
        start = other.span.start - 1
        after, before = row[other.span.end - 1 :].lstrip(), row[:start].rstrip()
        sets = after.startswith(":") and not other.defines
        if sets or before.endswith("@set"):
            setters[other.beat or other.where] = None
    yield "changed in: " + (", ".join(map(_code, setters)) or "nothing")
    yield f"used in {len(project.of(one))} places"


def _row(project: Project, one: Occurrence) -> str:
    return project.files[one.span.file].rows[one.span.line - 1]


def _cue(project: Project, one: Occurrence) -> Iterator[str]:
    scene = project.scene_of(one.span.file, one.beat)
    found = project.around.sets.get(scene)
    note = found.cues.get(one.name) if found else None
    if note:
        yield f"**{one.name}**: cue of the set {_code(scene)}, {note.seconds:g} s"
        if note.doc:
            yield note.doc
        yield "moves: " + ", ".join(map(_code, note.params))


def _line(project: Project, one: Occurrence) -> Iterator[str]:
    story = project.story
    items = (item for beat in story.order for item in beat.script) if story else ()
    line = next((i for i in items if isinstance(i, Line) and i.id == one.name), None)
    if line is None:
        return
    yield f"**{line.id}**: {capitals(line.speaker)}, {line.lasts / _NS:.1f} s"
    for language, texts in project.around.tables.items():
        yield f"{language}: {texts.get(line.id) or '(not translated)'}"


def _role(project: Project, one: Occurrence) -> Iterator[str]:
    story = project.story
    role = story.cast.get(one.name) if story else None
    if story is None or role is None:
        return
    items = [item for beat in story.order for item in beat.script]
    count = sum(isinstance(item, Line) and item.speaker == role.id for item in items)
    acts = sum(isinstance(item, CueCall) and item.performer == role.id for item in items)
    yield f"**{role.name}**: {capitals(role.id)} in a script; {count} lines"
    if acts:
        yield f"{acts} cues as a performer"


def _option(project: Project, one: Occurrence) -> Iterator[str]:
    story = project.story
    for owner in project.definitions(one):
        beat = story.beats.get(owner.beat) if story else None
        option = beat.choice.option(one.name) if beat and beat.choice else None
        if option:
            to = option.to or option.detour
            yield f"**{one.name}**: option of {_code(owner.beat)}, to {_code(to)}"
            yield f"> {option.text}"
            if option.triggers:
                ways = (f"{t.kind} {', '.join(t.values)}".strip() for t in option.triggers)
                yield "picked by: " + "; ".join(ways)


def _scene(project: Project, one: Occurrence) -> Iterator[str]:
    found = project.around.sets.get(one.name)
    if found:
        yield f"**{one.name}**: set with {len(found.cues)} cues"


def _marker(project: Project, one: Occurrence) -> Iterator[str]:
    yield f"**{one.name}**: marker, used in {len(project.of(one))} places"


def _ending(project: Project, one: Occurrence) -> Iterator[str]:
    story = project.story
    for beat in story.order if story else ():
        if beat.ending and beat.ending.id == one.name:
            yield f"**{beat.ending.title}**: ending of {_code(beat.id)}"
