"""Parts of the workbench benchmark, scripts/bench_workbench.py."""
