// What the person does to judgements: every act becomes one event, at once here and then on its way to the server.

import { contentOf, digitsOf, fits, makeEvent, openAttribute, toggled, withAttribute } from "./coding.js";
import { createHistory } from "./history.js";
import { texts } from "./texts.js";

/**
 * model: what holds now. locked(): the pass takes no more codes. send(event): on its way. changed(unit, criterion):
 * draw it. tell(text): why nothing happened. say(text): what happened.
 */
export function createActs({ passId, scheme, model, locked, send, changed, tell, say }) {
  const history = createHistory();
  const criteria = new Map(scheme.criteria.map((each) => [each.id, each]));
  let asked = null; // {segment, criterion, code, attribute}: the question that a digit answers

  function write(unit, criterionId, content) {
    const event = makeEvent(passId, unit, criterionId, content);
    model.add(event);
    changed(unit, criterionId);
    send(event);
  }

  function set(unit, criterionId, content) {
    const before = contentOf(model.judgement(unit.key, criterionId));
    history.push({ unit, criterion: criterionId, before, after: content });
    write(unit, criterionId, content);
  }

  function allowed() {
    if (locked()) tell(texts.locked);
    return !locked();
  }

  function ask(segment, criterion, code) {
    const applied = appliedTo(segment, criterion).find((each) => each.code === code.id);
    const attribute = applied ? openAttribute(code, applied) : null;
    asked = attribute ? { segment, criterion, code, attribute } : null;
    return asked;
  }

  function question({ attribute }) {
    const options = digitsOf(scheme.attributes[attribute]).map((each) => `${each.digit} ${each.label}`);
    return texts.asks(scheme.attributes[attribute].label, options.join(", "));
  }

  function appliedTo(segment, criterion) {
    return model.judgement(segment.key, criterion.id)?.codes ?? [];
  }

  /** [{applied, code, criterion}] of a segment, in the order of the scheme. */
  function judgementsOf(segment) {
    return scheme.criteria.flatMap((criterion) =>
      appliedTo(segment, criterion).flatMap((applied) => {
        const code = criterion.codes.find((each) => each.id === applied.code);
        return code ? [{ applied, code, criterion }] : [];
      }),
    );
  }

  function pressCode({ code, criterion }, segment) {
    if (!segment || !allowed()) return;
    if (!fits(code, segment.role)) return tell(texts.doesNotFit(code.label, code.role, segment.role));
    const before = contentOf(model.judgement(segment.key, criterion.id));
    const { codes, added } = toggled(criterion, before.codes, code);
    asked = added && code.attributes.length ? { segment, criterion, code, attribute: code.attributes[0] } : null;
    set(segment, criterion.id, { ...before, codes });
    say((added ? texts.coded : texts.removed)(code.label) + (asked ? `. ${question(asked)}` : ""));
  }

  function remove(codeId, segment) {
    const found = judgementsOf(segment).find((each) => each.code.id === codeId);
    if (found) pressCode(found, segment);
  }

  function answer({ segment, criterion, code, attribute }, digit) {
    if (!allowed()) return;
    const chosen = digitsOf(scheme.attributes[attribute]).find((each) => each.digit === digit);
    const label = scheme.attributes[attribute].label;
    if (!chosen) return tell(texts.noSuchAnswer(digit, label));
    const before = contentOf(model.judgement(segment.key, criterion.id));
    const codes = withAttribute(before.codes, code.id, attribute, chosen.value);
    const place = { segment, criterion, code };
    const applied = codes.find((each) => each.code === code.id);
    if (!applied) return;
    const next = openAttribute(code, applied);
    asked = next ? { ...place, attribute: next } : null;
    set(segment, criterion.id, { ...before, codes });
    say(texts.answered(label, chosen.label) + (asked ? `. ${question(asked)}` : ""));
  }

  /** Asks the first question of this segment that is still open. */
  function reopen(segment) {
    judgementsOf(segment).find(({ code, criterion }) => ask(segment, criterion, code));
  }

  function digit(pressed, segment) {
    if (asked === null && segment) reopen(segment);
    if (asked === null) tell(texts.nothingAsked);
    else answer(asked, pressed);
  }

  function rate(unit, rating, content) {
    if (!allowed()) return;
    const same = JSON.stringify(contentOf(model.judgement(unit.key, rating.id))) === JSON.stringify(content);
    set(unit, rating.id, same ? { codes: [], value: null, note: null } : content);
    const step = rating.values.find((each) => each.value === content.value);
    say(same ? texts.clearRating(rating.label) : texts.rated(rating.label, step ? `${step.value}, ${step.label}` : texts.notApplicable));
  }

  /** step: "undo" or "redo". Returns the unit it happened on, or null. */
  function travel(step) {
    if (!allowed()) return null;
    const found = history[step]();
    if (!found) {
      tell(step === "undo" ? texts.nothingToUndo : texts.nothingToRedo);
      return null;
    }
    asked = null;
    write(found.unit, found.criterion, found.set);
    say(step === "undo" ? texts.undone : texts.redone);
    return found.unit;
  }

  return {
    pressCode,
    remove,
    digit,
    reopen,
    rate,
    travel,
    judgementsOf,
    answerTo(codeId, attribute, pressed, segment) {
      const found = judgementsOf(segment).find((each) => each.code.id === codeId);
      if (found) answer({ segment, criterion: criteria.get(found.criterion.id), code: found.code, attribute }, pressed);
    },
    asked: () => asked,
    /** Leaves the open question open; true when there was one. */
    skip() {
      const was = asked !== null;
      asked = null;
      return was;
    },
  };
}
