"""Opening the parts of the app: one server per data folder."""

from pathlib import Path

import pytest

from coding_app.errors import StoreError
from coding_app.settings import read_settings
from coding_app.workflows.wiring import open_app, open_server_app


def test_a_second_server_on_the_same_data_folder_is_refused_and_may_begin_when_the_first_has_ended(
    tmp_path: Path,
) -> None:
    settings = read_settings({}, tmp_path / "data")
    with open_server_app(settings):
        with (
            pytest.raises(StoreError, match=r"Another coding-app server is using .*--data\.$"),
            open_server_app(settings),
        ):
            pass
        with open_app(settings) as beside:
            assert beside.jobs is None
    with open_server_app(settings) as app:
        assert app.jobs is not None


def test_a_data_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StoreError, match=r"cannot be written .*--data\.$"),
        open_app(read_settings({}, tmp_path / "file" / "data")),
    ):
        pass
