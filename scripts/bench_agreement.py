"""How fast agreement is, as ratios to the usual libraries in the same run; JSON on the last line.

Replicates: 1,000 resamples of units by our patterns, against a loop that draws units and calls the library for a
few replicates, scaled up to 1,000. Both ways start from the same array of codes (3 coders, 5 categories, 5 %
missing). Point estimates, ratings, and the command on 1.2 million judgements as well. pingouin and statsmodels are
needed for their own loops only; without them these figures are null.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score

from coding_app import agreement
from coding_app.agreement.alpha import alpha_kernel
from coding_app.agreement.bootstrap import percentile_interval, replicate_values
from coding_app.agreement.intraclass_kernel import icc_kernel
from coding_app.agreement.kappa import cohen_kernel
from coding_app.agreement.patterns import Kernel, Patterns, collapse
from coding_app.agreement.several import ac1_kernel, fleiss_kernel

REPLICATES = 1000
SIZES = (600, 10_000, 100_000)
Figures = dict[str, Any]


def main() -> None:
    """Measure, print lines for people, then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--smoke", action="store_true", help="smaller and fewer repetitions, some ten seconds"
    )
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    options = parser.parse_args()
    smoke = options.smoke
    figures: Figures = {
        "units": SIZES[-1],
        "coders": 3,
        "categories": 5,
        "replicates": REPLICATES,
        "smoke": smoke,
    }
    n_times = 1 if smoke else 5
    for part in (alpha_figures, other_figures, icc_figures, point_figures):
        figures |= part(smoke, n_times)
    figures["largest_difference_on_same_resamples"] = largest_difference()
    figures["assess_15_codes_1000_units_seconds"] = round(median_seconds(fifteen_codes, n_times), 3)
    figures |= import_figures() | command_figures(smoke)
    if not options.json:
        for name, value in figures.items():
            sys.stdout.write(f"{name}: {value}\n")
    sys.stdout.write(json.dumps(figures) + "\n")


def alpha_figures(smoke: bool, n_times: int) -> Figures:
    """1,000 replicates of alpha against the krippendorff package, and how the cost grows with the units."""
    figures: Figures = {}
    for level in ("nominal", "ordinal"):

        def ours(values: Any, level: Any = level) -> Callable[[], None]:
            return lambda: interval(values, lambda p: alpha_kernel(p, level))

        def theirs(drawn: Any, level: str = level) -> float:
            return float(krippendorff.alpha(drawn.T, level_of_measurement=level))

        name = f"bootstrap_alpha_{level}"
        figures |= compared(name, codings(SIZES[-1]), ours, theirs, 2 if smoke else 15, n_times)
        for size in SIZES[:-1]:
            figures[f"{name}_{size}_units_seconds"] = rounded(median_seconds(ours(codings(size)), n_times))
    both = [figures[f"bootstrap_alpha_{level}_times_faster"] for level in ("nominal", "ordinal")]
    return figures | {"bootstrap_alpha_100k_times_faster": min(both)}


def other_figures(smoke: bool, n_times: int) -> Figures:
    """1,000 replicates of kappa (scikit-learn), Fleiss (statsmodels) and AC1 (one call per replicate)."""
    values = codings(SIZES[-1])
    whole = values[np.isfinite(values).all(axis=1)].astype(int)
    n_loop = 1 if smoke else 5

    def kernel_of(kernel: Callable[[Patterns], Kernel], exchangeable: bool = True) -> Any:
        return lambda data: lambda: interval(data, kernel, exchangeable)

    def fleiss(drawn: Any) -> float:
        from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

        return float(fleiss_kappa(aggregate_raters(drawn)[0]))

    figures = compared(
        "bootstrap_kappa",
        whole[:, :2],
        kernel_of(cohen_kernel, False),
        lambda d: cohen_kappa_score(*d.T),
        n_loop,
        n_times,
    )
    figures |= compared(
        "bootstrap_ac1", values, kernel_of(ac1_kernel), lambda d: agreement.gwet_ac1(d, 5), n_loop, n_times
    )
    known = fleiss if find_spec("statsmodels") else None
    return figures | compared("bootstrap_fleiss", whole, kernel_of(fleiss_kernel), known, n_loop, n_times)


def icc_figures(smoke: bool, n_times: int) -> Figures:
    """1,000 replicates of ICC(2,1) against pingouin: 10,000 targets, 3 raters (600 targets with --smoke)."""
    rng = np.random.default_rng(6)
    n_targets = 600 if smoke else 10_000
    values = rng.normal(size=(n_targets, 1)) + rng.normal(scale=0.5, size=(n_targets, 3))

    def ours(data: Any) -> Callable[[], None]:
        return lambda: interval(data, lambda patterns: icc_kernel(patterns, "icc_2_1"), exchangeable=False)

    def theirs(drawn: Any) -> float:
        import pandas
        import pingouin

        target, rater = np.indices(drawn.shape)
        long = pandas.DataFrame({"t": target.ravel(), "r": rater.ravel(), "y": drawn.ravel()})
        table = pingouin.intraclass_corr(long, targets="t", raters="r", ratings="y").set_index("Type")
        return float(table.loc["ICC(A,1)", "ICC"])

    known = theirs if find_spec("pingouin") else None
    return compared("bootstrap_icc_2_1", values, ours, known, 1, min(n_times, 3)) | {"icc_targets": n_targets}


def point_figures(smoke: bool, n_times: int) -> Figures:
    """Alpha of the data themselves: how many times faster than the krippendorff package, smallest of all cases."""
    ratios: Figures = {}
    for size in (1_000, 10_000) if smoke else (1_000, 10_000, 100_000):
        for n_coders in (3, 10):
            values = codings(size, n_coders)
            for level in ("nominal", "ordinal"):

                def theirs(values: Any = values, level: str = level) -> None:
                    krippendorff.alpha(values.T, level_of_measurement=level)

                def ours(values: Any = values, level: Any = level) -> None:
                    agreement.krippendorff_alpha(values, level)

                ratio = median_seconds(theirs, n_times + 4) / median_seconds(ours, n_times + 4)
                ratios[f"point_alpha_{level}_{size}_units_{n_coders}_coders_times_faster"] = round(ratio, 2)
    return ratios | {"point_alpha_smallest_times_faster": min(ratios.values())}


def compared(
    name: str, values: Any, ours: Any, theirs: Callable[[Any], float] | None, n_loop: int, n_times: int
) -> Figures:
    """Seconds of 1,000 replicates by our way and by a loop (scaled), and their ratio; null without the library."""
    seconds = median_seconds(ours(values), n_times)
    figures: Figures = {f"{name}_seconds": rounded(seconds)}
    if theirs is None:
        return figures | {f"{name}_loop_seconds_scaled": None, f"{name}_times_faster": None}
    rng = np.random.default_rng(1)
    drawn = [values[rng.integers(0, len(values), size=len(values))] for _ in range(n_loop)]
    loop = REPLICATES * float(np.median([seconds_of(lambda each=each: theirs(each)) for each in drawn]))  # type: ignore[misc]
    return figures | {
        f"{name}_loop_seconds_scaled": round(loop, 1),
        f"{name}_times_faster": round(loop / seconds),
    }


def codings(n_units: int, n_coders: int = 3, seed: int = 0) -> Any:
    """Codes 1-5, 70 % equal to a truth, 5 % missing; (n_units, n_coders)."""
    rng = np.random.default_rng(seed)
    shape = (n_units, n_coders)
    values = np.where(
        rng.random(shape) < 0.7, rng.integers(1, 6, size=(n_units, 1)), rng.integers(1, 6, size=shape)
    )
    return np.where(rng.random(shape) < 0.05, np.nan, values)


def interval(values: Any, kernel: Callable[[Patterns], Kernel], exchangeable: bool = True) -> None:
    """From codes to a percentile interval, everything included."""
    patterns = collapse(np.asarray(values, dtype=np.float64), exchangeable=exchangeable)
    kernels = {"it": kernel(patterns)}
    replicates = replicate_values(kernels, patterns, None, REPLICATES, np.random.default_rng(1))
    percentile_interval(replicates["it"], 0.95)


def largest_difference() -> float:
    """Between our replicate values of alpha and the package's on the same resamples, all levels."""
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


def import_figures() -> Figures:
    """What importing the package costs, and that it loads neither Streamlit nor torch nor a database."""
    code = (
        "import sys, time; start = time.perf_counter(); import coding_app.agreement as a; a.assess\n"
        "print(time.perf_counter() - start, any(m in sys.modules for m in ('streamlit', 'torch', 'sqlalchemy')))"
    )
    seconds, heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    return {"import_seconds": rounded(float(seconds)), "import_loads_heavy_modules": heavy == "True"}


def command_figures(smoke: bool) -> Figures:
    """The command on 500 sessions x 800 units x 3 coders (20 sessions with --smoke), reading included."""
    n_sessions = 20 if smoke else 500
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codes.csv"
        write_judgements(path, n_sessions)
        command = [str(Path(sys.executable).with_name("coding-app")), "agreement", str(path), "--json"]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the command ended with status {process.returncode}")
    return {
        "command_judgements": n_sessions * 800 * 3,
        "command_seconds": round(seconds, 2),
        "command_peak_mib": round(usage.ru_maxrss / 1024),
    }


def write_judgements(path: Path, n_sessions: int) -> None:
    """Five codes by three coders on 800 units a session, as a long table."""
    rng = np.random.default_rng(0)
    words = ("withdrawal", "confrontation", "repair", "none", "other")
    truth = rng.integers(0, 5, n_sessions * 800)
    with path.open("w", encoding="utf-8") as file:
        file.write("unit,coder,value,session,criterion\n")
        for coder in "ABC":
            given = np.where(rng.random(len(truth)) < 0.75, truth, rng.integers(0, 5, len(truth))).tolist()
            for unit, code in enumerate(given):
                file.write(f"u{unit % 800:04d},{coder},{words[code]},session-{unit // 800:03d},rupture\n")


def median_seconds(work: Callable[[], Any], times: int) -> float:
    """Median of several runs, after one to warm up."""
    work()
    return float(np.median([seconds_of(work) for _ in range(times)]))


def seconds_of(work: Callable[[], Any]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rounded(seconds: float) -> float:
    """Tenths of a millisecond."""
    return round(seconds, 4)


if __name__ == "__main__":
    main()
