"""QR codes of links: as text for a terminal, and as pictures (segno)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xrdrama import saving
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    import segno

BORDER: Final = 4
"""Light modules around a code, which readers need (ISO/IEC 18004)."""
HINT: Final = "pip install 'xrdrama[console]'"
KINDS: Final = (".svg", ".png")


def code_text(link: str) -> str:
    """A code for a terminal: two modules in each character, dark on light."""
    modules = [[bool(module) for module in row] for row in _code(link).matrix]
    width = len(modules[0]) + 2 * BORDER
    empty = [[False] * width] * BORDER
    padded = [*empty, *([False] * BORDER + row + [False] * BORDER for row in modules), *empty]
    if len(padded) % 2:
        padded.append([False] * width)
    # Light modules are drawn: the background of most terminals is dark.
    signs = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return "\n".join(
        "".join(signs[upper, lower] for upper, lower in zip(*pair, strict=True))
        for pair in zip(padded[::2], padded[1::2], strict=True)
    )


def code_svg(link: str) -> bytes:
    """A code as an SVG picture, black on white."""
    out = io.BytesIO()
    _code(link).save(out, kind="svg", border=BORDER, scale=8, light="#fff", xmldecl=False)
    return out.getvalue()


def code_png(link: str, size: int = 960) -> bytes:
    """A code as a PNG picture of about `size` pixels, black on white."""
    code = _code(link)
    modules = code.symbol_size(border=BORDER)[0]
    out = io.BytesIO()
    code.save(out, kind="png", border=BORDER, scale=max(1, size // modules), light="#fff")
    return out.getvalue()


def write_code(link: str, path: Path) -> None:
    """Write the picture of a code, SVG or PNG by the file's name. UsageError, DeviceError."""
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise UsageError(f"{path} is not the name of a picture", "choose a name in .svg or .png")
    saving.save(path, code_svg(link) if suffix == ".svg" else code_png(link))


def _code(link: str) -> segno.QRCode:
    try:
        import segno
    except ImportError:
        raise UsageError("QR codes need the package segno", HINT) from None
    return segno.make_qr(link, error="m")
