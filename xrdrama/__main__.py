"""`python -m xrdrama`, and the command `xrdrama`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from xrdrama.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
