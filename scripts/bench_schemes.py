"""How long it takes to load and check a scheme of 200 codes: python scripts/bench_schemes.py [--json] [--smoke]."""

import argparse
import json
import statistics
import time
from typing import Any

from coding_app.schemes import parse_scheme
from coding_app.schemes.reading import _parsed
from coding_app.schemes.writing import to_yaml

ROUNDS, SMOKE_ROUNDS = 31, 5
LETTERS = "acdefghijklmopqrstuvwy"
SENTENCE = (
    "What the client or the therapist does here, told in a sentence of a usual length, with one exception."
)


def big_scheme(n_codes: int) -> str:
    """The text of a valid scheme with this many codes, each with all that a code has. Hotkeys: any printable sign."""
    signs = [
        *LETTERS,
        *(chr(number) for number in range(0x0430, 0x0450)),
        *(chr(n) for n in range(0x4E00, 0x4F00)),
    ]
    codes = [_code(number, signs[number]) for number in range(n_codes)]
    n_criteria = max(1, n_codes // 10)
    scale = {"type": "ordinal", "values": [{"value": step, "label": f"step {step}"} for step in range(1, 8)]}
    unit = {"kind": "event", "label": "Segment"}
    rule = {"unit": "segment", "exclusive": True, "exhaustive": False, "unmarked": "absent"}
    data: dict[str, Any] = {
        "format": 1, "id": "big", "version": "1.0.0", "status": "draft", "title": "Big", "language": "en",
        "summary": SENTENCE, "license": "CC0-1.0", "disclaimer": SENTENCE,
        "sources": [{"key": "own2026", "role": "concept", "cite": "Made for this measurement (2026)."}],
        "requires": {"audio": True, "transcript": True, "video": False, "speaker_labels": True},
        "roles": [{"id": "therapist", "label": "Therapist"}, {"id": "client", "label": "Client"}],
        "units": {"segment": unit},
        "passes": [{"id": "tag", "label": "Tag", "unit": "segment", "codes": "all"}],
        "scales": {"strength": scale},
        "attributes": {"strength": {"label": "How strong", "scale": "strength", "required": True}},
        "criteria": {f"criterion_{number}": {"label": f"Criterion {number}", **rule} for number in range(n_criteria)},
        "codes": codes,
        "changes": [{"version": "1.0.0", "date": "2026-11-23", "note": "First version."}],
    }  # fmt: skip
    return to_yaml(data)


def _code(number: int, key: str) -> dict[str, Any]:
    near = {"text": SENTENCE, "why": SENTENCE, "instead": "none"}
    return {
        "id": f"code_{number}", "criterion": f"criterion_{number // 10}", "role": ("therapist", "client")[number % 2],
        "valence": "neutral", "label": f"Code {number}", "key": key, "attributes": ["strength"],
        "definition": SENTENCE, "include": [SENTENCE] * 3, "exclude": [SENTENCE] * 3, "examples": [SENTENCE],
        "near_misses": [near, near],
    }  # fmt: skip


def load_ms(text: str, rounds: int) -> tuple[float, float]:
    """Medians of reading and checking the text, each time anew, in milliseconds: by the clock, and of the processor."""
    data = text.encode()
    clock, processor = [], []
    for _ in range(rounds):
        _parsed.cache_clear()
        begin, spent = time.perf_counter(), time.process_time()
        parse_scheme(data, "big")
        clock.append((time.perf_counter() - begin) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return statistics.median(clock), statistics.median(processor)


def main() -> None:
    """Prints the figures; with --json as one object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smoke", action="store_true", help="few rounds, to see that it runs")
    given = parser.parse_args()
    text = big_scheme(200)
    rounds = SMOKE_ROUNDS if given.smoke else ROUNDS
    clock, processor = load_ms(text, rounds)
    figures = {
        "load_200_codes_ms": round(clock, 1),
        "load_200_codes_cpu_ms": round(processor, 1),
        "bytes": len(text.encode()),
        "rounds": rounds,
    }
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
