"""QR codes: a reader finds the link in the picture and in the terminal's text."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from xrdrama.adapters.web.audience.codes import code_png, code_svg, code_text, write_code
from xrdrama.errors import UsageError

LINK = "https://192.168.178.120:8443/join?token=abcd-efgh-jkmn"


def _read(pixels: np.ndarray) -> str:
    found, *_ = cv2.QRCodeDetector().detectAndDecode(pixels)
    return str(found)


def test_the_picture_has_the_link() -> None:
    picture = Image.open(io.BytesIO(code_png(LINK))).convert("L")
    assert 700 <= picture.width <= 960
    assert _read(np.asarray(picture)) == LINK


def test_the_terminal_text_has_the_link() -> None:
    rows = []
    for line in code_text(LINK).splitlines():
        upper = [sign in "█▀" for sign in line]
        lower = [sign in "█▄" for sign in line]
        rows += [upper, lower]
    light = np.array(rows, np.uint8) * 255
    assert _read(np.kron(light, np.ones((8, 8), np.uint8))) == LINK


def test_pictures_are_written_by_suffix(tmp_path: Path) -> None:
    write_code(LINK, tmp_path / "code.svg")
    assert (tmp_path / "code.svg").read_bytes() == code_svg(LINK)
    write_code(LINK, tmp_path / "code.PNG")
    with pytest.raises(UsageError):
        write_code(LINK, tmp_path / "code.gif")
