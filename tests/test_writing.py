"""Every file that xrdrama writes goes through `xrdrama.saving`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xrdrama"

ALLOWED = {
    ("saving.py", "*"): "it is the way through",
    ("adapters/journal/", "*"): "a take is appended to and synced, under its lock",
    ("adapters/eventlog/sqlite.py", "_made"): "created empty for its owner only; SQLite writes it",
    ("adapters/web/board/memory.py", "*"): "memory that the console's process shares",
    (
        "adapters/web/access/certificate.py",
        "self_signed",
    ): "a key for ssl, in a folder of its own, 0600",
    ("viewers/sights.py", "__init__"): "a file that was saved before, as memory of two processes",
    ("adapters/bridge/keys.py", "_keep"): "written beside its place under the lock it keeps",
    ("adapters/bridge/keys.py", "_remove_dead"): "opened for its lock only",
    (
        "adapters/web/access/kept.py",
        "write_secrets",
    ): "created empty for its owner only, then saved",
    ("adapters/web/board/pictures.py", "*"): "a JPEG in memory",
    ("adapters/web/audience/codes.py", "code_svg"): "an SVG in memory",
    ("adapters/web/audience/codes.py", "code_png"): "a PNG in memory",
    ("adapters/vision/quiet.py", "quiet_stderr"): "the null device",
    ("adapters/video/stills.py", "jpeg"): "a JPEG in memory",
    ("tools/models.py", "_unpack"): "into a temporary folder",
    ("adapters/charts/chart.py", "png"): "a PNG in memory",
    ("adapters/importing/pictures.py", "png_or_jpeg"): "a PNG in memory",
    ("tools/starting/folders.py", "_write"): "into a folder of `saving_folder`",
    ("tools/importing/making.py", "import_to"): "into a folder of `saving_folder`",
    ("tools/tracking/receiving.py", "record_tracker"): "a new file, written while packets arrive",
    (
        "tools/tracking/receiving.py",
        "line",
    ): "the same file: a line not whole is removed",
    ("adapters/audio/writing.py", "opus_of"): "an Ogg file in memory",
    ("adapters/video/files.py", "VideoWriter"): "beside its target, of `saving`",
    ("adapters/video/files.py", "_join"): "beside its target, of `saving`",
    ("nodes/rendering.py", "_write_all"): "a list that grows while a node runs",
    ("tools/nodes/pushing.py", "_copy"): "beside its target, of `saving`",
    ("processes/ink.py", "_start"): "a file without a name, for the stderr of a process",
}
"""Where something is written by other means, and why. `*` is the whole module, or folder."""

METHODS = {
    "write_text", "write_bytes", "touch", "tofile", "savez", "savez_compressed", "savetxt",
    "imwrite", "imsave", "extractall", "extract", "symlink_to", "hardlink_to", "rename",
    "truncate", "ftruncate", "writeBamFile", "write_bam_file", "saveScreenshot",
}  # fmt: skip
MODULES = {
    "os": {"rename", "replace", "truncate", "ftruncate", "mknod", "mkfifo", "link", "symlink"},
    "shutil": {"copy", "copy2", "copyfile", "copytree", "move", "copyfileobj", "unpack_archive"},
    "tempfile": {"NamedTemporaryFile", "mkstemp", "TemporaryFile"},
}


def writes(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Line and text of each call that writes a file and is not allowed to."""
    yield from _walk(tree, module, (), frozenset())


def _walk(
    node: ast.AST, module: str, inside: tuple[str, ...], beside: frozenset[str]
) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inside = (*inside, node.name)
    if isinstance(node, ast.With):
        beside |= {
            item.optional_vars.id
            for item in node.items
            if isinstance(item.optional_vars, ast.Name)
            and isinstance(item.context_expr, ast.Call)
            and _name(item.context_expr.func) in ("saving", "saving_folder")
        }
    if isinstance(node, ast.Call) and _is_writing(node) and not _is_allowed(node, beside):
        places = (module, module.rpartition("/")[0] + "/")
        if not any((place, name) in ALLOWED for place in places for name in ("*", *inside)):
            yield node.lineno, ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, module, inside, beside)


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _is_allowed(call: ast.Call, beside: frozenset[str]) -> bool:
    """Into what `saving` gave: as the receiver or as an argument."""
    named = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
    return bool(named & beside)


def _is_writing(call: ast.Call) -> bool:
    name = _name(call.func)
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in MODULES.get(owner, ()):
        return True
    if owner == "os" and name == "open":
        flags = {ast.unparse(flag) for flag in ast.walk(call.args[1]) if _is_flag(flag)}
        return not flags <= {
            "os.O_RDONLY",
            "os.O_DIRECTORY",
            "os.O_NOFOLLOW",
            "os.O_CLOEXEC",
            "os.O_NONBLOCK",
        }
    if name in ("open", "fdopen", "ZipFile", "TarFile", "GzipFile"):
        return any(mode & set("wax+") for mode in _modes(call))
    if name == "save":  # PIL's, numpy's; ours is a plain name
        return owner not in ("", "saving")
    if name == "replace":  # of a Path: one argument
        return bool(owner) and len(call.args) == 1 and not call.keywords
    return name in METHODS


def _is_flag(node: ast.AST) -> bool:
    """A name that is not a part of a longer one."""
    return isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node.id != "os")


def _modes(call: ast.Call) -> Iterator[set[str]]:
    """What may be the mode of an `open`: a short text of the letters of modes."""
    for value in (*call.args, *(word.value for word in call.keywords if word.arg == "mode")):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text = value.value
            if 0 < len(text) <= 3 and set(text) <= set("rwaxbt+U"):
                yield set(text)


def found_in(text: str, module: str = "run/new.py") -> list[str]:
    return [what for _, what in writes(ast.parse(text), module)]


def test_every_file_is_written_by_saving() -> None:
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}:{line}: {what}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, what in writes(
            ast.parse(path.read_text("utf-8")), path.relative_to(PACKAGE).as_posix()
        )
    ]
    assert found == [], "use xrdrama.saving.save or saving"


def test_nothing_is_allowed_that_is_not_there() -> None:
    for module, name in ALLOWED:
        if name == "*":
            assert (PACKAGE / module).exists(), f"take {module} off the list"
            continue
        text = (PACKAGE / module).read_text("utf-8")
        names = [getattr(node, "name", "") for node in ast.walk(ast.parse(text))]
        assert name in names, f"take {module} {name} off the list"


@pytest.mark.parametrize(
    "line",
    [
        "path.write_text('x')",
        "path.write_bytes(b'x')",
        "open(path, 'w')",
        "open(path, mode='ab')",
        "path.open('w', encoding='utf-8')",
        "path.open('r+')",
        "av.open(str(path), 'w')",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "os.open(path, flags)",
        "os.open(path, os.O_RDONLY | os.O_CREAT)",
        "os.fdopen(descriptor, 'wb')",
        "os.replace(a, b)",
        "a.replace(b)",
        "a.rename(b)",
        "shutil.copy(a, b)",
        "shutil.move(a, b)",
        "image.save(path)",
        "np.save(path, array)",
        "array.tofile(path)",
        "zipfile.ZipFile(path, 'w')",
        "archive.extractall(path)",
        "tempfile.NamedTemporaryFile()",
        "with saving(a) as beside:\n    b.write_text('x')",
    ],
)
def test_a_planted_write_is_found(line: str) -> None:
    assert len(found_in(line)) == 1
    assert len(found_in(f"def f():\n    {line.replace(chr(10), chr(10) + '    ')}")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "open(path)",
        "path.open('rb')",
        "av.open(str(path))",
        "os.open(path, os.O_RDONLY | os.O_CLOEXEC)",
        "os.fdopen(descriptor, 'rb')",
        "saving.save(path, 'x')",
        "text.replace('a', 'b')",
        "msgspec.structs.replace(value, a=1)",
        "save(path, 'x')",
        "with saving(path) as beside:\n    image.save(beside)",
        "with saving(path) as beside:\n    beside.write_bytes(b'x')",
        "with saving_folder(path) as beside:\n    shutil.copytree(found, beside)",
    ],
)
def test_reading_and_saving_are_not_found(line: str) -> None:
    assert found_in(line) == []
