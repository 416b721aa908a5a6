"""An app with an empty store, once per engine, for the tests of what observers do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.store import Store, open_store
from coding_app.workflows.wiring import App, open_vault
from tests.workflows.coding import given_a_pass


@pytest.fixture
def app(store: Store, tmp_path: Path) -> App:
    settings = read_settings({}, tmp_path / "data")
    return App(replace(settings, schemes_dir=tmp_path / "schemes"), store, open_vault(settings, store))


@pytest.fixture(scope="module")
def app_with_a_pass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, CodingPass]]:
    """One app on SQLite for tests that store nothing."""
    settings = read_settings({}, tmp_path_factory.mktemp("data"))
    store = open_store(settings.database_url)
    app = App(settings, store, open_vault(settings, store))
    yield app, given_a_pass(app)
    store.close()
