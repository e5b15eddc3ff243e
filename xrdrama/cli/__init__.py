"""The command line: each module holds the commands of one trade, `output` how they all speak."""

from __future__ import annotations

import sys

import typer

from xrdrama.cli import authors, console, machine, sets, shows, stages, tracking, viewers
from xrdrama.cli.output import fail_line, print_json, print_problems
from xrdrama.errors import AuthoringError, XrdramaError

FINDINGS, USAGE = 1, 2

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
    """Run a command; the exit status: 0 good, 1 findings, 2 usage or unreadable input."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except AuthoringError as error:
        if "--json" in (sys.argv[1:] if arguments is None else arguments):
            print_json({"problems": error.problems})
        else:
            print_problems(error.problems, stderr=True)
        return FINDINGS
    except XrdramaError as error:
        fail_line(str(error))
        return USAGE
    except typer.Exit as error:
        return error.exit_code
    except typer.TyperException as error:
        if str(error):
            fail_line(f"{error} (xrdrama --help)")
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has had enough
        return 0
    return result if isinstance(result, int) else 0
