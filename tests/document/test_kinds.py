"""A file of another kind than expected gets one problem that names both kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xrdrama.scene.parse import parse_scene
from xrdrama.show.parse import parse_show
from xrdrama.stage import parse_stage
from xrdrama.stage.lenses import parse_lens
from xrdrama.story import parse_story
from xrdrama.tracking.moves import parse_move

REPOSITORY = Path(__file__).parents[2]
FILES = {
    "story": "branches/one_lantern_too_many.branch.yaml",
    "stage": "examples/stages/flat_wall.stage.yaml",
    "show": "examples/shows/lantern_demo.show.yaml",
    "scene": "scenes/lantern_street/scene.yaml",
    "camera move": "examples/stages/demo.move.yaml",
    "lens": "examples/stages/zoom_24_70.lens.yaml",
}
PARSERS: dict[str, Callable[..., Any]] = {
    "story": parse_story,
    "stage": parse_stage,
    "show": parse_show,
    "scene": parse_scene,
    "camera move": parse_move,
    "lens": parse_lens,
}


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("wanted", PARSERS)
def test_file_of_another_kind_is_one_problem(kind: str, wanted: str) -> None:
    text = (REPOSITORY / FILES[kind]).read_text("utf-8")
    found, problems, *_ = PARSERS[wanted](text, "a.yaml")
    if kind == wanted:
        assert found is not None
        return
    assert found is None
    assert [(p.code, p.message) for p in problems] == [
        ("F020", f"this file is a {kind}, not a {wanted}")
    ]


def test_file_with_the_keys_of_both_kinds_is_read_as_the_wanted_one() -> None:
    text = (REPOSITORY / FILES["stage"]).read_text("utf-8")
    _, problems = parse_stage(f"{text}\nstory: night\n", "a.yaml")
    assert [p.code for p in problems] == ["F014"]
