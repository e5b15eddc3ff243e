"""Every command of the command line, registered with typer."""

from __future__ import annotations

import typer

from xrdrama.cli import (
    authors,
    console,
    machine,
    processes,
    sets,
    shows,
    stages,
    tracking,
    viewers,
)
from xrdrama.cli.printing.plain import fail_line

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
for module in (shows, processes, viewers, console, authors, stages, tracking, sets, machine):
    module.add_to(app)


def invoke(arguments: list[str]) -> int:
    """Run a command and return its exit status. Raises XrdramaError and OSError."""
    try:
        result = app(args=arguments, prog_name="xrdrama", standalone_mode=False)
    except typer.Exit as error:
        return error.exit_code
    except typer.TyperException as error:
        text = _usage(error)
        if text:
            fail_line(text)
        return USAGE
    except typer.Abort:
        return STOPPED
    return result if isinstance(result, int) else 0


def _usage(error: typer.TyperException) -> str:
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
        text = f"{name}: {text}" if not text.startswith("Missing") else f"{name} is missing"
    command = context.command_path if context is not None else "xrdrama"
    return f"{text} ({command} --help)"
