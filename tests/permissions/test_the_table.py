"""The page that shows the permission table says what the code does."""

from pathlib import Path

from coding_app.domain.people import ALLOWED, Action, Role

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"


def test_the_page_shows_the_table_of_the_code() -> None:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.count("|") == len(Role) + 2
    ]
    shown = {
        row[0]: {role for role, cell in zip(Role, row[1:], strict=True) if cell == "yes"} for row in cells[2:]
    }
    assert cells[0][1:] == [str(role) for role in Role]
    assert shown == {str(action): set(ALLOWED[action]) for action in Action}
