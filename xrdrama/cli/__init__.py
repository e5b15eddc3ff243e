"""The command line: each module holds the commands of one trade, `output` how they all speak."""

from __future__ import annotations

import sys

import typer

from xrdrama.app.stopping import Stopped
from xrdrama.cli import authors, console, machine, sets, shows, stages, tracking, viewers
from xrdrama.cli.output import fail_line, print_json, print_problems
from xrdrama.errors import AuthoringError, XrdramaError

FINDINGS, USAGE, STOPPED = 1, 2, 130

app = typer.Typer(
    name="xrdrama",
    help="A branching story drives a tracked LED wall, headsets and screens.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (shows, viewers, console, authors, stages, tracking, sets, machine):
    module.add_to(app)


def run(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status: 0 good, 1 findings, 2 usage or unreadable input, 130 for
    work that was stopped before it was done."""
    try:
        result = app(args=arguments, prog_name="xrdrama", standalone_mode=False)
    except AuthoringError as error:
        if "--json" in (sys.argv[1:] if arguments is None else arguments):
            print_json({"problems": error.problems})
        else:
            print_problems(error.problems, stderr=True)
        return FINDINGS
    except typer.Exit as error:
        return error.exit_code
    except (XrdramaError, typer.TyperException) as error:
        text = str(error) if isinstance(error, XrdramaError) else _usage(error)
        if text:
            fail_line(text)
        return USAGE
    except Stopped as error:
        fail_line(str(error))
        return STOPPED
    except (KeyboardInterrupt, typer.Abort):
        return STOPPED
    except OSError as error:
        return _failed(error)
    return result if isinstance(result, int) else 0


def _failed(error: OSError) -> int:
    """The last net for files: what the system refused, and where."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # whoever read our output has had enough
        return 0
    if error.filename is None:
        raise error
    fail_line(f"{error.filename}: {error.strerror}: mend that, or name another place")
    return USAGE


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the command line: the option's name first, the command's help last.

    "" for what has been said already.
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
