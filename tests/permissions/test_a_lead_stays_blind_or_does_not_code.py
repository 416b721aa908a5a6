"""Two leads: the one who looked at what the other settles cannot code that recording as if blind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.domain.people import Role
from coding_app.errors import AccessError, CodingError
from coding_app.settings import read_settings
from coding_app.workflows import code_session, reach_consensus
from coding_app.workflows.members import join
from coding_app.workflows.wiring import open_app
from tests.permissions.world import World, an_account, given_a_world
from tests.workflows.coding import all_ratings

SECOND = "second lead"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The first lead has submitted, as others have, and begun to settle; the second has not looked."""
    with open_app(read_settings({}, tmp_path / "data")) as app:
        made = given_a_world(app)
        opened = made.passes[Role.LEAD]
        code_session.record(app, opened.id, all_ratings(opened))
        code_session.submit(app, opened.id)
        made.people[SECOND] = an_account(app, "Second lead")
        with app.store.write() as tx:
            join(tx, made.people[SECOND], made.study_id, Role.LEAD, None)
        reach_consensus.start_or_update(made.acting(Role.LEAD), made.recording.id, made.coder_id(Role.LEAD))
        yield made


def test_who_looked_opens_no_pass(world: World) -> None:
    app, mine = world.acting(SECOND), world.coder_id(SECOND)
    reach_consensus.what_differs(app, world.recording.id, mine)
    with pytest.raises(CodingError, match="let somebody else code it"):
        code_session.open_pass(app, world.recording.id, mine)


def test_who_opened_a_pass_looks_and_rules_only_after_submitting_it(world: World) -> None:
    app, mine = world.acting(SECOND), world.coder_id(SECOND)
    opened = code_session.open_pass(app, world.recording.id, mine)
    for work in (reach_consensus.start_or_update, reach_consensus.what_differs, reach_consensus.finish):
        with pytest.raises(AccessError, match="to code yourself"):
            work(app, world.recording.id, mine)
    code_session.record(app, opened.id, all_ratings(opened))
    code_session.submit(app, opened.id)
    reach_consensus.start_or_update(app, world.recording.id, mine)
    assert code_session.open_pass(app, world.recording.id, mine).id == opened.id
