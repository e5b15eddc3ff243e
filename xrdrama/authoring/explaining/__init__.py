"""The explanations of all problem codes, for `xrdrama explain`.

One module for each kind of file; a test compares them with the codes that the package uses.
"""

from __future__ import annotations

from functools import cache

from xrdrama.authoring.explaining.explanation import Area, Explanation

__all__ = ["Area", "Explanation", "areas", "explanation_of"]


@cache
def areas() -> tuple[Area, ...]:
    """All areas with their explanations, in the order in which they are listed."""
    from xrdrama.authoring.explaining import (  # imported only when something is explained
        documents,
        graphs,
        ink,
        language,
        lenses,
        performers,
        scripts,
        sets,
        shows,
        stages,
        stories,
        surveys,
        tables,
        values,
        yarn,
    )

    modules = (
        stories, scripts, language, graphs, values, tables, documents, shows, performers, sets,
        stages, surveys, lenses, yarn, ink,
    )  # fmt: skip
    return tuple(module.AREA for module in modules)


def explanation_of(code: str) -> Explanation | None:
    """The explanation of a code, or None for a code that does not exist."""
    found = (one for area in areas() for one in area.explanations if one.code == code)
    return next(found, None)
