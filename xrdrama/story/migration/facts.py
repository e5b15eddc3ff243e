"""What a playthrough remembers, in the order of another version of its story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xrdrama.document.wording import plain
from xrdrama.story.expressions.kinds import Kind, Value
from xrdrama.story.migration.between import Between


class Facts:
    """The variables, visits, plays, used options and hidden plots of a playthrough that is moved
    between two versions of a story."""

    def __init__(self, between: Between) -> None:
        self.old, self.new, self.between = between.old, between.new, between
        self.names = between.names
        self.lost: list[str] = []

    def values(self, values: tuple[Value, ...]) -> Iterator[Value]:
        """The values of the newer version's variables."""
        known = {variable.id: values[variable.slot] for variable in self.old.variables}
        for variable in self.new.variables:
            name = variable.id
            if name not in known:
                yield variable.init
                continue
            value, why = _fitting(variable.kind, known[name], variable.init)
            if why:
                self.lost.append(f"the value of {name}: {why}")
            yield value
        computed = {variable.id for variable in self.new.computed}
        left = known.keys() - {variable.id for variable in self.new.variables}
        for name in sorted(left):
            why = "it is computed now" if name in computed else "it is not in the story any more"
            self.lost.append(f"the value of {name}, {_said(known[name])}: {why}")

    def visits(self, visits: tuple[int, ...]) -> tuple[int, ...]:
        """The visits of the newer version's beats."""
        for beat in self.old.order:
            if visits[beat.index] and self.names.get(beat.id, beat.id) not in self.new.beats:
                self.lost.append(f"the visits of the beat {beat.id!r}: it was removed")
        return tuple(visits[was] if was >= 0 else 0 for was in self.between.beats)

    def plays(self, plays: tuple[int, ...]) -> tuple[int, ...]:
        """The plays of the newer version's alternatives."""
        if not plays and not self.new.alternatives:
            return ()
        return tuple(plays[was] if was >= 0 else 0 for was in self.between.alternatives)

    def used_options(self, used: frozenset[int]) -> frozenset[int]:
        """The indices of used options."""
        return _indices(used, self.between.options) if used else used

    def used_plots(self, used: frozenset[int]) -> frozenset[int]:
        """The indices of used hidden plots."""
        return _indices(used, self.between.plots) if used else used


def _indices(used: frozenset[int], now: Mapping[int, frozenset[int]]) -> frozenset[int]:
    return frozenset(index for was in used for index in now.get(was, ()))


def _fitting(kind: Kind, value: Value, init: Value) -> tuple[Value, str]:
    """The value that a variable of this kind has instead of `value`, and why it is another one."""
    if kind.is_number and isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if kind.name == "float" else int(value)
        within = type(number)(min(kind.most, max(kind.least, number)))
        if within == value:
            return within, ""
        return within, f"{plain(value)} became {plain(within)}, since it is {kind} now"
    fits = {
        "bool": isinstance(value, bool),
        "enum": isinstance(value, str) and value in kind.words,
        "text": isinstance(value, str),
    }
    if fits.get(kind.name, False):
        return value, ""
    return init, f"{_said(value)} is not {kind}; it has its initial value, {_said(init)}"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(value)
