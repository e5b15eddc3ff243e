"""`xrdrama test --random`: stories played at random, with what was never played."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.plans.coverage import Coverage, Unreached, unreached
from xrdrama.authoring.plans.random_play import Failed, RandomPlays
from xrdrama.authoring.plans.writing import plan_text
from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.story import Story
from xrdrama.tools.checking.plans import story_beside

MOST_REPORTED = 5
"""Most failures of a story that are reported: the first of each reason and beat."""
_PROGRESS_S = 1.0

Notice = Callable[[str], None]


class RandomFailure(msgspec.Struct, frozen=True):
    """A random playthrough that failed, and the plan that was written for it."""

    story: str
    number: int
    seed: int
    reason: str
    path: tuple[str, ...]
    """What was picked, in order."""
    plan: Path


class RandomReport(msgspec.Struct, frozen=True):
    """The random playthroughs of one story."""

    story: str
    plays: int
    ended: int
    """Playthroughs that came to an ending."""
    failed: int
    failures: tuple[RandomFailure, ...]
    coverage: Coverage
    unreached: tuple[Unreached, ...]


def play_at_random(
    paths: Iterable[Path], plays: int, *, seed: int = 0, guided: bool = True, notice: Notice
) -> list[RandomReport]:
    """Play each story `plays` times; a failed playthrough is written as a plan beside its story.

    UsageError for paths without a story. `notice` reports the progress, once a second.
    """
    return [_played(file, plays, seed, guided, notice) for file in story_files(paths)]


def _played(file: Path, plays: int, seed: int, guided: bool, notice: Notice) -> RandomReport:
    story, path = content.load_story_file(str(file))
    random = RandomPlays(story, seed=seed, guided=guided)
    failed = 0
    kept: dict[tuple[str, str], Failed] = {}
    said = time.monotonic()
    for number in range(plays):
        failure = random.play(number)
        if failure is not None:
            failed += 1
            kept.setdefault((failure.reason, failure.beat), failure)
        if time.monotonic() - said > _PROGRESS_S:
            said = time.monotonic()
            notice(f"{story.id}: {number + 1} of {plays} plays")
    failures = tuple(_written(path, story, one) for one in list(kept.values())[:MOST_REPORTED])
    coverage = random.counter.coverage()
    missing = tuple(unreached(story, coverage))
    return RandomReport(str(path), plays, random.ended, failed, failures, coverage, missing)


def _written(path: Path, story: Story, failed: Failed) -> RandomFailure:
    """Write the plan of a failure beside its story."""
    plan = path.with_name(f"{story.id}.random_{failed.seed}.testplan")
    save(plan, plan_text([failed.played]))
    return RandomFailure(str(path), failed.number, failed.seed, failed.reason, failed.path, plan)


def story_files(paths: Iterable[Path]) -> list[Path]:
    """The stories that paths name: files, those in folders, those of plans; or a story's name."""
    suffix = content.SUFFIXES["story"]
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = sorted(path.rglob(f"*{suffix}"))
            inside = [file for file in files if content.included_by(file) is None]
            if not inside:
                raise UsageError(f"{path} contains no story", f"name a {suffix} file")
            found += inside
        elif path.suffix == ".testplan":
            story = story_beside(content.find_file(str(path), "there is no test plan"))
            if story is None:
                raise UsageError(f"{path} has no story beside it", "name the story")
            found.append(story)
        else:
            found.append(content.find("story", str(path)))
    return list(dict.fromkeys(found))
