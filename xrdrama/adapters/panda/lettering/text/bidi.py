"""The order of characters on a line of mixed directions: the Unicode Bidirectional Algorithm.

Unicode Standard Annex 9, rules P2 to L2 with isolates (X5a-c) and paired brackets (N0).
tests/peers proves it with Unicode's own test file.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import Final

MAX_DEPTH: Final = 125
_ISOLATES: Final = {"LRI", "RLI", "FSI"}
_EMBEDDINGS: Final = {"LRE": (0, ""), "RLE": (1, ""), "LRO": (0, "L"), "RLO": (1, "R")}
_REMOVED: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "BN"}
_NEUTRAL: Final = {"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"}
_CANONICAL: Final = {"\u2329": "\u3008", "\u232a": "\u3009"}


@cache
def bidi_class(character: str) -> str:
    """A character's bidirectional class; unassigned ones by the default of their block."""
    found = unicodedata.bidirectional(character)
    if found:
        return found
    code = ord(character)
    if 0x0590 <= code <= 0x05FF or 0x07C0 <= code <= 0x085F or 0xFB1D <= code <= 0xFB4F:
        return "R"
    if 0x0600 <= code <= 0x07BF or 0x0860 <= code <= 0x08FF or 0xFB50 <= code <= 0xFDFF:
        return "AL"
    return "R" if 0x10800 <= code <= 0x10FFF or 0x1E800 <= code <= 0x1EFFF else "L"


def is_right_to_left(text: str) -> bool | None:
    """True when the first strong character outside isolates runs right to left (rules P2 and P3);
    None for a text without one."""
    level = _first_strong([bidi_class(c) for c in text], 0, len(text))
    return None if level is None else level == 1


def levels_of(text: str, base: int | None = None) -> tuple[list[int], int]:
    """The embedding level of each character of a paragraph, and the paragraph's own level.

    `base` is 0 for left to right, 1 for right to left; None takes the first strong character's.
    Characters that rule X9 removes have the level of the one before them.
    """
    kinds = [bidi_class(c) for c in text]
    if base is None:
        base = _first_strong(kinds, 0, len(kinds)) or 0
    if base == 0 and not any(k in _NOT_PLAIN for k in kinds):
        return [0] * len(text), 0
    pairs = _isolate_pairs(kinds)
    levels, resolved = _explicit(kinds, base, pairs)
    kept = [i for i, kind in enumerate(kinds) if kind not in _REMOVED]
    explicit = list(levels)
    for sequence in _sequences(kinds, explicit, kept, pairs):
        sos, eos = _edges(kinds, explicit, kept, sequence, base)
        types = [resolved[i] for i in sequence]
        level = explicit[sequence[0]]
        _resolve([text[i] for i in sequence], [kinds[i] for i in sequence], types, level, sos, eos)
        for i, kind in zip(sequence, types, strict=True):  # I1 and I2
            if level % 2 == 0:
                levels[i] = level + (1 if kind == "R" else 2 if kind in ("AN", "EN") else 0)
            else:
                levels[i] = level + (1 if kind in ("L", "AN", "EN") else 0)
    before = base
    for i, kind in enumerate(kinds):
        if kind in _REMOVED:
            levels[i] = before
        before = levels[i]
    return levels, base


_NOT_PLAIN: Final = {"R", "AL", "AN", "FSI", "LRI", "RLI", *_EMBEDDINGS}


def line_levels(text: str, levels: list[int], base: int) -> list[int]:
    """The levels of one line, its white space at the end and around separators reset (rule L1)."""
    result = list(levels)
    reset = True
    for i in range(len(text) - 1, -1, -1):
        kind = bidi_class(text[i])
        if kind in ("B", "S"):
            reset = True
        elif not (kind in ("WS", "PDI") or kind in _ISOLATES or kind in _REMOVED):
            reset = False
        if reset:
            result[i] = base
    return result


def visual_runs(levels: list[int]) -> list[tuple[int, int, int]]:
    """Stretches of one level from left to right: start, end, level (rule L2)."""
    runs: list[tuple[int, int, int]] = []
    for i, level in enumerate(levels):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], i + 1, level)
        else:
            runs.append((i, i + 1, level))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][2] >= level:
                end += 1
            if end > start:
                runs[start:end] = runs[start:end][::-1]
            start = end + 1
    return runs


def _first_strong(kinds: list[str], start: int, end: int) -> int | None:
    """Rules P2 and P3 between two places; None without a strong character."""
    depth = 0
    for kind in kinds[start:end]:
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
    return None


def _isolate_pairs(kinds: list[str]) -> dict[int, int]:
    """The matching PDI of each isolate initiator, both ways (BD9); unmatched ones are missing."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for i, kind in enumerate(kinds):
        if kind in _ISOLATES:
            opened.append(i)
        elif kind == "PDI" and opened:
            begin = opened.pop()
            pairs[begin], pairs[i] = i, begin
        elif kind == "B":
            opened.clear()
    return pairs


class _Embeddings:
    """The stack of rules X1 to X8: levels, overrides, isolates, and what is beyond its depth."""

    def __init__(self, base: int) -> None:
        self.stack: list[tuple[int, str, bool]] = [(base, "", False)]
        self.isolates_over = self.embeddings_over = self.isolates = 0

    def _push(self, odd: int, forced: str, *, isolate: bool) -> bool:
        level = self.stack[-1][0]
        deeper = (level + 1) | 1 if odd else (level + 2) & ~1
        if deeper > MAX_DEPTH or self.isolates_over or self.embeddings_over:
            return False
        self.stack.append((deeper, forced, isolate))
        return True

    def embed(self, kind: str) -> None:
        """X2 to X5."""
        odd, forced = _EMBEDDINGS[kind]
        if not self._push(odd, forced, isolate=False) and not self.isolates_over:
            self.embeddings_over += 1

    def isolate(self, odd: int) -> None:
        """X5a to X5c."""
        if self._push(odd, "", isolate=True):
            self.isolates += 1
        else:
            self.isolates_over += 1

    def end_isolate(self) -> None:
        """X6a."""
        if self.isolates_over:
            self.isolates_over -= 1
        elif self.isolates:
            self.embeddings_over = 0
            while not self.stack[-1][2]:
                self.stack.pop()
            self.stack.pop()
            self.isolates -= 1

    def end_embedding(self) -> None:
        """X7."""
        if self.isolates_over:
            return
        if self.embeddings_over:
            self.embeddings_over -= 1
        elif not self.stack[-1][2] and len(self.stack) > 1:
            self.stack.pop()


def _explicit(kinds: list[str], base: int, pairs: dict[int, int]) -> tuple[list[int], list[str]]:
    """Rules X1 to X8: the levels, and the classes after overrides."""
    levels, resolved = [base] * len(kinds), list(kinds)
    state = _Embeddings(base)
    for i, kind in enumerate(kinds):
        if kind in _EMBEDDINGS:
            state.embed(kind)
            continue
        if kind == "PDF":
            state.end_embedding()
            continue
        if kind in ("B", "BN"):
            continue
        if kind == "PDI":
            state.end_isolate()
        level, override, _ = state.stack[-1]
        levels[i], resolved[i] = level, override or kind
        if kind == "FSI":
            state.isolate(_first_strong(kinds, i + 1, pairs.get(i, len(kinds))) or 0)
        elif kind in _ISOLATES:
            state.isolate(int(kind == "RLI"))
    return levels, resolved


def _sequences(
    kinds: list[str], levels: list[int], kept: list[int], pairs: dict[int, int]
) -> list[list[int]]:
    """The isolating run sequences (BD13), each a list of places."""
    runs: list[list[int]] = []
    for i in kept:
        if runs and levels[runs[-1][-1]] == levels[i]:
            runs[-1].append(i)
        else:
            runs.append([i])
    starts = {run[0]: run for run in runs}
    sequences = []
    for run in runs:
        if kinds[run[0]] == "PDI" and run[0] in pairs:
            continue
        sequence = list(run)
        while kinds[sequence[-1]] in _ISOLATES and sequence[-1] in pairs:
            sequence += starts[pairs[sequence[-1]]]
        sequences.append(sequence)
    return sequences


def _edges(
    kinds: list[str], explicit: list[int], kept: list[int], sequence: list[int], base: int
) -> tuple[str, str]:
    """The directions before and behind a sequence (rule X10)."""
    level = explicit[sequence[0]]
    first, last = bisect_left(kept, sequence[0]), bisect_left(kept, sequence[-1])
    before = explicit[kept[first - 1]] if first else base
    open_isolate = kinds[sequence[-1]] in _ISOLATES
    after = explicit[kept[last + 1]] if last + 1 < len(kept) and not open_isolate else base
    return _direction(max(level, before)), _direction(max(level, after))


def _resolve(
    characters: list[str], kinds: list[str], types: list[str], level: int, sos: str, eos: str
) -> None:
    """Rules W1 to W7 and N0 to N2 for one sequence; `types` are resolved in place."""
    embedding = _direction(level)
    _weak(types, sos)
    _brackets(characters, kinds, types, sos, embedding)
    _neutral(types, sos, eos, embedding)


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _weak(types: list[str], sos: str) -> None:
    """W1 to W7."""
    previous = sos
    for i, kind in enumerate(types):  # W1
        if kind == "NSM":
            types[i] = "ON" if previous in _ISOLATES or previous == "PDI" else previous
        previous = types[i]
    _numbers_after(types, sos, "AL", "AN")  # W2
    types[:] = ["R" if kind == "AL" else kind for kind in types]  # W3
    for i in range(1, len(types) - 1):  # W4
        left, right = types[i - 1], types[i + 1]
        if (types[i] == "ES" and left == right == "EN") or (
            types[i] == "CS" and left == right and left in ("EN", "AN")
        ):
            types[i] = left
    _stretches(types, {"ET"}, _beside_number)  # W5
    types[:] = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in types]  # W6
    _numbers_after(types, sos, "L", "L")  # W7


def _numbers_after(types: list[str], sos: str, after: str, made: str) -> None:
    strong = sos
    for i, kind in enumerate(types):
        if kind in ("R", "L", "AL"):
            strong = kind
        elif kind == "EN" and strong == after:
            types[i] = made


def _beside_number(left: str, right: str) -> str:
    return "EN" if "EN" in (left, right) else ""


def _stretches(types: list[str], kinds: set[str], make: Callable[[str, str], str]) -> None:
    """Replace stretches of some classes by what their neighbours make of them."""
    i = 0
    while i < len(types):
        if types[i] not in kinds:
            i += 1
            continue
        end = i
        while end < len(types) and types[end] in kinds:
            end += 1
        made = make(types[i - 1] if i else "", types[end] if end < len(types) else "")
        if made:
            types[i:end] = [made] * (end - i)
        i = end


@cache
def _bracket(character: str) -> tuple[str, bool] | None:
    """The closing bracket of a pair, canonical, and whether this one opens it (BD14, BD15)."""
    kind = unicodedata.category(character)
    if kind not in ("Ps", "Pe") or bidi_class(character) != "ON":
        return None
    name = unicodedata.name(character, "")
    if not unicodedata.mirrored(character):
        return None
    if kind == "Pe":
        return _CANONICAL.get(character, character), False
    other = name.replace("LEFT", "RIGHT") if "LEFT" in name else name.replace("OPEN", "CLOSE")
    try:
        closing = unicodedata.lookup(other)
    except KeyError:
        return None
    if closing == character:
        return None
    return _CANONICAL.get(closing, closing), True


def _bracket_pairs(characters: list[str], types: list[str]) -> list[tuple[int, int]]:
    """BD16."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for i, character in enumerate(characters):
        found = _bracket(character) if types[i] == "ON" else None
        if found is None:
            continue
        closing, opens = found
        if opens:
            if len(opened) == 63:
                return []
            opened.append((closing, i))
            continue
        for depth in range(len(opened) - 1, -1, -1):
            if opened[depth][0] == closing:
                pairs.append((opened[depth][1], i))
                del opened[depth:]
                break
    return sorted(pairs)


def _brackets(
    characters: list[str], kinds: list[str], types: list[str], sos: str, embedding: str
) -> None:
    """N0: a pair of brackets takes the direction of what is in it, or of what is before it."""

    def strong(kind: str) -> str:
        return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else ""

    for begin, end in _bracket_pairs(characters, types):
        inside = {strong(kind) for kind in types[begin + 1 : end]} - {""}
        if embedding in inside:
            made = embedding
        elif inside:
            context = next((s for k in reversed(types[:begin]) if (s := strong(k))), sos)
            made = context if context != embedding else embedding
        else:
            continue
        for place in (begin, end):
            types[place] = made
            for i in range(place + 1, len(types)):
                if kinds[i] != "NSM":
                    break
                types[i] = made


def _neutral(types: list[str], sos: str, eos: str, embedding: str) -> None:
    """N1 and N2."""

    def made(left: str, right: str) -> str:
        left = "R" if left in ("EN", "AN") else left or sos
        right = "R" if right in ("EN", "AN") else right or eos
        return left if left == right else embedding

    _stretches(types, _NEUTRAL, made)
