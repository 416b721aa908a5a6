"""What teams decided while they settled differences: added to, never changed."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select

from coding_app.domain.decision_rule import DecisionRule, RuleKind
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from coding_app.store import work_tables
from coding_app.store.engine import Tx


def add_rule(tx: Tx, rule: DecisionRule) -> None:
    """Keeps it."""
    unit = rule.unit
    row = asdict(rule) | {
        "unit_key": unit.key if unit else None,
        "start_ms": unit.span.start_ms if unit else None,
        "end_ms": unit.span.end_ms if unit else None,
    }
    del row["unit"]
    tx.execute(work_tables.decision_rule.insert().values(**row))


def list_rules(tx: Tx, study_id: str) -> tuple[DecisionRule, ...]:
    """All of a study, the newest first."""
    table = work_tables.decision_rule
    mine = select(table).where(table.c.study_id == study_id)
    return tuple(_rule(row) for row in tx.execute(mine.order_by(table.c.decided_at.desc(), table.c.id)))


def _rule(row: Row[Any]) -> DecisionRule:
    kept = dict(row._mapping)
    key, start_ms, end_ms = kept.pop("unit_key"), kept.pop("start_ms"), kept.pop("end_ms")
    unit = Unit(key, Span(start_ms, end_ms)) if key is not None else None
    return DecisionRule(**{**kept, "kind": RuleKind(row.kind), "unit": unit})
