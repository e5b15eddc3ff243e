"""What a person can look at in a rehearsal: variables, reasons, the beat, markers."""

from __future__ import annotations

from collections.abc import Iterator

from xrdrama.document.wording import suggestion
from xrdrama.errors import UsageError
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.tools.playing.reasons import (
    Closed,
    closed_exits,
    closed_options,
    closed_plots,
    closed_storylets,
)
from xrdrama.tools.playing.reports import (
    Markers,
    Reasons,
    Variable,
    Variables,
    Way,
    Where,
)
from xrdrama.tools.playing.session import Session


def variables(session: Session, name: str = "") -> Variables:
    """All variables, or the one with a name. UsageError for an unknown name."""
    known = session.story.values()
    if name and name not in known:
        hint = suggestion(name, known) if known else "the story has no variables"
        raise UsageError(f"there is no variable {name!r}", hint)
    changed = {change.name: change.before for change in session.changes()}
    p = session.playthrough
    return Variables(
        tuple(
            Variable(
                one.id, p.value(one.id), str(one.kind), one.init, changed.get(one.id),
                one.computed.text if one.computed else "",
            )
            for one in known.values()
            if name in ("", one.id)
        )
    )  # fmt: skip


def reasons(session: Session, name: str = "") -> Reasons:
    """Everything that is closed now and why, or what has a name. UsageError for what has not."""
    p = session.playthrough
    rows = tuple(_closed(p))
    if not name:
        return Reasons(rows)
    if found := tuple(one for one in rows if name in (one.id, one.text)):
        return Reasons(found)
    if name in {o.id for o in p.options()} | {plot.id for plot in p.hidden()}:
        raise UsageError(f"{name!r} is not closed", "pick it, or show its marker")
    hint = suggestion(name, [one.id for one in rows]) if rows else "nothing is closed here"
    raise UsageError(f"nothing named {name!r} is closed here", hint)


def _closed(p: Playthrough) -> Iterator[Closed]:
    yield from closed_options(p)
    yield from closed_exits(p)
    yield from closed_storylets(p)
    yield from closed_plots(p)


def where(session: Session) -> Where:
    """The current beat, its place in the file, and the ways out of it."""
    p = session.playthrough
    beat = p.current
    return Where(
        beat.id,
        beat.place.file,
        beat.place.line,
        p.visits[beat.index],
        round(session.rehearsal.now / 1e9, 3),
        tuple(_ways(p, can_wait=session.rehearsal.can_wait())),
        session.is_held,
    )


def _ways(p: Playthrough, *, can_wait: bool) -> Iterator[Way]:
    for option in p.options():
        if option.detour:
            yield Way(f"pick {option.id}, a detour", option.detour)
        yield Way(f"pick {option.id}", option.to or p.beat)
    choice = p.current.choice
    if choice and choice.otherwise and can_wait and p.options():
        yield Way("say nothing (else)", choice.otherwise.to)
    for plot in p.hidden():
        shown = [v for t in plot.triggers if t.kind == "marker" for v in t.values]
        yield from (Way(f"marker {name}", plot.to) for name in shown)
    for one in p.parallel:
        yield Way(f"beside this, hidden plot {one.plot}", one.position.beat)
    allowed = p.current.director.force
    if allowed:
        yield from (Way("force", name) for name in allowed)


def markers(session: Session) -> Markers:
    """The markers that open a hidden plot now."""
    return Markers(
        tuple(
            (name, plot.id)
            for plot in session.playthrough.hidden()
            for t in plot.triggers
            if t.kind == "marker"
            for name in t.values
        )
    )
