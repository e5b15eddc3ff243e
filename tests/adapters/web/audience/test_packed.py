"""Compressed files: who gets them, and that they are the file's bytes."""

from __future__ import annotations

import asyncio
import gzip
import random
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from xrdrama.adapters.web.audience import packed
from xrdrama.adapters.web.audience.packed import LENGTH, Packed, accepts_gzip


def asked(accept: str = "gzip, br") -> Request:
    return Request({"type": "http", "headers": [(b"accept-encoding", accept.encode())]})


def answers(path: Path, *requests: Request, by: Packed | None = None) -> list[Response]:
    async def all_at_once() -> list[Response]:
        files = by or Packed()
        return await asyncio.gather(*(files.answer(path, one, {"A": "b"}) for one in requests))

    return asyncio.run(all_at_once())


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("", False), ("br", False),
     ("gzip;q=0", False), ("gzip; q=0.0, br", False), ("xgzip", False)],
)  # fmt: skip
def test_only_who_accepts_gzip_gets_it(header: str, is_accepted: bool) -> None:
    assert accepts_gzip(header) is is_accepted


def test_a_file_is_compressed_once_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "set.glb").write_bytes(data := b"glTF" * 5000)
    read: list[Path] = []
    compress = packed._compressed

    def counted(path: Path) -> bytes:
        read.append(path)
        return compress(path)

    monkeypatch.setattr(packed, "_compressed", counted)
    one, *others = answers(path, asked(), asked(), asked())
    assert gzip.decompress(one.body) == data and len(one.body) < len(data) / 10
    assert one.headers["content-encoding"] == "gzip" and one.headers[LENGTH] == str(len(data))
    assert one.headers["vary"] == "Accept-Encoding" and one.headers["a"] == "b"
    assert one.media_type == "model/gltf-binary"
    assert [other.body for other in others] == [one.body] * 2 and read == [path]
    (plain,) = answers(path, asked("br"))
    assert isinstance(plain, FileResponse) and "content-encoding" not in plain.headers


def test_what_compression_does_not_help_is_sent_as_it_is(tmp_path: Path) -> None:
    for name, data in (
        ("a.png", b"x" * 5000),
        ("b.js", b"//"),
        ("c.glb", random.Random(1).randbytes(4000)),
    ):
        (path := tmp_path / name).write_bytes(data)
        assert all(isinstance(one, FileResponse) for one in answers(path, asked(), asked())), name


def test_a_changed_file_is_read_again_and_old_ones_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MOST_KEPT", 100)
    (path := tmp_path / "a.js").write_text("a" * 4000)
    files = Packed()
    (before,) = answers(path, asked(), by=files)
    path.write_text("b" * 5000)
    (after,) = answers(path, asked(), by=files)
    assert gzip.decompress(before.body) == b"a" * 4000
    assert gzip.decompress(after.body) == b"b" * 5000
    for at in range(4):
        (other := tmp_path / f"{at}.js").write_text(str(at) * 4000)
        answers(other, asked(), by=files)
    assert len(files._kept) <= 3
