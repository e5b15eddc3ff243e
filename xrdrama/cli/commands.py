"""Every command of the command line, registered with typer."""

from __future__ import annotations

import re
from typing import Any, Final

import typer
from typer.main import get_command

from xrdrama.cli import (
    authors,
    console,
    editors,
    farming,
    keys,
    lenses,
    machine,
    maps,
    nodes,
    performers,
    previewing,
    previs,
    processes,
    proofs,
    rendering,
    robot,
    serving,
    sets,
    shows,
    stages,
    starting,
    testing,
    tracking,
    viewers,
    votes,
)
from xrdrama.cli.printing.plain import fail_line
from xrdrama.document.wording import nearest

USAGE, STOPPED = 2, 130

app = typer.Typer(
    name="xrdrama",
    help="A branching story drives a tracked LED wall, headsets and screens.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    starting,
    shows,
    rendering,
    nodes,
    previs,
    processes,
    viewers,
    serving,
    console,
    authors,
    editors,
    maps,
    previewing,
    proofs,
    testing,
    stages,
    lenses,
    tracking,
    sets,
    performers,
    robot,
    machine,
    votes,
    farming,
    keys,
):
    module.add_to(app)


def invoke(arguments: list[str]) -> int:
    """Run a command and return its exit status. Raises XrdramaError and OSError."""
    try:
        result = app(args=arguments, prog_name="xrdrama", standalone_mode=False)
    except typer.Exit as error:
        return error.exit_code
    except typer.TyperException as error:
        text = _usage(error, arguments)
        if text:
            fail_line(text)
        return USAGE
    except typer.Abort:
        return STOPPED
    return result if isinstance(result, int) else 0


def _usage(error: typer.TyperException, arguments: list[str]) -> str:
    """What is wrong with the command line: the option's name first, then the problem, then --help.

    "" when it has been printed already.
    """
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    text = str(error)
    if not text:
        return ""
    if isinstance(error, typer.BadParameter) and parameter is not None and context is not None:
        is_option = parameter.param_type_name == "option"
        name = max(parameter.opts, key=len) if is_option else parameter.name.upper()
        text = f"{name} is missing" if text.startswith("Missing") else _wrong_value(name, error)
    for pattern, plain in _PLAIN.items():
        text = re.sub(pattern, plain, text)
    options = [name for one in _parameters(context) for name in one.opts if name[:2] == "--"]
    meant = nearest(getattr(error, "option_name", "") or "", options)
    if meant and context is not None:
        text += f": did you mean {meant}?"
    return f"{text} ({_command_of(arguments)} --help)"


_PLAIN: Final = {
    r"^Option '(.+)' requires an argument\.$": r"\1 needs a value",
    r"^Option '(.+)' does not take a value\.$": r"\1 takes no value: write \1 alone",
    r"^Got unexpected extra argument(?:\(s\)|s)? \((.+)\)$":
        r"unexpected '\1': remove it, or put a name with spaces in quotes",
    r"^No such option: (.+)$": r"there is no option \1",
    r"^No such command ('.+')\. Did you mean (.+)\?$": r"there is no command \1: did you mean \2?",
    r"^No such command ('.+')\.$": r"there is no command \1",
}  # fmt: skip
"""Messages of the option parser, and ours."""


def _wrong_value(name: str, error: typer.BadParameter) -> str:
    """A message about a value that an option or argument cannot have."""
    reasons: list[Any] = getattr(error.__cause__, "errors", list)()  # of pydantic, which typer uses
    if not reasons:
        return f"{name}: {error}"
    kind, value, bounds = reasons[0]["type"], reasons[0]["input"], reasons[0].get("ctx", {})
    if "ge" in bounds:
        return f"{name} must be {bounds['ge']:g} or more, not {value}"
    if "le" in bounds:
        return f"{name} must be {bounds['le']:g} or less, not {value}"
    for start, noun in (("int", "a whole number"), ("float", "a number")):
        if kind.startswith(start):
            return f"{name} must be {noun}, not {value!r}"
    return f"{name}: {error}"


def _parameters(context: Any) -> list[Any]:
    return context.command.params if context is not None else []


def _command_of(arguments: list[str]) -> str:
    """The command and subcommand that were typed, as far as they exist: "xrdrama stage check"."""
    found, path = get_command(app), "xrdrama"
    for word in arguments:
        commands = getattr(found, "commands", {})
        if word not in commands:
            break
        found, path = commands[word], f"{path} {word}"
    return path
