"""`xrdrama test FILE.yarn FILE.testplan`: a plan played on the Yarn file and on its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.plans.coverage import Counter
from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.authoring.yarn.playing.functions import parse_functions
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.authoring.yarn.translating.importing import changes_the_play
from xrdrama.authoring.yarn.translating.plan import imported_story, run_yarn_plan, without_commands
from xrdrama.document.names import as_name
from xrdrama.story.testplan import Run

SUFFIX = ".yarn"


class YarnTested(msgspec.Struct, frozen=True):
    """The failures of the runs of a plan, and what its story shows otherwise than the Yarn file."""

    failures: list[Failure | None]
    notes: list[str]
    counter: Counter


def tested_yarn(
    file: Path, runs: Sequence[Run], plan: Path, functions: Iterable[str] = ()
) -> YarnTested:
    """Play the runs on the Yarn file as Yarn Spinner does, then on the story that it becomes.

    A run fails when either fails. Where something of the file is not carried over that changes the
    play, only the Yarn file counts, and the difference is a note. AuthoringError for a bad file.
    """
    path = content.find_file(str(file), "there is no file")
    checked = load_yarn(content.read_text(path), str(file))
    given = parse_functions(functions)
    own = run_yarn_plan(checked, runs, str(plan), given)
    story, lost = imported_story(checked, as_name(file.name.partition(".")[0]) or "story", given)
    counter = Counter(story)
    counter.plays = len(runs)
    changed = [one for one in lost if changes_the_play(one)]
    failures: list[Failure | None] = []
    notes: list[str] = []
    spoken = [without_commands(run) for run in runs]
    for mine, other in zip(
        own, run_runs(counter.story, spoken, str(plan), counter.add), strict=True
    ):
        if mine is not None or other is None:
            failures.append(mine)
        elif changed:
            failures.append(None)
            notes.append(
                f"{other.plan}:{other.step}: the imported story differs ({other.got}): "
                f"{file}:{changed[0].line}: not carried over: {changed[0].what}"
            )
        else:
            failures.append(
                msgspec.structs.replace(other, got=f"{other.got} (in the imported story)")
            )
    return YarnTested(failures, notes, counter)
