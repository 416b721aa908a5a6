"""How much faster the bootstrap of alpha is than looping the krippendorff package; JSON on the last line.

Both ways start from the same array of codes (100,000 units, 3 coders, 5 categories, 5 % missing). The loop
draws units and calls `krippendorff.alpha` for a few replicates, scaled up to 1,000; ours runs all 1,000.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np

from coding_app import agreement
from coding_app.agreement.alpha import alpha_kernel
from coding_app.agreement.bootstrap import percentile_interval, replicate_values
from coding_app.agreement.patterns import collapse

N_UNITS = 100_000
REPLICATES = 1000


def main() -> None:
    """Measure, print lines for people, then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="fewer repetitions, a few seconds")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    options = parser.parse_args()
    n_loop, n_times = (2, 1) if options.smoke else (20, 5)
    figures: dict[str, Any] = {"units": N_UNITS, "coders": 3, "categories": 5, "replicates": REPLICATES}
    for level in ("nominal", "ordinal"):
        figures |= figures_of(level, n_loop, n_times)
    figures["bootstrap_alpha_100k_times_faster"] = min(
        figures["bootstrap_alpha_nominal_times_faster"], figures["bootstrap_alpha_ordinal_times_faster"]
    )
    figures["largest_difference_on_same_resamples"] = largest_difference()
    figures["assess_15_codes_1000_units_seconds"] = round(median_seconds(fifteen_codes, n_times), 3)
    figures["smoke"] = options.smoke
    if not options.json:
        for name, value in figures.items():
            sys.stdout.write(f"{name}: {value}\n")
    sys.stdout.write(json.dumps(figures) + "\n")


def figures_of(level: str, n_loop: int, n_times: int) -> dict[str, float]:
    """Seconds of both ways, and how many times faster ours is, at one level."""
    large, small = codings(N_UNITS), codings(600)
    ours = median_seconds(lambda: interval(large, level), n_times)
    loop = seconds_of_loop(large, level, n_loop) * REPLICATES / n_loop
    return {
        f"bootstrap_alpha_{level}_seconds": round(ours, 4),
        f"loop_alpha_{level}_seconds_scaled": round(loop, 1),
        f"bootstrap_alpha_{level}_times_faster": round(loop / ours),
        f"bootstrap_alpha_{level}_600_units_seconds": round(
            median_seconds(lambda: interval(small, level), n_times), 4
        ),
    }


def codings(n_units: int, seed: int = 0) -> Any:
    """Codes 1-5 of three coders, 70 % equal to a truth, 5 % missing; (n_units, 3)."""
    rng = np.random.default_rng(seed)
    shape = (n_units, 3)
    values = np.where(
        rng.random(shape) < 0.7, rng.integers(1, 6, size=(n_units, 1)), rng.integers(1, 6, size=shape)
    )
    return np.where(rng.random(shape) < 0.05, np.nan, values)


def interval(values: Any, level: Any) -> None:
    """From codes to a percentile interval, everything included."""
    patterns = collapse(values, exchangeable=True)
    kernels = {"alpha": alpha_kernel(patterns, level)}
    replicates = replicate_values(kernels, patterns, None, REPLICATES, np.random.default_rng(1))
    percentile_interval(replicates["alpha"], 0.95)


def seconds_of_loop(values: Any, level: str, n_replicates: int) -> float:
    """Seconds for resampling units and calling the package, `n_replicates` times."""
    rng = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(n_replicates):
        drawn = values[rng.integers(0, len(values), size=len(values))]
        krippendorff.alpha(drawn.T, level_of_measurement=level)
    return time.perf_counter() - start


def largest_difference() -> float:
    """Between our replicate values and the package's on the same resamples."""
    values = codings(600, seed=2)
    patterns = collapse(values, exchangeable=True)
    rng = np.random.default_rng(3)
    found = 0.0
    for level in agreement.LEVELS:
        kernel = alpha_kernel(patterns, level)
        for _ in range(10):
            drawn = rng.integers(0, len(values), size=len(values))
            weights = np.bincount(patterns.of_unit[drawn], minlength=len(patterns.codes)).astype(float)
            theirs = krippendorff.alpha(values[drawn].T, level_of_measurement=level)
            found = max(found, abs(float(kernel(weights[np.newaxis, :])[0]) - theirs))
    return found


def fifteen_codes() -> None:
    """What the Agreement page asks for: 15 binary codes, 1,000 units of 10 sessions, two observers."""
    rng = np.random.default_rng(4)
    sessions = (np.arange(1000) // 100).tolist()
    for code in range(15):
        truth = rng.random((1000, 1)) < 0.02 * (code + 1)
        values = np.where(rng.random((1000, 2)) < 0.9, truth, ~truth).astype(float)
        agreement.assess(values, sessions=sessions, categories=(0, 1))


def median_seconds(work: Callable[[], None], times: int) -> float:
    """Median of several runs, after one to warm up."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return float(np.median(found))


if __name__ == "__main__":
    main()
