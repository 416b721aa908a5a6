"""The Codebook page, the scheme editor and the scheme of a study, run by Streamlit's own test harness."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.schemes import BUILT_IN
from coding_app.settings import read_settings
from coding_app.ui.parts.words import plain
from coding_app.workflows import codebook, edit_scheme, overview, scheme_drafts, study
from coding_app.workflows.bookmarks import Bookmark, bookmarks_of, mark
from coding_app.workflows.demo import add_demo
from coding_app.workflows.wiring import App, open_app
from tests.ui.pages import button, open_page, text_of


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemes")
    with open_app(read_settings({}, folder)) as opened:
        add_demo(opened)
    return folder


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[App]:
    shutil.copytree(demo_folder, tmp_path / "data")
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


def test_the_codebook_shows_any_scheme_without_a_study(empty: App) -> None:
    at = open_page(empty, "codebook", scheme="session-flow")
    assert not at.error
    scheme = next(
        each.scheme for each in codebook.library(empty).current() if each.scheme.id == "session-flow"
    )
    written = text_of(at)
    assert scheme.codes[0].label in written
    assert "comes with the program" in plain(written).replace("\\", "")


def test_the_codebook_begins_with_the_scheme_of_the_study(demo: App) -> None:
    at = open_page(demo, "codebook", "Observer A")
    assert next(each for each in at.selectbox if each.label == "Scheme").value == "alliance-core"
    assert "4 passes coded with version" in text_of(at)


def test_two_versions_are_compared(empty: App) -> None:
    text = (BUILT_IN / "session-flow.yaml").read_text("utf-8")
    scheme = edit_scheme.check(text).scheme
    assert scheme is not None
    changed = text.replace(scheme.codes[0].definition, "Said otherwise.")
    assert changed != text
    edit_scheme.save_version(empty, changed, f"{scheme.version.rsplit('.', 1)[0]}.99", "Said otherwise.")
    at = open_page(empty, "codebook", scheme="session-flow")
    assert next(each for each in at.selectbox if each.label == "Version").options[0].endswith(".99")
    rows = at.dataframe[-1].value
    assert "definition" in list(rows["Change"])
    assert "Said otherwise." in list(rows["After"])


def test_a_scheme_with_markup_in_its_texts_is_shown_as_text(empty: App) -> None:
    folder = empty.settings.own_schemes_dir
    folder.mkdir()
    nasty = "<script>alert(1)</script> **b** $x$ :red[y] [l](javascript:1)"
    text = (BUILT_IN / "session-flow.yaml").read_text("utf-8")
    scheme = edit_scheme.check(text).scheme
    assert scheme is not None
    text = text.replace("id: session-flow", "id: nasty").replace(scheme.codes[0].definition, nasty)
    (folder / "nasty.yaml").write_text(text.replace(f"title: {scheme.title}", f'title: "{nasty}"'), "utf-8")
    at = open_page(empty, "codebook", scheme="nasty")
    assert not at.error
    bodies = [str(each.proto.body) for each in at.get("html")]
    assert not any("<script>" in body for body in bodies)
    assert any("&lt;script&gt;alert(1)&lt;/script&gt; **b**" in body for body in bodies)
    assert not any(nasty in str(each.value) for each in (*at.markdown, *at.caption))
    study.create_study(empty, nasty[:80], "nasty")
    for page in ("study", "codebook"):
        at = open_page(empty, page)
        shown = [str(each.value) for each in (*at.markdown, *at.caption, *at.title, *at.info)]
        shown += [str(each.proto) for each in (*at.tabs, *at.get("popover"))]
        assert not [each for each in shown for part in ("**b**", ":red[y]", "$x$") if part in each]


def test_a_faulty_file_is_named_on_the_page(empty: App) -> None:
    empty.settings.own_schemes_dir.mkdir()
    (empty.settings.own_schemes_dir / "broken.yaml").write_text("format: 1\n")
    assert "broken.yaml" in text_of(open_page(empty, "codebook"))


def test_bookmarks_are_set_shown_and_removed_on_the_page(demo: App) -> None:
    coder = next(
        each for each in overview.coders(demo, overview.studies(demo)[0].id) if each.name == "Observer A"
    )
    mark(demo, coder.id, Bookmark("alliance-core", "code:gone", "A passage of before"), on=True)
    at = open_page(demo, "codebook", "Observer A")
    assert "A passage of before (no longer in this version)" in text_of(at)
    next(each for each in at.selectbox if each.label == "Bookmark").select("rule:R1").run()
    button(at, "Set").click().run()
    assert [each.place for each in bookmarks_of(demo, coder.id)] == ["code:gone", "rule:R1"]
    next(each for each in at.button if each.key == "unmark-code:gone").click().run()
    assert [each.place for each in bookmarks_of(demo, coder.id)] == ["rule:R1"]


def test_a_draft_is_begun_kept_and_opened_again(empty: App) -> None:
    at = open_page(empty, "scheme_editor")
    at.text_input[0].set_value("Warmth")
    button(at, "Begin").click().run()
    assert at.title[0].value == "Warmth"
    assert "neither criteria nor ratings" in text_of(at)
    (draft,) = scheme_drafts.list_drafts(empty)
    other = open_page(empty, "scheme_editor", draft=draft.id)
    assert other.title[0].value == "Warmth"


def test_a_scheme_of_the_program_is_copied_and_ones_own_is_edited(empty: App) -> None:
    at = open_page(empty, "codebook", scheme="session-flow")
    assert "Edit" not in [each.label for each in at.button]
    core = next(each for each in codebook.library(empty).current() if each.scheme.id == "session-flow")
    at = open_page(empty, "scheme_editor", **{"from": core.name})
    at.text_input[0].set_value("Our flow")
    button(at, "Begin").click().run()
    (draft,) = scheme_drafts.list_drafts(empty)
    saved = edit_scheme.keep(empty, draft.text)
    assert saved.codes == core.scheme.codes
    at = open_page(empty, "codebook", scheme="our-flow")
    assert "Edit" in [each.label for each in at.button]


def test_a_form_changes_the_draft_and_undo_takes_it_back(empty: App) -> None:
    draft = scheme_drafts.start_draft(empty, "Warmth", edit_scheme.begin(empty, "Warmth"))
    at = open_page(empty, "scheme_editor", draft=draft.id)
    at.text_area[0].set_value("Another summary.")
    button(at, "Put into the scheme").click().run()
    assert "summary: Another summary." in scheme_drafts.open_draft(empty, draft.id).text
    button(at, "Undo").click().run()
    assert scheme_drafts.open_draft(empty, draft.id).text == draft.text


def test_a_draft_that_cannot_be_read_asks_for_the_text(empty: App) -> None:
    draft = scheme_drafts.start_draft(empty, "Warmth", "format: [")
    at = open_page(empty, "scheme_editor", draft=draft.id)
    assert not at.exception
    assert "correct it under **Text** first" in at.warning[0].value


@pytest.mark.parametrize("name", ["nothing", "../../x", "0" * 32])
def test_an_unknown_draft_leads_to_the_list(empty: App, name: str) -> None:
    at = open_page(empty, "scheme_editor", draft=name)
    assert at.title[0].value == "Scheme editor"
    assert at.info


def test_saving_what_is_in_use_proposes_a_new_version(demo: App) -> None:
    entry = next(each for each in codebook.library(demo).current() if each.scheme.id == "alliance-core")
    draft = edit_scheme.copy_to_edit(demo, entry)
    text = draft.text.replace("label: Client withdrawal", "label: Client steps back")
    scheme_drafts.save_draft(demo, scheme_drafts.Draft(draft.id, draft.title, text, draft.base))
    at = open_page(demo, "scheme_editor", draft=draft.id)
    major, minor, patch = map(int, entry.scheme.version.split("."))
    wanted = f"{major}.{minor}.{patch + 1}"
    assert f"Save as {wanted}" in [each.label for each in at.button]
    assert "Demo study" in at.info[0].value
    button(at, f"Save as {wanted}").click().run()
    assert "Say in a few words" in at.error[0].value
    next(each for each in at.text_input if each.label == "What is new in it").set_value("Plainer name.")
    button(at, f"Save as {wanted}").click().run()
    assert f"Saved as version {wanted}." in at.success[0].value
    assert [each.scheme.version for each in codebook.library(demo).versions("alliance-core")][:2] == [
        wanted,
        entry.scheme.version,
    ]
    assert scheme_drafts.list_drafts(demo) == ()


def test_a_study_is_made_with_another_scheme_and_can_change_it(empty: App) -> None:
    at = open_page(empty, "study", scheme="bond-goal-task")
    at.text_input[0].set_value("Pilot")
    button(at, "Make the study").click().run()
    (made,) = overview.studies(empty)
    assert made.scheme_id == "bond-goal-task"
    next(each for each in at.selectbox if each.label == "Another scheme").select("talk-moves").run()
    button(at, "Use this scheme").click().run()
    assert overview.studies(empty)[0].scheme_id == "talk-moves"
    assert study.may_change_scheme(empty, made.id)


def test_a_study_in_which_coding_has_begun_keeps_its_scheme(demo: App) -> None:
    at = open_page(demo, "study", "Observer A")
    assert "Coding has begun, so the scheme stays." in text_of(at)
    assert "Use this scheme" not in [each.label for each in at.button]
