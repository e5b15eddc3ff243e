"""What of a story a format cannot hold, beat by beat; `xrdrama export` prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from xrdrama.document import Place
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.model import (
    Assign,
    Beat,
    Choice,
    CueCall,
    Detour,
    Direction,
    Group,
    Jump,
    Line,
    SoundCall,
    Story,
    Wait,
)
from xrdrama.story.plan import Director, Lengths, Transition


def losses(
    story: Story, carried: Collection[str], *, notes: Collection[str] = ()
) -> tuple[NotCarriedOver, ...]:
    """One entry for each beat of which something is not in `carried`, at the line of the beat.

    `carried` holds kinds such as "line", "condition", "window". Those in `notes` are written as
    comments: people can read them, other tools ignore them.
    """
    found = []
    for beat in story.order:
        kinds = Counter(kind for kind in _kinds(beat) if kind not in carried)
        dropped = [_counted(kind, n) for kind, n in kinds.items() if kind not in notes]
        noted = [_counted(kind, n) for kind, n in kinds.items() if kind in notes]
        if noted:
            dropped.append(f"as comments only: {', '.join(noted)}")
        if dropped:
            what = f"beat {beat.id}: {', '.join(dropped)}"
            found.append(lost_at(story, beat.place, what))
    if "type" not in carried:
        found += [
            lost_at(story, one.place, f"variable {one.id}: its type and range")
            for one in story.variables
        ]
    return tuple(sorted(found))


def lost_at(story: Story, place: Place, what: str) -> NotCarriedOver:
    """What is not carried over, at its line; with its file if the story includes that."""
    return NotCarriedOver(max(1, place.line), what, place.file if place.file != story.file else "")


def _kinds(beat: Beat) -> Iterator[str]:
    """The kind of each part of a beat, in its order."""
    yield from _kinds_of_script(beat)
    if beat.choice:
        yield from _kinds_of_choice(beat.choice)
    for way in beat.exits:
        yield "path"
        yield from (["condition"] if way.condition else [])
        yield from ["effect"] * len(way.effects)
    yield from ["hidden plot"] * len(beat.hidden)
    for kind, is_there in (
        ("duration", beat.lengths != Lengths()),
        ("director's command", beat.director != Director()),
        ("transition", beat.transition != Transition()),
        ("return", beat.returns),
        ("storylet", bool(beat.storylet)),
        ("ending", beat.ending is not None),
    ):
        yield from [kind] * is_there


def _kinds_of_script(beat: Beat) -> Iterator[str]:
    for item in beat.script:
        if isinstance(item, Direction):
            yield "heading" if item.heading else "action"
        elif isinstance(item, Group):
            yield "block" if item.choose == "first" else "line group"
            yield from ["once alternative"] * sum(one.once for one in item.alternatives)
        elif not isinstance(item, Jump):
            yield _NAMES[type(item)]
        if getattr(item, "condition", None) is not None:
            yield "condition"
        if getattr(item, "values", ()):
            yield "value in a text"


def _kinds_of_choice(choice: Choice) -> Iterator[str]:
    if choice.window:
        yield "window"
    for option in choice.options:
        yield "option"
        yield from (["condition"] if option.condition else [])
        yield from ["effect"] * len(option.effects)
        yield from ["trigger"] * len(option.triggers)
        yield from ["once"] * option.once + ["fallback"] * option.fallback
        yield from ["detour"] * bool(option.detour)
    if choice.otherwise:
        yield "else"
        yield from (["condition"] if choice.otherwise.condition else [])
        yield from ["effect"] * len(choice.otherwise.effects)


_NAMES = {Line: "line", CueCall: "cue", SoundCall: "sound", Wait: "wait", Assign: "effect",
          Detour: "detour"}  # fmt: skip


def _counted(kind: str, count: int) -> str:
    if count == 1:
        return f"1 {kind}"
    if kind in ("once", "else"):
        return f"{count} {kind}"
    return f"{count} values in texts" if kind == "value in a text" else f"{count} {kind}s"


def without_limits(tool: str, names: Sequence[str], most: int) -> str:
    """What is listed for numbers of a tool that have no limits there."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{tool}'s numbers have no limits: {', '.join(names[:5])}{more} {verb} at most {most:,} "
        "here; write the range that you know under vars"
    )
