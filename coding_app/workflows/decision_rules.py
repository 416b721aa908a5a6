"""What a team decided while settling differences: rules for the next time, and examples for the scheme."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from coding_app.domain.decision_rule import DecisionRule, RuleKind
from coding_app.domain.people import Action
from coding_app.errors import AccessError, CodingError, InputError
from coding_app.store import Tx, decision_rules, passes, studies
from coding_app.workflows.consensus_ground import check_may_settle, read_settling
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

LONGEST = 1_000


@allowed(Action.RULE_CONSENSUS, of="recording_id")
def record_rule(
    app: App, recording_id: str, coder_id: str, unit_key: str, criterion: str, kind: RuleKind, text: str
) -> DecisionRule:
    """Turns a ruling into a rule, or proposes an example, for its criterion and the scheme's version; dated now.

    Raises InputError for no text or too much, CodingError where nothing was ruled; AccessError, NotFoundError.
    """
    words = text.strip()
    if not words:
        raise InputError("There is nothing to keep yet; write down the rule or the example.")
    if len(words) > LONGEST:
        raise InputError(f"This has {len(words)} characters; shorten it to {LONGEST} at most.")
    with app.store.write() as tx:
        check_may_settle(tx, recording_id, coder_id)
        on = read_settling(tx, recording_id)
        held = on.present.get((unit_key, criterion))
        if on.coding_pass is None or held is None or not held.note:
            raise CodingError("Nothing was ruled here yet; rule on the difference first.")
        rule = DecisionRule(
            id=uuid4().hex,
            study_id=on.study_id,
            scheme_id=on.scheme.id,
            scheme_version=on.scheme.version,
            criterion=criterion,
            kind=kind,
            text=words,
            decided_at=datetime.now(UTC),
            decided_by=studies.get_coder(tx, coder_id).name,
            pass_id=on.coding_pass.id,
            unit=held.unit,
        )
        decision_rules.add_rule(tx, rule)
        return rule


@allowed(Action.SEE_AGREEMENT, of="study_id")
def list_rules(app: App, study_id: str, viewer_id: str | None) -> tuple[DecisionRule, ...]:
    """The study's rules and examples, the newest first; viewer None = somebody who does not code.

    What came from a recording that the viewer has to code is left out: it tells of others' codes. Where the others
    came from (pass, unit) is told to who submitted that recording, and to who does not code.
    """
    with app.store.read() as tx:
        found = decision_rules.list_rules(tx, study_id)
        if viewer_id is None:
            return found
        return tuple(seen for each in found if (seen := _as_seen(tx, each, viewer_id)) is not None)


def _as_seen(tx: Tx, rule: DecisionRule, viewer_id: str) -> DecisionRule | None:
    if rule.pass_id is None:
        return rule
    recording_id = passes.get_pass(tx, rule.pass_id).recording_id
    try:
        check_may_settle(tx, recording_id, viewer_id)
    except AccessError:
        return None
    own = passes.list_passes(tx, recording_id=recording_id, coder_id=viewer_id)
    return rule if own else replace(rule, pass_id=None, unit=None)
