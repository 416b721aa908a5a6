"""Finding schemes, and the text of `coding-app schemes`."""

from dataclasses import replace
from pathlib import Path

import pytest

from coding_app.errors import SchemeError
from coding_app.schemes import BUILT_IN, find_scheme, list_schemes, scheme_folders
from coding_app.settings import Settings, read_settings
from coding_app.workflows import schemes as texts
from tests.schemes.test_reading import SMALL


@pytest.fixture
def team(tmp_path: Path) -> Path:
    folder = tmp_path / "schemes"
    folder.mkdir()
    (folder / "small.yaml").write_text(SMALL, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, team: Path) -> Settings:
    return replace(read_settings({}, tmp_path / "data"), schemes_dir=team)


def _ids(folder: Path | None) -> set[str]:
    return {scheme.id for scheme in list_schemes(scheme_folders(folder))}


def test_the_teams_own_schemes_stand_beside_the_built_in_ones(team: Path) -> None:
    assert _ids(team) == _ids(None) | {"small"}
    assert _ids(None) == {path.stem for path in BUILT_IN.glob("*.yaml")}


def test_a_scheme_is_found_with_the_text_of_its_file(team: Path) -> None:
    scheme, text = find_scheme(scheme_folders(team), "small")
    assert (scheme.title, text) == ("Small", SMALL)


def test_a_scheme_is_found_by_its_id_whatever_its_file_is_called(team: Path) -> None:
    (team / "small.yaml").rename(team / "our scheme.yml")
    assert find_scheme(scheme_folders(team), "small")[0].id == "small"


def test_the_teams_own_version_goes_before_the_built_in_one(team: Path) -> None:
    text = (BUILT_IN / "alliance-core.yaml").read_text("utf-8").replace("title: Alliance Core", "title: Ours")
    (team / "alliance-core.yaml").write_text(text, "utf-8")
    assert find_scheme(scheme_folders(team), "alliance-core")[0].title == "Ours"
    titles = {scheme.id: scheme.title for scheme in list_schemes(scheme_folders(team))}
    assert titles["alliance-core"] == "Ours"


def test_an_unknown_scheme_is_told_with_those_there_are(team: Path) -> None:
    with pytest.raises(
        SchemeError, match=r"no coding scheme 'nope'; use one of these: alliance-core, .*session-flow, small"
    ):
        find_scheme(scheme_folders(team), "nope")


def test_the_fault_of_the_scheme_that_is_asked_for_is_told(team: Path) -> None:
    (team / "small.yaml").write_text(SMALL.replace("key: n\n", "key: z\n"), "utf-8")
    with pytest.raises(SchemeError, match=r"small\.yaml:35: the hotkey 'z'"):
        find_scheme(scheme_folders(team), "small")


def test_a_faulty_file_does_not_hide_the_other_schemes(team: Path, settings: Settings) -> None:
    (team / "broken.yaml").write_bytes(b"\xff")
    (team / "folder.yaml").mkdir()
    assert _ids(team) == _ids(None) | {"small"}
    listed = texts.list_text(settings).splitlines()
    assert len(listed) == len(_ids(team)) + 2
    assert "broken.yaml:1: the file is not UTF-8 text" in listed[0]


def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert list_schemes(scheme_folders(tmp_path / "nothing")) == list_schemes(scheme_folders(None))


def test_list_names_id_version_status_and_title(settings: Settings) -> None:
    assert "small  1.0.0  draft  Small" in texts.list_text(settings).splitlines()


def test_show_is_a_codebook_with_definitions_examples_and_near_misses(settings: Settings) -> None:
    text = texts.show_text(settings, "small")
    for part in (
        "# Small",
        "### Nods",
        "Moves the head up and down.",
        "> Mm.",
        "Looks up.",
        "### Ease",
        "Begin at 2.",
    ):
        assert part in text


def test_check_says_what_was_found_in_good_files(team: Path) -> None:
    text = texts.check_text([team / "small.yaml", BUILT_IN / "alliance-core.yaml"])
    assert [line.partition(": ")[2] for line in text.splitlines()] == [
        "small 1.0.0, 1 criteria, 2 codes, 1 ratings: no fault found.",
        "alliance-core 0.1.0, 4 criteria, 13 codes, 6 ratings: no fault found.",
    ]


def test_check_lists_every_fault_of_every_file(team: Path) -> None:
    bad, worse = team / "bad.yaml", team / "worse.yaml"
    bad.write_text(SMALL.replace("key: n\n", "key: z\n").replace("start: 2", "start: 9"), "utf-8")
    worse.write_bytes(b"- a\n")
    with pytest.raises(SchemeError) as caught:
        texts.check_text([bad, team / "small.yaml", worse])
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{bad}:21", f"{bad}:35", f"{worse}:1"]
