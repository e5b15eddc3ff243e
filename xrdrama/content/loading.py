"""The files of a show, read: their texts are what a take embeds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from xrdrama.content.places import SUFFIXES, find, label
from xrdrama.content.sounds import line_lengths, sounds_folder
from xrdrama.content.texts import read_text
from xrdrama.errors import AuthoringError
from xrdrama.show.form import parse_show
from xrdrama.show.take import Source, source_of
from xrdrama.story import Story, parse_story


class Loaded(msgspec.Struct, frozen=True):
    """The files of a show: which file plays which part, their texts, where they were found."""

    roles: dict[str, str]
    """Part (`show`, `story`, `stage`, `scene/<id>`, `strings/<lang>`, `sounds`) to file name."""
    texts: dict[str, str]
    """File name to text."""
    paths: dict[str, Path] = {}
    """File name to where it was read; empty for what comes out of a take."""

    def text(self, role: str) -> str | None:
        """The text of a part, or None."""
        return self.texts.get(self.roles.get(role, ""))

    def path(self, role: str) -> Path | None:
        """Where a part was read from, or None."""
        return self.paths.get(self.roles.get(role, ""))

    def sources(self) -> dict[str, Source]:
        """The files as a take's header carries them."""
        return {name: source_of(text.encode(), embed=True) for name, text in self.texts.items()}


def load_show(name: str) -> Loaded:
    """The files of a show, following what it names. AuthoringError or UsageError."""
    path = find("show", name)
    loader = _Loader(path.parent)
    text = loader.add("show", path)
    show, problems = parse_show(text, str(path))
    if show is None:
        raise AuthoringError(problems)
    story = loader.add_story(show.story, show.languages)
    if show.stage:
        loader.add("stage", find("stage", show.stage, path.parent))
    for scene in dict.fromkeys(beat.scene for beat in story.order):
        loader.add(f"scene/{scene}", find("scene", scene, path.parent))
    if show.move:
        loader.add("move", find("move", show.move, path.parent))
    return loader.loaded()


def load_story_file(name: str) -> tuple[Story, Path]:
    """A story by name or path, with the lengths of its recorded lines."""
    path = find("story", name)
    story, problems, _ = parse_story(read_text(path), str(path), lasts=line_lengths(path))
    if story is None:
        raise AuthoringError(problems)
    return story, path


def header_texts(sources: dict[str, Source], roles: str) -> Loaded:
    """What a take embeds, as if it had been loaded."""
    texts = {name: source.text for name, source in sources.items() if source.text is not None}
    return Loaded(json.loads(roles), texts)


class _Loader:
    def __init__(self, near: Path) -> None:
        self.near = near
        self.roles: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.paths: dict[str, Path] = {}

    def add(self, role: str, path: Path) -> str:
        name = label(path)
        text = read_text(path)
        self.roles[role], self.texts[name], self.paths[name] = name, text, path
        return text

    def add_story(self, name: str, languages: Iterable[str]) -> Story:
        path = find("story", name, self.near)
        story, problems, _ = parse_story(
            self.add("story", path), str(path), lasts=line_lengths(path)
        )
        if story is None:
            raise AuthoringError(problems)
        stem = path.name.removesuffix(SUFFIXES["story"])
        for language in languages:
            table = path.parent / f"{stem}.{language}.csv"
            if language != story.language and table.is_file():
                self.add(f"strings/{language}", table)
        index = sounds_folder(path) / "index.json"
        if index.is_file():
            self.add("sounds", index)
        return story

    def loaded(self) -> Loaded:
        return Loaded(self.roles, self.texts, self.paths)
