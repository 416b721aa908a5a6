"""The agreement report: one HTML file that needs nothing else, prints well, and holds its own certificate."""

import json
import re
from html import escape

from pydantic import ValidationError

from coding_app.agreement.time_sources import time_statistic_name as statistic_name
from coding_app.errors import InputError
from coding_app.exchange import report_tables
from coding_app.exchange.certificate import Certificate, ResultRecord
from coding_app.exchange.report_methods import main_estimate, methods_text, references
from coding_app.exchange.report_plots import Bar, curve_plot, heat_map, interval_plot, printable
from coding_app.exchange.report_tables import text

MARK = "coding-app-certificate"
LARGEST_REPORT = 64 * 1024 * 1024
_EMBEDDED = re.compile(
    rf'<script type="application/json" id="{MARK}">(.*?)</script>', flags=re.DOTALL | re.IGNORECASE
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_CONVENTIONS = (
    "Dashed lines: .667 and .800, conventions of content analysis, not laws. What is enough depends on what the "
    "codes are used for. No interval is shown where fewer than three sessions could be drawn again."
)
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #1d2b2e; background: #fff;
  max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; }
.lead { color: #5c6b6f; margin: 0 0 1.2rem; }
.told { border-left: 3px solid #b5651d; padding: .3rem .9rem; margin: .8rem 0; background: #fbf6f0; }
.told p { margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: .4rem 0 .8rem; }
th, td { padding: .3rem .55rem; border-bottom: 1px solid #d9e0e0; text-align: right; vertical-align: top; }
th:first-child, td:first-child, .words { text-align: left; } thead th { font-weight: 600; color: #5c6b6f; }
td { white-space: nowrap; } td.words { white-space: normal; } thead th { vertical-align: bottom; }
tbody th { font-weight: 400; } tr.head th, tr.head td { font-weight: 600; } tr.part th { padding-left: 1.4rem; }
table.narrow { width: auto; } table.all { font-size: .8rem; } table.all th, table.all td { padding: .14rem .5rem; }
table.all tr.head th { padding-top: .6rem; } sup { color: #5c6b6f; font-weight: 400; line-height: 0; }
.paper { border: 1px solid #d9e0e0; border-radius: .4rem; padding: .4rem 1.1rem; }
.small { font-size: .85rem; color: #5c6b6f; } code { font-size: .85em; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; font-size: 12.5px; } svg text { fill: #1d2b2e; unicode-bidi: isolate; }
svg .tick { fill: #5c6b6f; font-size: 11px; } svg .grid { stroke: #e7ecec; }
svg .dash { stroke: #8b979b; stroke-dasharray: 3 3; }
svg .bar { stroke: #1f6f78; stroke-width: 3; opacity: .5; stroke-linecap: round; } svg .point { fill: #1f6f78; }
@page { size: A4; margin: 16mm 14mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; } h2, h3 { break-after: avoid; }
  tr, svg, .paper, .told { break-inside: avoid; } thead { display: table-header-group; } details { display: block; } }
"""


def render_report(certificate: Certificate) -> str:
    """The whole file. The same certificate always gives the same text, so a changed figure can be found."""
    parts = [
        _head(certificate),
        _told(certificate),
        _main_tables(certificate),
        _observers(certificate),
        _methods(certificate),
        _every_number(certificate),
        _certificate(certificate),
    ]
    title = escape(printable(f"Agreement report: {certificate.title}"))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def read_certificate(html: str) -> Certificate:
    """The certificate inside a report; raises InputError when there is none that can be used."""
    found = _EMBEDDED.findall(html)
    if len(found) != 1:
        raise InputError(
            "The report holds no agreement certificate; give the HTML file that the app or "
            "`coding-app agreement --report` wrote"
        )
    try:
        return Certificate.model_validate_json(found[0])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"]) or "its beginning"
        raise InputError(
            f"The certificate in the report cannot be read at '{where[:120]}' ({first['msg'][:120]}); "
            "make the report again"
        ) from error


def _embedded(certificate: Certificate) -> str:
    """JSON that cannot end its script element, and that is ASCII throughout."""
    data = json.dumps(certificate.model_dump(mode="json"), ensure_ascii=True, indent=1)
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{MARK}">{data}</script>'


def _head(certificate: Certificate) -> str:
    scheme = certificate.scheme
    coded = f" · {text(scheme.title)}, version {text(scheme.version)}" if scheme else ""
    return (
        f"<h1>Agreement report</h1><p class='lead'>{text(certificate.title)}{coded} · "
        f"{len(certificate.coders)} observers, {certificate.n_sessions} "
        f"{'session' if certificate.n_sessions == 1 else 'sessions'} · {text(certificate.made_at[:10])}</p>"
    )


def _told(certificate: Certificate) -> str:
    warnings = [each.warnings for each in certificate.results]
    shared = [
        each for each in dict.fromkeys(w for one in warnings for w in one) if all(each in w for w in warnings)
    ]
    sentences = [*shared, *certificate.cautions, *(f"Left out: {each}" for each in certificate.exclusions)]
    told = "".join(f"<p>{text(each.rstrip('.'))}.</p>" for each in sentences)
    return f"<div class='told'>{told}</div>" if told else ""


def _main_tables(certificate: Certificate) -> str:
    parts = []
    for title, results, table in report_tables.main_tables(certificate):
        parts += [f"<h2>{title}</h2>", table, _plot(certificate, results, title)]
        if title.startswith("Spans"):
            parts += _curves(certificate)
        if title == "Codes":
            parts += [f"<p class='small'>{_CONVENTIONS}</p>", report_tables.prevalence_table(certificate)]
    return "\n".join(parts)


def _plot(certificate: Certificate, results: list[ResultRecord], title: str) -> str:
    bars = []
    for result in results:
        found = main_estimate(result)
        if found is not None:
            low, high = report_tables.shown_interval(found, result.n_sessions) or (None, None)
            bars.append(Bar(certificate.name(result.criterion).label, found.value, low, high))
    return interval_plot(bars, f"{title}: coefficients with their intervals") if bars else ""


def _curves(certificate: Certificate) -> list[str]:
    """Agreement against the tolerance: one plot per criterion."""
    parts = []
    for criterion in dict.fromkeys(each.criterion for each in certificate.curves):
        label = certificate.name(criterion).label
        lines = {
            statistic_name(each.statistic): [
                (at / 1000, value) for at, value in zip(each.tolerance_ms, each.values, strict=True)
            ]
            for each in certificate.curves
            if each.criterion == criterion
        }
        plot = curve_plot(
            lines, "Tolerance in seconds", "Agreement", f"{label}: agreement against the tolerance"
        )
        parts += [f"<h3>{text(label)}: agreement against the tolerance</h3>", plot]
    return parts


def _observers(certificate: Certificate) -> str:
    parts = []
    asked = [each.criterion for each in certificate.pairs] + [
        each.criterion for each in certificate.confusions
    ]
    for criterion in dict.fromkeys(asked):
        here = [each for each in certificate.pairs if each.criterion == criterion]
        label = certificate.name(criterion).label
        names = sorted({name for each in here for name in (each.first, each.second)})
        parts.append(f"<h3>{text(label)}</h3>")
        if len(names) > 2:
            values = {(each.first, each.second): each.value for each in here}
            parts.append(heat_map(names, values, f"{label}, observer by observer"))
        tables = [each for each in certificate.confusions if each.criterion == criterion]
        parts += [report_tables.confusion_table(certificate, each) for each in tables]
    return "<h2>Observers</h2>" + "\n".join(parts) if parts else ""


def _methods(certificate: Certificate) -> str:
    cited = "".join(f"<p class='small'>{text(each)}</p>" for each in references(certificate))
    return (
        "<h2>Methods paragraph</h2><p class='small'>To paste into a paper.</p>"
        f"<div class='paper'><p>{text(methods_text(certificate))}</p></div><h3>References</h3>{cited}"
    )


def _every_number(certificate: Certificate) -> str:
    return "<h2>Every coefficient</h2>" + report_tables.every_estimate(certificate)


def _certificate(certificate: Certificate) -> str:
    return (
        "<h2>Agreement certificate</h2><p class='small'>This file holds all its numbers in full precision with "
        "everything they were computed from. <code>coding-app agreement verify REPORT.html CODES.csv</code> computes "
        f"them again from the judgements and compares.</p>{report_tables.certificate_table(certificate)}"
        f"{_embedded(certificate)}"
    )
