"""Plots of the agreement report as inline SVG: intervals as bars, observers against each other, curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor

LABEL_PX, PLOT_PX, ROW_PX = 270, 430, 22
LONGEST_LABEL = 42
CONVENTIONS = (0.667, 0.8)
_NEGATIVE, _POSITIVE = (166, 61, 87), (31, 111, 120)


@dataclass(frozen=True, slots=True)
class Bar:
    """A coefficient with its interval; None where there is none."""

    label: str
    value: float | None
    low: float | None
    high: float | None


def interval_plot(bars: Sequence[Bar], title: str) -> str:
    """Every coefficient as a point with its interval; an undefined one is a line without a mark.

    Thin dashed lines mark .667 and .800, two conventions of content analysis.
    """
    found = [number for each in bars for number in (each.value, each.low) if number is not None]
    lowest = max(-1.0, floor(10 * min([0.0, *found])) / 10)
    height = ROW_PX * len(bars) + 46
    parts = [_axis(lowest, height), *(_dashes(at, lowest, height) for at in CONVENTIONS)]
    for row, bar in enumerate(bars):
        parts.append(_bar(bar, 10 + ROW_PX * row + ROW_PX / 2, lowest))
    return _svg(LABEL_PX + PLOT_PX + 20, height, title, parts)


def _x(value: float, lowest: float) -> float:
    return LABEL_PX + PLOT_PX * (min(max(value, lowest), 1.0) - lowest) / (1.0 - lowest)


def _axis(lowest: float, height: float) -> str:
    step = 0.2 if lowest >= -0.4 else 0.5
    ticks, at = [], -1.0
    while at <= 1.0001:
        if at >= lowest - 1e-9:
            x = _x(at, lowest)
            ticks.append(
                f'<line class="grid" x1="{x:.1f}" y1="8" x2="{x:.1f}" y2="{height - 34:.1f}"/>'
                f'<text class="tick" x="{x:.1f}" y="{height - 18:.1f}" text-anchor="middle">{at + 0.0:.1f}</text>'
            )
        at += step
    return "".join(ticks).replace("-0.0<", "0.0<")


def _dashes(value: float, lowest: float, height: float) -> str:
    x = _x(value, lowest)
    return f'<line class="dash" x1="{x:.1f}" y1="8" x2="{x:.1f}" y2="{height - 34:.1f}"/>'


def _bar(bar: Bar, y: float, lowest: float) -> str:
    parts = [_label(bar.label, LABEL_PX - 12, y + 4, "end")]
    if bar.low is not None and bar.high is not None:
        parts.append(
            f'<line class="bar" x1="{_x(bar.low, lowest):.1f}" y1="{y:.1f}" '
            f'x2="{_x(bar.high, lowest):.1f}" y2="{y:.1f}"/>'
        )
    if bar.value is None:
        parts.append(f'<text class="tick" x="{LABEL_PX + 4}" y="{y + 4:.1f}">undefined</text>')
    else:
        parts.append(f'<circle class="point" cx="{_x(bar.value, lowest):.1f}" cy="{y:.1f}" r="4.5"/>')
    return "".join(parts)


def heat_map(names: Sequence[str], values: Mapping[tuple[str, str], float | None], title: str) -> str:
    """Observer against observer: the darker, the more agreement; a missing pair is an empty cell.

    values: by the two names, in either order.
    """
    cell, left, top = 58, 160, 30
    parts = []
    for row, first in enumerate(names):
        y = top + cell * row
        parts.append(_label(first, left - 10, y + cell / 2 + 4, "end", 20))
        parts.append(_label(first, left + cell * row + cell / 2, top - 10, "middle", 7))
        for column, second in enumerate(names):
            x = left + cell * column
            value = values.get((first, second), values.get((second, first)))
            shown = "" if first == second else "–" if value is None else f"{value:.2f}"
            fill = "#eef1f1" if first == second or value is None else _shade(value)
            ink = "#fff" if value is not None and abs(value) > 0.6 and first != second else "#1d2b2e"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" fill="{fill}"/>'
                f'<text x="{x + cell / 2 - 1}" y="{y + cell / 2 + 4}" text-anchor="middle" fill="{ink}">{shown}</text>'
            )
    return _svg(left + cell * len(names) + 10, top + cell * len(names) + 6, title, parts)


def _shade(value: float) -> str:
    """White at 0, the app's green at 1, red below 0."""
    end = _POSITIVE if value >= 0 else _NEGATIVE
    share = min(abs(value), 1.0)
    return "#" + "".join(f"{round(255 + (each - 255) * share):02x}" for each in end)


def curve_plot(
    lines: Mapping[str, Sequence[tuple[float, float | None]]], x_title: str, y_title: str, title: str
) -> str:
    """One line per name over the points (x, y); a y of None is a gap. At most six lines can be told apart."""
    colours = ("#1f6f78", "#b5651d", "#6b5b95", "#3b7a3b", "#a63d57", "#5f6b73")
    width, height, left, bottom, right = 720, 270, 50, 44, 250
    points = [(x, y) for line in lines.values() for x, y in line if y is not None]
    if not points:
        return ""
    most_x = max(x for x, _ in points) or 1.0
    least_y = floor(10 * min([0.0, *(y for _, y in points)])) / 10

    def at(x: float, y: float) -> str:
        across = left + (width - left - right) * x / most_x
        up = 24 + (height - bottom - 24) * (1 - (y - least_y) / (1 - least_y))
        return f"{across:.1f},{up:.1f}"

    parts = []
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = at(0, tick).split(",")
        parts.append(
            f'<line class="grid" x1="{x}" y1="{y}" x2="{width - right}" y2="{y}"/>'
            f'<text class="tick" x="{left - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{tick:.1f}</text>'
        )
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = at(most_x * share, 0).split(",")[0]
        parts.append(
            f'<text class="tick" x="{x}" y="{height - 26}" text-anchor="middle">{most_x * share:g}</text>'
        )
    middle = (left + width - right) / 2
    parts.append(
        f'<text class="tick" x="{middle}" y="{height - 8}" text-anchor="middle">{escape(x_title)}</text>'
        f'<text class="tick" x="8" y="10">{escape(y_title)}</text>'
    )
    drawn = {name: line for name, line in lines.items() if any(y is not None for _, y in line)}
    for number, (name, line) in enumerate(drawn.items()):
        colour = colours[number % len(colours)]
        path = " ".join(at(x, y) for x, y in line if y is not None)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y_name = 32 + 18 * number
        parts.append(
            f'<rect x="{width - right + 14}" y="{y_name - 8}" width="10" height="10" fill="{colour}"/>'
        )
        parts.append(_label(name, width - right + 30, y_name + 1, "start", 36))
    return _svg(width, height, title, parts)


def _label(text: str, x: float, y: float, anchor: str, longest: int = LONGEST_LABEL) -> str:
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return (
        f'<text class="label" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(printable(shown))}'
        f"<title>{escape(printable(text))}</title></text>"
    )


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    name = escape(printable(title), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'role="img" aria-label="{name}">{"".join(parts)}</svg>'
    )


def printable(text: str) -> str:
    """Text without control characters, which no file should bring to a browser.

    >>> printable("a\\x00b")
    'a\\ufffdb'
    """
    return "".join(sign if sign >= " " and sign != "\x7f" else "\ufffd" for sign in text)
