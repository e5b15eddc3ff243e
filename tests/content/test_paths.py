"""What a content file names is a regular file inside the content's folders, or is refused."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from tests.content.test_texts import FILES, take_of, write_model
from xrdrama import content, plugins
from xrdrama.content.settings import settings_of
from xrdrama.document.filenames import name_fault
from xrdrama.errors import AuthoringError, RemoteProtocolError, UsageError
from xrdrama.show.parse import parse_show
from xrdrama.show.take import MAGIC, Header, encode_record, read_take, source_of
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.takes.replaying import open_take


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose show is in `shows/`; a secret lies outside it."""
    folder = tmp_path / "project"
    for name, text in FILES.items():
        place = folder / ("" if "scene" in name else "shows") / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        if place.name == "scene.yaml":
            write_model(place)
    (folder / "clips").mkdir()
    (folder / "clips" / "a.wav").write_bytes(b"RIFF")
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (tmp_path / "other").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return folder


def verdicts(project: Path, lines: str) -> tuple[str, str]:
    """What `check` and `run` say of a show with an input; empty where it is good."""
    show = project / "shows" / "ferry.show.yaml"
    text = f"{FILES['ferry.show.yaml']}inputs:\n  ear: {{use: voice, {lines}}}\n"
    show.write_text(text, "utf-8")
    checked = "; ".join(p.message for p in check_file(show) if p.severity == "error")
    spec, problems = parse_show(text, str(show))
    if spec is None:
        return checked, "; ".join(p.message for p in problems)
    _, problems = settings_of(spec.inputs["ear"], plugins.input_named("voice"), show.parent)
    return checked, "; ".join(p.message for p in problems)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../secret.wav", "leaves the content's folders"),
        ("../../../../../../etc/passwd", "leaves the content's folders"),
        ("/etc/passwd", "absolute path"),
        ("~/secret.wav", "absolute path"),
        ("C:/secret.wav", "absolute path"),
        ("C:\\\\secret.wav", "absolute path"),
        ("clips\\\\a.wav", "backslash"),
        ("clips/\\0a.wav", ""),
        ("file:///etc/passwd", "URL"),
        ("link.wav", "symbolic link that leaves the content's folders"),
        ("linked/secret.wav", "symbolic link that leaves the content's folders"),
        ("zero.wav", "symbolic link that leaves the content's folders"),
        ("pipe.wav", "not a regular file"),
        ("loop.wav", ""),
        ("clips", "is a folder"),
        (".ssh/id", "hidden"),
        ("clips/../.ssh/id", "hidden"),
        ("nowhere.wav", "there is no file"),
    ],
)
@pytest.mark.parametrize("key", ["file", "clips"])
def test_a_name_that_is_refused_is_refused_by_check_and_run(
    key: str, name: str, reason: str, project: Path
) -> None:
    shows = project / "shows"
    (shows / "link.wav").symlink_to(project.parent / "secret.wav")
    (shows / "linked").symlink_to(project.parent)
    (shows / "zero.wav").symlink_to("/dev/zero")
    (shows / "loop.wav").symlink_to("loop.wav")
    os.mkfifo(shows / "pipe.wav")
    quoted = f'"{name}"'
    lines = f"file: {quoted}" if key == "file" else f"clips: [{{file: {quoted}}}]"
    checked, ran = verdicts(project, lines)
    assert checked == ran and checked and reason in checked


def test_missing_file_is_reported_with_the_folders_searched_and_a_similar_name(
    project: Path,
) -> None:
    (project / "shows" / "demo_viewer.opus").write_bytes(b"")
    (project / "shows" / "clips").mkdir()
    (project / "shows" / "clips" / "gong.wav").write_bytes(b"")
    show = project / "shows" / "ferry.show.yaml"
    for name, meant in (
        ("demo_viewr.opus", "demo_viewer.opus"),
        ("clips/gnog.wav", "clips/gong.wav"),
    ):
        with pytest.raises(UsageError) as refused:
            content.beside(name, show)
        assert refused.value.remedy == f"did you mean {meant!r}?"
        assert refused.value.message == f"there is no file {name!r} in {project / 'shows'}"
    with pytest.raises(UsageError) as refused:
        content.beside("zebra.ogg", show)
    assert refused.value.remedy == "check the name"


@pytest.mark.parametrize(
    "name",
    ["clips/a.wav", "../clips/a.wav", "./b.wav", "sub/../b.wav", "inside.wav", "été 1.wav"],
)
def test_a_name_inside_the_project_is_good(name: str, project: Path) -> None:
    shows = project / "shows"
    (shows / "sub").mkdir()
    for sound in ("b.wav", "e\u0301te\u0301 1.wav"):
        (shows / sound).write_bytes(b"RIFF")
    (shows / "inside.wav").symlink_to("../clips/a.wav")
    assert verdicts(project, f'file: "{name}"') == ("", "")


def test_settings_open_no_file_by_another_way(project: Path) -> None:
    for key in ("file", "model"):
        checked, ran = verdicts(project, f"settings: {{{key}: /etc/passwd}}")
        assert checked == ran and "absolute path" in checked
    checked, ran = verdicts(project, "clips: [{file: clips/a.wav}], model: ../../other")
    assert checked == ran and "leaves" in checked


def test_a_name_on_the_command_line_may_be_anywhere(project: Path) -> None:
    link = project.parent / "elsewhere" / "mine.branch.yaml"
    link.symlink_to(project / "shows" / "ferry.branch.yaml")
    assert content.load_story_file(str(link))[0].id == "ferry"
    assert content.find("story", "../project/shows/ferry.branch.yaml")


@pytest.mark.parametrize("line", ["story: ../../ferry", "stage: ../../wall", "move: ../../dolly"])
def test_names_of_content_do_not_leave(line: str, project: Path) -> None:
    key, _, name = line.partition(": ")
    suffix = content.SUFFIXES[key]
    (project.parent / f"{name[6:]}{suffix}").write_text(
        FILES[f"{name[6:]}{suffix}"].replace("id: ", "id: "), "utf-8"
    )
    show = project / "shows" / "ferry.show.yaml"
    old = next(one for one in FILES["ferry.show.yaml"].splitlines() if one.startswith(key))
    show.write_text(FILES["ferry.show.yaml"].replace(old, line), "utf-8")
    assert [p for p in check_file(show) if p.severity == "error"]
    with pytest.raises((UsageError, AuthoringError)):
        content.load_show(str(show))


@pytest.mark.parametrize(
    "name", ["ferry.branch.yaml", "ferry.fr.csv", "wall.stage.yaml", "ferry.sounds/index.json"]
)
def test_a_link_out_of_the_project_is_not_read(name: str, project: Path) -> None:
    file = project / "shows" / name
    outside = project.parent / file.name
    outside.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(outside)
    show = project / "shows" / "ferry.show.yaml"
    assert any("symbolic link that leaves" in p.message for p in check_file(show))
    with pytest.raises(UsageError, match="symbolic link that leaves"):
        content.load_show(str(show))


def test_fmt_does_not_write_through_a_link_out_of_the_project(project: Path) -> None:
    table, outside = project / "shows" / "ferry.fr.csv", project.parent / "mine.csv"
    outside.write_text("id,order,source,text\n", "utf-8")
    table.unlink()
    table.symlink_to(outside)
    with pytest.raises(UsageError, match="symbolic link that leaves"):
        format_paths([project / "shows" / "ferry.branch.yaml"], write=True)
    assert outside.read_text("utf-8") == "id,order,source,text\n"


def test_an_actor_of_a_stage_does_not_leave(project: Path) -> None:
    stage = project / "shows" / "wall.stage.yaml"
    stage.write_text(FILES["wall.stage.yaml"] + "stand_in: {model: ../../a.glb}\n", "utf-8")
    (project.parent / "a.glb").write_bytes(b"glTF")
    assert any("leaves the content's folders" in p.message for p in check_file(stage))


# -- takes --------------------------------------------------------------------------------------


def forged(take: Path, **changes: object) -> Path:
    data = take.read_bytes()
    header = read_take(data).header
    size = len(MAGIC) + len(encode_record(header))
    new: Header = msgspec.structs.replace(header, **changes)
    take.write_bytes(MAGIC + encode_record(new) + data[size:])
    return take


@pytest.mark.parametrize(
    "role", ["scene/../../evil", "scene//etc", "strings/../x", "other", "scene/"]
)
def test_a_take_that_names_other_parts_is_refused(role: str, project: Path) -> None:
    take = take_of(project / "shows")
    roles = msgspec.json.decode(read_take(take.read_bytes()).header.options["roles"])
    roles[role] = roles["story"]
    forged(take, options={"roles": msgspec.json.encode(roles).decode()})
    with pytest.raises(RemoteProtocolError, match="invalid part"):
        open_take(take)


@pytest.mark.parametrize("roles", ["", "[]", "{", '{"story": "nowhere"}', '{"story": 5}'])
def test_a_take_with_damaged_parts_is_refused(roles: str, project: Path) -> None:
    take = forged(take_of(project / "shows"), options={"roles": roles})
    with pytest.raises(RemoteProtocolError):
        open_take(take)


@pytest.mark.parametrize(
    "name", ["../../secret.csv", "/etc/passwd", "shows/pipe.csv", "shows/../../x.csv", "notes.txt"]
)
def test_a_take_makes_us_open_no_other_file(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(project / "shows" / "pipe.csv")
    for stray in (project.parent / "secret.csv", project.parent / "x.csv", project / "notes.txt"):
        stray.write_text("secret")
    take = take_of(project / "shows")
    sources = read_take(take.read_bytes()).header.sources
    forged(take, sources={**sources, name: source_of(b"guess", embed=True)})
    read: list[Path] = []
    real = content.read_text
    monkeypatch.setattr(content, "read_text", lambda path: read.append(path) or real(path))
    open_take(take)
    assert read and all(path.is_relative_to(project) for path in read)
    assert not [path for path in read if path.name in ("pipe.csv", "x.csv", "notes.txt")]


def test_names_are_refused_with_what_to_write() -> None:
    assert name_fault("clips\\a.wav") == (
        "'clips\\\\a.wav' contains a backslash",
        "write clips/a.wav",
    )
    assert name_fault("a/../b/./c.wav") == ("", "")
    assert name_fault("") != ("", "") != name_fault("x" * 300)


# -- where names are looked up ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "working", "is_found"),
    [
        ("night.branch.yaml", ".", True),
        ("branches/night.branch.yaml", ".", True),
        ("branches/night.branch.yaml", "branches", True),
        ("branches/night.branch.yaml", "scenes/lane", True),
        ("night.branch.yaml", "branches", True),
        ("../night.branch.yaml", ".", False),
        ("../night.branch.yaml", "branches", False),
        ("../branches/night.branch.yaml", ".", False),
        ("../branches/night.branch.yaml", "branches", False),
        ("branches/night.branch.yaml", "examples/shows", True),
        ("../night.branch.yaml", "../plain", False),
        ("../plain/night.branch.yaml", "../plain", True),
        ("../plain/night.branch.yaml", "../plain/sub", False),
    ],
)
def test_story_is_looked_up_in_the_project_and_never_above_it(
    story: str, working: str, is_found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "mine"
    for folder in ("branches", "scenes/lane", "examples/shows", "../plain/sub", "../branches"):
        (project / folder).mkdir(parents=True)
    if not is_found and "branches/" not in story:
        (tmp_path / "branches").rmdir()  # then the folder above is not a project either
    file = project / story
    file.write_text("xrdrama: 1\n", "utf-8")
    monkeypatch.chdir(project / working)
    if is_found:
        assert content.find("story", "night").resolve() == file.resolve()
        return
    with pytest.raises(UsageError, match="there is no story 'night'"):
        content.find("story", "night")
    assert content.find("story", str(file)) == file  # the control: by its path
