"""Make the model of stand_in again, into assets/ or another folder.

python examples/performers/stand_in/make.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[2] / "scenes")]

from making import assembly, stand_in  # noqa: E402
from making.skeleton import STAND_IN  # noqa: E402

if __name__ == "__main__":
    assembly.write_figure(
        Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "assets",
        STAND_IN,
        *stand_in.outfit(),
    )
