"""Watches the stories of a folder; each save is checked, and the beat at work may be drawn."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.adapters.video.stills import save_picture
from xrdrama.content.watching import EVERY, Watched
from xrdrama.errors import AuthoringError, Problem, UsageError, XrdramaError
from xrdrama.saving import save
from xrdrama.scene.parse import parse_scene
from xrdrama.show.ports import Stop
from xrdrama.story import Story
from xrdrama.tools.checking.contents import check_paths
from xrdrama.tools.previewing.beats import beat_at_work, still_of
from xrdrama.tools.previewing.stills import WarmStills

CURSOR = Path(".xrdrama") / "cursor"
"""In the folder: an editor writes the beat's id, or FILE:LINE, into it."""
PICTURE, PAGE, STATE = "preview.png", "preview.html", "preview.js"
OUT = Path("out") / "preview"
MOST_FILES, MOST_PROBLEMS = 2000, 100
_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Preview</title>
<style>
body { margin: 2em; background: #16181d; color: #e8e6e1; font: 16px/1.5 system-ui, sans-serif }
img { max-width: 100%; display: block; border-radius: 4px }
img.old { opacity: 0.35 }
li { white-space: pre-wrap }
</style>
<h1 id="beat">Save a branch file</h1>
<img id="picture" alt="The set of the beat at the end of its script">
<p id="why_not"></p>
<p id="line"></p>
<ul id="problems"></ul>
<script>
let shown = 0, pictured = 0;
function preview(state) {
  if (state.number === shown) return;
  shown = state.number;
  document.getElementById("beat").textContent = state.beat;
  document.getElementById("line").textContent = state.line;
  const picture = document.getElementById("picture");
  if (state.picture !== pictured) picture.src = "preview.png?" + state.picture;
  pictured = state.picture;
  picture.className = state.why_not ? "old" : "";
  const old = state.why_not && state.picture ? "; the picture is of an earlier save" : "";
  document.getElementById("why_not").textContent = state.why_not + old;
  const rows = state.problems.map((text) => {
    const row = document.createElement("li");
    row.textContent = text;
    return row;
  });
  document.getElementById("problems").replaceChildren(...rows);
}
setInterval(() => {
  const state = document.createElement("script");
  state.src = "preview.js?" + Date.now();
  state.onload = state.onerror = () => state.remove();
  document.body.append(state);
}, 400);
</script>
"""


class Previewed(msgspec.Struct, frozen=True):
    """A save: the file, its problems, the beat that was drawn ("" for none) and why not, and the
    milliseconds from noticing the save to the picture's file."""

    file: str
    problems: tuple[Problem, ...]
    beat: str = ""
    why_not: str = ""
    picture: Path | None = None
    ms: float = 0.0


class Preview:
    """The preview of a folder's stories, with its page in the folder `out`; None: saves are checked
    and nothing is drawn."""

    def __init__(
        self,
        folder: Path,
        out: Path | None,
        at: str = "",
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`notice` is called with what is not watched."""
        self.folder, self.out, self.at, self._notice = folder, out, at, notice
        self._stories: dict[Path, Story] = {}
        self._stills: WarmStills | None = None
        self._number = time.time_ns() // 1_000_000
        self._pictured = 0
        """The number of the save that the picture is of; 0 without one."""
        self._unwatched = False
        files = self._files()
        if not files:
            raise UsageError(f"{folder} has no branch files", "name a folder with *.branch.yaml")
        self.watched = Watched(files)
        for file in files:
            self._remember(file)
        if out is not None:
            save(out / PAGE, _PAGE)

    @property
    def page(self) -> str:
        """The address of the page; "" without one."""
        return (self.out / PAGE).resolve().as_uri() if self.out is not None else ""

    def close(self) -> None:
        """Release the renderer."""
        if self._stills is not None:
            self._stills.close()

    def run(self, stop: Stop, report: Callable[[Previewed], None]) -> None:
        """Check and draw after each save, until `stop` is set."""
        pause = threading.Event()
        while not stop.is_set():
            for file in self.watched.changed():
                report(self.saved(file))
            self.watched.watch(self._files())
            pause.wait(EVERY)

    def saved(self, file: Path) -> Previewed:
        """Check a file that was saved, and draw its beat; a story with errors is not drawn."""
        began = time.monotonic()
        path = content.included_by(file) or file
        problems = tuple(check_paths([path])[0])
        line = ""
        if self.out is None:
            done = Previewed(str(file), problems)
        elif any(problem.severity == "error" for problem in problems):
            done = Previewed(str(file), problems, why_not="not drawn: the story has errors")
        else:
            done, line = self._drawn(file, path, problems, self.out)
        if self.out is not None:
            self._display(done, path, line, self.out)
        return msgspec.structs.replace(done, ms=round((time.monotonic() - began) * 1000, 1))

    def _files(self) -> list[Path]:
        """The files that are watched; the first time that there are too many, it is said."""
        found = branch_files(self.folder)
        if len(found) > MOST_FILES and not self._unwatched:
            self._unwatched = True
            self._notice(
                f"{self.folder} has {len(found)} branch files: only the first {MOST_FILES} by name"
                " are watched; name a smaller folder"
            )
        return found[:MOST_FILES]

    def _display(self, done: Previewed, path: Path, line: str, out: Path) -> None:
        """Write what the page shows, also when nothing was drawn: then the picture is an old one,
        and the page says why."""
        self._number += 1
        if done.picture is not None:
            self._pictured = self._number
        rows = [str(one) for one in done.problems[:MOST_PROBLEMS]]
        if (more := len(done.problems) - MOST_PROBLEMS) > 0:
            rows.append(f"and {more} more; type  xrdrama check {path}")
        state = {
            "number": self._number,
            "beat": f"{done.beat}  ({path.name})" if done.beat else path.name,
            "line": line,
            "why_not": done.why_not,
            "picture": self._pictured,
            "problems": rows,
        }
        save(out / STATE, f"preview({json.dumps(state)});\n")

    def _drawn(
        self, file: Path, path: Path, problems: tuple[Problem, ...], out: Path
    ) -> tuple[Previewed, str]:
        """What was drawn, and the line that is spoken there."""
        before = self._stories.get(path)
        story = self._remember(path)
        if story is None:
            return Previewed(str(file), problems, why_not="not drawn: the story has errors"), ""
        beat = beat_at_work(before, story, named=self.at, cursor=self._cursor())
        if not beat:
            return Previewed(str(file), problems, why_not=f"not drawn: no beat {self.at!r}"), ""
        try:
            line = self._draw(story, path, beat, out)
        except XrdramaError as error:
            return Previewed(str(file), problems, beat, f"not drawn: {error}"), ""
        return Previewed(str(file), problems, beat, picture=out / PICTURE), line

    def _draw(self, story: Story, path: Path, beat: str, out: Path) -> str:
        name = story.beats[beat].scene
        file = content.mentioned("scene", name, path.parent)
        scene, problems = parse_scene(content.read_text(file), str(file))
        if scene is None:
            raise AuthoringError(problems)
        still = still_of(story, beat, scene)
        if self._stills is None:
            self._stills = WarmStills()
        save_picture(self._stills.draw(scene, file, still), out / PICTURE)
        return still.line

    def _remember(self, path: Path) -> Story | None:
        try:
            story, _ = content.read_story(path)
        except UsageError:
            return None
        if story is not None:
            self._stories[path] = story
        return story

    def _cursor(self) -> str:
        try:
            return content.read_text(self.folder / CURSOR)[:1000]
        except UsageError:
            return ""


def branch_files(folder: Path) -> list[Path]:
    """The branch files of a folder and of those in it; UsageError for another kind of file."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "name the folder of your stories")
    return sorted(folder.rglob("*" + content.SUFFIXES["story"]))
