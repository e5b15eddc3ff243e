"""Makes a story of a Yarn file: its nodes become beats, and what has no counterpart is listed."""

from __future__ import annotations

from collections.abc import Callable

from xrdrama.authoring.exchange.losses import without_limits
from xrdrama.authoring.yarn.playing.evaluate import Value
from xrdrama.authoring.yarn.reading.check import Checked, load_yarn
from xrdrama.authoring.yarn.translating.branch import branch_text
from xrdrama.authoring.yarn.translating.calls import Calls
from xrdrama.authoring.yarn.translating.express import Expressions
from xrdrama.authoring.yarn.translating.flow import Flow
from xrdrama.authoring.yarn.translating.scripts import Scripts
from xrdrama.authoring.yarn.translating.story import MOST_NUMBER, NewStory
from xrdrama.authoring.yarn.translating.texts import Texts
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.story import parse_story
from xrdrama.story.formats import ImportedStory, NotCarriedOver

SUFFIXES = (".yarn",)
_KNOWN_HEADERS = ("title", "when", "subtitle", "tracking", "position", "colour", "color", "group")
MOST_ROUNDS = 20
_HARMLESS = (
    "scene:", "Yarn's numbers", "the header", "the tag", "the markup", "the command", "<<call",
)  # fmt: skip


def read(text: str, name: str) -> ImportedStory:
    """The story of a Yarn file, with the id `name`.

    AuthoringError with the problems of a file that Yarn refuses, too; UsageError when no story can
    be made of it.
    """
    story_id = name if is_name(name) else as_name(name)
    if not is_name(story_id):
        raise UsageError(
            f"{name!r} cannot be the id of a story", "use a file name of letters, digits and _"
        )
    return story_of(load_yarn(text, f"{name}.yarn"), story_id)


def changes_the_play(lost: NotCarriedOver) -> bool:
    """True for a loss by which the story can show something else than the Yarn file."""
    return not lost.what.startswith(_HARMLESS)


def story_of(
    checked: Checked, name: str, functions: dict[str, Callable[..., Value]] | None = None
) -> ImportedStory:
    """The story of a file that was checked. `functions` are those of the game that are known."""
    story, start = _made(NewStory(checked, name, functions))
    dropped: set[int] = set()
    for _ in range(MOST_ROUNDS):
        text, places = branch_text(story, start, name.replace("_", " ").title(), "stage")
        made, problems, _ = parse_story(text, name)
        errors = [problem for problem in problems if problem.severity == "error"]
        if made is not None and not errors:
            return ImportedStory(text, tuple(sorted(set(story.lost))))
        rows = {places[p.line]: p.message for p in errors if p.line in places}
        if not rows or rows.keys() <= dropped:
            break
        _drop(story, places, text, {p.line for p in errors}, rows)
        dropped |= rows.keys()
    first = errors[0] if errors else problems[0]
    line = places.get(first.line)
    where = f"line {line}" if line else f"line {first.line} of the story"
    raise UsageError(
        f"this file cannot be made into a story: {where}: {first.message}",
        first.hint or "change or remove what is there",
    )


def _drop(
    story: NewStory, places: dict[int, int], text: str, numbers: set[int], rows: dict[int, str]
) -> None:
    """Takes the rows out of scripts that a script cannot hold, and lists them."""
    lines = text.split("\n")
    bad = {lines[number - 1].strip() for number in numbers if number in places}
    for beat in story.beats.values():
        for row in list(beat.rows):
            if row.text in bad and row.line in rows:
                beat.rows.remove(row)
                story.lose(row.line, f"a script cannot hold this: {row.text}: {rows[row.line]}")


def _made(story: NewStory) -> tuple[NewStory, str]:
    """All beats of the story, and the one where it begins."""
    checked = story.checked
    expressions = Expressions(story)
    calls = Calls(story, expressions)
    for title in checked.groups:
        story.groups[title] = story.named("beat", title)
    for node in checked.tree.nodes:
        story.named("beat", node.name)
    scripts = Scripts(story, expressions, Texts(story, expressions), calls)
    for node in checked.tree.nodes:
        Flow(story, scripts, calls, node).make()
        for key, value, at in node.headers:
            if key not in _KNOWN_HEADERS and value:
                story.lose(at.line, f"the header {key}: {value}")
    for title, group in story.groups.items():
        nodes = checked.groups[title]
        if any(all(one.formula is None and not one.once for one in n.when) for n in nodes):
            continue  # one of its nodes is always available
        end = story.beat(title, nodes[0].at.line)
        calls.nothing_available(end, title, nodes[0].at.line)
        story.group_ends[group] = end.id
    _prune(story, {calls.target(node.title) for node in checked.tree.nodes})
    _variables(story, expressions)
    story.lose(1, "scene: stage is guessed: make that set, or write the name of yours")
    start = calls.start()
    if start not in story.groups:
        return story, calls.target(start)
    first = story.beat("start", 1)
    from xrdrama.authoring.yarn.translating.story import Way

    first.ways = [Way(story.groups[start])]
    return story, first.id


def _prune(story: NewStory, kept: set[str]) -> None:
    """Takes out beats that were made for an end to which nothing leads."""
    kept |= {story.named("beat", node.name) for node in story.checked.tree.nodes}
    while True:
        used = kept | set(story.group_ends.values())
        for beat in story.beats.values():
            used |= {way.to for way in beat.ways} | {offer.to for offer in beat.offers}
            used.add(beat.otherwise)
        unused = [name for name in story.beats if name not in used]
        if not unused:
            return
        for name in unused:
            del story.beats[name]


def _variables(story: NewStory, expressions: Expressions) -> None:
    """Declares the variables that nothing reads, too: a test plan can name them."""
    from xrdrama.authoring.yarn.translating.story import CannotCarryError

    for name, variable in story.checked.variables.items():
        try:
            expressions.read(name)
        except CannotCarryError as error:
            story.lose(variable.line, str(error))
    numbers = [v for v in story.variables.values() if f"min: -{MOST_NUMBER}" in v.form]
    if numbers:
        story.lose(1, without_limits("Yarn", [one.id for one in numbers], MOST_NUMBER))
