"""Reference values and the ten-coder corpus in the shared folder; skipped where that folder is not there."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coding_app import agreement
from coding_app.agreement.patterns import collapse
from coding_app.workflows.agreement_of_table import assess_file

SHARED = Path(__file__).parents[3] / "shared" / "data"
VECTORS = SHARED / "agreement-vectors.json"
ANNOMI = SHARED / "annomi" / "AnnoMI-full.csv"
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def _vectors() -> dict[str, dict[str, Any]]:
    if not VECTORS.is_file():
        return {}
    return {vector["id"]: vector for vector in json.loads(VECTORS.read_text("utf-8"))["vectors"]}


def _values(vector: dict[str, Any]) -> Any:
    data = vector["data"]
    for key in ("units_by_coders", "units_by_raters", "targets_by_judges"):
        if isinstance(data.get(key), list):
            return data[key]
    table = data.get("table") or data.get("table_rows_coder1")
    if table:
        return [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]
    if "counts" in data:
        return [[value for value, n in enumerate(row) for _ in range(n)] for row in data["counts"]]
    return None


def _check(name: str, values: Any) -> float | None:
    """Our value under the name that the reference file uses; None for what is not on fixed units."""
    if name in LEVELS:
        return agreement.krippendorff_alpha(values, name)
    two_coders = len(values[0]) == 2
    ours = {
        "po": agreement.percent_agreement,
        "bennett_s": agreement.brennan_prediger,
        "bp": agreement.brennan_prediger,
        "scott_pi": agreement.fleiss_kappa,
        "fleiss": agreement.fleiss_kappa,
        "alpha": agreement.krippendorff_alpha,
        "irrCAC_alpha": agreement.krippendorff_alpha,
        "ac1": agreement.gwet_ac1,
        "ac2_quadratic": agreement.gwet_ac2,
        "ac2_linear": lambda v: agreement.gwet_ac2(v, weighting="linear"),
        "kappa": agreement.cohen_kappa if two_coders else agreement.fleiss_kappa,
    }
    if name.startswith("ICC("):
        return agreement.icc(values, f"icc_{name[4]}_{name[6]}").value
    return ours[name](values) if name in ours else None


CASES = [
    (vector["id"], name)
    for vector in _vectors().values()
    if _values(vector) is not None
    for name in vector["expected"]
    if name not in ("pe", "kappa_max", "mean_pairwise_cohen")
]


@pytest.mark.skipif(not VECTORS.is_file(), reason="the shared reference values are not on this machine")
def test_every_reference_table_on_fixed_units_is_used() -> None:
    used = {vector_id for vector_id, _ in CASES}
    elsewhere = {
        "krippendorff2004_ordinal_delta",
        "fleiss1971_categories",
        "sets_9items",
        "krippendorff1995_digitized",
    }
    on_spans = ("alpha_u_2004", "alpha_u_2016", "gamma_mathet2015")
    left = {name for name, vector in _vectors().items() if vector["statistic"] not in on_spans} - used
    assert left <= elsewhere  # these have tests of their own, here or among the published tables
    assert len(CASES) >= 50


@pytest.mark.skipif(not VECTORS.is_file(), reason="the shared reference values are not on this machine")
def test_the_ordinal_distance_of_krippendorff_2004_counts_pairable_values_only() -> None:
    vector = _vectors()["krippendorff2004_ordinal_delta"]
    values = np.array(_values(_vectors()["krippendorff2011_C"]), dtype=float)
    patterns = collapse(values, exchangeable=True)
    totals = (patterns.multiplicity @ patterns.pairable_counts)[0]
    assert totals.tolist() == [n for n in vector["data"]["value_totals"] if n]
    mid_ranks = np.cumsum(totals) - totals / 2  # what the ordinal kernel takes the distance of
    assert mid_ranks[1] - mid_ranks[0] == vector["expected"]["d12"]


@pytest.mark.parametrize(("vector_id", "name"), CASES)
def test_shared_reference_value(vector_id: str, name: str) -> None:
    vector = _vectors()[vector_id]
    assert _check(name, _values(vector)) == pytest.approx(vector["expected"][name], abs=vector["tolerance"])


def _long_table(path: Path, criteria: dict[str, Any]) -> Path:
    """The seven sessions that ten annotators coded, as a long table."""
    with ANNOMI.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    annotators: dict[str, set[str]] = {}
    for row in rows:
        annotators.setdefault(row["transcript_id"], set()).add(row["annotator_id"])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "coder", "value", "session", "criterion"])
        for row in rows:
            if len(annotators[row["transcript_id"]]) < 10:
                continue
            for criterion, (who, value) in criteria.items():
                if row["interlocutor"] == who:
                    where = (
                        row["utterance_id"],
                        row["annotator_id"],
                        value(row),
                        row["transcript_id"],
                        criterion,
                    )
                    writer.writerow(where)
    return path


def _subtype(kind: str) -> Any:
    return lambda row: row[f"{kind}_subtype"] if row[f"{kind}_exists"] == "True" else "none"


TEN_CODERS = {  # research/agreement.md: N, categories, Po, Fleiss, AC1, alpha
    "input": (216, ("therapist", _subtype("therapist_input")), 0.806, 0.5117, 0.784, 0.5119),
    "input exists": (216, ("therapist", lambda r: r["therapist_input_exists"]), 0.871, 0.6441, 0.797, 0.6443),
    "reflection": (216, ("therapist", _subtype("reflection")), 0.783, 0.4961, 0.723, 0.4963),
    "reflection exists": (216, ("therapist", lambda r: r["reflection_exists"]), 0.866, 0.6596, 0.778, 0.6597),
    "question": (216, ("therapist", _subtype("question")), 0.866, 0.7397, 0.820, 0.7398),
    "question exists": (216, ("therapist", lambda r: r["question_exists"]), 0.940, 0.8687, 0.891, 0.8688),
    "behaviour": (216, ("therapist", lambda r: r["main_therapist_behaviour"]), 0.804, 0.7365, 0.740, 0.7367),
    "talk": (212, ("client", lambda r: r["client_talk_type"]), 0.700, 0.4669, 0.583, 0.4671),
}


# of alpha, seven sessions drawn 5,000 times
SESSION_INTERVALS = {
    "input": (0.469, 0.558), "input exists": (0.584, 0.720), "reflection": (0.431, 0.542),
    "reflection exists": (0.560, 0.721), "question": (0.657, 0.786), "question exists": (0.824, 0.895),
    "behaviour": (0.701, 0.748), "talk": (0.379, 0.584),
}  # fmt: skip


@pytest.mark.skipif(not ANNOMI.is_file(), reason="the corpus with ten coders is not on this machine")
def test_ten_coders_of_a_public_corpus_give_the_known_figures(tmp_path: Path) -> None:
    path = _long_table(tmp_path / "codes.csv", {name: case[1] for name, case in TEN_CODERS.items()})
    found = {each.criterion: each for each in assess_file(path, level="nominal")}
    for name, (n_units, _, *expected) in TEN_CODERS.items():
        assessment = found[name]
        assert (assessment.n_units, assessment.n_coders, assessment.n_sessions) == (n_units, 10, 7)
        keys = ("percent_agreement", "fleiss_kappa", "gwet_ac1", "krippendorff_alpha")
        ours = [assessment.estimate(key).value for key in keys]  # type: ignore[union-attr]
        assert ours == pytest.approx(expected, abs=6e-4), name
        assert "over sessions" in assessment.estimates[0].interval_method  # type: ignore[operator]
        alpha = assessment.estimate("krippendorff_alpha")
        assert alpha is not None
        assert (alpha.low, alpha.high) == pytest.approx(SESSION_INTERVALS[name], abs=0.02), name


@pytest.mark.skipif(not ANNOMI.is_file(), reason="the corpus with ten coders is not on this machine")
def test_ten_coders_with_several_codes_per_utterance_give_the_known_set_alpha(tmp_path: Path) -> None:
    def codes(row: dict[str, str]) -> str:
        kinds = ("therapist_input", "reflection", "question")
        return "|".join(kind for kind in kinds if row[f"{kind}_exists"] == "True")

    path = _long_table(tmp_path / "codes.csv", {"behaviour": ("therapist", codes)})
    whole, *per_code = assess_file(path, multiple=True)
    masi, jaccard = whole.estimate("krippendorff_alpha_masi"), whole.estimate("krippendorff_alpha_jaccard")
    assert masi is not None
    assert jaccard is not None
    assert (masi.value, jaccard.value) == pytest.approx((0.7022, 0.7243), abs=1e-4)
    question = next(each for each in per_code if each.criterion == "behaviour: question")
    alpha = question.estimate("krippendorff_alpha")
    assert alpha is not None
    assert alpha.value == pytest.approx(0.8688, abs=1e-4)
    assert np.isfinite([each.value for each in question.estimates if each.value is not None]).all()
