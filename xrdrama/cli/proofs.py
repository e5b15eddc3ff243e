"""The command that proves what can happen in a story: prove."""

from __future__ import annotations

from typing import Annotated

import typer

from xrdrama.cli.printing.output import print_json
from xrdrama.cli.printing.plain import note_line
from xrdrama.cli.printing.proofs import print_proof, print_way


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(prove)


def prove(
    story: Annotated[str, typer.Argument(help="Name of a story, or its .branch.yaml file.")],
    to: Annotated[
        str, typer.Option("--to", help="Only the shortest path to this beat or ending.")
    ] = "",
    states: Annotated[
        int, typer.Option(min=1, max=50_000_000, help="Most states that are explored.")
    ] = 400_000,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Prove which endings can be reached, by which shortest path, how long they take, and what can
    never happen: over every value, every answer and every silence."""
    from xrdrama.tools.proving import prove_story, prove_way

    if to:
        played, way, complete = prove_way(story, to, states, note_line)
        if json:
            print_json(
                {
                    "to": to,
                    "reachable": True if way else False if complete else None,
                    "witness": way.acts if way else [],
                    "seed": way.seed if way else None,
                    "seconds": round(way.at / 1e9, 3) if way else None,
                    "complete": complete,
                }
            )
        else:
            print_way(played, to, way, complete=complete, limit=states)
        return int(way is None)
    played, proof = prove_story(story, states, note_line)
    if json:
        print_json(proof)
    else:
        print_proof(played, proof)
    return int(not proof.is_clean)
