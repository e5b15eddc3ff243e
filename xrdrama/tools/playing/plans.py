"""Writes what was played as a test plan, and runs the plan before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from xrdrama.authoring.plans.running import run_runs
from xrdrama.authoring.plans.writing import Played as Steps
from xrdrama.authoring.plans.writing import plan_text
from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.story import Option
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.stepping.happenings import Ended, Happening, InParallel, Spoken
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.testplan import parse_plan
from xrdrama.story.text import render
from xrdrama.tools.playing.files import refuse_others
from xrdrama.tools.playing.reasons import written
from xrdrama.tools.playing.session import Act, Played, Session

RECORDED = "# Recorded by xrdrama play"


class Recorded(msgspec.Struct, frozen=True):
    """A test plan that was written: how many runs and steps it has, and what it lacks."""

    runs: int
    steps: int
    left_out: tuple[str, ...] = ()


def check_target(path: Path) -> None:
    """UsageError when a plan cannot be recorded to a path: its name, or the file that is there."""
    if path.suffix != ".testplan":
        raise UsageError(
            f"{path} is not the name of a test plan", f"write {path.with_suffix('.testplan')}"
        )
    refuse_others(path, RECORDED, "a plan that xrdrama play has recorded")


def write_plan(path: Path, session: Session) -> Recorded:
    """Write the plan of a rehearsal, after running it. UsageError when it does not pass.

    A restarted beat is a jump, which counts as another visit; what is found in the middle of a
    script is found after the line before it. Where that matters, the plan ends before it.
    """
    check_target(path)
    left_out: list[str] = []
    steps = steps_of(session, len(session.played))
    failure = _failure(session, steps, path)
    odd = [(n, what) for n, one in enumerate(session.played) if (what := _approximated(one))]
    if failure and odd:
        number, what = odd[0]
        left_out.append(f"what follows {what}: {failure}")
        steps = steps_of(session, number)
        failure = _failure(session, steps, path)
    if not steps:
        raise UsageError("nothing was played that a test plan could check", "play on")
    if failure:
        raise UsageError(f"the recorded plan does not pass: {failure}", "report this as a bug")
    save(path, _text(session, steps))
    return Recorded(1, len(steps), tuple(left_out))


def _approximated(played: Played) -> str:
    """What of an act a plan can only approximate, in words; "" if nothing."""
    if played.act and played.act.do == "restart":
        return f"the restart of beat {played.act.beat!r}"
    return f"what {played.found[0][1]!r} opened" if played.found else ""


def steps_of(session: Session, end: int) -> tuple[tuple[str, str], ...]:
    """The steps of a plan, as kind and text, for what was played before the act number `end`."""
    steps: list[tuple[str, str]] = []
    language = session.story.language
    for played in session.played[:end]:
        if played.act is not None:
            steps += _here(played.offered, played.before)
            steps += _step(played.act)
        done = 0
        for at, found in played.found:
            steps += _results(played.happenings[done:at], language)
            kind, _, name = found.partition(":")
            steps += [("marker", name)] * (kind == "marker")  # plans open plots by nothing else
            done = at
        steps += _results(played.happenings[done:], language)
    if end == len(session.played):
        offered, p = session.rehearsal.options(), session.playthrough
    else:
        offered, p = session.played[end].offered, session.played[end].before or session.playthrough
    if not p.ending:
        steps += _here(offered, p)
    return tuple(steps)


def _text(session: Session, steps: tuple[tuple[str, str], ...]) -> str:
    opening = session.opening
    values = tuple((name, written(value)) for name, value in opening.values.items())
    comment = f"{RECORDED.removeprefix('# ')} {session.story.id}"
    return plan_text([Steps(steps, opening.start, session.seed, values, comment)])


def _failure(session: Session, steps: tuple[tuple[str, str], ...], path: Path) -> str:
    """Why a recorded plan does not pass; "" when it does."""
    runs, problems = parse_plan(_text(session, steps), str(path))
    if problems:
        return str(problems[0])
    for failed in run_runs(session.story, runs, str(path)):
        if failed:
            return f"line {failed.step}: expected {failed.expected or 'to start'}, got {failed.got}"
    return ""


def _step(act: Act) -> Iterator[tuple[str, str]]:
    """The steps of an act."""
    if act.after:
        yield "wait", f"{act.after / 1e9:.6f}".rstrip("0").rstrip(".") + "s"
    kind = _KINDS[act.do]
    if kind:
        yield kind, act.beat if act.do == "restart" else act.name


_KINDS = {
    "pick": "select", "marker": "marker", "force": "force", "hold": "hold", "release": "resume",
    "restart": "jump", "wait": "", "vote": "vote", "joined": "joined",
}  # fmt: skip


def _here(offered: Iterable[Option], p: Playthrough | None) -> Iterator[tuple[str, str]]:
    """The options that are offered, in the story's own language."""
    assert p is not None
    for option in offered:
        yield "option", render(option.text, p.values_of(option.values), p.story.language)


def _results(happenings: Iterable[Happening], language: str) -> Iterator[tuple[str, str]]:
    for happening in happenings:
        inner = happening.happening if isinstance(happening, InParallel) else happening
        if isinstance(inner, Spoken):
            text = render(inner.line.text, inner.values, language)
            speaker = f"{capitals(inner.line.speaker)}: " if inner.line.speaker else ""
            yield "line", speaker + text
        elif isinstance(inner, Ended):
            yield "ending", inner.ending
