"""The scenes that a story can name, for its check."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from xrdrama import content
from xrdrama.errors import Problem, UsageError
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.story import Story


def scenes_for(story: Story, path: Path) -> tuple[dict[str, Scene | None], list[Problem]]:
    """The scenes that can be found, None for a broken one. Problems of a scene are reported when
    the story plays there."""
    scenes: dict[str, Scene | None] = {}
    problems: list[Problem] = []
    for name in content.names("scene", path.parent):
        found: tuple[Problem, ...]
        try:
            file = content.mentioned("scene", name, path.parent)
            scene, found = _parsed(content.read_text(file), str(file))
        except UsageError as error:
            unreadable = Problem(str(path), 1, 1, "Y000", "error", error.message, error.remedy)
            scene, found = None, (unreadable,)
        scenes[name] = scene
        if scene is None and any(beat.scene == name for beat in story.order):
            problems += found
    return scenes, problems


@lru_cache(32)
def _parsed(text: str, file: str) -> tuple[Scene | None, tuple[Problem, ...]]:
    """A scene and its problems. An editor checks a story again and again in the same sets."""
    scene, problems = parse_scene(text, file)
    return scene, tuple(problems)
