"""The tabs of the Agreement page, run by Streamlit's own test harness on studies with three observers."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.settings import read_settings
from coding_app.workflows.wiring import App, open_app
from tests.ui.pages import button, open_page, text_of
from tests.workflows.double_coded import given_a_study, unequally_recognised


@pytest.fixture(scope="module")
def on_segments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("segments"))) as opened:
        given_a_study(opened, n_sessions=3)
        yield opened


@pytest.fixture(scope="module")
def unequal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("unequal"))) as opened:
        given_a_study(opened, n_sessions=3, segments=unequally_recognised())
        yield opened


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("drawn"))) as opened:
        given_a_study(opened, observers=("Ada", "Max", "Ruth"), n_sessions=3, scheme="session-flow")
        yield opened


def at_tab(app: App, coder: str, tab: str) -> AppTest:
    at = open_page(app, "agreement", coder)
    at.session_state["agreement-tab"] = tab
    at = at.run()
    assert not at.exception
    assert not at.error
    return at


def charts_of(at: AppTest) -> list[str]:
    return [each.proto.spec for each in at.get("vega_lite_chart")]


def test_three_observers_get_a_map_of_all_pairs_and_a_table_per_pair(on_segments: App) -> None:
    at = at_tab(on_segments, "Ruth", "Observers")
    assert "Krippendorff's alpha of every pair" in [each.value for each in at.subheader]
    assert len(charts_of(at)) == 2
    assert "Rows: Anna. Columns: Ben" in text_of(at)


def test_a_disagreement_opens_in_ones_own_coding_beside_the_others(on_segments: App) -> None:
    at = at_tab(on_segments, "Ruth", "Disagreements")
    assert "moments that observers judged differently" in text_of(at)
    assert "gray[Anna:]" in text_of(at)
    assert button(at, "Play")
    assert button(at, "Open")


def test_masked_names_are_nowhere_on_the_page(on_segments: App) -> None:
    at = at_tab(on_segments, "Ruth", "Disagreements")
    next(each for each in at.toggle if each.label == "Mask names").set_value(True).run()
    words = text_of(at)
    assert "Observer A" in words
    assert "Anna" not in words


def test_a_moment_that_differs_between_several_pairs_is_listed_for_each(drawn: App) -> None:
    at = at_tab(drawn, "Ada", "Disagreements")
    assert "moments that observers judged differently" in text_of(at)
    assert button(at, "Open")


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("Overview", "Level: events, on segments"),
        ("Over time", "one session later each time"),
        ("Planning", "Agreement itself stays as it is"),
        ("Report", "coding-app agreement verify"),
    ],
)
def test_every_tab_of_a_study_on_segments_says_what_it_is_for(on_segments: App, tab: str, says: str) -> None:
    assert says in text_of(at_tab(on_segments, "Ruth", tab)).replace("\\", "")


def test_drawn_spans_have_their_own_statistics_and_a_curve_against_the_tolerance(drawn: App) -> None:
    overview_tab = text_of(at_tab(drawn, "Ada", "Overview"))
    for head in ("Kappa in time", "Unitized alpha", "F1 of events"):
        assert head in overview_tab
    at = at_tab(drawn, "Ada", "Tolerance")
    assert "how the numbers move with the tolerance" in text_of(at)
    assert len(charts_of(at)) == 1
    observers = text_of(at_tab(drawn, "Ada", "Observers"))
    assert "Numbers: seconds" in observers.replace("\\", "")


def test_a_study_of_drawn_spans_alone_says_why_there_is_no_course_over_time(drawn: App) -> None:
    assert "drawn for codes on segments and for ratings" in text_of(at_tab(drawn, "Ada", "Over time"))


def test_words_by_convention_are_given_for_the_estimate_and_the_lower_end(on_segments: App) -> None:
    at = at_tab(on_segments, "Ruth", "Overview")
    next(each for each in at.toggle if each.label == "Words by convention").set_value(True).run()
    assert "Lower end of the interval" in text_of(at)
    assert "Krippendorff 2004" in text_of(at)


def by_confidence(app: App, coder: str) -> str:
    at = at_tab(app, coder, "Overview")
    at.session_state["agreement-part"] = "By recognition confidence"
    at = at.run()
    assert not at.exception
    return text_of(at)


def test_units_are_grouped_by_recognition_confidence_with_a_reason_where_a_group_is_too_small(
    unequal: App,
) -> None:
    words = by_confidence(unequal, "Ruth")
    for label in ("Low: below 0.7", "Middle: 0.7 to below 0.9", "Not known", "Flagged: two voices at once"):
        assert label in words
    assert "High" not in words  # there is no such unit
    assert "Only 3 units here that two observers judged; a coefficient needs 10" in words
    assert "it is no proof" in words


def test_drawn_spans_and_ratings_of_whole_sessions_are_not_grouped_by_confidence(drawn: App) -> None:
    at = at_tab(drawn, "Ada", "Overview")
    assert not any("By recognition confidence" in each.options for each in at.button_group)
