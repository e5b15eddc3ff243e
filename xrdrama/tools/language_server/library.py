"""The files of stories as an editor has them: open ones with their unsaved text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xrdrama import content
from xrdrama.authoring.editing.indexing import index_show, index_story
from xrdrama.authoring.editing.occurrences import FileIndex
from xrdrama.authoring.editing.plans import index_plan
from xrdrama.authoring.editing.project import Around, Project
from xrdrama.authoring.editing.spans import Rows
from xrdrama.authoring.editing.tables import index_csv, index_po
from xrdrama.content import plain_text
from xrdrama.content.places import TABLES
from xrdrama.errors import UsageError
from xrdrama.story import Story
from xrdrama.tools.checking.plans import story_beside
from xrdrama.tools.language_server.surroundings import around_of, shows_of

STORY, PLAN, SHOW = ".branch.yaml", ".testplan", ".show.yaml"
MOST_FILES = 300
"""Most files of a story that are read."""


class Library:
    """The open documents by resolved path, and what was read of them and of the files around."""

    def __init__(self) -> None:
        self.texts: dict[Path, str] = {}
        self.uris: dict[Path, str] = {}
        self.encoding = "utf-16"
        self._indexes: dict[Path, tuple[str, FileIndex]] = {}
        self._good: dict[Path, FileIndex] = {}
        self._rows: dict[Path, tuple[str, Rows]] = {}
        self._owners: dict[Path, Path] = {}
        self._beside: dict[Path, tuple[Path, ...]] = {}
        self._around: dict[Path, Around] = {}
        self._projects: dict[Path, Project] = {}
        self._stories: dict[Path, Story | None] = {}

    # -- documents --------------------------------------------------------------------------------

    def put(self, path: Path, uri: str, text: str) -> None:
        """Keep the text of an open document."""
        self.texts[path], self.uris[path] = text, uri

    def remove(self, path: Path) -> None:
        """A document was closed: its file counts again."""
        self.texts.pop(path, None)
        self.uris.pop(path, None)

    def look_again(self) -> None:
        """Files were saved, made or deleted: what is beside each story is looked up again."""
        self._owners.clear()
        self._beside.clear()
        self._around.clear()

    def text(self, path: Path) -> str:
        """The text of a file as it is in the editor, or else as it was saved; "" when there is
        none."""
        if path in self.texts:
            return plain_text(self.texts[path])
        try:
            return content.read_text(path)
        except UsageError:
            return ""

    def rows(self, path: Path) -> Rows:
        """The lines of a file, with the columns of the editor."""
        text = self.text(path)
        known = self._rows.get(path)
        if known is None or known[0] != text:
            known = (text, Rows(text, self.encoding))
            self._rows[path] = known
        return known[1]

    # -- stories ----------------------------------------------------------------------------------

    def main(self, path: Path) -> Path:
        """The story that a file belongs to: itself, the one that includes it, or the one that its
        test plan or string table is of."""
        if path not in self._owners:
            with content.edited(self.texts):
                self._owners[path] = self._main(path)
        return self._owners[path]

    def _main(self, path: Path) -> Path:
        owner = path
        if path.name.endswith(PLAN):
            owner = story_beside(path) or path
        elif path.name.endswith(TABLES):
            owner = path.with_name(".".join(path.name.split(".")[:-2]) + STORY)
        if owner.name.endswith(STORY):
            owner = content.included_by(owner) or owner
        return owner.resolve()

    def index(self, path: Path, *, quick: bool = False) -> FileIndex:
        """The names in a file. `quick`: those of an earlier text, with the lines of now."""
        text = self.text(path)
        known = self._indexes.get(path)
        if known is not None and known[0] == text:
            return known[1]
        if quick and known is not None:
            return _with_rows(self._good.get(path, known[1]), self.rows(path).rows)
        index = indexed(text, path)
        self.keep_index(path, text, index)
        return index

    def is_unchanged(self, path: Path, line: int) -> bool:
        """True when a line is as it was when the names of its file were collected."""
        good, rows = self._good.get(path), self.rows(path).rows
        return good is not None and good.rows[line - 1 : line] == tuple(rows[line - 1 : line])

    def keep_index(self, path: Path, text: str, index: FileIndex) -> None:
        """Keep the names of a text."""
        self._indexes[path] = (text, index)
        if index.root is not None:
            self._good[path] = index

    def outdated(self) -> dict[Path, str]:
        """The open files of stories whose names are those of an earlier text, and their texts."""
        stories = [path for path in self.texts if path.name.endswith(STORY)]
        texts = {path: self.text(path) for path in stories}
        return {p: t for p, t in texts.items() if self._indexes.get(p, ("",))[0] != t}

    def project(self, path: Path, *, quick: bool = False, fresh: bool = False) -> Project:
        """The story of a file, with all its files.

        `quick`: nothing is parsed again, as for completion: names are those of the last check, or
        of the last text that could be read. `fresh`: the story itself is that of now; otherwise
        that of the last check, if there is one.
        """
        main = self.main(path)
        files: dict[str, FileIndex] = {}
        queue = [main, path]
        while queue and len(files) < MOST_FILES:
            file = queue.pop(0)
            if str(file) in files:
                continue
            index = self.index(file, quick=quick)
            if quick and index.root is None and (good := self._good.get(file)):
                index = _with_rows(good, index.rows)
            files[str(file)] = index
            if file.name.endswith(STORY):
                queue += self._included(index, file)
        for file in self._besides(main):
            files.setdefault(str(file), self.index(file, quick=quick))
        story = self._stories.get(main) if quick else self.story(main, fresh=fresh)
        made = Project(str(main), files, self._surroundings(main), story)
        known = self._projects.get(main)
        if known is not None and _same(known, made):
            return known  # with the names that it has collected
        self._projects[main] = made
        return made

    def _included(self, index: FileIndex, file: Path) -> list[Path]:
        """The files that a branch file includes."""
        found = []
        for one in index.occurrences:
            if one.kind == "story":
                try:
                    found.append(content.mentioned("story", one.name, file.parent).resolve())
                except UsageError:
                    continue  # reported as a diagnostic
        return found

    def _besides(self, main: Path) -> tuple[Path, ...]:
        """The test plans, string tables and shows of a story."""
        if main not in self._beside:
            stem = main.name.removesuffix(STORY)
            plans = [p for p in sorted(main.parent.glob("*" + PLAN)) if story_beside(p) == main]
            found = [
                *plans,
                *(p for end in TABLES for p in sorted(main.parent.glob(f"{stem}.*{end}"))),
                *shows_of(stem, main),
            ]
            self._beside[main] = tuple(file.resolve() for file in found[:MOST_FILES])
        return self._beside[main]

    def _surroundings(self, main: Path) -> Around:
        if main not in self._around:
            with content.edited(self.texts):
                self._around[main] = around_of(main)
        return self._around[main]

    def story(self, main: Path, *, fresh: bool = False) -> Story | None:
        """The story as far as it can be read: now, or at the last check."""
        if not main.name.endswith(STORY):
            return None
        if main not in self._stories or fresh:
            self._stories[main] = drafted(main, self.texts)
        return self._stories[main]

    def keep_story(self, main: Path, story: Story | None) -> None:
        """Keep the story of a check; one that could not be read at all leaves the one before."""
        if story is not None or main not in self._stories:
            self._stories[main] = story


def drafted(main: Path, texts: dict[Path, str]) -> Story | None:
    """The story of a file as far as it can be read, with unsaved texts."""
    with content.edited(texts):
        try:
            return content.draft_story_file(main, content.read_text(main))[0]
        except UsageError:
            return None


def _with_rows(index: FileIndex, rows: Sequence[str]) -> FileIndex:
    """The names of an index with the lines of another text."""
    return FileIndex(index.file, tuple(rows), index.occurrences, index.root, index.scenes)


def _same(known: Project, made: Project) -> bool:
    """True when two projects have the same parts, not only equal ones."""
    return (
        known.story is made.story
        and known.around is made.around
        and known.files.keys() == made.files.keys()
        and all(known.files[file] is index for file, index in made.files.items())
    )


def indexed(text: str, path: Path) -> FileIndex:
    """The names in a text, by the kind of its file."""
    readers = {
        STORY: index_story,
        SHOW: index_show,
        PLAN: index_plan,
        ".csv": index_csv,
        ".po": index_po,
    }
    reader = next((read for end, read in readers.items() if path.name.endswith(end)), None)
    return reader(text, str(path)) if reader else FileIndex(str(path), tuple(text.split("\n")))
