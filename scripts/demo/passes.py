"""Turns the observers' handwritten list of codes and ratings into complete coding passes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def read_passes(path: Path, scheme_path: Path) -> dict[str, dict[str, Any]]:
    """One pass per observer, by file stem: coder, scheme, judgements (unit, criterion, codes) and ratings.

    Raises KeyError when an observer uses a code that the scheme does not have.
    """
    scheme = YAML(typ="safe").load(scheme_path)
    criterion_of = {code["id"]: code.get("criterion") or code["group"] for code in scheme["codes"]}
    data = YAML(typ="safe").load(path)
    return {
        stem: {
            "coder": entry["coder"],
            "scheme": data["scheme"],
            "judgements": _judgements(entry["codes"], criterion_of),
            "ratings": [
                {"rating": rating, "unit": unit, "value": value}
                for unit, values in entry["ratings"].items()
                for rating, value in values.items()
            ],
        }
        for stem, entry in data["observers"].items()
    }


def _judgements(codes: dict[str, dict[str, Any]], criterion_of: dict[str, str]) -> list[dict[str, Any]]:
    """One judgement per unit and criterion; an entry is {code: {attribute: value, links: [unit]}}."""
    judgements: dict[tuple[str, str], dict[str, Any]] = {}
    for unit, chosen in codes.items():
        for code, details in chosen.items():
            criterion = criterion_of[code]
            judgement = judgements.setdefault(
                (unit, criterion), {"unit": unit, "criterion": criterion, "codes": []}
            )
            attributes = {key: value for key, value in details.items() if key != "links"}
            judgement["codes"].append(
                {"code": code, "attributes": attributes, "links": list(details.get("links", ()))}
            )
    return list(judgements.values())
