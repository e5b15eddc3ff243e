"""Make the model of lan again, into assets/ or another folder.

python examples/performers/lan/make.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[2] / "scenes")]

from making import assembly, lan  # noqa: E402
from making.skeleton import LAN  # noqa: E402

if __name__ == "__main__":
    assembly.write_figure(
        Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "assets",
        LAN,
        *lan.outfit(),
    )
