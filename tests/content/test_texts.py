"""A file with the same words is the same file, whatever its line ends and byte order mark."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest

from tests.gltf.gltf_files import GltfFile
from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.run.take.starting import header_of
from xrdrama.show import Tick, advance, opening
from xrdrama.show.take import MAGIC, Ticked, encode_record, source_of
from xrdrama.timing import FrameTime
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.checking.plans import run_plans
from xrdrama.tools.takes.replaying import replay_take
from xrdrama.wire.frame import frame_hash

STORY = """\
xrdrama: 1
id: ferry
title: The Last Ferry
scene: pier
cast: {boatman: {name: Boatman}}
beats:
  a:
    script: |
      BOATMAN: One seat.  #l4kq2p
    choice: {options: {board: {text: I am coming, to: b, on: [voice: "I am coming"]}}}
  b: {ending: {id: morning, title: Morning}}
"""
SKY = (
    '{zenith: "#101010", middle: "#101010", horizon: "#101010", ground: "#101010", glow: "#101010"}'
)
PIER = f"""\
xrdrama: 1
id: pier
title: The pier
doc: A pier.
params:
  dial: {{kind: real, least: 0, most: 1, default: 1, doc: A dial.}}
lights:
  key: {{kind: directional, doc: Moon., toward: [0, -1, -1], colour: "#ffffff", intensity: 2,
    shadow: true}}
environment:
  sky:
    before: {SKY}
    after: {SKY}
  fog: {{density: 0.0, height: 6}}
models:
  card: {{file: a.glb, doc: A card., at: [0, 3, 0]}}
"""
FILES = {
    "ferry.branch.yaml": STORY,
    "ferry.fr.csv": "id,order,kind,beat,speaker,manner,note,source,text,comment,old_source,"
    "old_text\ntitle,1,title,,,,,The Last Ferry,Le dernier bac,,,\n"
    "cast.boatman,2,name,,boatman,,,Boatman,Passeur,,,\n"
    "l4kq2p,3,line,a,boatman,,,One seat.,Une place.,,,\n"
    'a.board,4,option,a,,,,I am coming,"Je viens,\nattends",,,\n'
    "a.board.voice,5,phrases,a,,,what the audience says for the option above; | separates phrases,"
    "I am coming,je viens | je viens avec vous,,,\n"
    "ending.morning,6,ending,b,,,,Morning,Matin,,,\n",
    "ferry.testplan": "line: One seat.\nselect: board\n",
    "ferry.show.yaml": "xrdrama: 1\nid: ferry\nstory: ferry\nstage: wall\nlanguages: [en, fr]\n"
    "move: dolly\n",
    "wall.stage.yaml": "xrdrama: 1\nid: wall\ncanvas: [640, 360]\n"
    "walls:\n  wall: {shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325],"
    " pixels: [640, 360]}\n"
    "camera: {focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}\n"
    "eye_point: [0, -1, 1.5]\n",
    "dolly.move.yaml": "keys:\n  - {at: 0s, position: [0, -1, 1.5]}\n",
    "scenes/pier/scene.yaml": PIER,
    "ferry.sounds/index.json": '{\n "line/l4kq2p": 1000000000\n}\n',
}
SAVED = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "bom and crlf": lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
    "mixed": lambda text: text.replace("\n", "\r\n", 2).encode(),
}
ways = pytest.mark.parametrize("way", SAVED)
kinds = pytest.mark.parametrize("name", FILES)


def write_model(scene: Path) -> None:
    """Write the model that `scene`, the path of the set's scene.yaml, names."""
    model = GltfFile()
    model.card("card", model.add("materials", {"name": "card"}))
    (scene.parent / "a.glb").write_bytes(model.glb())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        if path.name == "scene.yaml":
            write_model(path)
    return tmp_path


def take_of(folder: Path) -> Path:
    """A take of some frames, as a run writes it."""
    loaded = content.load_show(str(folder / "ferry.show.yaml"))
    production = content.produce(loaded)
    header, show = header_of(loaded, production), opening(production)
    data = MAGIC + encode_record(header)
    for number in range(5):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        data += encode_record(Ticked(number, 0, frame_hash(frame)))
    path = folder / "ferry.take"
    path.write_bytes(data)
    return path


@ways
@kinds
def test_the_same_words_are_the_same_file(name: str, way: str, folder: Path) -> None:
    show = str(folder / "ferry.show.yaml")
    plain, before = content.load_show(show).sources(), take_of(folder)
    path = folder / name
    path.write_bytes(SAVED[way](FILES[name]))
    assert content.read_text(path) == FILES[name]
    assert content.load_show(show).sources() == plain
    assert replay_take(before).identical  # the take is older than the editor that saved the file
    assert replay_take(take_of(folder)).identical
    if content.is_content(path) and "scene" not in name:
        # The model and the sound themselves are not part of this folder of texts.
        assert [p for p in check_file(path) if p.code not in ("S020", "C006")] == []
    assert run_plans([folder / "ferry.testplan"]) == (1, [])


@kinds
def test_other_words_are_refused_by_name(name: str, folder: Path) -> None:
    """The control: what is hashed is the text."""
    take = take_of(folder)
    if name.endswith("testplan"):
        return
    with (folder / name).open("ab") as file:
        file.write(b" \n")
    with pytest.raises(UsageError, match="files have changed since"):
        replay_take(take)


def test_a_take_that_was_made_with_a_mark_still_replays(folder: Path) -> None:
    """Earlier versions kept the byte order mark in the text that a take embeds."""
    story = folder / "ferry.branch.yaml"
    story.write_bytes(STORY.encode("utf-8-sig"))
    take = take_of(folder)
    name = content.label(story)
    loaded = content.load_show(str(folder / "ferry.show.yaml"))
    header = header_of(loaded, content.produce(loaded))
    old = {**header.sources, name: source_of(STORY.encode("utf-8-sig"), embed=True)}
    size = len(encode_record(header))
    kept = msgspec.structs.replace(header, sources=old)
    take.write_bytes(MAGIC + encode_record(kept) + take.read_bytes()[len(MAGIC) + size :])
    assert replay_take(take).identical


# -- fmt ----------------------------------------------------------------------------------------


@ways
@pytest.mark.parametrize("name", ["ferry.branch.yaml", "ferry.fr.csv", "wall.stage.yaml"])
def test_fmt_leaves_line_ends_and_mark_alone(name: str, way: str, folder: Path) -> None:
    path = folder / name
    path.write_bytes(SAVED[way](FILES[name]))
    target = folder / ("ferry.branch.yaml" if name.endswith(".csv") else name)
    assert format_paths([target], write=True) == []
    assert path.read_bytes() == SAVED[way](FILES[name])


@ways
def test_fmt_writes_with_the_line_ends_and_the_mark_of_the_file(way: str, folder: Path) -> None:
    path, table = folder / "ferry.branch.yaml", folder / "ferry.fr.csv"
    path.write_bytes(SAVED[way](STORY.replace("  #l4kq2p", "  #l4kq2p\n      BOATMAN: Decide.")))
    table.write_bytes(SAVED[way](FILES["ferry.fr.csv"]))
    changed = format_paths([path], write=True)
    assert [one.path for one in changed] == [path, table]
    assert ("line ends were mixed; all are now CRLF" in changed[0].note) is (way == "mixed")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") is way.startswith("bom")
    newline = {"bom": b"\n", "cr": b"\r"}.get(way, b"\r\n")
    assert data.count(newline) == data.count(b"\n" if way != "cr" else b"\r") == 12
    if way == "cr":
        assert b"\n" not in data
    assert table.read_bytes().count(newline) >= 7
    assert b"viens,\nattends" in table.read_bytes() or way in ("bom", "mixed", "cr")
    assert format_paths([path], write=False) == []


# -- what is not text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (STORY.encode("utf-16"), "UTF-16 text"),
        (STORY.encode("utf-16-be"), "UTF-16 text"),
        (STORY.encode("utf-16-le"), "UTF-16 text"),
        (STORY.encode("utf-32"), "UTF-32 text"),
        ("a: b\r\nc: élodie\n".encode("latin-1"), "line 2 contains the byte 0xE9"),
    ],
)
def test_another_encoding_is_named_with_its_remedy(data: bytes, reason: str, folder: Path) -> None:
    for name in ("ferry.branch.yaml", "wall.stage.yaml", "ferry.show.yaml", "ferry.testplan"):
        (folder / name).write_bytes(data)
        (problem,) = check_file(folder / name)
        assert reason in problem.message and "save it as UTF-8" in problem.hint
        with pytest.raises(UsageError, match=reason):
            format_paths([folder / name], write=True) or content.read_text(folder / name)
        assert (folder / name).read_bytes() == data


def test_a_table_in_another_encoding_is_a_problem_of_its_story(folder: Path) -> None:
    table = folder / "ferry.fr.csv"
    table.write_bytes(FILES["ferry.fr.csv"].encode("utf-16"))
    assert any("UTF-16" in p.message for p in check_file(folder / "ferry.branch.yaml"))
    with pytest.raises(UsageError, match="UTF-16"):
        content.load_show(str(folder / "ferry.show.yaml"))


def test_a_pipe_is_not_waited_for_and_a_device_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.branch.yaml")
    for path in (tmp_path / "a.branch.yaml", Path("/dev/zero")):
        with pytest.raises(UsageError, match=r"is a (pipe|device), not a text file"):
            content.read_text(path)
    with pytest.raises(UsageError, match="is a folder, not a text file"):
        content.read_text(tmp_path)


def test_the_index_of_sounds_is_read_with_a_mark(folder: Path) -> None:
    index = folder / "ferry.sounds" / "index.json"
    index.write_bytes(json.dumps({"line/l4kq2p": 5}).encode("utf-8-sig"))
    assert content.line_lengths(folder / "ferry.branch.yaml") == {"l4kq2p": 5}
    shutil.rmtree(folder / "ferry.sounds")
