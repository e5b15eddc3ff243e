"""What an explanation of a problem code consists of."""

from __future__ import annotations

import msgspec

ERROR, WARNING, EITHER = "error", "warning", "error or warning"


class Explanation(msgspec.Struct, frozen=True):
    """A problem code: what it means, and an example with the problem and without it.

    `inside` says where the example stands, one of `frames.FRAMES` or the kind of another file.
    """

    code: str
    severity: str
    title: str
    why: str
    wrong: str = ""
    right: str = ""
    inside: str = ""


class Area(msgspec.Struct, frozen=True):
    """The codes of one kind of file or part of it."""

    id: str
    title: str
    explanations: tuple[Explanation, ...]
