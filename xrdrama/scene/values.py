"""Which values a parameter of a set can take."""

from __future__ import annotations

from math import isfinite

from xrdrama.scene.model import Param, ParamValue


def value_of(param: Param, text: str) -> ParamValue | None:
    """The value that a text of an author is to a parameter; None when it cannot take it."""
    if param.kind == "choice":
        return text if text in param.choices else None
    if param.kind == "flag":
        return {"true": 1.0, "false": 0.0}.get(text)
    number = number_of(text)
    return number if number is not None and accepts(param, number) else None


def accepts(param: Param, value: ParamValue) -> bool:
    """True when a parameter can take a value."""
    if param.kind == "choice":
        return value in param.choices
    return not isinstance(value, str) and param.least <= value <= param.most


def text_of(param: Param, value: ParamValue) -> str:
    """A value as an author writes it: `value_of` gives it back, to nine decimals."""
    if isinstance(value, str):
        return value
    if param.kind == "flag":
        return "true" if value > 0.5 else "false"
    return f"{value:.9f}".rstrip("0").rstrip(".")


def allowed(param: Param) -> str:
    """The values of a parameter, in words."""
    if param.kind == "choice":
        return "one of " + ", ".join(param.choices)
    limits = f"a number from {param.least:g} to {param.most:g}"
    return "true or false" if param.kind == "flag" else limits


def number_of(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
