"""What a scheme's authors advise on reliability and training, and what it needs, in words."""

from collections.abc import Mapping

from coding_app.agreement.sources import STATISTICS
from coding_app.domain.scheme import Scheme, UnitKind

_OTHERS = {"time_unit_kappa": "Kappa over time units", "event_kappa": "Kappa over events"}
_NEEDS = {
    "audio": "the sound",
    "transcript": "the transcript",
    "video": "the picture",
    "speaker_labels": "to know who speaks",
}


def needs(scheme: Scheme) -> str:
    """What an observer must have open, in a sentence; "" for nothing."""
    found = [_NEEDS[each] for each in scheme.requires]
    return f"Observers need: {', '.join(found)}." if found else ""


def unit_words(unit: UnitKind) -> str:
    """How a unit is recognised and how long it is meant to be; "" when nothing is said of it."""
    ends = [_seconds(each) if each is not None else "" for each in (unit.shortest_ms, unit.longest_ms)]
    if all(ends):
        length = f"It lasts {ends[0]} to {ends[1]} seconds."
    elif any(ends):
        length = (
            f"It lasts at least {ends[0]} seconds." if ends[0] else f"It lasts at most {ends[1]} seconds."
        )
    else:
        length = ""
    return " ".join(part for part in (unit.guidance, length) if part)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g}"


def advice_rows(scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """(what it is about, what is advised) of reliability and training; empty where the scheme advises nothing.

    A scheme has all of a topic's keys or none, except the lists of further statistics and the bands.
    """
    given = {each.id: each.value for each in scheme.advice}
    rows: list[tuple[str, str]] = []
    if any(each.topic == "reliability" for each in scheme.advice):
        rows += [row for row, asked in _reliability(given, scheme) if asked]
    if any(each.topic == "training" for each in scheme.advice):
        rows += _training(given)
    return tuple(rows)


def _reliability(given: Mapping[str, str], scheme: Scheme) -> list[tuple[tuple[str, str], bool]]:
    """Each row, and whether the scheme has what it is about."""

    def said(name: str) -> str:
        return given[f"reliability.{name}"]

    also = _names(given.get("reliability.segment_codes.also", ""))
    per = given.get("reliability.segment_codes.per", "").replace(", ", " and ")
    codes = f"{_names(said('segment_codes.primary'))}{f' per {per}' if per else ''}"
    least = (
        f"alpha {said('minimum.alpha')}; ICC {said('minimum.icc')}; {said('minimum.double_coded_share')} of the "
        f"sessions, and {said('minimum.double_coded_sessions')} of them, coded twice; "
        f"{said('minimum.positive_events_per_code')} occurrences of a code."
    )
    interval = (
        f"{100 * float(said('interval.level')):g} % by bootstrap over sessions, "
        f"{said('interval.replicates')} replicates."
    )
    asked = f"{_names(said('attributes.primary'))}, on what both observers marked."
    return [
        (("Agreement on codes", f"{codes}{f'; also {also}' if also else ''}."), bool(scheme.criteria)),
        (("On what is asked after a code", asked), bool(scheme.attributes)),
        (("On ratings", _icc(given, "ratings")), bool(scheme.ratings)),
        (("On counts per session", _icc(given, "counts_per_session")), bool(scheme.criteria)),
        (("Read with care below", least), True),
        (("Interval", interval), True),
    ]


def _icc(given: Mapping[str, str], part: str) -> str:
    at = f"reliability.{part}"
    also = _names(given.get(f"{at}.also", ""))
    band = "; in words after Cicchetti (1994)" if f"{at}.band" in given else ""
    return (
        f"{_names(given[f'{at}.primary'])}; where observers differ between sessions "
        f"{_names(given[f'{at}.if_not_crossed'])}{f'; also {also}' if also else ''}{band}."
    )


def _training(given: Mapping[str, str]) -> list[tuple[str, str]]:
    def said(name: str) -> str:
        return given[f"training.{name}"]

    return [
        ("Practice", f"{said('practice_sessions')} sessions."),
        (
            "To pass",
            f"Against a reference coding, in {said('pass_mark.consecutive_sessions')} sessions one after the other: "
            f"alpha {said('pass_mark.criterion_alpha')} on each criterion, positive agreement "
            f"{said('pass_mark.code_positive_agreement')} on each code, {said('pass_mark.ratings_within_one')} of the "
            "ratings within one step.",
        ),
        (
            "Checked again",
            f"Every {said('recalibrate.every_coded_sessions')} coded sessions or "
            f"{said('recalibrate.or_every_days')} days, and trained again when alpha has fallen by "
            f"{said('recalibrate.drift_alpha_drop')}.",
        ),
    ]


def _names(keys: str) -> str:
    found = (each for each in keys.split(", ") if each)
    return ", ".join(
        STATISTICS[each].name if each in STATISTICS else _OTHERS.get(each, each) for each in found
    )
