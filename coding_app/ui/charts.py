"""Charts of the Agreement page (Altair); colours come from the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import altair as alt
import pandas as pd

ROW_HEIGHT_PX = 24
AXIS_PX = 62  # Streamlit fits axes and titles into the height that is given


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """One line of the chart: a coefficient with its interval; None where it is undefined."""

    label: str
    group: str
    value: float
    low: float | None
    high: float | None


def interval_bars(bars: Sequence[IntervalBar], title: str, conventions: Sequence[float] = ()) -> Any:
    """Coefficients as points with their intervals, in the given order: an Altair chart.

    conventions: thin dashed lines at values that a field uses as marks; never coloured as good or bad.
    """
    table = pd.DataFrame(
        [(b.label, b.group, b.value, b.low, b.high) for b in bars],
        columns=["label", "group", "value", "low", "high"],
    )
    lowest = floor(10 * min([0.0, *table["low"].dropna(), *table["value"]])) / 10
    scale = alt.Scale(domain=[lowest, 1.0], nice=False)
    y = alt.Y(
        "label:N",
        sort=list(table["label"]),
        title=None,
        axis=alt.Axis(labelLimit=320, labelFontSize=13, ticks=False, domain=False),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Code"),
        alt.Tooltip("value:Q", title=title, format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(table)
    rules = base.mark_rule(size=3, opacity=0.55, strokeCap="round").encode(
        x=alt.X("low:Q", scale=scale, title=title, axis=alt.Axis(tickCount=8)),
        x2="high:Q",
        y=y,
        color=alt.Color("group:N", legend=None),
        tooltip=tooltip,
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("value:Q", scale=scale), y=y, color=alt.Color("group:N", legend=None), tooltip=tooltip
    )
    marks = (
        alt.Chart(pd.DataFrame({"at": list(conventions)}))
        .mark_rule(strokeDash=[3, 3], color="#8b979b")
        .encode(x="at:Q")
    )
    return alt.layer(marks, rules, points).properties(height=max(3, len(bars)) * ROW_HEIGHT_PX + AXIS_PX)


def heat_map(
    cells: pd.DataFrame, names_y: Sequence[str], names_x: Sequence[str], title: str, *, diverging: bool
) -> Any:
    """A square of numbers: columns `row`, `column`, `value` (None = empty); an Altair chart.

    names_y, names_x: the order of rows and columns. diverging: coefficients from below 0 to 1, white at 0;
    otherwise counts, the more the darker.
    """
    most = max([1.0, *cells["value"].dropna()]) if not diverging else 1.0
    # the ends of the scale and not the theme's: a number must stay readable on its cell, light and dark
    scale = (
        alt.Scale(domain=[-1, 0, 1], range=["#a63d57", "#f2f5f5", "#1f6f78"])
        if diverging
        else alt.Scale(domain=[0, most], range=["#f2f5f5", "#1f6f78"])
    )
    dark = alt.datum.value > 0.55 * most
    ink = alt.condition(
        (dark | (alt.datum.value < -0.55)) if diverging else dark, alt.value("#ffffff"), alt.value("#1d2b2e")
    )
    axis: dict[str, Any] = {"ticks": False, "domain": False, "labelFontSize": 13, "labelAngle": 0}
    margin = min(230, 20 + 7 * max(map(len, names_y), default=0))
    cell_px = min(170, max(64, 12 + 7 * max(map(len, names_x), default=0)))
    across = alt.Axis(orient="top", labelLimit=cell_px - 4, **axis)
    x = alt.X("column:N", sort=list(names_x), title=None, axis=across)
    y = alt.Y("row:N", sort=list(names_y), title=None, axis=alt.Axis(labelLimit=margin - 16, **axis))
    base = alt.Chart(cells.dropna(subset=["value"])).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("row:N", title="Row"),
        alt.Tooltip("column:N", title="Column"),
        alt.Tooltip("value:Q", title=title, format=".3f" if diverging else ",d"),
        *([alt.Tooltip("units:Q", title="Units", format=",d")] if "units" in cells else []),
    ]
    squares = base.mark_rect(stroke="#ffffff", strokeOpacity=0.25).encode(
        color=alt.Color("value:Q", scale=scale, legend=None), tooltip=tooltip
    )
    words = base.mark_text(fontSize=13).encode(
        text=alt.Text("value:Q", format=".2f" if diverging else ",d"), color=ink
    )
    return alt.layer(squares, words).properties(
        height=44 * len(names_y) + 34, width=cell_px * len(names_x) + margin
    )


def lines(points: pd.DataFrame, x: alt.X, y_title: str, *, lowest: float = 0.0) -> Any:
    """Lines over `x`: columns `x`, `value`, `name`, and `low`, `high` where there is an interval; an Altair chart."""
    found = [0.0, lowest, *points["value"].dropna(), *(points["low"].dropna() if "low" in points else [])]
    y = alt.Y(
        "value:Q", title=y_title, scale=alt.Scale(domain=[floor(10 * min(found)) / 10, 1.0], nice=False)
    )
    names = list(dict.fromkeys(points["name"]))
    colour = alt.Color(
        "name:N",
        sort=names,
        legend=alt.Legend(title=None, orient="right", symbolOpacity=1) if len(names) > 1 else None,
    )
    base = alt.Chart(points).encode(x=x, color=colour)
    tooltip = [
        alt.Tooltip("name:N", title="What"),
        alt.Tooltip("x", title=x.title if isinstance(x.title, str) else "At"),
        alt.Tooltip("value:Q", title=y_title, format=".3f"),
    ]
    layers = [base.mark_line(point=alt.OverlayMarkDef(size=45, filled=True)).encode(y=y, tooltip=tooltip)]
    if "low" in points:
        layers.insert(0, base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q"), y2="high:Q"))
    return alt.layer(*layers).properties(height=300)
