"""The files of a show that pages load: compiled sets, figures and sounds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from xrdrama import content
from xrdrama.errors import XrdramaError
from xrdrama.processes.figures import figure_file, figures_of
from xrdrama.processes.sets import CompiledFiles, compiled_files, near_of
from xrdrama.show import Production


class Library:
    """Compiles the sets of a show, and prepares its figures, in a thread of its own; `on_notice`
    gets what goes wrong."""

    def __init__(
        self, loaded: content.Loaded, production: Production, on_notice: Callable[[str], None]
    ) -> None:
        self._loaded, self._production = loaded, production
        self._near = near_of(loaded)
        self._figures: dict[str, tuple[str, Path]] = {}
        """By performer: the hash of its figure, and the file."""
        self._on_notice = on_notice
        self._scenes: dict[str, CompiledFiles] = {}
        self._hashes: dict[str, CompiledFiles] = {}
        self._sounds = frozenset(production.sounds)
        story = loaded.path("story") or content.located(loaded.roles.get("story", ""), Path.cwd())
        self._folder = content.sounds_folder(story) if story else None
        scenes = dict.fromkeys([beat.scene for beat in production.story.order])
        names = [name for name in scenes if name in production.scenes]
        self._thread = threading.Thread(target=self._compile, args=(names,), daemon=True)

    def start(self) -> None:
        """Begin to compile, in the order of the story."""
        self._thread.start()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until all sets are compiled, or could not be."""
        self._thread.join(timeout)

    def _compile(self, names: Iterable[str]) -> None:
        prepared = False
        for name in names:
            try:
                files = compiled_files(name, self._near)
            except XrdramaError as error:
                text = f"phones cannot show the set {name!r}: {' '.join(str(error).split())}"
                self._on_notice(text)
                continue
            self._hashes[files.hash] = files
            self._scenes[name] = files
            if not prepared:  # after the first set, which is seen first
                prepared = True
                self._prepare()

    def _prepare(self) -> None:
        """Prepare the figures of the performers."""
        try:
            figures = figures_of(self._loaded, self._production)
            self._figures = {id: figure_file(figure) for id, figure in figures.items()}
        except XrdramaError as error:
            text = f"phones cannot show the performers: {' '.join(str(error).split())}"
            self._on_notice(text)

    def figure_of(self, performer: str) -> str:
        """The hash of a performer's figure; "" until it is prepared."""
        found = self._figures.get(performer)
        return found[0] if found else ""

    def figure_file(self, hash: str) -> Path | None:
        """A figure as a GLB; None if there is no such figure."""
        return next((path for known, path in self._figures.values() if known == hash), None)

    def set_of(self, scene: str) -> str:
        """The hash of a scene's compiled set; "" until it is compiled."""
        found = self._scenes.get(scene)
        return found.hash if found else ""

    def set_file(self, hash: str, name: str) -> Path | None:
        """`scene.json` or `set.glb` of a compiled set; None if there is no such set."""
        found = self._hashes.get(hash)
        if found is None:
            return None
        return {"scene.json": found.sheet, "set.glb": found.glb}.get(name)

    def sound_file(self, id: str) -> Path | None:
        """The file of a sound of the show; None if it does not exist."""
        if id not in self._sounds or self._folder is None:
            return None
        return content.sound_file(self._folder, id)
