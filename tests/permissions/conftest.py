"""One world for all questions that change nothing."""

from collections.abc import Iterator

import pytest

from coding_app.settings import read_settings
from coding_app.store import open_store
from coding_app.workflows.wiring import App, open_vault
from tests.permissions.world import World, given_a_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = read_settings({}, tmp_path_factory.mktemp("data"))
    store = open_store(settings.database_url)
    yield given_a_world(App(settings, store, open_vault(settings, store)))
    store.close()
