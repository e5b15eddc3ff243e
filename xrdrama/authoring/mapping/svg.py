"""The map of a story as one SVG picture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape

from xrdrama.authoring.mapping.boxes import HEAD, ROW, TITLE_EMS, WIDTH, Box, clipped, counted
from xrdrama.authoring.mapping.mapped import CLOSED, PILL, Part, Port, StoryMap
from xrdrama.authoring.mapping.marks import Highlighted, Marks, highlighted, taken
from xrdrama.authoring.mapping.placing import Point, curve
from xrdrama.authoring.mapping.shapes import SIGNS, inner, outline, port_sign

BORDER, HEADING = 36.0, 56.0

LIGHT = """--paper:#fbfaf7;--ink:#1d2127;--soft:#5d6875;--line:#8c97a5;--box:#fff;--edge:#8f9aa8;
--head:#eef1f5;--choice:#dbe8fd;--ending:#f0e2f7;--hidden:#fbf1d3;--storylet:#dff2e4;--group:#f3f1ec;
--group-edge:#cfcac0;--error:#b3261e;--warning:#8a5a00;--heat:#c9481f;--focus:#1a5fd0"""
DARK = """--paper:#14171c;--ink:#e8ebf0;--soft:#a2acb9;--line:#76808e;--box:#1f242c;--edge:#66707e;
--head:#2a313b;--choice:#22395f;--ending:#43294f;--hidden:#473a12;--storylet:#1f4330;--group:#191d23;
--group-edge:#343b46;--error:#ff8a80;--warning:#ffc766;--heat:#ff8a5c;--focus:#8ab4ff"""
PRINTED = "--paper:#fff;--ink:#000;--soft:#333;--line:#555;--box:#fff;--edge:#333;--group:#fafafa"
"""Colours by day, by night and on paper; the page of a map has the same."""

STYLE = f"""
svg{{{LIGHT};background:var(--paper);
font-family:"Noto Sans","Noto Sans CJK SC",system-ui,sans-serif}}
@media(prefers-color-scheme:dark){{svg{{{DARK}}}}}
@media print{{svg{{{PRINTED}}}}}
"""
STYLE += """
text{fill:var(--ink)}.heading{font-size:22px;font-weight:650}
.soft,.note{fill:var(--soft);font-size:11px}
.title{font-size:13.5px;font-weight:620}.row{font-size:12px}
.heat{font-size:11px;font-weight:650;fill:var(--heat)}
.group{fill:var(--group);stroke:var(--group-edge)}.group-title{font-size:16px;font-weight:650}
.box{fill:var(--box);stroke:var(--edge);stroke-width:1.3}
.choice .box{fill:var(--choice)}.ending .box{fill:var(--ending)}
.storylet .box,.group-of .box{fill:var(--storylet)}
.hidden .box{fill:var(--hidden);stroke-dasharray:5 3}
.inner,.sign{fill:none;stroke:var(--edge)}
.rows{fill:var(--box)}.start .box{stroke-width:2.6;stroke:var(--ink)}
.port{fill:var(--ink)}
.port.diamond,.port.square{fill:var(--box);stroke:var(--ink);stroke-width:1.3}
.way{fill:none;stroke:var(--line);stroke-width:1.5}.way.else{stroke-dasharray:8 3}
.way.back{stroke-dasharray:2 3}
.way.hidden,.way.detour,.way.storylet{stroke-dasharray:2 4;stroke-width:1.8}
.never{stroke-opacity:.35}.way.lit{stroke:var(--heat);stroke-width:3.5}
.lit .box{stroke:var(--heat);stroke-width:3.5}
.pill{fill:var(--head);stroke:var(--group-edge)}.error{fill:var(--error)}.warning{fill:var(--warning)}
.mark{fill:var(--paper);font-size:10px;font-weight:700;text-anchor:middle}.play{fill:var(--ink)}.share{fill:var(--heat)}
"""


def draw_svg(
    story: StoryMap,
    title: str,
    marks: Marks,
    opened: Collection[int] | None = None,
    *,
    dark: bool = False,
) -> str:
    """The map as SVG; `opened` are the numbers of the chapters that are open, None for all. The
    colours are those that the reader's system prefers, or always `dark` ones."""
    is_open = [opened is None or number in opened for number in range(len(story.parts))]
    layout = story.placed(is_open)
    bare = len(story.parts) == 1 and not story.parts[0].title
    width = max(layout.width + 2 * BORDER, 360.0)
    height = layout.height + HEADING + 2 * BORDER
    lit = highlighted(marks, story.boxes)
    style = STYLE + (f"svg{{{DARK}}}" if dark else "")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-label="{escape("map of " + title)}">',
        f"<title>{escape(title)}</title><style>{style}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
        '<path d="M0 .8L7.5 4L0 7.2Z" '
        'fill="context-stroke"/></marker></defs>',
        f'<text class="heading" x="{BORDER:g}" y="{BORDER + 12:g}">{escape(title)}</text>',
        f'<text class="soft" x="{BORDER:g}" y="{BORDER + 31:g}">'
        f"{escape(_caption(story, marks))}</text>",
        f'<g transform="translate({BORDER:g} {BORDER + HEADING:g})">',
    ]
    for (one, other, ways), route, back in zip(
        story.links, layout.routes, story.arrangement.back, strict=True
    ):
        label = f"{ways} path{'' if ways == 1 else 's'} from {story.parts[one].title} "
        label += f"to {story.parts[other].title}"
        parts.append(
            f'<path class="way{" back" if back else ""}" marker-end="url(#tip)" '
            f'd="{curve(route, back=back)}"><title>{escape(label)}</title></path>'
        )
    for number, (part, (x, y)) in enumerate(zip(story.parts, layout.at, strict=True)):
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">')
        parts += (
            _open(story, part, marks, lit, bare=bare)
            if is_open[number]
            else _closed(story, part, marks)
        )
        parts.append("</g>")
    parts.append("</g></svg>\n")
    return "".join(parts)


def _caption(story: StoryMap, marks: Marks) -> str:
    endings = sum(box.shape == "ending" for box in story.boxes.values())
    beats = sum(box.shape != "group" for box in story.boxes.values())
    words = [f"{counted(beats, 'beat')}, {counted(endings, 'ending')}"]
    words += [f"{marks.plays} plays"] if marks.plays else []
    words += ["thick lines: the path taken"] if marks.path else []
    signs = "cut corners: choice; double line: ending; dashed box: hidden plot"
    has_rows = any(row.shown for box in story.boxes.values() for row in box.rows)
    words.append(signs + ("; diamond: with a condition" if has_rows else ""))
    return ". ".join(words)


def _open(
    story: StoryMap, part: Part, marks: Marks, lit: Highlighted, *, bare: bool
) -> Iterator[str]:
    if not bare:
        yield f'<rect class="group" width="{part.width:.1f}" height="{part.height:.1f}" rx="12"/>'
        yield f'<text class="group-title" x="20" y="34">{escape(part.title)}</text>'
    for way in part.ways:
        classes = [
            "way",
            *([way.how] if way.how in ("else", "hidden", "detour", "storylet") else []),
        ]
        classes += ["back"] if way.back else []
        classes += ["lit"] if (way.beat, way.to) in lit.links else []
        row = story.boxes[way.beat].rows[way.row] if way.row >= 0 else None
        if row and marks.plays and not taken(marks, story.boxes[way.beat], row):
            classes.append("never")
        drawn = curve(way.points, back=way.back)
        yield f'<path class="{" ".join(classes)}" marker-end="url(#tip)" d="{drawn}"/>'
    for port in part.ports:
        yield from _pill(port, story)
    for name, at in zip(part.beats, part.at, strict=True):
        yield from _box(story.boxes[name], at, marks, lit=name in lit.boxes)


def _pill(port: Port, story: StoryMap) -> Iterator[str]:
    """The label of a port: it names the beat to which it leads, or the chapter from which."""
    other = story.parts[port.chapter].title
    text = f"to {story.boxes[port.other].title}" if port.leaves else f"from {other}"
    yield f'<g transform="translate({port.x:.1f} {port.y:.1f})"><rect class="pill" '
    yield f'width="{PILL.width:g}" height="{PILL.height:g}" rx="{PILL.height / 2:g}"/>'
    yield '<text class="row" x="12" y="16">'
    yield f"{escape(clipped(text, 11))}</text><title>{escape(other)}</title></g>"


def _closed(story: StoryMap, part: Part, marks: Marks) -> Iterator[str]:
    beats = sum(story.boxes[name].shape != "group" for name in part.beats)
    yield f'<rect class="group" width="{CLOSED.width:g}" height="{CLOSED.height:g}" rx="12"/>'
    yield f'<text class="group-title" x="16" y="32">{escape(part.title)}</text>'
    yield f'<text class="soft" x="16" y="54">{counted(beats, "beat")}</text>'
    found = [finding for name in part.beats for finding in marks.findings.get(name, ())]
    yield from _badge([f.severity for f in found], CLOSED.width - 4)


def _box(box: Box, at: Point, marks: Marks, *, lit: bool) -> Iterator[str]:
    classes = (
        ["group-of" if box.shape == "group" else box.shape]
        + (["hidden"] if box.hidden else [])
        + (["start"] if box.start else [])
        + (["lit"] if lit else [])
    )
    yield f'<g class="{" ".join(classes)}" transform="translate({at[0]:.1f} {at[1]:.1f})">'
    yield f'<path class="box" d="{outline(box)}"/>'
    if box.height > HEAD:
        h = box.height - HEAD - 1
        yield f'<path class="rows" d="M1 {HEAD:g}h{WIDTH - 2:g}v{h - 6:g}q0 6-6 6'
        yield f'h-{WIDTH - 14:g}q-6 0-6-6z"/>'
    yield f'<path class="inner" d="{inner(box)}"/>' if inner(box) else ""
    if box.start:
        yield f'<path class="play" transform="translate(0 {HEAD / 2:g})" d="{SIGNS["play"]}"/>'
    middle = box.shape == "ending"
    where = f'x="{WIDTH / 2:g}" text-anchor="middle"' if middle else 'x="14"'
    yield f'<text class="title" {where} y="19">{escape(box.title)}</text>'
    note = ("hidden plot, " if box.hidden else "start, " if box.start else "") + clipped(
        box.note, TITLE_EMS + 2
    )
    yield f'<text class="note" {where} y="34">{escape(note)}</text>'
    if box.seconds:
        yield f'<path class="sign" transform="translate({WIDTH - 47:g} 14)" d="{SIGNS["clock"]}"/>'
        yield f'<text class="note" x="{WIDTH - 39:g}" y="18">{box.seconds:g} s</text>'
    yield from _rows(box)
    yield from _heat(box, marks)
    yield from _badge([f.severity for f in marks.findings.get(box.id, ())], WIDTH - 4)
    yield "</g>"


def _rows(box: Box) -> Iterator[str]:
    for row in box.rows:
        if row.shown:
            yield f'<text class="row" x="14" y="{row.y + 4:g}">{escape(row.label)}</text>'
            sign = port_sign(row.how, row.condition)
            words = f"<title>{escape('if ' + row.condition)}</title>" if row.condition else ""
            yield f'<path class="port {sign}" transform="translate({WIDTH:g} {row.y:g})" '
            yield f'd="{SIGNS[sign]}">{words}</path>'
    if box.more:
        y = HEAD + ROW * (sum(row.shown for row in box.rows) + 0.5) + 4
        yield f'<text class="note" x="14" y="{y:g}">and {box.more + 1} more</text>'


def _heat(box: Box, marks: Marks) -> Iterator[str]:
    """How often a beat was played: a bar and a number above its box."""
    if marks.plays and box.shape != "group":
        count = marks.beats.get(box.id, 0)
        words = f"{count} of {marks.plays}" if count else "never"
        share = min(1.0, count / marks.plays)
        yield f'<rect class="share" y="-6" height="3" width="{WIDTH * share:.1f}"/>'
        yield f'<text class="heat" x="{WIDTH:g}" y="-9" text-anchor="end">{words}</text>'


def _badge(severities: list[str], x: float) -> Iterator[str]:
    """A triangle if there is an error, else a circle; with the number of findings."""
    if severities:
        sign = "error" if "error" in severities else "warning"
        yield f'<g transform="translate({x:g} 2)"><path class="{sign}" d="{SIGNS[sign]}"/>'
        yield f'<text class="mark" y="{6 if sign == "error" else 3.6}">{len(severities)}</text></g>'
