"""`xrdrama test FILE.ink.json FILE.testplan`: a plan played on the ink file and on its story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from xrdrama.authoring.ink.importing import changes_the_play
from xrdrama.authoring.plans.coverage import Counter
from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story.testplan import Run
from xrdrama.tools.foreign import story_of_text
from xrdrama.tools.ink.opening import open_ink
from xrdrama.tools.ink.plans import run_ink_plan


class InkTested(msgspec.Struct, frozen=True):
    """The failures of the runs of a plan, and what its story shows otherwise than the ink file."""

    failures: list[Failure | None]
    notes: list[str]
    counter: Counter | None = None


def tested_ink(
    file: Path, runs: Sequence[Run], plan: Path, notice: Callable[[str], None] = lambda _: None
) -> InkTested:
    """Play the runs on the ink file in its runtime, then on the story that it becomes.

    A run fails when either fails. Where something of the file is not carried over that changes the
    play, only the ink file counts, and the difference is a note. `notice` gets the warnings of a
    compiler. Errors as for `xrdrama play`.
    """
    opened = open_ink(str(file), notice)
    own = run_ink_plan(opened, runs, plan)
    try:
        imported = story_of_text(opened.text, file, "ink")
    except (AuthoringError, UsageError) as error:
        return InkTested(own, [f"{file} cannot be imported: {str(error).splitlines()[0]}"])
    counter = Counter(imported.story)
    counter.plays = len(runs)
    changed = [one for one in imported.not_carried_over if changes_the_play(one)]
    failures: list[Failure | None] = []
    notes: list[str] = []
    others = run_runs(counter.story, runs, str(plan), counter.add)
    for mine, other in zip(own, others, strict=True):
        if mine is not None or other is None:
            failures.append(mine)
        elif changed:
            failures.append(None)
            notes.append(
                f"{other.plan}:{other.step}: the imported story differs ({other.got}): "
                f"{file}:{changed[0].line}: not carried over: {changed[0].what}"
            )
        else:
            got = f"{other.got} (in the imported story)"
            failures.append(msgspec.structs.replace(other, got=got))
    return InkTested(failures, notes, counter)
