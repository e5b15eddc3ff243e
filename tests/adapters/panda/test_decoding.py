"""A picture that `check` accepts can be drawn: what libpng refuses is refused before."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image as Pillow

from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.geometry import picture
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Image


def whole(mode: str = "RGB") -> bytes:
    made = BytesIO()
    Pillow.new(mode, (40, 30)).save(made, "PNG")
    return made.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


DAMAGES = {
    "checksum": lambda png: png[:-16] + b"\0\0\0\0" + png[-12:],
    "unknown chunk": lambda png: png[:33] + chunk(b"ABCD", b"a") + png[33:],
    "no end": lambda png: png[:-12],
    "half": lambda png: png[: len(png) // 2],
}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_png_is_refused(damage: str, mode: str) -> None:
    with pytest.raises(RemoteProtocolError, match="cannot be decoded: it "):
        decoded(Image("a", "image/png", DAMAGES[damage](whole(mode))))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_png_with_other_parts_and_a_tail_is_read(mode: str) -> None:
    png = whole(mode)
    png = png[:33] + chunk(b"tEXt", b"a\0b") + chunk(b"abCd", b"a") + png[33:] + b"tail"
    assert picture(decoded(Image("a", "image/png", png))).get_x_size() == 40
