"""The layers hold, and would be missed if they did not: each contract is also broken on purpose."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import grimp
import networkx
import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "xrdrama"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
CONTRACTS: list[dict[str, Any]] = PROJECT["tool"]["importlinter"]["contracts"]
NAMES = [contract["name"] for contract in CONTRACTS]
MODULES = sorted(PACKAGE.rglob("*.py"))


def contracts_of(kind: str) -> list[dict[str, Any]]:
    return [contract for contract in CONTRACTS if contract["type"] == kind]


(LAYERS,) = contracts_of("layers")
(CIRCLES,) = contracts_of("acyclic_siblings")
(CORE,) = contracts_of("forbidden")
(ADAPTERS,) = contracts_of("independence")
LIBRARY = {
    name: contract
    for contract in contracts_of("protected")
    for name in contract["protected_modules"]
}


def lint(folder: Path) -> tuple[int, dict[str, bool], str]:
    """The exit status of import-linter in a folder, which contracts hold, and what it printed."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    verdicts = {
        name: verdict == "KEPT"
        for name, verdict in re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    }
    return done.returncode, verdicts, done.stdout + done.stderr


def test_all_contracts_hold() -> None:
    status, verdicts, said = lint(REPOSITORY)
    assert verdicts == dict.fromkeys(NAMES, True), said
    assert status == 0


# -- the controls -------------------------------------------------------------------------------

STANDARD_LIBRARY = [
    *[("timing", name) for name in ("time", "os", "threading")],
    *[
        ("show.tick", name)
        for name in ("datetime", "io", "secrets", "tempfile", "uuid", "multiprocessing", "queue")
    ],
    ("errors", "logging"),
    ("spatial", "random"),
    ("document.names", "pathlib"),
    ("gltf.glb", "socket"),
    ("authoring.graph", "subprocess"),
    ("story.chance", "random"),
    ("wire.codec", "asyncio"),
    ("scene.cues", "concurrent"),
    ("tracking.freed", "_thread"),
    ("stage.frustum", "platform"),
    ("speech.distance", "ctypes"),
    ("wire.frame", "locale"),
    ("document.recovery.lines", "importlib"),
]
PLANTED = [
    *[(CORE, module, name) for module, name in STANDARD_LIBRARY],
    (CORE, "story.chance", "requests"),
    (CORE, "authoring.graph", "xrdrama.saving"),
    (LAYERS, "spatial", "xrdrama.story"),
    (LAYERS, "story.chance", "xrdrama.show.tick"),
    (LAYERS, "show.tick", "xrdrama.saving"),
    (LAYERS, "adapters.trackers.udp", "xrdrama.run.runner"),
    (LAYERS, "stage.frustum", "xrdrama.scene"),
    (LAYERS, "processes.child", "xrdrama.console.process"),
    (LAYERS, "viewers.keys", "xrdrama.run.ingress"),
    (ADAPTERS, "adapters.video.files", "xrdrama.adapters.audio"),
    (ADAPTERS, "adapters.bridge.queue", "xrdrama.adapters.journal"),
    (LIBRARY["panda3d"], "tools.demo", "panda3d"),
    (LIBRARY["panda3d"], "adapters.web.board.memory", "panda3d"),
    (LIBRARY["panda3d"], "authoring.graph", "panda3d"),
    (LIBRARY["zmq"], "authoring.graph", "zmq"),
    (LIBRARY["xr"], "viewers.keys", "xr"),
    (LIBRARY["sounddevice"], "tools.doctor", "sounddevice"),
    (LIBRARY["numpy"], "show.state.voice", "numpy"),
    (LIBRARY["numpy"], "spatial", "numpy"),
    (LIBRARY["yaml"], "content.texts", "yaml"),
    *[(contract, "plugins", name) for name, contract in LIBRARY.items()],  # one of each
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the contracts and the package, in which violations are planted."""
    folder = tmp_path_factory.mktemp("copied")
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__", "contents", "static", "node_modules", "page")
    shutil.copytree(PACKAGE, folder / "xrdrama", ignore=ignore)
    return folder


@pytest.fixture(scope="module")
def reported(copied: Path) -> dict[str, str]:
    """What is printed of each contract when all violations are planted at once."""
    for number, (_, module, imported) in enumerate(PLANTED):
        path = copied / "xrdrama" / f"{module.replace('.', '/')}.py"
        assert f"import {imported}\n" not in path.read_text("utf-8"), "it was there before"
        with path.open("a", encoding="utf-8") as file:
            # Inside a function, where an import is easily overlooked.
            file.write(f"\n\ndef planted_{number}() -> None:\n    import {imported}\n")
    status, verdicts, said = lint(copied)
    assert status != 0 and verdicts.keys() == set(NAMES), said
    _, _, details = said.partition("Broken contracts\n")
    parts = re.split(r"^(.+)\n-{4,}\n", details, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=False))


@pytest.mark.parametrize(
    ("contract", "module", "imported"),
    PLANTED,
    ids=[f"{imported} in {module}" for _, module, imported in PLANTED],
)
def test_planted_violation_is_reported(
    contract: dict[str, Any], module: str, imported: str, reported: dict[str, str]
) -> None:
    said = reported.get(contract["name"], "")
    assert re.search(rf"xrdrama\.{module} -> {imported} \(l\.", said), said


def test_module_in_no_layer_is_reported(copied: Path) -> None:
    path = copied / "xrdrama" / "helpers.py"
    path.write_text("", "utf-8")
    try:
        status, _, said = lint(copied)
    finally:
        path.unlink()
    assert status != 0 and "helpers" in said


# -- circles ------------------------------------------------------------------------------------


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """The groups of modules that import each other, directly or not."""
    links = networkx.DiGraph(
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    )
    groups = networkx.strongly_connected_components(links)
    return sorted(sorted(group) for group in groups if len(group) > 1)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("xrdrama", cache_dir=None)
    assert circles(graph) == []
    # The controls: two modules, and a module that imports its own package.
    graph.add_import(importer="xrdrama.timing", imported="xrdrama.spatial")
    graph.add_import(importer="xrdrama.spatial", imported="xrdrama.timing")
    assert circles(graph) == [["xrdrama.spatial", "xrdrama.timing"]]
    graph.add_import(importer="xrdrama.story.model", imported="xrdrama.story")
    assert any("xrdrama.story" in group for group in circles(graph))


def test_planted_circle_is_reported(copied: Path) -> None:
    shutil.copy(PACKAGE / "story" / "chance.py", copied / "xrdrama" / "story")
    with (copied / "xrdrama/story/chance.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef planted() -> None:\n    import xrdrama.story.stepping.step\n")
    _, verdicts, said = lint(copied)
    assert not verdicts[CIRCLES["name"]] and ".chance -> .stepping" in said


# -- what the contracts speak of ----------------------------------------------------------------


def modules_of(folder: Path) -> set[str]:
    """The modules and packages right in a folder."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_layer_exists_and_every_module_is_in_a_layer() -> None:
    named = {name for layer in LAYERS["layers"] for name in re.split(r"[ |:]+", layer)}
    assert named == modules_of(PACKAGE)
    assert LAYERS["exhaustive"] is True


def test_every_layer_below_the_adapters_is_core() -> None:
    below = LAYERS["layers"][LAYERS["layers"].index("saving") + 1 :]
    named = {f"xrdrama.{name}" for layer in below for name in re.split(r"[ |:]+", layer)}
    assert named | {"xrdrama.authoring"} == set(CORE["source_modules"])


def test_every_module_of_a_contract_exists() -> None:
    for contract in CONTRACTS:
        for key in ("source_modules", "allowed_importers"):
            for name in contract.get(key, ()):
                path = REPOSITORY / name.replace(".", "/")
                assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), name


EVERYWHERE = {"msgspec"}
"""Libraries that any module may import."""


def rooms_missing(imported: Iterable[str]) -> set[str]:
    """The outside libraries of which no contract says where they may be imported."""
    return set(imported) - LIBRARY.keys() - EVERYWHERE - sys.stdlib_module_names - {"xrdrama"}


def test_every_outside_library_has_a_contract() -> None:
    graph = grimp.build_graph("xrdrama", include_external_packages=True, cache_dir=None)
    assert rooms_missing(name.partition(".")[0] for name in graph.modules) == set()
    assert rooms_missing(["panda3d", "direct", "time", "requests"]) == {"direct", "requests"}


# -- what the contracts cannot see: names within modules, and what needs no import ---------------

ALLOWED_NAMES = {
    "io": {"BytesIO", "StringIO"},
    "posixpath": {"dirname", "join", "normpath"},
    "urllib.parse": {"unquote", "unquote_to_bytes"},
    "warnings": {"catch_warnings", "simplefilter"},
}
"""Of modules that the core may import and that also do I/O or change the process: what it may use.
A submodule that is not named here, such as urllib.request, may not be imported at all."""
IMPURE_BUILTINS = {
    "open",
    "input",
    "print",
    "eval",
    "exec",
    "__import__",
    "breakpoint",
    "hash",
}
"""I/O, code from text, and numbers that differ from process to process."""
IMPURE_ARRAYS = {
    *("load", "save", "savez", "savez_compressed", "savetxt", "loadtxt", "genfromtxt"),
    *("fromfile", "tofile", "memmap", "fromregex"),
}


def impurities(tree: ast.Module) -> list[str]:
    """What a module of the core uses and may not, beyond its imports."""
    return [
        found for node in ast.walk(tree) for found in (*imports_beyond(node), *uses_beyond(node))
    ]


def imports_beyond(node: ast.AST) -> Iterator[str]:
    restricted = {name.partition(".")[0] for name in ALLOWED_NAMES}
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] in restricted and alias.name not in ALLOWED_NAMES:
                yield f"import {alias.name}"
    elif isinstance(node, ast.ImportFrom) and node.module:
        allowed = ALLOWED_NAMES.get(node.module, set())
        if node.module.partition(".")[0] in restricted:
            yield from (f"{node.module}.{a.name}" for a in node.names if a.name not in allowed)


def uses_beyond(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in IMPURE_ARRAYS:
            yield f"np.{name}"
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr="random"), attr=name):
            if name not in ("default_rng", "Generator"):
                yield f"np.random.{name}"
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in ALLOWED_NAMES:
            if name not in ALLOWED_NAMES[module]:
                yield f"{module}.{name}"
        case ast.Call(func=ast.Attribute(attr="default_rng"), args=[], keywords=[]):
            yield "default_rng without a seed"
        case ast.Call(func=ast.Name(id=name)) if name in IMPURE_BUILTINS:
            yield f"{name}()"


def test_core_uses_no_io_that_needs_no_import() -> None:
    for path in MODULES:
        if is_core(path):
            found = impurities(ast.parse(path.read_text("utf-8")))
            assert found == [], path


@pytest.mark.parametrize(
    "planted",
    [
        "open('a')",
        "def f(x=1):\n    return eval('x')",
        "hash('a')",
        "import io\nio.open('a')",
        "from io import FileIO",
        "from posixpath import exists",
        "import urllib.request",
        "from urllib.request import urlopen",
        "import numpy as np\nnp.load('a')",
        "import numpy as np\nnp.random.rand()",
        "import numpy as np\nnp.random.default_rng()",
    ],
)
def test_planted_io_without_a_forbidden_import_is_reported(planted: str) -> None:
    assert impurities(ast.parse(planted))


def is_core(path: Path) -> bool:
    """Whether a module belongs to the layers that only compute."""
    name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
    return any(f"{name}.".startswith(f"{source}.") for source in CORE["source_modules"])


# -- names and sizes ----------------------------------------------------------------------------

BLURRED = re.compile(r"(?:^|_)(utils?|helpers?|common|core|managers?|base|misc|info|data)(?:_|$)")


def test_no_module_has_a_name_that_says_nothing() -> None:
    for path in MODULES:
        for part in path.relative_to(PACKAGE).with_suffix("").parts:
            assert not BLURRED.search(part), path
    assert BLURRED.search("http_utils") and BLURRED.search("core")  # the control
    assert not BLURRED.search("score") and not BLURRED.search("database_of_cues")


LONGEST, LONGEST_IN_CORE, LONGEST_FUNCTION = 450, 400, 59
"""Lines of a module, of a module of the core, and of a function."""


def too_long(path: Path, *, core: bool) -> list[str]:
    """The module and those of its functions that have more lines than they may."""
    text = path.read_text("utf-8")
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    found = [path.name] if text.count("\n") > (LONGEST_IN_CORE if core else LONGEST) else []
    return found + [
        f"{path.name}:{node.name}"
        for node in functions
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def test_no_module_and_no_function_is_too_long() -> None:
    for path in MODULES:
        assert too_long(path, core=is_core(path)) == [], path


def test_planted_long_module_and_function_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "tick.py"
    text = (PACKAGE / "show" / "tick.py").read_text("utf-8")
    function = "\n\nasync def planted() -> None:\n" + "    pass\n" * (LONGEST_FUNCTION - 1)
    path.write_text(text + function, "utf-8")
    assert too_long(path, core=True) == []
    path.write_text(text + function + "    pass\n", "utf-8")
    assert too_long(path, core=True) == ["tick.py:planted"]
    path.write_text("# planted\n" * (LONGEST_IN_CORE + 1), "utf-8")
    assert too_long(path, core=True) == ["tick.py"] and too_long(path, core=False) == []
    path.write_text("# planted\n" * (LONGEST + 1), "utf-8")
    assert too_long(path, core=False) == ["tick.py"]


NOT_OURS = {
    "story/expressions/compiling.py": "Python's syntax tree",
    "show/settings.py": "msgspec's descriptions of types",
    "tools/page_types.py": "msgspec's descriptions of types",
    "tools/schemas.py": "msgspec's descriptions of types",
    "tools/viewer_types.py": "msgspec's descriptions of types",
    "tracking/opentrackio/faults.py": "msgspec's descriptions of types",
    "tracking/opentrackio/payload.py": "values of JSON",
}
"""Modules that match on values of others, who may add to them; what is not known has an end there,
too."""


def open_matches(tree: ast.Module) -> list[int]:
    """The lines of `match` statements whose last case is not `case _: assert_never(...)`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Match):
            match node.cases[-1]:
                case ast.match_case(
                    pattern=ast.MatchAs(pattern=None, name=None),
                    guard=None,
                    body=[ast.Expr(ast.Call(ast.Name("assert_never")))],
                ):
                    pass
                case _:
                    found.append(node.lineno)
    return found


def test_every_match_names_all_members_of_its_union() -> None:
    """mypy proves it: what remains for `assert_never` must be nothing."""
    for path in MODULES:
        if path.relative_to(PACKAGE).as_posix() not in NOT_OURS:
            assert open_matches(ast.parse(path.read_text("utf-8"))) == [], path
    planted = "match event:\n    case Due():\n        pass\n"
    assert open_matches(ast.parse(planted)) == [1]
    assert open_matches(ast.parse(planted + "    case _:\n        pass\n")) == [1]
    assert open_matches(ast.parse(planted + "    case _:\n        assert_never(event)\n")) == []


def test_the_package_imports_without_a_renderer() -> None:
    """`import xrdrama`, and all that a wire, a story or a show needs, wants none of the extras."""
    heavy = ("panda3d", "direct", "numpy", "zmq", "av", "cv2", "mediapipe", "vosk", "sounddevice")
    code = (
        "import sys\n"
        f"for name in {heavy!r}: sys.modules[name] = None\n"
        "import xrdrama, xrdrama.show, xrdrama.story, xrdrama.wire, xrdrama.content, xrdrama.cli\n"
        "from xrdrama.show.take import read_take\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["story", "scene", "stage", "show"])
def test_the_same_file_name_has_the_same_role_in_every_package_with_a_file_format(
    package: str,
) -> None:
    """`form`: keys and published schema; `parse`: text to model; `model`: values, no parsing."""

    def defined(role: str) -> set[str]:
        text = (PACKAGE / package / f"{role}.py").read_text("utf-8")
        return set(re.findall(r"^(?:def|class) (\w+)", text, re.MULTILINE))

    assert f"{package}_schema" in defined("form")
    assert f"parse_{package}" in defined("parse")
    assert not any(name.startswith("parse_") for name in defined("model"))
    assert not any(name.endswith("_schema") for name in defined("parse") | defined("model"))


RECOVERY = re.compile(r"xrdrama\.document\.recovery\b(\.\w+)?")


def test_recovery_of_slips_is_behind_one_call() -> None:
    """Composing alone calls `recover`; nobody else imports anything of its folder."""
    users = {
        path.relative_to(PACKAGE).as_posix(): RECOVERY.findall(path.read_text("utf-8"))
        for path in MODULES
        if "recovery" not in path.parts
    }
    assert {name: found for name, found in users.items() if found} == {
        "document/composing.py": [""]
    }
    assert RECOVERY.findall("from xrdrama.document.recovery.lines import Line")  # the control
