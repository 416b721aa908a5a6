"""The documentation and the code name the same commands, settings, routes, scheme keys and statistics."""

import re
from pathlib import Path

import pytest
import typer.main

from coding_app.agreement.sources import STATISTICS
from coding_app.agreement.time_sources import TIME_STATISTICS
from coding_app.cli import app as command_line
from coding_app.settings import read_settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def _commands() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []

    def walk(prefix: str, command: object) -> None:
        children = getattr(command, "commands", None)
        if children:
            for name, child in children.items():
                walk(f"{prefix} {name}", child)
        else:
            options = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]  # type: ignore[attr-defined]
            found.append((prefix, options))

    walk("coding-app", typer.main.get_command(command_line))
    return found


@pytest.mark.parametrize(("command", "options"), _commands())
def test_every_command_and_option_is_documented(command: str, options: list[str]) -> None:
    text = _read("reference/commands.md")
    row = next((line for line in text.splitlines() if line.startswith(f"| `{command}")), "")
    assert row, command
    assert [o for o in options if o not in row and o.replace("--", "--no-") not in row] == []


def test_every_setting_is_documented() -> None:
    names = set(re.findall(r"CODING_APP_[A-Z_]+", (ROOT / "coding_app/settings.py").read_text("utf-8")))
    names.discard("CODING_APP_")
    assert names
    assert {name for name in names if f"`{name}`" not in _read("reference/settings.md")} == set()
    assert read_settings({}).model == "base"


def test_every_route_is_documented() -> None:
    source = (ROOT / "coding_app/ui/routes.py").read_text("utf-8")
    table = re.findall(r'\("([A-Z]+)", "(/api/[^"]+)"', source)
    assert len(table) >= 7
    assert [f"{m} {p}" for m, p in table if f"`{m} {p}`" not in _read("reference/routes.md")] == []


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_every_direct_dependency_is_explained() -> None:
    names = re.findall(
        r"^([A-Za-z0-9_.\-]+)(?:\[[a-z]+\])?==", (ROOT / "scripts/lock/app.in").read_text("utf-8"), re.M
    )
    text = _read("reference/dependencies.md").lower()
    assert [name for name in names if f"`{name.lower()}`" not in text] == []


def test_every_statistic_is_documented() -> None:
    pages = _read("reference/agreement.md") + _read("reference/agreement-time.md")
    assert [key for key in STATISTICS | TIME_STATISTICS if f"`{key}`" not in pages] == []
