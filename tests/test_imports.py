"""Who imports whom: arrows go down only, and heavy libraries stay where they belong."""

import ast
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "govie"

# Bottom first. A module may import from its own layer's group and from lower layers; groups
# of one layer (quantity and reading, rules and model) do not import each other.
LAYERS: list[list[set[str]]] = [
    [{"errors", "records", "document", "tags", "config", "rows", "wording"}],
    [{"lexicon"}, {"annotations"}],
    [{"quantity"}, {"reading"}, {"scoring"}, {"naming"}],
    [{"rules"}, {"model"}],
    [{"facts"}],
    [{"hybrid"}],
    [{"pipeline"}],
    [{"__init__"}],  # the public names; those above may use them
    [{"batch"}],
    [{"integrations"}],
    [{"writers"}],
    [{"web"}],  # of the integrations, the one that writes files
    [{"terminal"}],
    [{"cli_batch", "cli_serve"}],
    [{"cli"}],
    [{"__main__"}],
]
PLACE = {unit: (rank, n) for rank, row in enumerate(LAYERS) for n, group in enumerate(row) for unit in group}

HIGHEST = (len(LAYERS), 0)  # where a module without a place is taken to stand

# Document.extract() runs the default extractor, which is built from documents: the one arrow up, inside a function.
ARROWS_UP = {("document", "pipeline")}

HOMES = {
    "torch": {"model"},
    "transformers": {"model"},
    "onnxruntime": {"model"},
    "safetensors": {"model"},
    "huggingface_hub": {"model"},
    "bs4": {"reading"},
    "lxml": {"reading"},
    "docx": {"reading"},
    "pypdf": {"reading"},
    "spacy": {"integrations"},
    "ray": {"batch"},
    "matplotlib": {"integrations"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
}
NEVER = {"training", "annotations", "seeds", "benchmarks", "tests"}


def unit_of(path):
    """The part of the package a file belongs to: its first folder, or its own name; the page is one of its own."""
    first, *rest = path.relative_to(PACKAGE).parts
    return "web" if first == "integrations" and rest[0] == "web" else first.removesuffix(".py")


def imported(path):
    """Every module named in an import of the file, wherever it stands, with its line and whether in a function."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {id(node) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for node in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*path.relative_to(ROOT).with_suffix("").parts[: -node.level]] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            # `from govie import records` names the module only among the names.
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "govie" else [module]
        else:
            continue
        for name in names:
            yield name, node.lineno, id(node) in inner


FILES = sorted(PACKAGE.rglob("*.py"))
IMPORTS = [(path, *found) for path in FILES for found in imported(path)]


def test_every_module_has_a_place():
    strangers = {unit_of(path) for path in FILES} - PLACE.keys()
    assert not strangers, f"give these a place in LAYERS: {sorted(strangers)}"


def test_imports_go_down():
    wrong = []
    for path, name, line, _ in IMPORTS:
        parts = name.split(".")
        if parts[0] != "govie":
            continue
        source, target = unit_of(path), parts[1] if len(parts) > 1 and parts[1] in PLACE else "__init__"
        (rank, group), (target_rank, target_group) = PLACE.get(source, HIGHEST), PLACE[target]
        fine = target_rank < rank or (target_rank, target_group) == (rank, group)
        if not fine and (source, target) not in ARROWS_UP:
            wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong


def test_the_named_exception_is_inside_a_function():
    up = [(path, inner) for path, name, _, inner in IMPORTS if unit_of(path) == "document" and "pipeline" in name]
    assert all(inner for _, inner in up)


@pytest.mark.parametrize("library", HOMES)
def test_heavy_libraries_stay_at_home(library):
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, name, line, _ in IMPORTS
        if name.split(".")[0] == library and unit_of(path) not in HOMES[library]
    ]
    assert not wrong


def test_the_package_imports_nothing_beside_it():
    assert not [(path.name, name) for path, name, *_ in IMPORTS if name.split(".")[0] in NEVER]


def _declared():
    """What pyproject.toml asks for, the extras that users install included, as distribution names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [
        project["optional-dependencies"][extra]
        for extra in ("frame", "gpu", "office", "panel", "plot", "ray", "spacy", "web")
    ]
    needed = [*project["dependencies"], *(name for extra in extras for name in extra)]
    return {_canonical(re.match(r"[\w.-]+", name)[0]) for name in needed}


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_asked_for():
    owners = packages_distributions()
    foreign = {name.split(".")[0] for _, name, *_ in IMPORTS} - sys.stdlib_module_names - {"govie", "tomllib", "tomli"}
    missing = {module for module in foreign if not _declared() & set(map(_canonical, owners.get(module, [module])))}
    assert foreign
    assert not missing


PROBE = """
import json, sys, time
began = time.perf_counter()
import govie
print(json.dumps([time.perf_counter() - began, sorted(sys.modules)]))
"""


def probe():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def test_importing_govie_is_light_and_quick():
    seconds, modules = min(probe() for _ in range(5))
    heavy = {"torch", "transformers", "spacy", "onnxruntime", "bs4", "lxml", "pandas", "numpy", "docx", "pypdf"}
    assert not heavy & set(modules)
    assert seconds < 0.3
