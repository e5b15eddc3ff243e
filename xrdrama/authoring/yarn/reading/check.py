"""Checks what a Yarn file means: names of nodes, ids of lines, enums, variables and types."""

from __future__ import annotations

from collections import Counter

import msgspec

from xrdrama.authoring.yarn.reading.kinds import (
    BOOL,
    NUMBER,
    STRING,
    EnumKind,
    Inference,
    Kind,
    KindError,
    known,
)
from xrdrama.authoring.yarn.reading.parse import Notes, parse_yarn
from xrdrama.authoring.yarn.reading.tree import (
    Call,
    Declare,
    Enum,
    Formula,
    Go,
    If,
    Member,
    Node,
    Number,
    Once,
    Read,
    Said,
    Set,
    Statement,
    Text,
    Truth,
    Unary,
    YarnFile,
    formulas_of,
    parts_of,
    statements_in,
)
from xrdrama.errors import AuthoringError


class YarnVariable(msgspec.Struct, frozen=True):
    """A variable. `smart`: `value` is computed again for each use; else it is the first value."""

    name: str
    kind: str
    value: Formula | None
    smart: bool
    line: int


class Checked(msgspec.Struct, frozen=True):
    """A file that can be played: its nodes by name, variables, enums and types."""

    file: str
    tree: YarnFile
    nodes: dict[str, Node]
    groups: dict[str, tuple[Node, ...]]
    variables: dict[str, YarnVariable]
    enums: dict[str, EnumKind]
    members: dict[Member, str]
    functions: dict[str, tuple[str, ...]]
    """Functions that are not Yarn's own: the types of their arguments, then of the result."""
    visited: frozenset[str]
    """Titles whose visits are asked for by name."""

    def case(self, member: Member) -> tuple[str, str]:
        """The enum and the case of a member."""
        return self.members.get(member, member.enum), member.case


def load_yarn(text: str, file: str) -> Checked:
    """The file, parsed and checked. AuthoringError with all problems when there are any."""
    tree, problems = parse_yarn(text, file)
    if problems:
        raise AuthoringError(problems)
    checker = _Checker(tree, Notes(file))
    checked = checker.run()
    if checker.notes.problems:
        raise AuthoringError(checker.notes.problems)
    return checked


class _Checker:
    def __init__(self, tree: YarnFile, notes: Notes) -> None:
        self.tree, self.notes = tree, notes
        self.all: list[Statement] = [one for node in tree.nodes for one in statements_in(node.body)]
        self.declared: dict[str, Declare] = {}
        self.visited: set[str] = set()

    def run(self) -> Checked:
        self._nodes()
        self._lines()
        enums = self._enums()
        inference = Inference(enums)
        self._types(inference)
        self._smart_loops()
        variables = {
            name: self._variable(name, kind, inference)
            for name, kind in inference.variables.items()
        }
        return Checked(
            file=self.notes.file,
            tree=self.tree,
            nodes={node.name: node for node in self.tree.nodes},
            groups=self._groups(),
            variables=variables,
            enums=enums,
            members={
                member: str(known(one)).removeprefix("enum ") for one, member in inference.members
            },
            functions={
                name: (*(str(known(one)) for one in inference.functions[name][0]),
                       _named(inference.functions[name][1]))
                for name in inference.first_call
            },
            visited=frozenset(self.visited),
        )  # fmt: skip

    # -- nodes ----------------------------------------------------------------------------------

    def _groups(self) -> dict[str, tuple[Node, ...]]:
        titles = dict.fromkeys(node.title for node in self.tree.nodes if node.when)
        return {
            title: tuple(node for node in self.tree.nodes if node.title == title)
            for title in titles
        }

    def _nodes(self) -> None:
        counts = Counter(node.title for node in self.tree.nodes)
        grouped = {node.title for node in self.tree.nodes if node.when}
        seen: set[str] = set()
        subtitles: set[tuple[str, str]] = set()
        for node in self.tree.nodes:
            if counts[node.title] > 1 and node.title not in grouped and node.title in seen:
                self.notes.add(
                    "I106", node.at, f"there are two nodes with the title {node.title}",
                    "rename one, or give both a header 'when:' to make them a group",
                )  # fmt: skip
            if node.title in grouped and not node.when:
                self.notes.add(
                    "I106", node.at, f"{node.title} is a node group, but this node has no 'when:'",
                    "add a header 'when: always', or rename the node",
                )  # fmt: skip
            key = (node.title, node.header("subtitle"))
            if node.when and key[1] and key in subtitles:
                self.notes.add(
                    "I106", node.at, f"two nodes of {node.title} have the subtitle {key[1]}",
                    "change one subtitle",
                )  # fmt: skip
            seen.add(node.title)
            subtitles.add(key)
        for one in self.all:
            if isinstance(one, Go) and isinstance(one.to, str) and one.to not in counts:
                self.notes.add(
                    "I106", one.at, f"there is no node {one.to} in this file",
                    "correct the name; of a project of several files, join the files first",
                )  # fmt: skip

    # -- lines ----------------------------------------------------------------------------------

    def _lines(self) -> None:
        lines = [one for one in self.all if isinstance(one, Said)]
        by_id: dict[str, Said] = {}
        for said in lines:
            name = said.tag("line")
            if not name:
                continue
            if name in by_id:
                self.notes.add(
                    "I110", said.at, f"the line id {name} is used twice",
                    f"remove it here (it is used on line {by_id[name].at.line})",
                )  # fmt: skip
            by_id[name] = said
        for said in lines:
            source = said.tag("shadow")
            if source:
                self._shadow(said, by_id.get(source), source)

    def _shadow(self, said: Said, source: Said | None, name: str) -> None:
        if source is None:
            self.notes.add(
                "I110", said.at, f"#shadow:{name}: there is no line with the id {name}",
                f"add #line:{name} to the line that this one repeats",
            )  # fmt: skip
        elif said.words.formulas or source.words.formulas:
            self.notes.add(
                "I110", said.at, "a shadow line cannot have expressions", "give it a #line: id"
            )
        elif said.words.plain != source.words.plain:
            self.notes.add(
                "I110", said.at, f"the text differs from that of line {name}",
                f"write the text of line {source.at.line}, or give this line an id of its own",
            )  # fmt: skip

    # -- enums ----------------------------------------------------------------------------------

    def _enums(self) -> dict[str, EnumKind]:
        found: dict[str, EnumKind] = {}
        for one in self.all:
            if not isinstance(one, Enum):
                continue
            if one.name in found:
                self.notes.add("I109", one.at, f"there are two enums {one.name}", "rename one")
            cases: dict[str, Formula | None] = {}
            for name, value, at in one.cases:
                if name in cases:
                    self.notes.add("I109", at, f"the case {name} is there twice", "remove one")
                elif value is not None and _literal(value) in map(_literal, cases.values()):
                    self.notes.add("I109", at, "two cases have one value", "change one value")
                cases[name] = value
            found[one.name] = EnumKind(one.name, self._raw(one), cases)
        return found

    def _raw(self, enum: Enum) -> str:
        if not enum.cases:
            self.notes.add("I109", enum.at, f"the enum {enum.name} is empty", "add <<case NAME>>")
        kinds = {_raw_kind(value) for _, value, _ in enum.cases}
        if len(kinds) > 1 or BOOL in kinds:
            self.notes.add(
                "I109", enum.at, f"the values of {enum.name} differ in type",
                "give all cases numbers, all of them texts, or none a value",
            )  # fmt: skip
        return next(iter(kinds), "")

    # -- variables and types --------------------------------------------------------------------

    def _types(self, inference: Inference) -> None:
        self._declarations()
        for declared in self.declared.values():
            self._try(inference, declared)
        for node in self.tree.nodes:
            for condition in node.when:
                if condition.formula is not None:
                    self._condition(inference, condition.formula)
                    self._visits(condition.formula)
            for one in statements_in(node.body):
                if not isinstance(one, Declare):
                    self._try(inference, one)
        for error in inference.finish():
            self.notes.add(error.code, error.at, error.message, error.hint)

    def _declarations(self) -> None:
        for one in self.all:
            if isinstance(one, Declare):
                if one.name in self.declared:
                    self.notes.add(
                        "I108", one.at, f"{one.name} is declared twice",
                        f"remove this or line {self.declared[one.name].at.line}",
                    )  # fmt: skip
                self.declared.setdefault(one.name, one)

    def _try(self, inference: Inference, one: Statement) -> None:
        try:
            self._statement(inference, one)
        except KindError as error:
            self.notes.add(error.code, error.at, error.message, error.hint)
        for formula in formulas_of(one):
            self._visits(formula)

    def _visits(self, formula: Formula) -> None:
        """Keeps the titles whose visits a formula asks for."""
        self.visited |= {
            part.arguments[0].value
            for part in parts_of(formula)
            if isinstance(part, Call)
            and part.function in ("visited", "visited_count")
            and len(part.arguments) == 1
            and isinstance(part.arguments[0], Text)
        }

    def _statement(self, inference: Inference, one: Statement) -> None:
        if isinstance(one, Declare):
            self._declare(inference, one)
        elif isinstance(one, Set):
            self._set(inference, one)
        elif isinstance(one, (If, Once)):
            for formula in formulas_of(one):
                self._condition(inference, formula)
        elif isinstance(one, Said):
            for formula in one.words.formulas:
                inference.of(formula)
            if one.condition and one.condition.formula is not None:
                self._condition(inference, one.condition.formula)
        elif isinstance(one, Go) and not isinstance(one.to, str):
            inference.join(inference.of(one.to), STRING, one.at, f"<<{one.how}>> needs a text")
        else:
            for formula in formulas_of(one):
                inference.of(formula)

    def _condition(self, inference: Inference, formula: Formula) -> None:
        try:
            inference.join(
                inference.of(formula), BOOL, formula.at, "a condition must be true or false"
            )
        except KindError as error:
            self.notes.add(error.code, error.at, error.message, error.hint)

    def _declare(self, inference: Inference, one: Declare) -> None:
        kind = inference.of(one.value)
        if one.kind:
            named = one.kind.lower() if one.kind.lower() in (NUMBER, STRING, BOOL) else ""
            if not named and one.kind not in inference.enums:
                raise KindError(
                    one.at, f"there is no type {one.kind}", "use number, string, bool or an enum"
                )
            kind = inference.join(
                kind, named or f"enum {one.kind}", one.at, "the value does not have the type"
            )
        inference.join(
            inference.variable(one.name, one.at), kind, one.at, f"{one.name} changes type"
        )

    def _set(self, inference: Inference, one: Set) -> None:
        declared = self.declared.get(one.name)
        if declared is not None and not _is_constant(declared.value):
            raise KindError(
                one.at, f"{one.name} is a smart variable: it cannot be set",
                f"declare it on line {declared.at.line} with a single value", "I108",
            )  # fmt: skip
        kind = inference.of(one.value)
        inference.join(
            inference.variable(one.name, one.at), kind, one.at, f"{one.name} changes type"
        )

    def _smart_loops(self) -> None:
        reads = {
            name: {part.name for part in parts_of(one.value) if isinstance(part, Read)}
            for name, one in self.declared.items()
            if not _is_constant(one.value)
        }
        free: set[str] = set()
        while True:
            more = {name for name, read in reads.items() if name not in free}
            more = {name for name in more if not (reads[name] & reads.keys()) - free}
            if not more:
                break
            free |= more
        for name in sorted(reads.keys() - free, key=lambda one: self.declared[one].at):
            self.notes.add(
                "I108", self.declared[name].at, f"the smart variable {name} depends on itself",
                "break the loop of declarations",
            )  # fmt: skip
            break

    def _variable(self, name: str, kind: Kind, inference: Inference) -> YarnVariable:
        declared = self.declared.get(name)
        if declared is None:
            return YarnVariable(name, str(known(kind)), None, False, inference.first_use[name].line)
        smart = not _is_constant(declared.value)
        return YarnVariable(name, str(known(kind)), declared.value, smart, declared.at.line)


def _named(kind: Kind) -> str:
    kind = known(kind)
    return kind if isinstance(kind, str) else "any"


def _is_constant(formula: Formula) -> bool:
    if isinstance(formula, Unary):
        return formula.sign == "-" and isinstance(formula.value, Number)
    return isinstance(formula, (Number, Text, Truth, Member))


def _literal(formula: Formula | None) -> object:
    return formula.value if isinstance(formula, (Number, Text, Truth)) else None


def _raw_kind(formula: Formula | None) -> str:
    if formula is None:
        return ""
    return {Number: NUMBER, Text: STRING, Truth: BOOL}[type(formula)]
