"""`coding-app agreement CODES.csv` and `coding-app agreement verify REPORT.html CODES.csv` as a person calls them."""

import json
import re
import sys
from pathlib import Path

import pytest

from coding_app import cli
from coding_app.exchange.long_table import LongRow, write_long_table

HOSTILE = '</script><img src=x onerror=alert(1)>"\u202e&'


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs the command line in this process: exit status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coding-app", "agreement", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    return write(tmp_path / "codes.csv", rows())


def rows(criterion: str = "rupture", words: tuple[str, str] = ("none", "withdrawal")) -> list[LongRow]:
    return [
        LongRow(
            f"u{unit}", coder, words[(unit + (coder == "B") * (unit % 5 == 0)) % 2], f"s{unit % 6}", criterion
        )
        for unit in range(60)
        for coder in ("A", "B", "C")
    ]


def write(path: Path, table: list[LongRow]) -> Path:
    path.write_text(write_long_table(table), "utf-8")
    return path


def a_report(run, codes: Path, *options: object) -> Path:  # type: ignore[no-untyped-def]
    report = codes.with_suffix(".html")
    status, _, err = run(codes, "--report", report, "--replicates", 200, *options)
    assert (status, err) == (0, "")
    return report


def test_a_report_is_verified_against_the_table_that_it_was_made_from(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    status, out, err = run("verify", report, codes)
    assert (status, err) == (0, "")
    assert "are what the judgements give" in out


def test_the_order_of_the_rows_changes_no_number(run, codes: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes, "--interval", "bca")
    turned = write(tmp_path / "turned.csv", rows()[::-1])
    assert run("verify", report, turned)[0] == 0


def test_a_changed_number_in_the_certificate_is_named(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    html = report.read_text("utf-8")
    alpha = html.index('"statistic": "krippendorff_alpha"')
    value = re.compile(r'"value": [0-9.]+').search(html, alpha)
    assert value is not None
    report.write_text(html[: value.start()] + '"value": 0.9321' + html[value.end() :], "utf-8")
    status, out, err = run("verify", report, codes)
    assert (status, out) == (1, "")
    assert "rupture, krippendorff_alpha, value: the report says 0.9321, codes.csv gives" in err
    assert "Traceback" not in err


def test_a_changed_number_in_the_visible_table_is_found_too(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    html = report.read_text("utf-8")
    shown = re.search(r"<td>0\.\d{3}</td>", html)
    assert shown is not None
    report.write_text(html.replace(shown.group(), "<td>0.987</td>", 1), "utf-8")
    status, _, err = run("verify", report, codes)
    assert status == 1
    assert re.search(r"codes\.html, line \d+: the visible text", err)


def test_a_changed_judgement_is_named_by_the_first_number_that_moves(  # type: ignore[no-untyped-def]
    run, codes: Path, tmp_path: Path
) -> None:
    report = a_report(run, codes)
    changed = rows()
    changed[0] = changed[0]._replace(value="withdrawal")
    status, _, err = run("verify", report, write(tmp_path / "changed.csv", changed))
    assert status == 1
    assert re.search(r"rupture, \w+, value: the report says [0-9.]+, changed\.csv gives [0-9.]+", err)
    assert "not those that the report was made from" in err


def test_other_times_with_equal_numbers_are_other_judgements(run, codes: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    later = [each._replace(start_ms=5, end_ms=9) for each in rows()]
    status, _, err = run("verify", report, write(tmp_path / "later.csv", later))
    assert status == 1
    assert "All numbers are equal, but the judgements" in err


def test_a_report_of_another_version_is_compared_by_its_numbers(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    html = re.sub(r'"tool_version": "[^"]+"', '"tool_version": "0.0.9"', report.read_text("utf-8"))
    report.write_text(html, "utf-8")
    status, out, _ = run("verify", report, codes)
    assert status == 0
    assert "made by version 0.0.9; its visible text was not compared" in out


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>no report</p>", "holds no agreement certificate"),
        (
            '<script type="application/json" id="coding-app-certificate">{"format": 2}</script>',
            "cannot be read at",
        ),
        (
            '<script type="application/json" id="coding-app-certificate">nonsense</script>',
            "cannot be read at",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused_as_input(  # type: ignore[no-untyped-def]
    run, codes: Path, html: str, says: str
) -> None:
    other = codes.with_name("other.html")
    other.write_text(html, "utf-8")
    status, out, err = run("verify", other, codes)
    assert (status, out) == (2, "")
    assert says in err
    assert run("verify", codes.with_name("gone.html"), codes)[0] == 2
    assert run("verify", other, codes.with_name("gone.csv"))[0] == 2


def test_a_file_called_verify_is_a_file(run, codes: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(codes.parent)
    Path("verify").write_bytes(codes.read_bytes())
    for name in ("./verify", "verify"):
        status, out, _ = run(name, "--replicates", 0, "--json")
        assert status == 0
        assert json.loads(out)["criteria"][0]["criterion"] == "rupture"


def test_a_report_of_hostile_values_holds_no_markup_of_theirs_and_is_verified(  # type: ignore[no-untyped-def]
    run, tmp_path: Path
) -> None:
    table = [each._replace(coder=each.coder + HOSTILE) for each in rows(HOSTILE, ("none", HOSTILE))]
    codes = write(tmp_path / "codes.csv", table)
    report = a_report(run, codes)
    html = report.read_text("utf-8")
    assert "<img" not in html
    assert html.count("</script>") == 1
    outside = re.sub(r"<(bdi|text|title)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert "\u202e" not in re.sub(r'(aria-label)="[^"]*"', "", outside)
    assert re.findall(r"https?:", html.replace("http://www.w3.org/2000/svg", "")) == []
    assert run("verify", report, codes)[0] == 0


def test_names_can_be_masked_in_a_report_that_is_verified_with_the_named_table(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    named = write(codes, [each._replace(coder=f"Ruth-{each.coder}") for each in rows()])
    report = a_report(run, named, "--mask")
    assert "Ruth" not in report.read_text("utf-8")
    assert "Observer C" in report.read_text("utf-8")
    assert run("verify", report, named)[0] == 0


def test_stated_categories_count_although_nobody_used_them(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    def ac1(*options: str) -> float:
        _, out, _ = run(codes, "--replicates", 0, "--json", *options)
        found = json.loads(out)["criteria"][0]["estimates"]
        return next(float(each["value"]) for each in found if each["statistic"] == "gwet_ac1")

    assert ac1("--categories", "none,withdrawal,confrontation,other") > ac1()
    status, _, err = run(codes, "--categories", "none,confrontation")
    assert status == 2
    assert "'withdrawal' is none of the stated categories" in err
    assert run(codes, "--categories", "a,a")[0] == 2


def spans(shift_ms: int = 0) -> list[LongRow]:
    found = []
    for number in range(4):
        session = f"s{number}"
        for coder, late in (("A", 0), ("B", shift_ms)):
            found.append(LongRow("take 1", coder, "", session, "activity", 0, 60_000))
            found.append(
                LongRow("take 1", coder, "telling", session, "activity", 5_000 + late, 20_000 + late)
            )
            found.append(
                LongRow("take 1", coder, "planning", session, "activity", 30_000 + late, 45_000 + late)
            )
    return found


def test_spans_of_another_tool_are_compared_in_time_and_reported_with_the_curve(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    codes = write(tmp_path / "spans.csv", spans(1_000))
    status, out, err = run(codes, "--spans", "--replicates", 100, "--json")
    assert (status, err) == (0, "")
    whole = json.loads(out)["criteria"][0]
    value = {each["statistic"]: each["value"] for each in whole["estimates"]}
    assert value["time_unit_agreement"] == pytest.approx(56 / 60)  # four shifted seconds of sixty
    assert value["event_f1"] == 1.0
    report = a_report(run, codes, "--spans")
    assert "agreement against the tolerance" in report.read_text("utf-8")
    assert run("verify", report, codes)[0] == 0


def test_a_coder_who_drew_nothing_has_coded_and_a_coder_without_a_row_has_not(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    silent = [each for each in spans() if not (each.coder == "B" and each.value and each.session == "s0")]
    codes = write(tmp_path / "spans.csv", silent)

    def agreement() -> float:
        _, out, _ = run(codes, "--spans", "--replicates", 0, "--json")
        found = json.loads(out)["criteria"][0]["estimates"]
        return next(float(each["value"]) for each in found if each["statistic"] == "time_unit_agreement")

    assert agreement() == pytest.approx(1 - 30 / 240)
    write(codes, [each for each in silent if not (each.coder == "B" and each.session == "s0")])
    assert agreement() == 1.0


@pytest.mark.parametrize(
    ("table", "options", "says"),
    [
        ([LongRow("r", "A", "x", "s", "c"), LongRow("r", "B", "x", "s", "c")], ("--spans",), "no start_ms"),
        (
            [LongRow("1", "A", "x", "s", "c", 0, 9), LongRow("2", "B", "x", "s", "c", 0, 9)],
            ("--spans",),
            "session and unit name the recording",
        ),
        (spans(), ("--spans", "--level", "ordinal"), "Spans are nominal"),
        (rows(), ("--json", "--report", "x.html"), "Choose --json or --report"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, table: list[LongRow], options: tuple[str, ...], says: str
) -> None:
    status, out, err = run(write(tmp_path / "codes.csv", table), *options)
    assert (status, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_units_are_also_shown_by_recognition_confidence_when_it_is_asked_for(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = [row._replace(confidence=(0.5, 0.95)[int(row.unit[1:]) % 2]) for row in rows()]
    path = write(tmp_path / "codes.csv", table)
    status, out, err = run(path, "--by-confidence", "--json", "--replicates", 50)
    assert (status, err) == (0, "")
    (criterion,) = json.loads(out)["criteria"]
    groups = criterion["by_confidence"]
    assert [(each["confidence"], each["n_units"], each["note"]) for each in groups] == [
        ("low", 30, None),
        ("high", 30, None),
    ]
    assert [each["statistic"] for each in groups[0]["estimates"]] == [
        "percent_agreement",
        "krippendorff_alpha",
    ]
    status, out, _ = run(path, "--by-confidence", "--replicates", 50)
    assert "by recognition confidence" in out
    assert re.search(r"low +. krippendorff_alpha", out)
    status, out, _ = run(path, "--json", "--replicates", 50)
    assert "by_confidence" not in out


def test_a_report_and_its_hash_do_not_depend_on_the_confidence(run, codes: Path) -> None:  # type: ignore[no-untyped-def]
    report = a_report(run, codes)
    write(codes, [row._replace(confidence=0.5) for row in rows()])
    status, _, err = run("verify", report, codes)
    assert (status, err) == (0, "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "column 'confidence' is missing"),
        (("--spans",), "leave --spans or --report out"),
        (("--report", "report.html"), "leave --spans or --report out"),
    ],
)
def test_grouping_that_cannot_be_done_is_refused(
    run, codes: Path, options: tuple[str, ...], says: str
) -> None:  # type: ignore[no-untyped-def]
    status, out, err = run(codes, "--by-confidence", *options)
    assert (status, out) == (2, "")
    assert says in err


def marked(opened_again: set[tuple[str, str]]) -> list[LongRow]:
    """The rows with the column blind; of each coding that was opened again the first row alone is marked."""
    left, table = set(opened_again), []
    for row in rows():
        is_first = (row.coder, row.session) in left
        left.discard((row.coder, row.session))
        table.append(row._replace(blind="no" if is_first else "yes"))
    return table


@pytest.mark.parametrize(
    "opened_again", [{("A", "s0"), ("A", "s1"), ("C", "s3")}, {("B", f"s{n}") for n in range(6)}]
)
def test_blind_codings_alone_give_what_the_table_without_the_others_gives(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, opened_again: set[tuple[str, str]]
) -> None:
    table = marked(opened_again)
    blind = [row for row in table if (row.coder, row.session) not in opened_again]
    alone, whole = write(tmp_path / "alone.csv", blind), write(tmp_path / "whole.csv", table)
    for options in (
        ("--replicates", 50),
        ("--multiple", "--replicates", 50),
        ("--unmarked", "absent", "--replicates", 0),
    ):
        status, out, err = run(whole, "--blind-only", "--json", *options)
        assert (status, err) == (0, "")
        found, expected = (json.loads(each)["criteria"] for each in (out, run(alone, "--json", *options)[1]))
        for each in found:
            assert (
                f"{len(opened_again)} of 18 codings are not blind and were left out" in each["warnings"].pop()
            )
        assert found == expected
        assert found != json.loads(run(whole, "--json", *options)[1])["criteria"]


def test_a_report_of_blind_codings_says_what_was_left_out_and_is_verified_with_the_whole_table(  # type: ignore[no-untyped-def]
    run, tmp_path: Path
) -> None:
    table = marked({("A", "s0")})
    whole = write(tmp_path / "whole.csv", table)
    report = a_report(run, whole, "--blind-only")
    assert "1 of 18 codings is not blind and was left out" in report.read_text("utf-8")
    assert run("verify", report, whole)[0] == 0
    write(whole, [row._replace(blind="yes") for row in table])
    status, _, err = run("verify", report, whole)
    assert status == 1
    assert "the report says" in err


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (rows(), "column 'blind' is missing"),
        ([row._replace(blind="no") for row in rows()], "no coding is blind"),
    ],
)
def test_blind_codings_alone_of_a_table_that_has_none_are_refused(  # type: ignore[no-untyped-def]
    run, tmp_path: Path, table: list[LongRow], says: str
) -> None:
    status, out, err = run(write(tmp_path / "codes.csv", table), "--blind-only")
    assert (status, out) == (2, "")
    assert says in err
