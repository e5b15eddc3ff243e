"""The commands `votes`: verify what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.options import JSON
from xrdrama.cli.printing.output import print_json, print_line

votes_group = typer.Typer(help="Published votes of an audience.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(votes_group, name="votes")


@votes_group.command("verify")
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A folder with votes.json, leaves.jsonl and heads.jsonl.")
    ],
    json: JSON = False,
) -> int:
    """Recompute the result of published votes, and verify every signature, head and root.

    It exits with 1 at the first fault. A receipt proves a vote, so votes are not secret; a key is
    a phone, not a person.
    """
    from xrdrama.tools.votes.verifying import verify_folder

    verdict = verify_folder(folder)
    if json:
        print_json({name: getattr(verdict, name) for name in verdict.__struct_fields__})
        return int(not verdict.valid)
    for option, count in verdict.result.items():
        print_line(f"{option}: {count}")
    for option, count in verdict.unsigned.items():
        print_line(f"{option}: {count} more without a signature, which nobody can verify")
    if verdict.uncounted:
        print_line(f"{verdict.uncounted} of the votes came too late or were refused by the show")
    if verdict.valid:
        print_line(f"valid: {verdict.leaves} votes in the log")
    elif verdict.first_fault is None:
        print_line(f"NOT VALID: {verdict.reason}")
    else:
        print_line(f"NOT VALID from vote {verdict.first_fault} on: {verdict.reason}")
    return int(not verdict.valid)
