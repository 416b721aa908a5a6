"""The examples in the docstrings are true."""

import doctest

import pytest

from coding_app.agreement import alpha, assessment, conventions, long_format, sets


@pytest.mark.parametrize("module", [alpha, assessment, conventions, long_format, sets])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
