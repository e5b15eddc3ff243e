"""xrdrama's expressions as ECMAScript, the data model of SCXML."""

from __future__ import annotations

from xrdrama.authoring.exchange.twee.expressions import Call
from xrdrama.authoring.exchange.twee.sugaring import Sugar

_RESERVED = frozenset([
    "abstract", "arguments", "boolean", "byte", "case", "catch", "char", "const", "debugger",
    "default", "delete", "do", "double", "enum", "eval", "export", "extends", "final", "float",
    "function", "goto", "implements", "instanceof", "int", "interface", "let", "long", "native",
    "new", "null", "package", "picked", "private", "protected", "public", "short", "static",
    "super", "switch", "synchronized", "this", "throw", "throws", "transient", "typeof",
    "undefined", "var", "void", "volatile",
])  # fmt: skip


class Ecmascript(Sugar):
    """Writes expressions; visits are in the object `visits`, by the id of the beat."""

    signs = {"==": "===", "!=": "!==", "and": "&&", "or": "||"}  # noqa: RUF012 - never changed
    negation = "!"

    def variable(self, name: str) -> str:
        """A variable; words with a meaning in ECMAScript get an underscore."""
        return f"{name}_" if name in _RESERVED else name

    def called(self, tree: Call) -> str:
        """A function with its arguments."""
        if tree.name in ("visits", "seen"):
            (beat,) = tree.arguments
            count = f"(visits['{getattr(beat, 'name', '')}'] || 0)"
            return count if tree.name == "visits" else f"({count} > 0)"
        inside = [self.written(one) for one in tree.arguments]
        if tree.name == "random":
            least, most = inside
            return f"(Math.floor(Math.random() * ({most} - {least} + 1)) + {least})"
        return super().called(tree)
