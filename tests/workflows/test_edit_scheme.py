"""Writing schemes: checking while writing, versions, drafts, forms, and who may overwrite what (nobody)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from coding_app.errors import InputError, NotFoundError, SchemeError, StoreError
from coding_app.schemes import find_scheme, parse_scheme
from coding_app.workflows import code_session, codebook, edit_scheme, scheme_drafts, study
from coding_app.workflows.scheme_forms import entries, free_keys, put_entry, put_head, remove_entry
from coding_app.workflows.wiring import App
from tests.workflows.coding import given_a_recording

CODE = {
    "criterion": "warmth",
    "role": "therapist",
    "valence": "positive",
    "label": "Shows warmth",
    "key": "w",
    "definition": "Liking can be heard.",
    "include": ["A smile that can be heard."],
    "exclude": ["Politeness alone."],
    "examples": ["Therapist: I am glad you came."],
    "near_misses": [{"text": "Nice weather.", "why": "Small talk.", "instead": "none"}],
}
CRITERION = {
    "label": "Warmth",
    "unit": "segment",
    "exclusive": True,
    "exhaustive": False,
    "unmarked": "absent",
}
RATING = {"label": "Overall", "unit": "session", "role": "dyad", "scale": "amount", "question": "How warm?"}


def a_text(app: App, title: str = "Warmth in talk") -> str:
    """A new scheme with one criterion, one code and one rating, written by forms."""
    text = edit_scheme.begin(app, title)
    for kind, entry in (("criteria", CRITERION), ("codes", CODE), ("ratings", RATING)):
        text, _ = put_entry(text, kind, entry)  # type: ignore[arg-type]
    return text


def test_the_template_lacks_nothing_but_its_content(app: App) -> None:
    checked = edit_scheme.check(edit_scheme.begin(app, "Wärme: neu", "de"))
    assert checked.faults == ((1, "the scheme has neither criteria nor ratings; add at least one."),)
    assert "id: warme-neu " in checked.text
    assert f'date: "{datetime.now(UTC):%Y-%m-%d}"' in checked.text


def test_forms_lead_from_the_template_to_a_scheme_without_faults(app: App) -> None:
    text = edit_scheme.begin(app, "Warmth in talk")
    text, criterion = put_entry(text, "criteria", CRITERION)
    assert edit_scheme.check(text).faults[0][1].startswith("the criterion 'warmth' has no code")
    text, code = put_entry(text, "codes", CODE)
    text, rating = put_entry(text, "ratings", RATING)
    text, _ = put_entry(text, "ratings", {**RATING, "unit": "block"})
    text, rule = put_entry(text, "rules", {"label": "R1", "text": "In doubt, give no code."})
    scheme = parse_scheme(text, "x")
    assert (criterion, code, rating, rule) == ("warmth", "shows_warmth", "overall", "R1")
    assert [step.ratings for step in scheme.steps] == [(), (), ("overall",), ("overall_2",)]
    assert "# whom codes and ratings are about" in text, "notes stay"


def test_a_form_changes_only_what_differs(app: App) -> None:
    text = a_text(app)
    made, _ = put_entry(text, "codes", {**CODE, "key": "v", "attributes": []}, "shows_warmth")
    assert made == text.replace("key: w", "key: v")
    assert put_head(text, {"title": "Warmth in talk", "summary": ""}) == text


def test_what_a_form_empties_leaves_the_file(app: App) -> None:
    text, name = put_entry(
        a_text(app), "attributes", {"label": "How strong", "scale": "strength", "required": True}
    )
    text, _ = put_entry(text, "codes", {"attributes": [name]}, "shows_warmth")
    assert parse_scheme(text, "x").codes[0].attributes == ("how_strong",)
    text, _ = put_entry(text, "codes", {"attributes": []}, "shows_warmth")
    assert "attributes: [how_strong]" not in text


def test_a_rating_that_is_removed_also_leaves_its_pass(app: App) -> None:
    text = remove_entry(a_text(app), "ratings", "overall")
    assert parse_scheme(text, "x").steps[2].ratings == ()
    assert remove_entry(text, "ratings", "nothing") == text
    assert edit_scheme.check(remove_entry(text, "codes", "shows_warmth")).faults


def test_an_entry_needs_a_name_and_gets_an_id_of_its_own(app: App) -> None:
    text = a_text(app)
    with pytest.raises(InputError, match="a name"):
        put_entry(text, "codes", {**CODE, "label": "  "})
    text, second = put_entry(text, "codes", {**CODE, "key": "v"})
    _, third = put_entry(text, "codes", {**CODE, "label": "日本"})
    assert (second, third) == ("shows_warmth_2", "x")


def test_keys_that_are_taken_or_the_players_are_not_offered(app: App) -> None:
    data = edit_scheme.readable(a_text(app))
    assert data is not None
    free = free_keys(data, "Wizard")
    assert free[0] == "i"
    assert not {"w", "z", "x"} & set(free)


def test_forms_bear_a_text_with_faults() -> None:
    data = edit_scheme.readable("codes:\n  - 3\n  - {label: a}\n  - {id: b}\ncriteria: [1]\n")
    assert data is not None
    assert (list(entries(data, "codes")), entries(data, "criteria")) == (["b"], {})
    assert edit_scheme.readable("a: [") is None
    assert edit_scheme.readable("- 1") is None


@pytest.mark.parametrize(
    ("data", "line", "part"),
    [
        (b"title: caf\xe9", 1, "UTF-8"),
        ("format: 1\n\ttitle: x", 2, "tab"),
        ("format: 1\nformat: 1", 2, "stands twice"),
        ("", 1, "no 'key: value' lines"),
        ("x: " + "a" * 1_000_001, 1, "larger than"),
        ("a: &a [*a]", 1, ""),
        ("format: 1\nid: \ud800", 2, ""),
    ],
)
def test_checking_never_fails_and_names_the_line(data: str | bytes, line: int, part: str) -> None:
    checked = edit_scheme.check(data)
    assert checked.scheme is None
    assert checked.faults[0][0] == line
    assert part in checked.faults[0][1]


def test_a_copy_begins_anew_and_says_whose_it_is(app: App) -> None:
    core = next(each for each in codebook.library(app).current() if each.scheme.id == "alliance-core")
    copied = edit_scheme.begin(app, "Our Core", copied=core)
    scheme = parse_scheme(copied, "x")
    assert (scheme.id, scheme.version, scheme.status) == ("our-core", "0.1.0", "draft")
    assert scheme.changes[0].note == f"Begun as a copy of {core.name}."
    assert scheme.codes == core.scheme.codes
    assert "# exclusive: at most one code" in copied, "notes stay"


@pytest.mark.parametrize("title", ["", "  ", "x" * 81])
def test_a_scheme_needs_a_title(app: App, title: str) -> None:
    with pytest.raises(InputError, match="1 to 80 signs"):
        edit_scheme.begin(app, title)


def test_a_saved_scheme_is_in_the_library_and_a_study_can_use_it(app: App) -> None:
    saved = edit_scheme.save_version(app, a_text(app), "0.1.0", "First version.")
    path = app.settings.own_schemes_dir / "warmth-in-talk-0.1.0.yaml"
    assert parse_scheme(path.read_bytes(), "x") == saved
    entry = next(each for each in codebook.library(app).current() if each.scheme.id == saved.id)
    assert (entry.path, entry.built_in) == (path, False)
    recording, coder_id = given_a_recording(app, scheme_id=saved.id)
    opened = code_session.open_pass(app, recording.id, coder_id)
    assert (opened.scheme_id, opened.scheme_sha256) == (saved.id, saved.sha256)
    assert codebook.use_of(app, saved).n_passes == 1


def test_saving_proposes_the_number_that_the_changes_need(app: App) -> None:
    text = a_text(app)
    edit_scheme.save_version(app, text, "0.1.0", "First version.")
    wording = put_entry(text, "codes", {**CODE, "definition": "Liking is heard."}, "shows_warmth")[0]
    more = put_entry(text, "codes", {**CODE, "label": "Turns cold", "key": "c"})[0]
    meaning = put_entry(text, "codes", {**CODE, "role": "client"}, "shows_warmth")[0]
    proposed = [edit_scheme.propose(app, parse_scheme(each, "x")) for each in (wording, more, meaning)]
    assert [each.bump for each in proposed] == ["patch", "minor", "major"]
    assert [each.versions[0] for each in proposed] == ["0.1.1", "0.2.0", "1.0.0"]
    with pytest.raises(InputError, match=r"save it as 0\.2\.0 or higher"):
        edit_scheme.save_version(app, more, "0.1.1", "A code.")
    saved = edit_scheme.save_version(app, more, "0.2.0", "A code for coldness.")
    assert [change.version for change in saved.changes] == ["0.1.0", "0.2.0"]
    assert saved.changes[-1].note == "A code for coldness."
    assert [each.scheme.version for each in codebook.library(app).versions(saved.id)] == ["0.2.0", "0.1.0"]
    assert find_scheme(codebook.folders(app), saved.id)[0] == saved
    assert find_scheme(codebook.folders(app), saved.id, "0.1.0")[0].version == "0.1.0"


def test_saving_asks_what_becomes_of_what_is_gone_and_keeps_the_answer_as_the_migration_note(
    app: App,
) -> None:
    text = put_entry(a_text(app), "codes", {**CODE, "label": "Turns cold", "key": "c"})[0]
    edit_scheme.save_version(app, text, "0.1.0", "First version.")
    split = put_entry(
        remove_entry(text, "codes", "turns_cold"), "codes", {**CODE, "label": "Goes flat", "key": "f"}
    )[0]
    proposal = edit_scheme.propose(app, parse_scheme(split, "x"))
    (gone,) = proposal.gone
    assert (proposal.versions[0], gone.id, gone.label) == ("1.0.0", "turns_cold", "Turns cold")
    assert dict(gone.others) == {"shows_warmth": "Shows warmth", "goes_flat": "Goes flat"}
    saved = edit_scheme.save_version(app, split, "1.0.0", "Cold is flat.", {"turns_cold": "goes_flat"})
    (step,) = saved.changes[-1].migration
    assert (step.before, step.after) == ("turns_cold", "goes_flat")
    assert edit_scheme.propose(app, saved).gone == ()
    later = remove_entry(
        (app.settings.own_schemes_dir / "warmth-in-talk-1.0.0.yaml").read_text("utf-8"), "ratings", "overall"
    )
    dropped = edit_scheme.save_version(app, later, "2.0.0", "No rating.", {"overall": None})
    assert [(each.before, each.after) for each in dropped.changes[-1].migration] == [("overall", None)]


def test_a_version_that_is_there_is_never_written_over(app: App) -> None:
    text = a_text(app)
    saved = edit_scheme.save_version(app, text, "0.1.0", "First version.")
    path = app.settings.own_schemes_dir / "warmth-in-talk-0.1.0.yaml"
    before = path.read_bytes()
    assert edit_scheme.keep(app, before.decode()) == saved, "the same again does nothing"
    other = before.decode().replace("Liking can be heard.", "Something else.")
    with pytest.raises(SchemeError, match="is there already with another content"):
        edit_scheme.keep(app, other)
    code_session.open_pass(app, *_ids(given_a_recording(app, scheme_id=saved.id)))
    with pytest.raises(SchemeError, match="is in use with another content"):
        edit_scheme.keep(app, other)
    path.unlink()
    with pytest.raises(SchemeError, match="is in use with another content"):
        edit_scheme.keep(app, other)
    assert edit_scheme.keep(app, before.decode()) == saved, "a lost file can be put back"


def _ids(given):  # type: ignore[no-untyped-def]
    return given[0].id, given[1]


def test_a_text_with_faults_or_without_a_note_is_not_saved(app: App) -> None:
    with pytest.raises(InputError, match="what is new"):
        edit_scheme.save_version(app, a_text(app), "0.1.0", " ")
    with pytest.raises(SchemeError, match="scheme:"):
        edit_scheme.save_version(app, a_text(app).replace("key: w", "key: z"), "0.1.0", "New.")
    assert not list(Path(app.settings.own_schemes_dir).glob("*.yaml"))


def test_a_folder_that_cannot_be_written_is_told(app: App) -> None:
    app.settings.own_schemes_dir.parent.mkdir(parents=True, exist_ok=True)
    app.settings.own_schemes_dir.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        edit_scheme.save_version(app, a_text(app), "0.1.0", "New.")


def test_a_file_with_faults_is_named_and_hides_nothing(app: App) -> None:
    app.settings.own_schemes_dir.mkdir(parents=True)
    (app.settings.own_schemes_dir / "broken.yaml").write_text("format: 2\n")
    found = codebook.library(app)
    assert [name for name, _ in found.faulty] == ["broken.yaml"]
    assert "alliance-core" in {each.scheme.id for each in found.current()}


def test_drafts_are_kept_at_every_change_and_can_be_thrown_away(app: App) -> None:
    first = scheme_drafts.start_draft(app, "One", "a: 1\n")
    second = scheme_drafts.start_draft(app, "Two", "b: \u202e\n", "alliance-core 0.1.0")
    changed = scheme_drafts.save_draft(app, scheme_drafts.Draft(first.id, "One", "a: 2\n"))
    assert scheme_drafts.open_draft(app, first.id) == changed
    assert [each.id for each in scheme_drafts.list_drafts(app)] == [first.id, second.id]
    scheme_drafts.drop_draft(app, first.id)
    scheme_drafts.drop_draft(app, first.id)
    assert [each.title for each in scheme_drafts.list_drafts(app)] == ["Two"]
    for unknown in (first.id, "../../secret", "x" * 32):
        with pytest.raises(NotFoundError):
            scheme_drafts.open_draft(app, unknown)


def test_a_damaged_draft_does_not_hide_the_others(app: App) -> None:
    draft = scheme_drafts.start_draft(app, "One", "a: 1\n")
    (app.settings.data_dir / "scheme-drafts" / f"{'0' * 32}.json").write_text("{")
    assert scheme_drafts.list_drafts(app) == (draft,)


def test_editing_a_version_goes_on_with_the_draft_begun_from_it(app: App) -> None:
    core = next(each for each in codebook.library(app).current() if each.scheme.id == "alliance-core")
    draft = edit_scheme.copy_to_edit(app, core)
    assert (draft.text, draft.base) == (core.text, core.name)
    assert edit_scheme.copy_to_edit(app, core).id == draft.id


def test_the_scheme_of_a_study_changes_until_coding_begins(app: App) -> None:
    made = study.create_study(app, "Pilot", "alliance-core")
    study.change_scheme(app, made.id, "bond-goal-task")
    assert codebook.scheme_of(app, made.id).id == "bond-goal-task"
    with pytest.raises(SchemeError, match="no coding scheme 'nope'"):
        study.change_scheme(app, made.id, "nope")
    recording, coder_id = given_a_recording(app)
    opened = code_session.open_pass(app, recording.id, coder_id)
    begun = next(each for each in _studies(app) if each.id != made.id)
    assert not study.may_change_scheme(app, begun.id)
    with pytest.raises(InputError, match="Coding has begun"):
        study.change_scheme(app, begun.id, "bond-goal-task")
    assert opened.scheme_id == "alliance-core"


def _studies(app: App):  # type: ignore[no-untyped-def]
    from coding_app.workflows import overview

    return overview.studies(app)
