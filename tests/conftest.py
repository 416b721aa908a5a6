"""For everyone: a store on SQLite and on PostgreSQL, fast tests first, nothing skipped in CI."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from sqlalchemy import make_url

from coding_app.store import Store, open_store
from tests import postgres
from tests.builders import an_unlocked_store
from tests.e2e.server import CHROMIUM, a_chromium

# The tests make a master key of their own, in a folder of their own, and leave the developer's keyring alone.
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="coding-app-tests-")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)

SLOW_LAST = ("postgresql", "weights", "slow", "browser")
# No test fails for being slow: what is fast enough is a matter of the benchmarks.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first; the order within a kind stays."""
    items.sort(
        key=lambda item: max(
            (SLOW_LAST.index(m.name) + 1 for m in item.iter_markers() if m.name in SLOW_LAST), default=0
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CODING_APP_TEST_NOTHING_SKIPPED is set (CI), a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("CODING_APP_TEST_NOTHING_SKIPPED"):
        report.outcome = "failed"
        report.longrepr = f"Skipped although nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real Chromium for all browser tests; skips when there is none."""
    if not CHROMIUM:
        pytest.skip("needs Debian's chromium, or its path in CODING_APP_CHROMIUM")
    with a_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a server on which databases may be made; skips when there is none."""
    with postgres.a_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[str]:
    """Name of a database with our tables, to be copied: faster than migrating once per test."""
    with postgres.a_database(postgresql_server) as url:
        open_store(url).close()
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables, to be copied: faster than migrating once per test."""
    path = tmp_path_factory.mktemp("migrated") / "coding-app.sqlite"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of an empty database of this test's own."""
    with postgres.a_database(postgresql_server) as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of this test's own database, once per engine; its tables are there and empty."""
    if request.param == "sqlite":
        path = tmp_path / "coding-app.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    with postgres.a_database(server, request.getfixturevalue("migrated_postgresql")) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open, empty store, once per engine; tests of one engine take sqlite_store."""
    opened = an_unlocked_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    """An open, empty store on SQLite only, for tests to which the engine does not matter."""
    path = tmp_path / "coding-app.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    opened = an_unlocked_store(f"sqlite:///{path}")
    yield opened
    opened.close()
