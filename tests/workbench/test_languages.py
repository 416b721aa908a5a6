"""The languages of the workbench are those that an observer's preferences allow."""

from typing import get_args

from coding_app.workflows.workbench_preferences import LANGUAGES, _Part
from tests.workbench.test_frontend_files import FRONTEND


def test_every_language_with_sentences_can_be_chosen_and_no_other() -> None:
    written = {path.stem for path in (FRONTEND / "v2" / "texts").glob("*.js")}
    assert written == set(LANGUAGES) == set(get_args(_Part.model_fields["language"].annotation))
