"""The site over real HTTP: what is given to whom, and with which rules for the browser."""

from __future__ import annotations

import json
import os
import re
import socket
import time
from pathlib import Path

import numpy as np
import pytest

from tests.adapters.web.console import ConsoleServer
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.web.board import pictures
from xrdrama.adapters.web.board.memory import Board, Vitals, board_path, boards, sweep
from xrdrama.adapters.web.site import Reach

PRIVATE = ["/", "/sheet.json", "/picture/lens", "/picture/wall"]


@pytest.mark.parametrize("path", PRIVATE)
def test_every_page_needs_a_cookie(served: ConsoleServer, path: str) -> None:
    assert served.get(path).status == 401
    assert served.get(path, Cookie=f"xrdrama-{served.port}=director.1.99999999.00").status == 401


def test_a_token_is_exchanged_for_a_cookie_that_scripts_and_other_sites_do_not_get(
    served: ConsoleServer,
) -> None:
    token = served.door.invite("director")
    answer = served.get(f"/?token={token}")
    assert answer.status == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "max-age" in cookie
    assert served.get(f"/?token={token}").status == 403
    mine = answer.headers["set-cookie"].partition(";")[0]
    assert served.get(f"/?token={token}", Cookie=mine).status == 303, "a page may be loaded again"
    page = served.get("/", Cookie=mine)
    assert page.status == 200 and token not in page.body.decode()


def test_wrong_tokens_are_answered_late_and_a_valid_one_at_once(served: ConsoleServer) -> None:
    found = [served.get(f"/?token=wrong{n}").status for n in range(5)]
    assert found == [403] * 5
    began = time.monotonic()
    late = served.get("/?token=wrong")
    assert late.status == 429 and time.monotonic() - began >= 0.5
    assert "delayed" in late.body.decode() and "A valid invitation" in late.body.decode()
    assert served.get(f"/?token={served.door.invite('director')}").status == 303


def test_every_answer_carries_the_rules(served: ConsoleServer) -> None:
    cookie = served.cookie()
    for path in ("/", "/sheet.json", "/assets/a.js", "/nothing"):
        headers = served.get(path, Cookie=cookie).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_another_name_for_this_machine_is_not_answered(served: ConsoleServer) -> None:
    cookie = served.cookie()
    assert served.get("/sheet.json", Cookie=cookie, Host="evil.example").status == 421
    assert served.get("/sheet.json", Cookie=cookie).status == 200


def test_sheet_has_the_story_and_its_controls(served: ConsoleServer) -> None:
    answered = json.loads(served.get("/sheet.json", Cookie=served.cookie("viewer")).body)
    assert answered["role"] == "viewer" and answered["you"].startswith("viewer.")
    assert {beat["id"] for beat in answered["sheet"]["beats"]} >= {"counting", "taper", "home"}
    fog = next(c for c in answered["sheet"]["scenes"]["lantern_street"] if c["id"] == "fog")
    assert (fog["least"], fog["most"]) == (0.0, 1.0) and fog["doc"]


def test_only_a_director_invites_and_only_from_the_page(served: ConsoleServer) -> None:
    body = b'{"role":"viewer"}'
    director, viewer = served.cookie("director"), served.cookie("viewer")

    def invited(cookie: str, origin: str, body: bytes = body) -> int:
        return served.request("POST", "/invite", body, Cookie=cookie, Origin=origin).status

    assert invited(director, served.origin) == 200
    assert invited(viewer, served.origin) == 403
    assert invited(director, "http://evil.example") == 403
    assert invited(director, "") == 403
    assert invited(director, served.origin, b'{"role":"king"}') == 400
    assert invited(director, served.origin, b"\xff" * 2000) == 413
    assert invited(director, served.origin, b"[" * 1000) == 400


def test_an_invitation_leads_in_with_its_role(served: ConsoleServer) -> None:
    answer = served.request(
        "POST", "/invite", b'{"role":"operator"}', Cookie=served.cookie(), Origin=served.origin
    )
    url: str = json.loads(answer.body)["url"]
    assert (
        url.startswith(served.origin) and "this machine only" in json.loads(answer.body)["advice"]
    )
    cookie = served.get(url.removeprefix(served.origin)).headers["set-cookie"].partition(";")[0]
    assert json.loads(served.get("/sheet.json", Cookie=cookie).body)["role"] == "operator"


def test_others_are_invited_to_an_address_that_leads_here(page_folder: Path) -> None:
    """A director at the machine itself; the control is one who came by another name."""
    reach = Reach("https://192.0.2.7:8443", "AB:CD:EF:01:23:45:67:89:AA:BB")
    with ConsoleServer(page_folder, reach=reach) as served:
        cookie, local = served.cookie(), f"127.0.0.1:{served.port}"
        named = f"192.0.2.9:{served.port}"
        for host, base in ((local, reach.address), (named, f"http://{named}")):
            answer = served.request(
                "POST", "/invite", b'{"role":"viewer"}',
                Cookie=cookie, Host=host, Origin=f"http://{host}",
            )  # fmt: skip
            answered = json.loads(answer.body)
            assert re.fullmatch(re.escape(base) + r"/\?token=(\w{4}-){2}\w{4}", answered["url"])
            assert "AB:CD:EF:01:23:45:67:89." in answered["advice"]


def test_missing_page_build_is_reported_with_the_command(tmp_path: Path) -> None:
    with ConsoleServer(tmp_path) as served:
        answer = served.get("/", Cookie=served.cookie())
    assert answer.status == 503 and b"make page" in answer.body


def test_pictures_come_as_jpeg_while_somebody_looks(served: ConsoleServer) -> None:
    assert served.on_loop(served.board.pictures) == ()
    board = Board(served.port, {"lens": (320, 180), "wall": (1280, 400)})
    try:
        assert board_path(served.port).stat().st_mode & 0o077 == 0, "for nobody else"
        assert not board.is_wanted("lens"), "nobody looks"
        red = np.zeros((400, 1280, 3), np.uint8)
        red[..., 0] = 200
        board.write("wall", red, 77)
        with socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT) as link:
            request = (
                f"GET /picture/wall HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
                f"Cookie: {served.cookie()}\r\n\r\n"
            )
            link.sendall(request.encode())
            data = b""
            while b"\xff\xd9\r\n--picture\r\n" not in data:
                part = link.recv(65536)
                assert part, "the pictures ended"
                data += part
            wait_until(lambda: board.is_wanted("wall"))  # as long as the link is there
            assert not board.is_wanted("lens")
        assert b"multipart/x-mixed-replace" in data
        jpeg = data[data.index(b"\xff\xd8") : data.index(b"\xff\xd9\r\n--picture") + 2]
        from io import BytesIO

        from PIL import Image

        picture = Image.open(BytesIO(jpeg))
        assert picture.size == (640, 200), "no wider than a page wants it"
        pixel = picture.getpixel((320, 100))
        assert isinstance(pixel, tuple) and pixel[0] > 180 and pixel[1] < 30
        cookie = served.cookie()
        one = served.get("/picture/wall?after=0", Cookie=cookie)
        assert one.status == 200 and one.headers["x-frame"] == "77" and one.body[:2] == b"\xff\xd8"
        began = time.monotonic()
        same = served.get(f"/picture/wall?after={one.headers['x-sequence']}", Cookie=cookie)
        assert same.status == 204 and time.monotonic() - began >= pictures.WAIT_FOR_PICTURE_S
    finally:
        board.close()
    assert not board_path(served.port).exists()


def test_only_boards_of_killed_shows_are_removed(served: ConsoleServer) -> None:
    left = board_path(served.port)
    left.write_bytes(b"of a show that was killed")
    alive = Board(served.port + 1, {})
    try:
        sweep()
        assert left.exists(), "it may be about to be held"
        os.utime(left, (0, 0))
        os.utime(alive.path, (0, 0))
        assert served.port not in boards() and served.port + 1 in boards()
        sweep()
        assert not left.exists() and alive.path.exists()
    finally:
        alive.close()
        left.unlink(missing_ok=True)


def test_file_that_is_not_a_board_is_not_read(served: ConsoleServer) -> None:
    path = board_path(served.port)
    try:
        for junk in (b"", b"short", b"\xff" * 10_000):
            path.unlink(missing_ok=True)
            path.write_bytes(junk)
            assert served.on_loop(lambda: (served.board.pictures(), served.board.vitals())) == (
                (),
                None,
            )
    finally:
        path.unlink(missing_ok=True)


def test_state_of_a_show_is_read_from_its_board(served: ConsoleServer) -> None:
    reader = served.board
    assert served.on_loop(reader.fate) == "unknown"
    board = Board(served.port, {})
    assert served.on_loop(reader.vitals) is None and served.on_loop(reader.fate) == "runs"
    board.close()
    served.on_loop(reader.refresh)
    assert served.on_loop(reader.fate) == "ended"
    left = board_path(served.port)
    try:
        left.write_bytes(b"nobody holds it")
        assert served.on_loop(reader.fate) == "died"
    finally:
        left.unlink()


def test_vitals_come_through_the_board(served: ConsoleServer) -> None:
    vitals = Vitals(frames=240, late=3, frame_ms=12.5, tracker_rate=59.9)
    board = Board(served.port, {})
    try:
        assert served.on_loop(served.board.vitals) is None, "nothing was written yet"
        board.publish(vitals)
        assert served.on_loop(served.board.vitals) == vitals
    finally:
        board.close()
    served.on_loop(served.board.refresh)
    assert served.on_loop(served.board.vitals) is None
