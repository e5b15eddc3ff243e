"""Nothing of an author, of a peer or of a take is ever run: no eval, no exec, no pickle, no YAML
that makes objects, no shell, anywhere in the package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
SOURCES = sorted([*(REPOSITORY / "xrdrama").rglob("*.py"), *(REPOSITORY / "bridge").rglob("*.py")])

BUILTINS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "code",
}
YAML = {
    "load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all",
    "Loader", "FullLoader", "UnsafeLoader", "CLoader", "CFullLoader", "CUnsafeLoader",
}  # fmt: skip
SHELLS = {("os", "system"), ("os", "popen"), ("subprocess", "getoutput")}


def offences(source: str) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a way in
    """What in a source could run what comes from outside, with its line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) if name in BUILTINS:
                yield f"{node.lineno}: {name}"
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.split(".")[0] in MODULES:
                        yield f"{node.lineno}: import {alias.name}"
            case ast.ImportFrom(module=module, names=names):
                if (module or "").split(".")[0] in MODULES:
                    yield f"{node.lineno}: from {module}"
                if module == "yaml" and (bad := YAML & {alias.name for alias in names}):
                    yield f"{node.lineno}: yaml {bad}"
                if module == "builtins":
                    yield f"{node.lineno}: from builtins"
            case ast.Attribute(value=ast.Name(id=base), attr=attr):
                if base == "yaml" and attr in YAML:
                    yield f"{node.lineno}: yaml.{attr}"
                if (base, attr) in SHELLS or base in ("builtins", "__builtins__"):
                    yield f"{node.lineno}: {base}.{attr}"
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="yaml"), name, *_]):
                if not (isinstance(name, ast.Constant) and name.value in ("CBaseLoader",)):
                    yield f"{node.lineno}: getattr(yaml, ...)"
            case ast.keyword(arg="shell", value=ast.Constant(value=True)):
                yield f"{node.lineno}: shell=True"
            case ast.keyword(arg="allow_pickle", value=value) if not (
                isinstance(value, ast.Constant) and value.value is False
            ):
                yield f"{node.lineno}: allow_pickle"


def test_there_is_something_to_look_at() -> None:
    names = {path.name for path in SOURCES}
    assert len(SOURCES) > 100
    assert {"expression.py", "nodes.py", "codec.py", "reading.py", "xrdrama_client.py"} <= names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_nothing_from_outside_is_run(path: Path) -> None:
    assert list(offences(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "run = eval",
        "exec(text, {})",
        "compile(text, 'f', 'eval')",
        "__import__('os')",
        "import pickle",
        "import marshal as m",
        "from pickle import loads",
        "from builtins import eval as e",
        "import builtins\nbuiltins.eval(text)",
        "import yaml\nyaml.load(text, Loader=L)",
        "import yaml\nyaml.unsafe_load(text)",
        "import yaml\nx = yaml.FullLoader",
        "from yaml import load",
        "import yaml\ngetattr(yaml, name)",
        "import yaml\ngetattr(yaml, 'Loader')",
        "import os\nos.system(text)",
        "subprocess.run(text, shell=True)",
        "np.load(f, allow_pickle=True)",
        "np.load(f, allow_pickle=flag)",
    ],
)
def test_the_search_finds_what_it_is_for(source: str) -> None:
    assert list(offences(source))


@pytest.mark.parametrize(
    "source",
    [
        "re.compile(text)",
        "ast.literal_eval(text)",
        "yaml.parse(text, Loader=L)",
        "getattr(yaml, 'CBaseLoader', yaml.BaseLoader)",
        "subprocess.run([text], shell=False)",
        "np.load(f, allow_pickle=False)",
        "x.eval()",
    ],
)
def test_the_search_lets_be_what_is_harmless(source: str) -> None:
    assert list(offences(source)) == []
