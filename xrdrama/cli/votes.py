"""The commands `votes`: publish the votes of a take, verify what was published."""

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


@votes_group.command("publish")
def publish(
    take: Annotated[Path, typer.Argument(help="The take of a show that ran with xrdrama serve.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The folder; default: TAKE.published")
    ] = None,
    embedded: Annotated[
        bool, typer.Option(help="Use the files that the take embeds, if they have changed since.")
    ] = False,
    json: JSON = False,
) -> int:
    """Write the signed votes of a take as a folder that anyone can verify.

    It has no names, addresses or seats: a key is all that is known of a phone. The take is
    replayed for what the show counted; votes that came too late are listed as such.
    """
    from xrdrama.tools.votes.publishing import publish_take

    folder = out or take.with_name(f"{take.name}.published")
    done = publish_take(take, folder, embedded=embedded)
    if json:
        print_json(done)
        return int(not done.valid)
    print_line(f"{done.leaves} signed votes and {done.heads} heads: {done.folder}")
    for option, count in done.result.items():
        more = done.unsigned.get(option, 0)
        print_line(f"{option}: {count}" + (f", and {more} without a signature" if more else ""))
    if done.uncounted:
        print_line(f"{done.uncounted} of the votes came too late or were refused by the show")
    print_line(
        f"verify it: xrdrama votes verify {done.folder}"
        if done.valid
        else f"NOT VALID: {done.reason}"
    )
    return int(not done.valid)


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
