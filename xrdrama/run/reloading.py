"""Newer versions of the story of a running show: read beside it, used between two frames."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from xrdrama import content
from xrdrama.authoring.comparing import compare, summary
from xrdrama.content.watching import EVERY, Watched
from xrdrama.errors import AuthoringError, UsageError, XrdramaError, fault_text
from xrdrama.show import Production, Show
from xrdrama.show.changes.revising import must_wait, revised
from xrdrama.show.take import Revision
from xrdrama.story import Story
from xrdrama.story.migration import Between, Report
from xrdrama.timing import NS
from xrdrama.wire.frame import Alarm, Frame

SHOWN_FOR = 20 * NS
"""How long a reload is displayed, in nanoseconds."""
KEEPS = "the show continues with the version that it has"
Check = Callable[[content.Loaded, Production], None]


class Newer(msgspec.Struct, frozen=True):
    """A newer version of a show's story, which can be used."""

    loaded: content.Loaded
    production: Production
    changes: tuple[str, ...]
    between: Between
    """What it has in common with the version before: computed beside the show."""


class Reload(msgspec.Struct, frozen=True):
    """A reload: the first frame with the newer version, what changed, where the show is now."""

    frame: int
    beat: str
    changes: tuple[str, ...]
    lost: tuple[str, ...]


class _Said(msgspec.Struct, frozen=True):
    """An alarm, and the time of the first frame that had it (-1: none yet)."""

    code: str
    text: str
    since: int = -1


class Reloading:
    """Reads newer versions of a story when asked to, or when its files are saved (`watch`).

    `notice(text)` is called with messages for the terminal; `check` raises what makes a version
    unusable. At a fixed rate (`beside` false), files are read by the thread of the show.
    """

    def __init__(
        self,
        show: str,
        loaded: content.Loaded,
        story: Story,
        notice: Callable[[str], None],
        *,
        check: Check = lambda loaded, production: None,
        watch: bool = False,
        beside: bool = True,
    ) -> None:
        self._show, self._notice, self._check = show, notice, check
        self.loaded, self._story = loaded, story
        self.done: list[Reload] = []
        self._beside, self._watch = beside, watch
        self._lock = threading.Lock()
        self._newer: Newer | None = None
        self._faulty: tuple[Path, ...] = ()
        """The files with the errors of the version that was read last."""
        # From now on, so that what is saved while the show warms up counts, too.
        self._watched = Watched(self._files() if watch else ())
        self._asked, self._closing = threading.Event(), threading.Event()
        self._alarm: _Said | None = None
        self._counted = 0
        self._thread: threading.Thread | None = None

    def begin(self, show: Show) -> None:
        """Begin with a show, whose earlier requests have been answered."""
        self._counted = show.direction.reloads
        if self._watch:
            self._start()

    def close(self) -> None:
        """Stop reading."""
        self._closing.set()
        self._asked.set()
        thread = self._thread  # read once: a reader that stops sets it to None
        if thread is not None:
            thread.join()

    def ask(self) -> None:
        """Read the files as soon as possible."""
        self._asked.set()
        if not self._beside:
            self._read(asked=True)
        elif self._thread is None:
            self._start()

    def offer(self, newer: Newer) -> None:
        """Use a version that was read already, as soon as possible."""
        with self._lock:
            self._newer = newer

    def revise(self, show: Show, number: int) -> tuple[Show, Revision | None]:
        """The show at frame `number`, and the record of the newer version if it uses one now."""
        if show.direction.reloads != self._counted:
            self._counted = show.direction.reloads
            self.ask()
        newer = self._newer
        if newer is None:
            return show, None
        if wait := must_wait(show):
            self._say("story_waits", f"the story has a new version; {wait}")
            return show, None
        with self._lock:  # the reader offers and takes back before or after this, not within it
            if self._newer is not newer:  # taken back, or an even newer one: at the next frame
                return show, None
            self._newer, before = None, self.loaded
            moved, report, why = _revised(show, newer)
            if moved is not None:
                self.loaded, self._story = newer.loaded, newer.production.story
        if moved is None:
            self._say("story_unusable", f"the story was not reloaded; {KEEPS}: {why}")
            return show, None
        self._used(number, newer, report)
        return moved, _revision(number, before, newer.loaded)

    def shown(self, frame: Frame) -> Frame:
        """The frame with the alarm of a reload. A take has it without: the files are those of this
        machine."""
        alarm = self._alarm  # read once: the reader may replace it at any time
        if alarm is None:
            return frame
        at = frame.time.shows_at
        if alarm.since < 0:
            begun = replace(alarm, since=at)
            self._replace(alarm, begun)
            alarm = begun
        if alarm.code == "story_reloaded" and at > alarm.since + SHOWN_FOR:
            self._replace(alarm, None)
            return frame
        said = Alarm(alarm.code, alarm.text[:500], alarm.since)
        return replace(frame, alarms=(*frame.alarms, said))

    # -- messages -------------------------------------------------------------------------------

    def _say(self, code: str, *lines: str) -> None:
        text = " ".join(lines)
        with self._lock:
            alarm = self._alarm
            if alarm is not None and (alarm.code, alarm.text) == (code, text):
                return
            self._alarm = _Said(code, text)
        for line in lines:
            self._notice(line)

    def _replace(self, alarm: _Said, other: _Said | None) -> None:
        """Replace an alarm, if there is no newer one."""
        with self._lock:
            if self._alarm is alarm:
                self._alarm = other

    def _used(self, number: int, newer: Newer, report: Report) -> None:
        self.done.append(Reload(number, report.beat, newer.changes, report.lost))
        changes = "; ".join(newer.changes) or "no beat, line or option has changed"
        self._alarm = None
        self._say("story_reloaded", f"the story was reloaded: {changes}.", *report.lines())

    # -- reading, beside the show ---------------------------------------------------------------

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="story files", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                asked = self._asked.wait(EVERY if self._watch else None)
                if self._closing.is_set():
                    return
                if asked or self._watched.changed():
                    self._read(asked=asked)
                # Each time: a version that is used later may have other files. Those may have been
                # saved again since they were read.
                while self._watched.watch(self._files()) and not self._closing.is_set():
                    self._read(asked=False)
        except Exception as error:  # a fault of ours, which must not be silent
            self._thread = None
            remedy = "the command reload begins it again"
            self._say("story_unusable", f"reloading stopped: {fault_text(error)}: {remedy}")

    def _files(self) -> list[Path]:
        with self._lock:
            loaded, newer = self.loaded, self._newer
        versions = [loaded] if newer is None else [loaded, newer.loaded]
        paths = [
            version.path(role)
            for version in versions
            for role in version.roles
            if content.is_story(role)
        ]
        return [*(path for path in paths if path is not None), *self._faulty]

    def _read(self, *, asked: bool) -> None:
        self._asked.clear()
        while not self._tried(asked=asked):
            pass

    def _tried(self, *, asked: bool) -> bool:
        """Read the files. False when a version was used meanwhile: the files have to be compared
        with that one."""
        with self._lock:
            loaded, story = self.loaded, self._story
        newer, lines, faulty = None, list[str](), tuple[Path, ...]()
        try:
            newer = read_newer(self._show, loaded, story, self._check)
        except AuthoringError as error:
            problems = [one for one in error.problems if one.severity == "error"]
            lines = [f"the story was not reloaded; {KEEPS}:", *map(str, problems)]
            faulty = tuple({Path(one.file): None for one in problems})
        except XrdramaError as error:
            lines = [f"the story was not reloaded; {KEEPS}: {error}"]
        except Exception as error:  # a fault of ours: the show continues, and it is reported
            lines = [f"the story was not reloaded; {KEEPS}: {fault_text(error)}"]
        with self._lock:
            if self.loaded is not loaded:
                return False
            # Also without one: an older version that still waits was taken back, or has errors.
            self._newer, self._faulty = newer, faulty
            if newer is None and not lines and not asked:
                self._alarm = None  # an edit with errors was undone
        if lines:
            self._say("story_unusable", *lines)
        elif newer is None and asked:
            self._say("story_reloaded", "the story was not reloaded: its files are the same")
        return True


def _revised(show: Show, newer: Newer) -> tuple[Show | None, Report, str]:
    """The show in a newer version and the report; without a show, why it cannot continue there."""
    try:
        moved, report = revised(show, newer.production, newer.between)
    except Exception as error:  # a fault of ours: it must not end a show
        return None, Report(show.playthrough.beat), fault_text(error)
    return moved, report, f"{report.refused}: {report.remedy}, and reload again"


def read_newer(show: str, loaded: content.Loaded, story: Story, check: Check) -> Newer | None:
    """The newest version of a show's story; None if no file has changed.

    AuthoringError or UsageError when it cannot be used: also for a set that is not loaded.
    """
    found = content.load_show(show)
    merged = content.with_story_of(loaded, found)
    if _texts(merged) == _texts(loaded):
        return None
    missing = sorted(found.roles.keys() - merged.roles.keys())
    sets = [role.removeprefix("scene/") for role in missing if role.startswith("scene/")]
    if sets:
        raise UsageError(
            f"the new version needs the set {', '.join(sets)}, which this show has not loaded",
            "start the show again, or play these beats in another set",
        )
    production = content.produce(merged)
    check(merged, production)
    return newer_of(loaded, story, merged, production)


def newer_of(
    loaded: content.Loaded, story: Story, newer: content.Loaded, production: Production
) -> Newer | None:
    """A newer version that was read already; None if no file has changed."""
    if _texts(newer) == _texts(loaded):
        return None
    changes = [*summary(compare(story, production.story)), *_other_changes(loaded, newer)]
    between = Between(story, production.story).prepare()
    return Newer(newer, production, tuple(changes), between)


def _texts(loaded: content.Loaded) -> dict[str, str | None]:
    return {role: loaded.text(role) for role in loaded.roles if content.is_story(role)}


def _other_changes(before: content.Loaded, after: content.Loaded) -> list[str]:
    """Changes of tables and of the indices of sounds and mouths."""
    names = {"sounds": "recordings", "mouths": "mouth tracks"}
    roles = [role for role in after.roles if role in names or role.startswith("strings/")]
    changed = [role for role in roles if after.text(role) != before.text(role)]
    return [
        f"{names.get(role) or 'translation ' + role.removeprefix('strings/')} changed"
        for role in changed
    ]


def _revision(number: int, before: content.Loaded, after: content.Loaded) -> Revision:
    sources = {
        name: source
        for name, source in after.sources().items()
        if source.text is not None and before.texts.get(name) != source.text
    }
    return Revision(number, sources, json.dumps(after.roles))
