"""How work ends before it is done, because somebody asked it to."""

from __future__ import annotations

from pathlib import Path


class Stopped(Exception):  # noqa: N818 - no error: it was asked for
    """The work was stopped; `take` holds what was played until then, and is closed."""

    def __init__(self, take: Path) -> None:
        self.take = take
        super().__init__(f"stopped; take: {take}")
