"""What becomes of the passages of a story: beats, and what is said of it before it starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from xrdrama.authoring.exchange.twee import harlowe, plainer, sugarcube
from xrdrama.authoring.exchange.twee.expressions import (
    Name,
    Text,
    Tree,
    Truth,
    names_in,
    random_in,
    replaced,
)
from xrdrama.authoring.exchange.twee.kinds import Assigned, constant
from xrdrama.authoring.exchange.twee.nodes import (
    Book,
    Goto,
    If,
    Include,
    Link,
    Node,
    Nodes,
    Note,
    Set,
    Timed,
    Value,
)
from xrdrama.authoring.exchange.twee.passages import File, Passage
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError

MOST_NODES = 200_000
_SPECIAL = (
    "StoryAuthor", "StoryBanner", "StoryCaption", "StoryDisplayTitle", "StoryInterface",
    "StoryMenu", "StorySettings", "StoryShare", "StorySubtitle", "StoryIncludes", "PassageDone",
    "PassageFooter", "PassageHeader", "PassageReady", "StoryStylesheet", "StoryScript",
    "UserScript", "UserStylesheet",
)  # fmt: skip
_TAGS = ("script", "stylesheet", "widget", "Twine.private", "Twine.image", "Twine.audio", "header",
         "footer", "annotation", "debug-header", "debug-footer", "debug-startup")  # fmt: skip
RESERVED = frozenset([
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "true",
    "false", "none", "visits", "seen", "min", "max", "random", "plural", "select", "other",
])  # fmt: skip
"""Words that an expression or a text cannot use as a name."""


class Plan(msgspec.Struct):
    """The story before it is written: the nodes of each beat, ids, initial values, notes."""

    order: list[str] = []
    """The names of the passages that become beats."""
    nodes: dict[str, Nodes] = {}
    begins: dict[str, int] = {}
    ids: dict[str, str] = {}
    start: str = ""
    initial: dict[str, Tree] = {}
    notes: list[Note] = []
    """What the export notes beside the initial values."""
    original: dict[str, Nodes] = {}
    """The nodes before those of included passages are copied to them."""
    copied: int = 0
    returning: set[str] = set()
    """Passages that are only included: they return to where they are."""


def planned(file: File, book: Book) -> Plan:
    """The plan of a file's story. UsageError if no passage of it is a part of the story."""
    plan = Plan()
    parse = _parser(file)
    for passage in file.passages:
        if _is_setup(passage):
            _initial(plan, parse(passage.text, passage.begins, book), book)
        elif passage.name in _SPECIAL or set(passage.tags) & set(_TAGS):
            what = ", ".join(passage.tags) or "special"
            book.lose(passage.line, f"passage {passage.name[:60]} ({what})")
        elif passage.name not in plan.nodes:
            plan.order.append(passage.name)
            plan.nodes[passage.name] = parse(passage.text, passage.begins, book)
            plan.begins[passage.name] = passage.line
        else:
            name = f"{passage.name} ({passage.line})"
            plan.order.append(name)
            plan.nodes[name] = parse(passage.text, passage.begins, book)
            plan.begins[name] = passage.line
    if not plan.order:
        raise UsageError("line 1: no passage of this file is a part of the story",
                         "add a passage such as  :: Start")  # fmt: skip
    _start(plan, file, book)
    taken: set[str] = set()
    for name in plan.order:
        plan.ids[name] = unique(name, taken, "passage")
    _includes(plan, book)
    for name in plan.order:
        plan.nodes[name] = _remembered(_rolled(plan.nodes[name], book), plan.ids[name])
    return plan


def unique(text: str, taken: set[str], otherwise: str) -> str:
    """A name made of a text that is not taken yet, and is from now on."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    stem = as_name(spaced)[:44].strip("_")
    stem = stem if is_name(stem) and stem not in RESERVED else otherwise
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


def _parser(file: File) -> Callable[[str, int, Book], Nodes]:
    known = file.format.lower()
    for name, parse in (("harlowe", harlowe.parse_passage), ("sugarcube", sugarcube.parse_passage),
                        ("chapbook", plainer.parse_chapbook),
                        ("snowman", plainer.parse_snowman)):  # fmt: skip
        if known.startswith(name):
            return parse
    text = "\n".join(passage.text for passage in file.passages)
    if "<<" not in text and re.search(r"\((?:set|if|link|else|print|goto|go-to|display)[\w-]*:",
                                      text, re.IGNORECASE):  # fmt: skip
        return harlowe.parse_passage
    return sugarcube.parse_passage


def _is_setup(passage: Passage) -> bool:
    return passage.name == "StoryInit" or bool({"init", "startup"} & set(passage.tags))


def _initial(plan: Plan, nodes: Nodes, book: Book) -> None:
    for node in nodes:
        if isinstance(node, Set):
            if isinstance(node.tree, Text | Truth) or constant(node.tree) is not None:
                plan.initial[node.name] = node.tree
            else:
                book.lose(node.line, f"initial value of {node.name[:40]}: it is not a constant")
        elif isinstance(node, Note):
            plan.notes.append(node)
        elif not _is_blank(node):
            book.lose(node.line, "text or a macro of the story's initialization")


def _is_blank(node: Node) -> bool:
    text = getattr(node, "text", None)
    return isinstance(text, str) and not text.strip()


def _start(plan: Plan, file: File, book: Book) -> None:
    wanted = file.start or "Start"
    plan.start = wanted if wanted in plan.nodes else plan.order[0]
    if plan.start != wanted:
        what = "StoryData names" if file.start else "without StoryData the story starts with"
        book.lose(file.start_line, f"start: {what} the passage {wanted[:60]!r}, which is not "
                                   f"there: it starts with {plan.start[:60]!r}")  # fmt: skip


# -- included passages --------------------------------------------------------------------------


def walk(nodes: Iterable[Node], *, links: bool = True) -> Iterator[Node]:
    """All nodes, with those inside others; `links`: also those inside links."""
    left = list(reversed(list(nodes)))
    while left:
        node = left.pop()
        yield node
        if isinstance(node, If):
            for _, inside in reversed(node.branches):
                left += reversed(inside)
        elif isinstance(node, Timed) or (links and isinstance(node, Link)):
            left += reversed(node.inside)


def _includes(plan: Plan, book: Book) -> None:
    """Decide which passages are detours; those with links are copied to where they are included."""
    targets = {plan.start}
    included: set[str] = set()
    for nodes in plan.nodes.values():
        for node in walk(nodes):
            if isinstance(node, Link | Goto):
                targets.add(node.to)
            elif isinstance(node, Include):
                included.add(node.to)
    leading = {name for name, nodes in plan.nodes.items() if _leads_on(nodes)}
    plan.returning = (included & plan.nodes.keys()) - targets - leading
    plan.returning |= {name for name, nodes in plan.nodes.items() if _is_noted(nodes)}
    plan.original = dict(plan.nodes)
    for name in plan.order:
        plan.nodes[name] = _copied(plan.original[name], plan, (name,), book)
    copied = included - plan.returning - targets
    plan.order = [name for name in plan.order if name not in copied]


def _is_noted(nodes: Nodes) -> bool:
    """True for a beat of an exported story that returns."""
    return any(isinstance(node, Note) and node.text == "return" for node in nodes)


def _leads_on(nodes: Nodes) -> bool:
    return any(isinstance(node, Link | Goto | Include) for node in walk(nodes))


def _copied(nodes: Nodes, plan: Plan, around: tuple[str, ...], book: Book) -> Nodes:
    """The nodes with those of included passages, but not of those that are detours."""
    found: list[Node] = []
    for node in nodes:
        plan.copied += 1
        if plan.copied > MOST_NODES:
            raise UsageError(f"line {node.line}: the passages and those they include have "
                f"more than {MOST_NODES:,} parts",
                             "split the story into several files")  # fmt: skip
        if isinstance(node, Include):
            found += _copied_one(node, plan, around, book)
        elif isinstance(node, Goto) and node.to not in plan.nodes:
            book.lose(node.line, f"path to {node.to[:60]!r}: there is no such passage")
        elif isinstance(node, If):
            branches = tuple((asked, _copied(inside, plan, around, book))
                             for asked, inside in node.branches)  # fmt: skip
            found.append(If(branches, node.line))
        elif isinstance(node, Link | Timed):
            inside = _copied(node.inside, plan, around, book)
            found.append(msgspec.structs.replace(node, inside=inside))
        else:
            found.append(node)
    return tuple(found)


def _copied_one(node: Include, plan: Plan, around: tuple[str, ...], book: Book) -> Nodes:
    if node.to in plan.returning:
        return (node,)
    if node.to not in plan.nodes:
        book.lose(node.line, f"included passage {node.to[:60]!r}: it is not there")
        return ()
    if node.to in around or len(around) > 8:
        book.lose(node.line, f"included passage {node.to[:60]!r}: it includes itself")
        return ()
    return _copied(plan.original[node.to], plan, (*around, node.to), book)


# -- random numbers in conditions ---------------------------------------------------------------


def _rolled(nodes: Nodes, book: Book) -> Nodes:
    """The nodes, with a variable that is set before each condition that asks a random number:
    conditions of xrdrama are always the same for the same values."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, If):
            branches = []
            for condition, inside in node.branches:
                asked = condition
                for call in random_in(condition) if condition is not None else ():
                    name = book.roll()
                    found.append(Set(name, call, node.line))
                    asked = replaced(asked, call, Name(name)) if asked is not None else None
                branches.append((asked, _rolled(inside, book)))
            found.append(If(tuple(branches), node.line))
        elif isinstance(node, Link | Timed):
            found.append(msgspec.structs.replace(node, inside=_rolled(node.inside, book)))
        else:
            found.append(node)
    return tuple(found)


# -- conditions that change before they are asked -----------------------------------------------


def _remembered(nodes: Nodes, beat: str) -> Nodes:
    """The nodes, with a variable for each condition of a link that a later effect may change.

    Twine asks the condition where the link is; a choice asks it when the script has ended.
    """
    if not any(isinstance(node, Set) for node in walk(nodes, links=False)):
        return nodes
    return _remember(nodes, frozenset(), beat, [0])


def _remember(nodes: Nodes, later: frozenset[str], beat: str, count: list[int]) -> Nodes:
    """`later`: the variables that are set after these nodes."""
    found: list[list[Node]] = []
    for node in reversed(nodes):
        inside = {one.name for one in walk((node,), links=False) if isinstance(one, Set)}
        if isinstance(node, If):
            found.append(_remember_block(node, later, later | inside, beat, count))
        else:
            found.append([node])
        later = later | inside
    return tuple(node for group in reversed(found) for node in group)


def _remember_block(
    block: If, after: frozenset[str], changed: frozenset[str], beat: str, count: list[int]
) -> list[Node]:
    branches = [(condition, _remember(inside, after, beat, count))
                for condition, inside in block.branches]  # fmt: skip
    made: list[Node] = []
    if any(isinstance(one, Link | Goto) for one in walk((block,), links=False)):
        for number, (condition, inside) in enumerate(branches):
            if condition is not None and names_in(condition) & changed:
                count[0] += 1
                name = f"{beat}_was_{count[0]}"
                made.append(Set(name, condition, block.line))
                branches[number] = (Name(name), inside)
    return [*made, If(tuple(branches), block.line)]


def expressions(plan: Plan) -> tuple[list[Assigned], list[Tree]]:
    """Every assignment of the story, and every other expression."""
    assigned: list[Assigned] = []
    read: list[Tree] = []
    for name in plan.order:
        for node in walk(plan.nodes[name]):
            if isinstance(node, Set):
                assigned.append(Assigned(node.name, node.tree, node.line))
            elif isinstance(node, Value):
                read.append(node.tree)
            elif isinstance(node, If):
                read += [asked for asked, _ in node.branches if asked is not None]
            elif isinstance(node, Link):
                read += [one.tree for one in node.label if isinstance(one, Value)]
    return assigned, read
