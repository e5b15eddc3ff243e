"""The amount of code that the driver has compiled: Mesa's llvmpipe compiles into our memory.

Panda3D counts programs, but a driver compiles a program again for each state that it is drawn in
(blending, formats of pictures): that is what takes seconds, and only the driver knows of it.
"""

from __future__ import annotations

from pathlib import Path

_MAPS = Path("/proc/self/maps")


def driver_code_kb() -> int | None:
    """Kilobytes of executable memory that is not mapped from a file; None if not reported."""
    try:
        lines = _MAPS.read_text().splitlines()
    except OSError:
        return None
    total = 0
    for line in lines:
        place, rights, *rest = line.split()
        if "x" in rights and len(rest) == 3:
            begin, end = (int(side, 16) for side in place.split("-"))
            total += end - begin
    return total // 1024
