"""The command line: one module for each group of commands; `output` prints for all of them.

`xrdrama check PATH..` is run in every editor and before every commit, and needs neither typer nor
rich: a plain call of it is answered without importing them.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

from xrdrama.cli.printing.plain import fail_line, note_line, print_json, print_problems
from xrdrama.content.projects import notified
from xrdrama.errors import AuthoringError, XrdramaError
from xrdrama.processes.stopping import Stopped

FINDINGS, USAGE, STOPPED = 1, 2, 130


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status: 0 good, 1 findings, 2 wrong usage or unreadable
    input, 130 stopped before the end."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        with notified(note_line):
            return _run(given)
    except AuthoringError as error:
        if "--json" in given:
            print_json({"problems": error.problems})
        else:
            print_problems(error.problems, stderr=True)
        return FINDINGS
    except XrdramaError as error:
        fail_line(str(error))
        return USAGE
    except Stopped as error:
        fail_line(str(error))
        return STOPPED
    except KeyboardInterrupt:
        return STOPPED
    except OSError as error:
        return _failed(error, given)


def _run(given: list[str]) -> int:
    paths = [word for word in given[1:] if word != "--json"]
    if given[:1] == ["check"] and paths and not any(word.startswith("-") for word in paths):
        from xrdrama.cli.checks import check

        return check([Path(path) for path in paths], json="--json" in given)
    from xrdrama.cli.commands import invoke

    return invoke(given)


def _failed(error: OSError, given: list[str]) -> int:
    """Report an OSError that no command has handled: the option, the file and the reason."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # the reader of our output has closed the pipe
        return 0
    if error.filename is None:
        raise error
    file = str(error.filename)
    options = (word for word, value in pairwise(given) if word[:1] == "-" and value == file)
    place = f"{next(options, '')} {file}".strip()
    fail_line(f"{place} cannot be used: {error.strerror}: choose another path, or fix this")
    return USAGE
