"""How `xrdrama prove` prints a proof: the endings as a table, then what can never happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from xrdrama.cli.printing.output import console, counted, table

if TYPE_CHECKING:
    from xrdrama.authoring.proving import EndingProof, Proof, Witness
    from xrdrama.story import Story

_AT_MOST = 12
"""The most acts of a path that are printed in the table."""


def print_proof(story: Story, proof: Proof) -> None:
    """The proof of a story for a person."""
    out = console()
    explored = f"{counted(proof.states, 'state')} explored"
    whole = "all of them" if proof.complete else "[bold red]not all of them[/]"
    out.print(f"[bold]{escape(story.title)}[/]: {explored}, {whole}\n")
    out.print(_endings(proof))
    for line in _notes(proof):
        out.print(f"[dim]{escape(line)}[/]")
    _print_dominators(out, proof)
    findings = list(_findings(proof))
    if findings:
        out.print()
    for kind, names in findings:
        out.print(f"[red]{kind}[/] {escape(names)}")
    _print_conditions(out, proof)
    _print_verdict(out, proof)


def print_way(story: Story, goal: str, way: Witness | None, *, complete: bool, limit: int) -> None:
    """The shortest path to a beat or an ending."""
    out = console()
    if way is None:
        proved = "cannot be reached: every state was searched"
        open_ = f"was not reached within {limit:,} states; this does not prove that it cannot be"
        out.print(f"[red]{escape(goal)}[/] {proved if complete else open_}")
        return
    count = len(way.acts)
    out.print(f"[green]{escape(goal)}[/] is reached with {counted(count, 'act')} of the audience,")
    out.print(f"after {_clock(way.at / 1e9)} at the earliest:\n")
    for number, act in enumerate(way.acts, 1):
        out.print(f"  {number:>3}  {escape(_act(act))}")
    if way.seed is None:
        out.print("\n[dim]random numbers matter; no tried seed leads there[/]")
    elif way.seed:
        out.print(f"\n[dim]with --seed {way.seed}[/]")


def _endings(proof: Proof) -> object:
    made = table("ending", "", "shortest path", "quickest", "typical", "longest", "paths")
    for ending in proof.endings:
        path = escape(_path(ending.witness, ending))
        made.add_row(f"[bold]{escape(ending.id)}[/]", _mark(ending), path, *_times(ending))
    return made


def _mark(ending: EndingProof) -> str:
    if ending.reachable is None:
        return "[yellow]not proved[/]"
    return "[green]reachable[/]" if ending.reachable else "[bold red]unreachable[/]"


def _path(acts: Sequence[str], ending: EndingProof) -> str:
    if not ending.reachable:
        return ""
    if not acts:
        return "(by itself)"
    shown = ", ".join(acts[:_AT_MOST])
    more = f", ... {len(acts) - _AT_MOST} more" if len(acts) > _AT_MOST else ""
    return shown + more + (f" (--seed {ending.seed})" if ending.seed else "")


def _times(ending: EndingProof) -> tuple[str, str, str, str]:
    if not ending.reachable:
        return "", "", "", ""
    paths = "unbounded" if ending.paths is None else str(ending.paths)
    if ending.seconds is None:
        return "", "", "", ""
    most = ending.seconds.most
    longest = "unbounded" if most is None else _clock(most)
    return _clock(ending.seconds.least), _clock(ending.seconds.typical), longest, _short(paths)


def _short(digits: str) -> str:
    """A number of paths; a large one as a power of ten."""
    return digits if len(digits) <= 9 or not digits.isdecimal() else f"about 10^{len(digits) - 1}"


def _clock(seconds: float) -> str:
    """Minutes and seconds: `1:07`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _act(act: str) -> str:
    return "else (nothing is picked in time)" if act == "else" else act


def _notes(proof: Proof) -> Iterator[str]:
    for ending in proof.endings:
        if ending.why_unbounded:
            yield f"{ending.id} has no longest path: {ending.why_unbounded}"
    if proof.complete and any(e.reachable and e.seconds is None for e in proof.endings):
        yield "running times: not computed, because the conditions of lines make too many states"


def _print_dominators(out: Console, proof: Proof) -> None:
    if not proof.dominators:
        return
    out.print()
    for ending, beats in proof.dominators.items():
        out.print(f"every path to {escape(ending)}: [dim]{escape(' > '.join(beats))}[/]")


def _findings(proof: Proof) -> Iterator[tuple[str, str]]:
    named: tuple[tuple[str, Iterable[str]], ...] = (
        ("unreachable:", (e.id for e in proof.endings if e.reachable is False)),
        ("never offered:", proof.never_offered),
        ("hidden plots that cannot be opened:", proof.never_opened),
        ("beats that are never entered:", proof.never_reached),
    )
    for kind, names in named:
        if listed := ", ".join(names):
            yield kind, listed
    for stuck in proof.stuck:
        path = ", ".join(stuck.witness) or "by itself"
        yield f"the story gets stuck at {stuck.beat}:", path
    for stuck in proof.endless:
        path = ", ".join(stuck.witness) or "by itself"
        yield f"no ending can be reached any more from {stuck.beat}:", path


def _print_conditions(out: Console, proof: Proof) -> None:
    if proof.conditions:
        out.print()
    for one in proof.conditions:
        outcome = "always" if one.always else "never"
        place = escape(f"{one.file}:{one.line}:{one.column}:")
        out.print(f"[bold]{place}[/] {escape(one.condition)} is {outcome} true at {one.beat}")


def _print_verdict(out: Console, proof: Proof) -> None:
    out.print()
    if proof.is_clean:
        out.print("[bold green]proved:[/] every ending can be reached, and nothing is impossible")
    if proof.complete:
        return
    out.print("[bold red]NOT COMPLETE:[/] " + escape("; ".join(proof.limits)))
    out.print("  What is reachable is proved: it was played. All else is not proved, in either")
    out.print("  direction; explore more with --states, or limit variables to what matters.")
    if proof.not_met:
        shown = ", ".join(proof.not_met[:20])
        more = f" and {len(proof.not_met) - 20} more" if len(proof.not_met) > 20 else ""
        out.print(f"  not met so far: {escape(shown)}{more}")
