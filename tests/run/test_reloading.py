"""Newer versions of a story are read beside a show; what cannot be used never touches it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.show.small import frame_time
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.run import reloading
from xrdrama.run.options import RunOptions, refuse_contradictions
from xrdrama.run.reloading import KEEPS, SHOWN_FOR, Reloading
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.take import Revision
from xrdrama.wire.commands import Reloaded, Rolled
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame

STORY = """xrdrama: 1
id: evening
scene: lantern_street
cast: {keeper: {name: Keeper}}
include: [more]
beats:
  first:
    script: |
      KEEPER: The lamp is lit.  #laaaaa
    choice:
      options:
        go: {text: Go, to: later}
"""
MORE = """xrdrama: 1
id: more
beats:
  later:
    script: |
      KEEPER: Later.  #lbbbbb
    ending: lit
"""


class Run:
    """A show whose files are in a folder, without clock and outputs."""

    def __init__(self, folder: Path, *, watch: bool = False, beside: bool = False) -> None:
        self.story, self.more = folder / "evening.branch.yaml", folder / "more.branch.yaml"
        self.table = folder / "evening.zh.csv"
        self.story.write_text(STORY, "utf-8")
        self.more.write_text(MORE, "utf-8")
        self.table.write_text("id,order,source,text\nlaaaaa,1,The lamp is lit.,灯亮了。\n", "utf-8")
        file = folder / "evening.show.yaml"
        text = "xrdrama: 1\nid: evening\nstory: evening\nlanguages: [en, zh]\n"
        file.write_text(text, "utf-8")
        self.said: list[str] = []
        loaded = content.load_show(str(file))
        production = content.produce(loaded)
        self.show: Show = opening(production)
        self.reloading = Reloading(
            str(file), loaded, production.story, self.said.append, watch=watch, beside=beside
        )
        self.reloading.begin(self.show)
        self.number = 0
        self.revisions: list[Revision] = []

    def frame(self, *events: Reloaded | Rolled) -> Frame:
        self.show, revision = self.reloading.revise(self.show, self.number)
        self.revisions += [] if revision is None else [revision]
        at = self.number * 40_000_000
        entries = tuple(Entry(n, at, event) for n, event in enumerate(events))
        self.show, frame = advance(self.show, Tick(frame_time(self.number, at + 1), entries))
        self.number += 1
        return self.reloading.shown(frame)

    def used(self, versions: int) -> bool:
        """True when so many newer versions are used after one more frame."""
        self.frame()
        return len(self.revisions) == versions

    def reload(self) -> Frame:
        self.frame(Reloaded("desk"))
        return self.frame()

    def alarm(self) -> tuple[str, str]:
        alarms = self.frame().alarms
        return (alarms[-1].code, alarms[-1].text) if alarms else ("", "")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def edit(path: Path, was: str, now: str) -> None:
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now), "utf-8")


def test_reload_is_used_at_the_next_frame_and_reported(run: Run) -> None:
    edit(run.story, "is lit", "is out")
    frame = run.reload()
    assert frame.captions[0].texts["en"] == "The lamp is out."
    assert run.said == [
        "the story was reloaded: lines changed: 1.", "the story is at beat 'first'",
    ]  # fmt: skip
    code, text = run.alarm()
    assert code == "story_reloaded" and text.startswith("the story was reloaded: lines changed: 1")
    (revision,) = run.revisions
    assert revision.number == 1 and "is out" in str(next(iter(revision.sources.values())).text)
    assert set(json.loads(revision.roles)) == set(run.reloading.loaded.roles)
    assert [one.frame for one in run.reloading.done] == [1]


def test_alarm_of_a_reload_goes_away(run: Run) -> None:
    edit(run.story, "is lit", "is out")
    run.reload()
    run.number += SHOWN_FOR // 40_000_000 + 2
    assert run.alarm() == ("", "")


def test_included_files_and_translations_are_reloaded(run: Run) -> None:
    edit(run.more, "Later.", "Much later.")
    edit(run.table, "灯亮了", "灯灭了")
    frame = run.reload()
    assert frame.captions[0].texts["zh"] == "灯灭了。"
    assert run.said[0] == "the story was reloaded: lines changed: 1; translation zh changed."
    assert len(run.revisions[0].sources) == 2


def test_reload_without_changes_is_answered(run: Run) -> None:
    run.reload()
    assert run.said == ["the story was not reloaded: its files are the same"]
    assert run.revisions == []


def test_story_with_errors_is_not_used_and_its_errors_are_shown(run: Run) -> None:
    edit(run.story, "to: later", "to: latr")
    frame = run.reload()
    assert frame.captions[0].texts["en"] == "The lamp is lit." and run.revisions == []
    assert run.said[0] == f"the story was not reloaded; {KEEPS}:"
    assert "evening.branch.yaml:12:28: error S102" in run.said[1]
    code, text = run.alarm()
    assert code == "story_unusable" and "S102" in text
    edit(run.story, "to: latr", "to: later")  # the control: without the error it is read again
    edit(run.story, "is lit", "is out")
    assert run.reload().captions[0].texts["en"] == "The lamp is out."
    assert run.alarm()[0] == "story_reloaded"


def test_file_that_is_no_text_is_named(run: Run) -> None:
    run.more.unlink()
    run.reload()
    assert run.revisions == [] and any("more" in one for one in run.said)
    run.story.write_bytes(b"\xff\xfe\x00")
    run.reload()
    assert run.revisions == [] and "UTF-16" in run.said[-1]


def test_set_that_is_not_loaded_is_refused(run: Run) -> None:
    edit(run.more, "  later:\n", "  later:\n    scene: tea_room\n")
    run.reload()
    assert "needs the set tea_room, which this show has not loaded" in run.said[-1]
    assert run.revisions == [] and run.alarm()[0] == "story_unusable"


def test_current_beat_that_was_removed_is_refused_with_a_remedy(run: Run) -> None:
    run.story.write_text(STORY[: STORY.index("  first:")] + "  other: {next: later}\n", "utf-8")
    run.reload()
    assert run.revisions == [] and "the story is at beat 'first'" in run.said[-1]
    assert run.said[-1].endswith("and reload again")


def test_version_waits_for_the_end_of_a_roll(run: Run) -> None:
    run.frame(Rolled("desk", True))
    edit(run.story, "is lit", "is out")
    frame = run.reload()
    assert frame.captions[0].texts["en"] == "The lamp is lit."
    assert run.said == [
        "the story has a new version; it is rolling: the new version is used after the cut"
    ]
    assert run.alarm()[0] == "story_waits"
    run.frame(Rolled("desk", False))
    assert run.frame().captions[0].texts["en"] == "The lamp is out."
    assert len(run.revisions) == 1


@pytest.mark.parametrize("broken", [False, True])
def test_edit_that_was_taken_back_is_not_used_after_the_cut(run: Run, broken: bool) -> None:
    run.frame(Rolled("desk", True))
    edit(run.story, "is lit", "is out")
    run.reload()
    assert run.alarm()[0] == "story_waits"
    edit(run.story, "is out", "is lit")
    if broken:
        edit(run.story, "to: later", "to: latr")
    run.reload()
    run.frame(Rolled("desk", False))
    assert run.frame().captions[0].texts["en"] == "The lamp is lit." and run.revisions == []
    assert run.alarm()[0] == ("story_unusable" if broken else "story_reloaded")


def test_edit_that_was_taken_back_unseen_is_not_used(run: Run) -> None:
    run.frame(Rolled("desk", True))
    edit(run.story, "is lit", "is out")
    run.reload()
    edit(run.story, "is out", "is lit")
    run.reloading._read(asked=False)  # as after a save
    assert run.alarm() == ("", "")
    run.frame(Rolled("desk", False))
    assert run.frame().captions[0].texts["en"] == "The lamp is lit." and run.revisions == []


def test_version_that_is_used_while_its_files_are_read_is_compared_with_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(run.story, "is lit", "is out")
    run.reloading._read(asked=False)
    edit(run.story, "is out", "is lit")
    read = reloading.read_newer
    calls: list[object] = []

    def slow(*args: object) -> object:
        found = read(*args)  # type: ignore[arg-type]
        if not calls:
            run.frame()  # the version before is used now
        calls.append(found)
        return found

    monkeypatch.setattr(reloading, "read_newer", slow)
    run.reloading._read(asked=False)
    assert len(calls) == 2 and calls[0] is None
    assert run.frame().captions[0].texts["en"] == "The lamp is lit." and len(run.revisions) == 2


class Racing(Reloading):
    """The reader takes the alarm back as soon as the thread of the frames has looked at it."""

    looks = 0

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name == "_alarm" and Racing.looks:
            Racing.looks -= 1
            self._alarm = None
        return found


def test_alarm_that_is_taken_back_within_a_frame_is_displayed_once(run: Run) -> None:
    run.reload()
    run.reloading.__class__ = Racing
    Racing.looks = 1
    assert run.alarm()[0] == "story_reloaded"
    assert run.alarm() == ("", "")


def test_fault_of_ours_is_said_and_the_next_save_is_read(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(loaded: content.Loaded, production: Production) -> None:
        raise KeyError("lamp")

    run.reloading._check = fault
    edit(run.story, "is lit", "is out")
    run.reload()
    said = f"the story was not reloaded; {KEEPS}: KeyError: 'lamp'; please report this"
    assert run.said == [said] and run.alarm() == ("story_unusable", said)
    run.reloading._check = lambda loaded, production: None
    assert run.reload().captions[0].texts["en"] == "The lamp is out."


def test_fault_of_ours_between_two_frames_does_not_end_the_show(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(run.story, "is lit", "is out")
    with monkeypatch.context() as patched:
        patched.setattr(reloading, "revised", lambda *_: 1 // 0)
        assert run.reload().captions[0].texts["en"] == "The lamp is lit."
    assert run.said[-1].startswith(f"the story was not reloaded; {KEEPS}: ZeroDivisionError")
    assert run.alarm()[0] == "story_unusable" and run.revisions == []
    assert run.reload().captions[0].texts["en"] == "The lamp is out."


def test_reader_that_stops_says_so_and_begins_again_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path, watch=True, beside=True)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(run.reloading._watched, "changed", lambda: 1 // 0)
            wait_until(lambda: run.alarm()[0] == "story_unusable", every=0.05)
        assert run.said[-1].startswith("reloading stopped: ZeroDivisionError")
        edit(run.story, "is lit", "is out")
        run.frame(Reloaded("desk"))
        wait_until(lambda: run.used(1), every=0.05)
    finally:
        run.reloading.close()


def included(run: Run, end: str) -> Path:
    """A file that the story includes from now on, with a beat that ends like this."""
    extra = run.more.with_name("extra.branch.yaml")
    text = MORE.replace("id: more", "id: extra").replace("later:", "extra:")
    extra.write_text(text.replace("lbbbbb", "lccccc").replace("ending: lit", end), "utf-8")
    edit(run.story, "[more]", "[more, extra]")
    edit(run.story, "to: later}", "to: later}\n        on: {text: On, to: extra}")
    return extra


def test_files_that_a_newer_version_includes_are_watched(tmp_path: Path) -> None:
    run = Run(tmp_path, watch=True, beside=True)
    try:
        extra = included(run, "ending: dim")
        wait_until(lambda: run.used(1), every=0.05)
        wait_until(lambda: extra in run.reloading._watched._known)
        edit(extra, "Later.", "Even later.")
        wait_until(lambda: run.used(2), every=0.05)
        edit(extra, "ending: dim", "next: nowhere")
        wait_until(lambda: any("nowhere" in one for one in run.said), every=0.05)
        edit(extra, "next: nowhere", "ending: dark")
        wait_until(lambda: run.used(3), every=0.05)
    finally:
        run.reloading.close()


def test_file_with_errors_that_is_included_since_is_watched(tmp_path: Path) -> None:
    run = Run(tmp_path, watch=True, beside=True)
    try:
        extra = included(run, "next: nowhere")
        wait_until(lambda: any("nowhere" in one for one in run.said), every=0.05)
        edit(extra, "next: nowhere", "ending: dim")
        wait_until(lambda: run.used(1), every=0.05)
    finally:
        run.reloading.close()


def test_file_that_is_saved_while_its_errors_are_reported_is_read_again(tmp_path: Path) -> None:
    run = Run(tmp_path, watch=True, beside=True)
    extra = tmp_path / "extra.branch.yaml"

    def correct(text: str) -> None:
        if "nowhere" in text:
            edit(extra, "next: nowhere", "ending: dim")

    run.reloading._notice = correct
    try:
        included(run, "next: nowhere")
        wait_until(lambda: run.used(1), every=0.05)
    finally:
        run.reloading.close()


def test_refusal_of_the_check_is_one_of_the_show(tmp_path: Path) -> None:
    def refuse(loaded: content.Loaded, production: Production) -> None:
        raise UsageError("nobody can play this", "write less")

    run = Run(tmp_path)
    run.reloading._check = refuse
    edit(run.story, "is lit", "is out")
    run.reload()
    assert run.said == [f"the story was not reloaded; {KEEPS}: nobody can play this: write less"]


def test_saved_files_are_noticed_beside_the_show(tmp_path: Path) -> None:
    run = Run(tmp_path, watch=True, beside=True)
    try:
        edit(run.more, "Later.", "Much later.")
        wait_until(lambda: run.used(1), every=0.05)
        edit(run.story, "to: later", "to: latr")
        wait_until(lambda: any("S102" in one for one in run.said))
        edit(run.story, "to: latr", "to: later")
        wait_until(lambda: run.alarm()[0] != "story_unusable", every=0.05)
        assert len(run.revisions) == 1
    finally:
        run.reloading.close()


def test_watching_needs_a_live_run() -> None:
    options = RunOptions("evening", Path("out"), fixed_rate=True, watch=True)
    with pytest.raises(UsageError, match="--watch needs a live run"):
        refuse_contradictions(options)
