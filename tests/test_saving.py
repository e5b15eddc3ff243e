"""A file is replaced as a whole, or left as it was."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from xrdrama.errors import DeviceError
from xrdrama.saving import save, save_all, saving, saving_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folder_and_newlines(tmp_path: Path) -> None:
    save(tmp_path / "deep" / "story.yaml", "é\r\nb\n")
    assert (tmp_path / "deep" / "story.yaml").read_bytes() == "é\r\nb\n".encode()
    assert names(tmp_path / "deep") == ["story.yaml"]


def test_permissions_and_symbolic_links_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    save(link, "new")
    assert link.is_symlink() and real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_an_error_in_the_block_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "wall.mp4"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), saving(path) as beside:
        assert beside.suffix == ".mp4"
        beside.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and names(tmp_path) == ["wall.mp4"]


# A limit on the size of files stands in for a full disk where the tests are not run by root.
LIMITED = textwrap.dedent("""
    import resource, signal, sys
    from pathlib import Path
    from xrdrama.errors import DeviceError
    from xrdrama.saving import save
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        save(Path(sys.argv[1]), "x" * 5000)
    except DeviceError as error:
        print(error)
""")


def test_a_write_that_fails_leaves_the_old_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    path.write_text("old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True
    )
    assert "the existing file is unchanged" in done.stdout and done.stderr == ""
    assert path.read_text() == "old" and names(tmp_path) == ["night.branch.yaml"]


def test_a_missing_permission_is_a_device_error_with_a_remedy() -> None:
    with pytest.raises(DeviceError, match="cannot be written"):
        save(Path("/proc/xrdrama/no.txt"), "x")


ENDLESS = textwrap.dedent("""
    import itertools, sys
    from pathlib import Path
    from xrdrama.saving import save
    for count in itertools.count():
        save(Path(sys.argv[1]), str(count % 10) * 300_000)
        print(count, flush=True)
""")


def test_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "take.json"
    for delay in (0.0, 0.003, 0.007, 0.013, 0.02):
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)  # killed at any moment
            process.send_signal(signal.SIGKILL)
        text = path.read_text()
        assert len(text) == 300_000 and len(set(text)) == 1


def test_files_that_belong_together_are_all_written(tmp_path: Path) -> None:
    save_all({tmp_path / "a.txt": "a", tmp_path / "b.txt": b"b"})
    assert (tmp_path / "a.txt").read_text() == "a" and (tmp_path / "b.txt").read_text() == "b"
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_when_one_of_several_cannot_be_written_none_is_changed(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.txt" for n in range(5)]
    for file in files:
        file.write_text("old")
    script = LIMITED.replace("import save", "import save_all").replace(
        'save(Path(sys.argv[1]), "x" * 5000)',
        'save_all({Path(a): "x" * (5000 if n == 2 else 5) for n, a in enumerate(sys.argv[1:])})',
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, files)], capture_output=True, text=True, check=True
    )
    assert "2.txt cannot be written" in done.stdout
    assert "none of the 5 files was changed" in done.stdout
    assert {file.read_text() for file in files} == {"old"} and len(names(tmp_path)) == 5


def test_what_was_written_is_said_when_a_rename_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "b.txt":
            raise OSError(30, "Read-only file system")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(DeviceError) as caught:
        save_all({tmp_path / name: "x" for name in ("a.txt", "b.txt", "c.txt")})
    assert f"; written: {tmp_path / 'c.txt'}; not written: " in str(caught.value)
    assert names(tmp_path) == ["c.txt"]


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "old").write_text("old")
    with pytest.raises(DeviceError), saving_folder(model) as beside:
        (beside / "half").write_text("half")
        raise OSError(28, "No space left on device")
    assert names(model) == ["old"] and names(tmp_path) == ["model"]
    with saving_folder(model) as beside:
        (beside / "deep").mkdir()
        (beside / "deep" / "new").write_text("new")
    assert names(model) == ["deep"] and names(tmp_path) == ["model"]


def test_a_private_file_is_its_owners_only_even_over_an_open_one(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    save(path, b"open")
    assert path.stat().st_mode & 0o077
    save(path, b"secret", private=True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"secret", 0o600)
