"""Every page for everybody: there or not as the table says, and nothing of a study for who is not in it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.domain.people import Role
from coding_app.ui import context
from tests.permissions.test_workflows import LETTERS
from tests.permissions.world import ADMINISTRATOR, MARKERS, OUTSIDER, SIGNED_OUT, World
from tests.ui.pages import ENTRY, TIMEOUT_S, text_of

VIEWS = ENTRY.parent / "views"
# page -> who has it in the navigation, as in test_workflows
ROWS = {
    "study": "LCTVOA",
    "work": "LCTO",
    "plan": "LO",
    "audit": "LO",
    "recordings": "LCTO",
    "transcript": "LCTO",
    "names": "LTO",
    "code": "LCTO",
    "agreement": "LCTO",
    "consensus": "LCTO",
    "codebook": "LCTVOA",
    "progress": "LO",
    "scheme_editor": "LTOA",
    "people": "LOA",
    "settings": "LOA",
}


def _page_files() -> set[str]:
    return {path.stem for path in Path(VIEWS).glob("*.py")} - {"__init__"}


def test_every_page_stands_in_the_table() -> None:
    assert _page_files() == set(ROWS)


@pytest.mark.parametrize("who", LETTERS)
def test_a_page_is_there_for_those_in_its_row_and_shows_nothing_to_those_outside(
    world: World, who: str
) -> None:
    context.set_app(world.acting(who))
    for page, row in ROWS.items():
        at = AppTest.from_file(str(VIEWS / f"{page}.py"), default_timeout=TIMEOUT_S)
        at.session_state["who_study"] = world.study_id  # as if it had been chosen
        at.run()  # the page itself, past the navigation that would not lead there
        text = text_of(at)
        if who != SIGNED_OUT:
            assert context.shown_to(world.actor(who), page) == (LETTERS[who] in row), (who, page)
        if who in (Role.VIEWER, OUTSIDER, ADMINISTRATOR, SIGNED_OUT):
            assert not [marker for marker in MARKERS if marker in text], (who, page)
