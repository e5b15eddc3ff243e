"""Looks of a running show go into its file; an author's edits and the file's layout stay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_until
from xrdrama import content
from xrdrama.content import Loaded
from xrdrama.content.producing import looks_in
from xrdrama.run import look_file
from xrdrama.run.look_file import LookFile
from xrdrama.scene.model import Scene
from xrdrama.show.looks import Look, Looks, looks_of
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.frame import Frame

TEXT = """\
# the author's own words
xrdrama: 1
id: evening
story: evening   # by Mei
looks:
  early: {params: {fog: 0.1}}
"""
FOG = Look("last_light", {"fog": 0.5}, 4 * NS, "Last light")
ADDED = """\
  last_light:
    title: Last light
    fade: 4s
    params:
      fog: 0.5
"""
FRAME = Frame(FrameTime.of(48, FrameRate(24)), "first", "lantern_street", {})


class Evening:
    """A show file on disk, what runs it, and what that says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_text(TEXT, "utf-8")
        lane = content.mentioned("scene", "lantern_street", None)
        scene = content.producing.parse_scene(content.read_text(lane), str(lane))[0]
        assert scene is not None
        self.scenes: dict[str, Scene] = {scene.id: scene}
        self.said: list[str] = []
        self.open()

    def open(self, looks: Looks | None = None, path: Path | None = None) -> None:
        path = path or self.path
        loaded = Loaded({"show": "s"}, {"s": path.read_text("utf-8")}, {"s": path})
        self.written = looks_in(content.show_file(loaded), self.scenes)
        self.looks = looks or looks_of(self.written, self.scenes)
        self.file = LookFile(loaded, self.scenes, self.looks, self.written, self.said.append)

    def save(self, *looks: Look) -> None:
        self.looks = looks_of({**self.looks.by_name, **{one.id: one for one in looks}}.values(),
                              self.scenes)  # fmt: skip
        self.file.keep(self.looks)

    def delete(self, name: str) -> None:
        left = [look for look in self.looks.by_name.values() if look.id != name]
        self.looks = looks_of(left, self.scenes)
        self.file.keep(self.looks)

    def waits(self) -> str:
        """Wait for the alarm of the frames, and return its text."""
        found = wait_until(lambda: self.file.shown(FRAME).alarms, 20, "an alarm")
        assert [one.code for one in found] == ["look_unsaved"]
        return str(found[0].text)


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    monkeypatch.setattr(look_file, "RETRY_S", 0.05)
    made = Evening(tmp_path / "evening.show.yaml")
    yield made
    made.file.close()


def saved_within(evening: Evening, text: str) -> None:
    wait_until(lambda: evening.path.read_text("utf-8") == text, 20, "the look in the file")


def test_saved_look_is_in_the_file_and_nothing_else_has_changed(evening: Evening) -> None:
    evening.save(FOG)
    saved_within(evening, TEXT + ADDED)
    evening.file.close()
    assert evening.said == [f"the look 'last_light' is saved in {evening.path}"]
    assert evening.file.shown(FRAME) is FRAME
    evening.open()
    assert evening.looks.by_name["last_light"] == FOG


def test_look_is_replaced_and_deleted(evening: Evening) -> None:
    evening.save(FOG)
    evening.save(Look("last_light", {"fog": 1.0}, NS))
    saved_within(evening, TEXT + "  last_light:\n    fade: 1s\n    params:\n      fog: 1\n")
    evening.delete("last_light")
    saved_within(evening, TEXT)


def test_mark_and_line_ends_of_the_file_stay(evening: Evening) -> None:
    evening.path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    evening.save(FOG)
    evening.file.close()
    expected = b"\xef\xbb\xbf" + (TEXT + ADDED).replace("\n", "\r\n").encode()
    assert evening.path.read_bytes() == expected


def test_edit_that_an_author_saved_during_the_run_stays(evening: Evening) -> None:
    edited = TEXT.replace("by Mei", "by Mei and Jo") + "title: An evening\n"
    evening.path.write_text(edited, "utf-8")
    evening.save(FOG)
    saved_within(evening, edited.replace("title: An", f"{ADDED}title: An"))


def test_edit_between_reading_and_writing_stays(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    editing, at_once = look_file.edited, threading.Event()

    def slow(text: str, name: str, entry: look_file.Entry | None) -> str:
        done = editing(text, name, entry)
        if not at_once.is_set():
            at_once.set()
            evening.path.write_text(TEXT + "seed: 7\n", "utf-8")
        return done

    monkeypatch.setattr(look_file, "edited", slow)
    evening.save(FOG)
    saved_within(evening, f"{TEXT}{ADDED}seed: 7\n")


def test_look_that_an_author_wrote_under_the_same_name_is_not_overwritten(
    evening: Evening,
) -> None:
    edited = TEXT + "  last_light: {params: {fog: 0.9}}\n"
    evening.path.write_text(edited, "utf-8")
    evening.save(FOG)
    text = evening.waits()
    assert "has a look 'last_light' that this run does not know" in text and "rename it" in text
    assert evening.path.read_text("utf-8") == edited
    renamed = edited.replace("last_light", "mine")
    evening.path.write_text(renamed, "utf-8")
    saved_within(evening, renamed + ADDED)
    wait_until(lambda: evening.file.shown(FRAME) is FRAME, 20, "the end of the alarm")


def test_file_with_errors_is_left_alone_until_it_is_fixed(evening: Evening) -> None:
    broken = TEXT.replace("story: evening", "story evening")
    evening.path.write_text(broken, "utf-8")
    evening.save(FOG)
    text = evening.waits()
    assert (
        "is usable in this run, but not saved in the show file: " in text
        and "fix them: xrdrama check" in text
    )
    assert evening.path.read_text("utf-8") == broken
    evening.path.write_text(TEXT, "utf-8")
    saved_within(evening, TEXT + ADDED)
    evening.file.close()
    assert len(evening.said) == 2, "each trouble is said once"


def test_read_only_file_is_not_replaced_and_the_look_is_printed_at_the_end(
    evening: Evening,
) -> None:
    evening.path.chmod(0o444)
    evening.save(FOG)
    assert "is read-only; make it writable, or copy it" in evening.waits()
    evening.file.close()
    assert evening.path.read_text("utf-8") == TEXT
    assert evening.said[-1] == (
        "the look 'last_light' is only in the take, not in the show file; to keep it, add it under"
        " looks: as last_light: {title: Last light, fade: 4s, params: {fog: 0.5}}"
    )


def test_show_of_the_installed_wheel_is_not_changed(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_file.xrdrama, "__file__", str(evening.path.parent / "__init__.py"))
    evening.save(FOG)
    assert "belongs to the installed xrdrama; copy it into your own folder" in evening.waits()
    assert evening.path.read_text("utf-8") == TEXT


def test_missing_file_is_reported(evening: Evening) -> None:
    evening.path.unlink()
    evening.save(FOG)
    assert "cannot be read: No such file" in evening.waits()
    evening.path.write_text(TEXT, "utf-8")
    saved_within(evening, TEXT + ADDED)


def test_resumed_show_says_which_looks_the_file_has_otherwise(evening: Evening) -> None:
    ours = looks_of([Look("early", {"fog": 0.2}, 2 * NS), FOG], evening.scenes)
    evening.open(ours)
    assert evening.said == [
        "the looks of the take are used; the show file has others (early, last_light)"
    ]
    evening.save(Look("early", {"fog": 0.3}, NS))
    assert "'early' that this run does not know" in evening.waits()
    assert evening.path.read_text("utf-8") == TEXT
