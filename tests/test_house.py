"""The house rules that no linter knows: how large things may be, and what no file may name."""

import ast
import re
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "coding_app").rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))


def _functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        (
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
            (node.end_lineno or node.lineno) - node.lineno + 1,
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in [*MODULES, *SCRIPTS]}
    assert {path: n for path, n in lengths.items() if n > 400} == {}


def test_no_function_is_longer_than_50_lines_and_half_of_them_are_short() -> None:
    functions = [each for path in MODULES for each in _functions(path)]
    assert [each for each in functions if each[1] > 50] == []
    assert median(length for _, length in functions) <= 10


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_no_file_names_a_path_of_one_machine() -> None:
    pattern = re.compile(r"(?<![\w/.])/(?:wo" r"rk|ro" r"ot)/\w")
    named = [
        f"{path}:{number}"
        for folder in ("coding_app", "scripts", "tests", "docs", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".js", ".css", ".toml", ".yaml", ""}
        and path.is_file()
        and "vendor" not in path.parts
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert named == []
