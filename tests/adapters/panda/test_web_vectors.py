"""The vectors that the browser's ports are tested with are what our own rules give today."""

from __future__ import annotations

import json

from tests.adapters.panda.web_vectors import FILE, vectors


def test_the_vectors_are_current() -> None:
    assert json.loads(FILE.read_text("utf-8")) == vectors(), (
        "run python -m tests.adapters.panda.web_vectors"
    )
