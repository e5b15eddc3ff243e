"""A save of a branch file is checked, and the beat at work is drawn with a warm renderer."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PIL import Image

from tests.waiting import wait_until
from xrdrama import content
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.scene.parse import parse_scene
from xrdrama.story import load_story
from xrdrama.tools.previewing.beats import STILL_AT, beat_at_work, still_of
from xrdrama.tools.previewing.preview import CURSOR, Preview, Previewed

STORY = """\
xrdrama: 1
id: night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  first:
    script: |
      LAN: Count again.  #laaaaa
      @lanterns_up over=3s
    choice:
      options:
        go: {text: Go, to: second}
  second:
    script: |
      LAN: It is late.  #lbbbbb
    ending: late
"""
STORY_NOW = load_story(STORY, "night.branch.yaml")


@pytest.mark.parametrize(
    ("was", "now", "named", "cursor", "expected"),
    [
        ("It is late.", "It is very late.", "", "", "second"),
        ("text: Go", "text: Leave", "", "", "first"),
        ("It is late.", "It is very late.", "first", "", "first"),
        ("It is late.", "It is very late.", "missing", "", ""),
        ("It is late.", "It is very late.", "", "first\n", "first"),
        ("text: Go", "text: Leave", "", "night.branch.yaml:14", "second"),
        ("text: Go", "text: Leave", "", "night.branch.yaml:7", "first"),
        ("text: Go", "text: Leave", "", "other.branch.yaml:14", "first"),
        ("text: Go", "text: Leave", "", "night.branch.yaml:9999999999999", "first"),
        ("It is late.", "It is late.", "", "", "first"),
        ("  second:", "  third:", "", "", "third"),
    ],
)
def test_beat_at_work(was: str, now: str, named: str, cursor: str, expected: str) -> None:
    text = STORY.replace(was, now)
    text = text.replace("to: second", "to: third") if "third" in now else text
    story = load_story(text, "night.branch.yaml")
    assert beat_at_work(STORY_NOW, story, named=named, cursor=cursor) == expected


def test_still_has_the_cues_of_the_beat_at_their_end() -> None:
    path = content.find("scene", "lantern_street")
    scene, _ = parse_scene(content.read_text(path), str(path))
    assert scene is not None
    still = still_of(STORY_NOW, "first", scene)
    rest = still_of(STORY_NOW, "second", scene)  # the control: no cue
    moved = {one.param for one in scene.cues["lanterns_up"].moves}
    assert {name for name in still.params if still.params[name] != rest.params[name]} <= moved
    assert any(still.params[name] != rest.params[name] for name in moved)
    assert still.line == "Count again." and still.at > STILL_AT + 3_000_000_000


def test_saves_are_checked_and_drawn(tmp_path: Path) -> None:
    file, out = tmp_path / "night.branch.yaml", tmp_path / "out"
    file.write_text(STORY, "utf-8")
    preview = Preview(tmp_path, out)
    done: list[Previewed] = []
    stop = threading.Event()

    def author() -> None:
        file.write_text(STORY.replace("It is late.", "It is very late."), "utf-8")
        wait_until(lambda: len(done) == 1, 240)
        file.write_text(STORY.replace("to: second", "to: secnd"), "utf-8")
        wait_until(lambda: len(done) == 2)
        (tmp_path / CURSOR).parent.mkdir()
        (tmp_path / CURSOR).write_text("first", "utf-8")
        file.write_text(STORY, "utf-8")
        wait_until(lambda: len(done) == 3)

    failure: list[BaseException] = []

    def typing() -> None:
        try:
            author()
        except BaseException as error:  # it is raised below
            failure.append(error)
        stop.set()

    thread = threading.Thread(target=typing)
    thread.start()
    try:
        preview.run(stop, done.append)
    finally:
        thread.join()
        preview.close()
    assert failure == []
    drawn, broken, again = done
    assert drawn.beat == "second" and drawn.picture == out / "preview.png" and drawn.ms > 0
    assert [one.code for one in broken.problems if one.severity == "error"] == ["S102"]
    assert broken.picture is None and broken.why_not == "not drawn: the story has errors"
    assert again.beat == "first"
    with Image.open(out / "preview.png") as picture:
        assert picture.size == (960, 540)
        least, most = picture.convert("L").getextrema()
        assert most - least > 50  # not one colour
    script = (out / "preview.js").read_text("utf-8")
    state = json.loads(script.removeprefix("preview(").removesuffix(");\n"))
    assert state["beat"] == "first  (night.branch.yaml)" and state["line"] == "Count again."
    assert preview.page == (out / "preview.html").resolve().as_uri()


def state_of(out: Path) -> dict[str, object]:
    script = (out / "preview.js").read_text("utf-8")
    found: dict[str, object] = json.loads(script.removeprefix("preview(").removesuffix(");\n"))
    return found


def test_page_shows_the_problems_of_a_save_that_is_not_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "night.branch.yaml", tmp_path / "out"
    file.write_text(STORY, "utf-8")
    preview = Preview(tmp_path, out)
    monkeypatch.setattr(preview, "_draw", lambda *_: "Count again.")
    preview.saved(file)
    drawn = state_of(out)
    assert (drawn["why_not"], drawn["picture"]) == ("", drawn["number"])
    file.write_text(STORY.replace("to: second", "to: secnd"), "utf-8")
    preview.saved(file)
    broken = state_of(out)
    assert broken["why_not"] == "not drawn: the story has errors" and "S102" in str(broken)
    assert broken["number"] != drawn["number"] and broken["picture"] == drawn["picture"]
    file.write_text(STORY, "utf-8")
    preview.at = "missing"
    preview.saved(file)
    assert state_of(out)["why_not"] == "not drawn: no beat 'missing'"
    monkeypatch.setattr("xrdrama.tools.previewing.preview.MOST_PROBLEMS", 0)
    file.write_text(STORY.replace("to: second", "to: secnd"), "utf-8")
    count = len(preview.saved(file).problems)
    assert state_of(out)["problems"] == [f"and {count} more; type  xrdrama check {file}"]


def test_files_that_are_not_watched_are_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.branch.yaml").write_text(STORY, "utf-8")
    assert len(Preview(tmp_path, None, notice=said.append)._files()) == 3 and said == []
    monkeypatch.setattr("xrdrama.tools.previewing.preview.MOST_FILES", 2)
    preview = Preview(tmp_path, None, notice=said.append)
    assert len(preview._files()) == 2 and len(said) == 1
    assert "has 3 branch files: only the first 2 by name are watched" in said[0]


def test_folder_without_stories_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="has no branch files"):
        Preview(tmp_path, tmp_path / "out")
    assert run(["author", str(tmp_path / "nowhere"), "--preview"]) == 2
    assert run(["author", str(tmp_path), "--at", "first"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and "is not a folder" in said[0] and "--preview" in said[1]


@pytest.mark.parametrize("json_lines", [False, True])
def test_saves_are_checked_without_pictures(
    json_lines: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "night.branch.yaml"
    file.write_text(STORY, "utf-8")
    # A save is used when the file is the same in the next look.
    texts = [STORY.replace("to: second", "to: secnd"), "", STORY, ""]

    class Saves:
        """Saves the texts, one before each look at the files, and then stops the command."""

        def is_set(self) -> bool:
            if not texts:
                return True
            if text := texts.pop(0):
                file.write_text(text, "utf-8")
            return False

    monkeypatch.setattr("xrdrama.cli.previewing.stop_on_signals", Saves)
    assert run(["author", ".", *(["--json"] if json_lines else [])]) == 0
    out, err = capsys.readouterr()
    assert err == "note: save a branch file in .; Ctrl-C ends\n"
    if json_lines:
        broken, whole = (json.loads(row) for row in out.splitlines())
        assert [one["code"] for one in broken["problems"] if one["severity"] == "error"] == ["S102"]
        assert (whole["problems"], whole["picture"], whole["why_not"]) == ([], None, "")
    else:
        assert "S102" in out and "night.branch.yaml: 0 problems (" in out
    assert sorted(one.name for one in tmp_path.iterdir()) == ["night.branch.yaml"]
