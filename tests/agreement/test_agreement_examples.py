"""The examples in the docstrings are true."""

import doctest

import pytest

from coding_app.agreement import alpha, assessment, conventions, long_format, sets, sources, table
from coding_app.exchange import report_methods, report_plots
from coding_app.ui.parts import downloads
from coding_app.workflows import assess_agreement, questions

MODULES = [
    alpha, assessment, conventions, long_format, sets, sources, table,
    report_methods, report_plots, downloads, assess_agreement, questions,
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
