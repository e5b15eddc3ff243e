"""The commands `keys`: who may connect to a show from another machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.options import JSON
from xrdrama.cli.printing.output import console, print_json, print_line, table

if TYPE_CHECKING:
    from xrdrama.adapters.bridge.keyring import Pair

keys_group = typer.Typer(
    help="Keys with which other machines connect to a show (run --network).", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="Whose key it is: a node, an engine or a person.")]
RoleOf = Annotated[
    str, typer.Option("--role", help="viewer, engine, node, operator, director, performer ...")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(keys_group, name="keys")


@keys_group.command("new")
def new(name: Name, role: RoleOf, json: JSON = False) -> int:
    """Make a pair of keys and allow it; copy the printed file to the other machine.

    Shows that start from now on let it in. The file is secret: who has it has the role.
    """
    from xrdrama.adapters.bridge.keyring import Keyring

    pair, path = Keyring().new(name, role)
    if json:
        print_json({"name": pair.name, "role": pair.role, "public": pair.public, "file": str(path)})
        return 0
    print_line(f"{pair.name} may connect as {pair.role}: copy {path} to its machine")
    if pair.role == "node":
        print_line(
            f"there: xrdrama render --peer tcp://ADDRESS:7400 --name {name} --key {path.name}"
        )
    return 0


@keys_group.command("list")
def list_keys(json: JSON = False) -> int:
    """Print the keys that may connect."""
    from xrdrama.adapters.bridge.keyring import Keyring

    ring = Keyring()
    allowed = sorted(ring.allowed().items(), key=lambda item: item[1].name)
    if json:
        print_json([{"name": w.name, "role": w.role, "public": public} for public, w in allowed])
        return 0
    if not allowed:
        print_line("no key may connect: xrdrama keys new NAME --role ROLE makes one")
        return 0
    rows = table("name", "role", "public key")
    for public, who in allowed:
        rows.add_row(who.name, who.role, public)
    console().print(rows)
    return 0


@keys_group.command("remove")
def remove(name: Name, json: JSON = False) -> int:
    """Allow a key no longer, and delete its file here. Shows that run keep it until they end."""
    from xrdrama.adapters.bridge.keyring import Keyring

    Keyring().remove(name)
    if json:
        print_json({"name": name, "removed": True})
    else:
        print_line(f"{name} may connect no longer, to shows that start from now on")
    return 0


def pair_of(path: Path | None) -> Pair | None:
    """The keys in the file of --key. UsageError if it has none."""
    if path is None:
        return None
    from xrdrama.adapters.bridge.keyring import read_pair

    return read_pair(path)


KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key",
        help="Key for a show on another machine: the file that xrdrama keys new has made there.",
    ),
]
