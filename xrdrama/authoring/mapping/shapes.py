"""Outlines of boxes and small signs, as SVG paths: kinds of beats differ in shape, not only in
colour. The page draws the same paths."""

from __future__ import annotations

from xrdrama.authoring.mapping.boxes import HEAD, WIDTH, Box

_CORNER = 7.0
CLOCK = "M0-5.2A5.2 5.2 0 1 1-.01-5.2ZM0-3.2V0L2.2 1.3"
PLAY = "M-13-7L-2 0L-13 7Z"
DOT = "M-3.4 0A3.4 3.4 0 1 1 3.4 0A3.4 3.4 0 1 1-3.4 0Z"
DIAMOND = "M-4.6 0L0-4.6L4.6 0L0 4.6Z"
SQUARE = "M-3.4-3.4H3.4V3.4H-3.4Z"
TRIANGLE = "M0-8.5L9.5 8H-9.5Z"
ROUND = "M-8 0A8 8 0 1 1 8 0A8 8 0 1 1-8 0Z"
SIGNS = {
    "clock": CLOCK, "play": PLAY, "dot": DOT, "diamond": DIAMOND, "square": SQUARE,
    "error": TRIANGLE, "warning": ROUND,
}  # fmt: skip


def outline(box: Box) -> str:
    """The outline of a box: cut corners for a choice, a stadium for an ending, a folded corner for
    a storylet, an arrow to the left for a return, else a rectangle."""
    w, h, r = WIDTH, box.height, _CORNER
    if box.shape == "ending":
        r = h / 2
        return (
            f"M{r:g} 0H{w - r:g}A{r:g} {r:g} 0 0 1 {w - r:g} {h:g}H{r:g}A{r:g} {r:g} 0 0 1 {r:g} 0Z"
        )
    if box.shape == "storylet":
        return (
            f"M{r:g} 0H{w - 16:g}L{w:g} 16V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}"
            f"H{r:g}Q0 {h:g} 0 {h - r:g}V{r:g}Q0 0 {r:g} 0Z"
        )
    if box.shape == "group":  # slanted to the left and to the right
        middle = HEAD / 2
        return (
            f"M10 0H{w - 10:g}L{w:g} {middle:g}V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}"
            f"H{r:g}Q0 {h:g} 0 {h - r:g}V{middle:g}Z"
        )
    if box.shape == "return":
        return (
            f"M14 0H{w - r:g}Q{w:g} 0 {w:g} {r:g}V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}"
            f"H14L0 {h / 2:g}Z"
        )
    if box.shape == "choice":  # a cut corner on both sides of its head
        return (
            f"M12 0H{w - 12:g}L{w:g} 12V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}"
            f"H{r:g}Q0 {h:g} 0 {h - r:g}V12Z"
        )
    return (
        f"M{r:g} 0H{w - r:g}Q{w:g} 0 {w:g} {r:g}V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}"
        f"H{r:g}Q0 {h:g} 0 {h - r:g}V{r:g}Q0 0 {r:g} 0Z"
    )


def inner(box: Box) -> str:
    """Lines inside the outline: the second line of an ending, the fold of a storylet, the line
    under the head of a choice."""
    w, h = WIDTH, box.height
    if box.shape == "ending":
        r = h / 2 - 3.5
        return (
            f"M{r + 3.5:g} 3.5H{w - r - 3.5:g}A{r:g} {r:g} 0 0 1 {w - r - 3.5:g} {h - 3.5:g}"
            f"H{r + 3.5:g}A{r:g} {r:g} 0 0 1 {r + 3.5:g} 3.5Z"
        )
    fold = f"M{w - 16:g} 0V16H{w:g}" if box.shape == "storylet" else ""
    return fold + (f"M0 {HEAD:g}H{w:g}" if h > HEAD else "")


def port_sign(how: str, condition: str) -> str:
    """The name of the sign where a path leaves: a diamond if it has a condition, a square for a
    hidden plot, a detour or a storylet, else a dot."""
    if condition:
        return "diamond"
    return "dot" if how in ("option", "else", "next") else "square"
