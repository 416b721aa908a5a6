"""The Consensus page, run by Streamlit's own test harness: settling, what was overturned, and the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.ui.parts.settle_form import ANOTHER, NOTHING
from coding_app.workflows import overview, reach_consensus
from coding_app.workflows.reach_consensus import Ruling
from coding_app.workflows.wiring import App, open_app
from tests.ui.pages import button, open_page, text_of
from tests.workflows.coding import given_a_pass, given_another_pass
from tests.workflows.test_reach_consensus import (
    CONFRONTATION,
    REASON,
    a_lead,
    a_ruling,
    given_two_passes,
    submitted,
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def coded(app: App) -> CodingPass:
    one = given_two_passes(app)
    a_lead(app, one.recording_id)
    return one


def at_tab(app: App, coder: str, tab: str) -> AppTest:
    at = open_page(app, "consensus", coder)
    at.session_state["consensus-tab"] = tab
    return sound(at.run())


def sound(at: AppTest) -> AppTest:
    assert not at.exception
    return at


def settling(app: App, one: CodingPass) -> AppTest:
    return sound(open_page(app, "consensus", "Lea", recording=one.recording_id))


def the_field(at: AppTest, name: str):  # type: ignore[no-untyped-def]
    return next(each for kind in (at.radio, at.text_area) for each in kind if each.label == name)


def test_before_two_have_submitted_the_page_says_what_will_be_here(app: App) -> None:
    given_a_pass(app)
    assert "submitted by two observers yet" in text_of(at_tab(app, "Observer A", "Differences"))
    assert "settled yet" in text_of(at_tab(app, "Observer A", "What was overturned"))
    assert "No rule yet" in text_of(at_tab(app, "Observer A", "Rules"))


def test_a_lead_begins_and_sees_the_difference_with_codes_transcript_and_codebook(
    app: App, coded: CodingPass
) -> None:
    at = at_tab(app, "Lea", "Differences")
    assert "not begun" in text_of(at)
    at = sound(button(at, "Begin").click().run())
    words = text_of(at).replace("\\", "")
    for each in ("Observer A", "Anna", "Words of segment 2.", "how strong: ", "Codebook"):
        assert each in words, each
    assert [each.value for each in at.header] == ["Rupture"]
    assert button(at, "Play")
    assert button(at, "Previous").disabled
    assert button(at, "Next").disabled


def test_choosing_one_sides_judgement_with_a_reason_settles_the_difference(
    app: App, coded: CodingPass
) -> None:
    _begin(app, coded)
    at = settling(app, coded)
    the_field(at, "What holds?").set_value("Anna").run()
    the_field(at, "Why").set_value(REASON).run()
    at = sound(button(at, "Rule and go on").click().run())
    assert not at.error
    assert "Ruled: **" in "\n".join(each.value for each in at.success)
    at = sound(button(at, "Finish the consensus").click().run())
    assert "Finished on" in "\n".join(each.value for each in at.success)
    assert "Rule and go on" not in [each.label for each in at.button]


def _begin(app: App, coded: CodingPass) -> str:
    study_id = overview.studies(app)[0].id
    lead = next(each.id for each in overview.coders(app, study_id) if each.name == "Lea")
    reach_consensus.start_or_update(app, coded.recording_id, lead)
    return lead


@pytest.mark.parametrize(
    ("chosen", "why", "says"),
    [
        (None, REASON, "choose what holds"),
        ("Anna", "", "needs a reason"),
        (ANOTHER, REASON, "No code is chosen"),
    ],
)
def test_what_is_missing_in_a_ruling_is_said_and_nothing_is_settled(
    app: App, coded: CodingPass, chosen: str | None, why: str, says: str
) -> None:
    lead = _begin(app, coded)
    at = settling(app, coded)
    the_field(at, "What holds?").set_value(chosen).run()
    the_field(at, "Why").set_value(why).run()
    at = sound(button(at, "Rule and go on").click().run())
    assert says in "\n".join(each.value for each in at.error)
    assert len(reach_consensus.what_differs(app, coded.recording_id, lead).left) == 1


def test_another_code_is_ruled_with_what_the_scheme_asks_after_it(app: App, coded: CodingPass) -> None:
    lead = _begin(app, coded)
    at = settling(app, coded)
    the_field(at, "What holds?").set_value(ANOTHER).run()
    at.button_group(key=f"settle-{coded.recording_id}-s-0002-rupture-codes").set_value(
        ["rup_c_confront"]
    ).run()
    for name, value in (("intensity", 3), ("certainty", 2), ("facet", "bond")):
        key = f"settle-{coded.recording_id}-s-0002-rupture-rup_c_confront-{name}"
        at.selectbox(key=key).set_value(value).run()
    the_field(at, "Why").set_value(REASON).run()
    at = sound(button(at, "Rule and go on").click().run())
    assert not at.error
    held = reach_consensus.what_differs(app, coded.recording_id, lead).present["s-0002", "rupture"]
    assert held.codes[0].attributes == {"intensity": 3, "certainty": 2, "facet": "bond"}


def test_that_none_of_the_codes_applies_can_be_ruled_and_kept_as_a_rule_at_once(
    app: App, coded: CodingPass
) -> None:
    lead = _begin(app, coded)
    at = settling(app, coded)
    the_field(at, "What holds?").set_value(NOTHING).run()
    the_field(at, "Why").set_value(REASON).run()
    the_field(at, "In general words").set_value("Teasing is no rupture.").run()
    at = sound(button(at, "Rule and go on").click().run())
    assert not at.error
    held = reach_consensus.what_differs(app, coded.recording_id, lead).present["s-0002", "rupture"]
    assert (held.codes, held.note) == ((), REASON)
    assert "Teasing is no rupture." in text_of(at_tab(app, "Lea", "Rules")).replace("\\", "")
    assert "Decided by the team" in text_of(settling(app, coded))


def test_an_observer_sees_what_was_overturned_and_why(app: App, coded: CodingPass) -> None:
    lead = _begin(app, coded)
    reach_consensus.rule(app, coded.recording_id, lead, a_ruling(CONFRONTATION))
    assert REASON not in text_of(at_tab(app, "Observer A", "What was overturned")).replace("\\", "")
    reach_consensus.finish(app, coded.recording_id, lead)
    words = text_of(at_tab(app, "Observer A", "What was overturned")).replace("\\", "")
    assert REASON in words
    assert "1 of 1 ruling says something else" in words
    assert "None of your judgements was overturned" in text_of(at_tab(app, "Anna", "What was overturned"))


def test_who_has_the_recording_to_code_is_told_so_and_shown_nothing_of_it(
    app: App, coded: CodingPass
) -> None:
    _begin(app, coded)
    given_another_pass(app, coded, "Ben")
    at = sound(open_page(app, "consensus", "Ben", recording=coded.recording_id))
    words = text_of(at).replace("\\", "")
    assert "to code yourself" in words
    assert "yours to code first" in words
    for hidden in ("Words of segment", "difference left", "intensity"):
        assert hidden not in words


def test_codings_that_came_in_later_are_merged_on_request(app: App, coded: CodingPass) -> None:
    lead = _begin(app, coded)
    submitted(app, given_another_pass(app, coded, "Ben"))
    at = settling(app, coded)
    assert "came in or changed" in "\n".join(each.value for each in at.warning)
    sound(button(at, "Update").click().run())
    assert len(reach_consensus.what_differs(app, coded.recording_id, lead).made_from) == 3


def test_showing_the_page_stores_nothing(app: App, coded: CodingPass) -> None:
    lead = _begin(app, coded)
    before = reach_consensus.what_differs(app, coded.recording_id, lead)
    settling(app, coded)
    assert reach_consensus.what_differs(app, coded.recording_id, lead) == before


def test_the_report_tab_gives_out_the_consensus_in_place_of_each_observers_judgements(
    app: App, coded: CodingPass
) -> None:
    lead = _begin(app, coded)
    at = _report(app)
    assert not at.button_group  # nothing is settled yet: there is no choice
    reach_consensus.rule(app, coded.recording_id, lead, a_ruling(CONFRONTATION))
    reach_consensus.finish(app, coded.recording_id, lead)
    at = _report(app)
    at = sound(at.button_group(key="agreement-judgements-of").set_value("The consensus").run())
    assert "the column coder says Consensus" in text_of(at)
    assert "Asked after a code" in [each.proto.label for each in at.get("download_button")]


def _report(app: App) -> AppTest:
    at = open_page(app, "agreement", "Observer A")
    at.session_state["agreement-tab"] = "Report"
    return sound(at.run())


def test_what_the_rulings_made_necessary_is_asked_for_before_the_consensus_can_be_finished(app: App) -> None:
    one = given_two_passes(app, second=None)  # only one marked a rupture, and so only one rated its repair
    a_lead(app, one.recording_id)
    lead = _begin(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    for rating in ("repair_success", "therapist_part"):
        reach_consensus.rule(app, one.recording_id, lead, Ruling("session", rating, (), REASON))
    at = settling(app, one)
    assert "the scheme asks for more" in "\n".join(each.value for each in at.warning)
    assert "Finish the consensus" not in [each.label for each in at.button]
    for _ in range(2):
        the_field(at, "What holds?").set_value(ANOTHER).run()
        next(each for each in at.selectbox if each.label == "Value").set_value(2).run()
        the_field(at, "Why").set_value(REASON).run()
        at = sound(button(at, "Rule and go on").click().run())
    assert sound(button(at, "Finish the consensus").click().run()).success
