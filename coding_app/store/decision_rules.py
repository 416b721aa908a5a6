"""What teams decided while they settled differences: added to, never changed.

A rule is the team's, and stays when its recording is erased: it is locked with its study's key. An example is taken
from what was said, and goes with its recording: it is locked with that one's key.
"""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select, update

from coding_app.domain.decision_rule import DecisionRule, RuleKind
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from coding_app.store import sealing, work_tables
from coding_app.store.engine import Tx
from coding_app.store.plain_texts import is_plain


def add_rule(tx: Tx, rule: DecisionRule) -> None:
    """Keeps it."""
    unit = rule.unit
    row = asdict(rule) | {
        "unit_key": unit.key if unit else None,
        "start_ms": unit.span.start_ms if unit else None,
        "end_ms": unit.span.end_ms if unit else None,
    }
    del row["unit"]
    table = work_tables.decision_rule
    tx.execute(table.insert().values(**_sealer(tx, rule).seal(table, row)))


def list_rules(tx: Tx, study_id: str) -> tuple[DecisionRule, ...]:
    """All of a study, the newest first."""
    table = work_tables.decision_rule
    mine = select(table).where(table.c.study_id == study_id)
    return tuple(_rule(tx, row) for row in tx.execute(mine.order_by(table.c.decided_at.desc(), table.c.id)))


def studies_with_plain_rules(tx: Tx) -> list[str]:
    """The ids of the studies of which a rule or an example is not sealed: an earlier version kept them so."""
    table = work_tables.decision_rule
    return sorted(tx.execute(select(table.c.study_id).where(is_plain(table)).distinct()).scalars())


def seal_plain_rules(tx: Tx, study_id: str) -> int:
    """Seals what is plain of this study and returns how many that were."""
    table = work_tables.decision_rule
    mine = select(table).where(table.c.study_id == study_id, is_plain(table)).with_for_update()
    rows = [_sealer(tx, row).seal(table, row._asdict()) for row in tx.execute(mine).all()]
    for row in rows:
        tx.execute(update(table).where(table.c.id == row["id"]).values(text=row["text"]))
    return len(rows)


def _sealer(tx: Tx, rule: DecisionRule | Row[Any]) -> sealing.Sealer:
    if rule.kind == RuleKind.EXAMPLE and rule.pass_id is not None:
        return sealing.of_pass(tx, rule.pass_id)
    return sealing.of_study(tx, rule.study_id)


def _rule(tx: Tx, row: Row[Any]) -> DecisionRule:
    kept = _sealer(tx, row).open(work_tables.decision_rule, row)
    key, start_ms, end_ms = kept.pop("unit_key"), kept.pop("start_ms"), kept.pop("end_ms")
    unit = Unit(key, Span(start_ms, end_ms)) if key is not None else None
    return DecisionRule(**{**kept, "kind": RuleKind(row.kind), "unit": unit})
