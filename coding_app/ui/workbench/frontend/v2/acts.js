// What the person does to judgements: every act becomes one or more events, at once here and then on their way to the server.

import { contentOf, digitsOf, fits, makeEvent, newId, openAttribute, toggled, withAttribute } from "./coding.js";
import { EVIDENCE, evidenceOf } from "./links.js";
import { isDrawn } from "./spans.js";
import { texts } from "./texts.js";

const REMARK = "remark";

/**
 * model: what holds now. history: what undo goes back through (timeline.js). locked(): the pass takes no more codes.
 * send(event): on its way. changed(unit, criterion): draw it. tell(text): why nothing happened. say(text): what happened.
 */
export function createActs({ passId, scheme, model, history, locked, send, changed, tell, say }) {
  let asked = null; // {units, criterion, code, attribute}: the question that a digit answers
  let last = null; // {code, criterion, attributes}: what "again" gives

  /** One act: changes = [{unit, criterion, content}] with content = {codes, value, note}. Returns its id. */
  function write(changes, { act = newId(), step = "do" } = {}) {
    for (const { unit, criterion, content } of changes) {
      const event = makeEvent(passId, unit, criterion, content, { act, step });
      history.note(event, model.add(event));
      changed(unit, criterion);
      send(event);
    }
    return act;
  }

  function allowed() {
    if (locked()) tell(texts.locked);
    return !locked();
  }

  /** Does what was decided elsewhere; false when the pass is locked, else the act's id. sentence: said to screen readers. act: goes on with that act. */
  function change(changes, sentence, act) {
    if (!allowed()) return false;
    const id = write(changes, { act });
    if (sentence) say(sentence);
    return id;
  }

  const contentAt = (unit, criterionId) => contentOf(model.judgement(unit.key, criterionId));
  const appliedTo = (unit, criterion) => contentAt(unit, criterion.id).codes;
  const has = (unit, criterion, code) => appliedTo(unit, criterion).some((each) => each.code === code.id);
  /** A drawn unit lies where its last event put it. */
  const now = (unit, criterionId) => model.judgement(unit.key, criterionId)?.unit ?? unit;

  function question({ attribute }) {
    const options = digitsOf(scheme.attributes[attribute]).map((each) => `${each.digit} ${each.label}`);
    return texts.asks(scheme.attributes[attribute].label, options.join(", "));
  }

  /** Asks for an attribute of a code that these units have; attribute left out = the first one still open. */
  function ask(units, criterion, code, attribute) {
    const applied = appliedTo(units[0], criterion).find((each) => each.code === code.id);
    const wanted = attribute ?? (applied ? openAttribute(code, applied) : null);
    asked = wanted ? { units, criterion, code, attribute: wanted } : null;
    return asked;
  }

  /** [{applied, code, criterion}] of a unit, in the order of the scheme. */
  function judgementsOf(unit) {
    return scheme.criteria.flatMap((criterion) =>
      appliedTo(unit, criterion).flatMap((applied) => {
        const code = criterion.codes.find((each) => each.id === applied.code);
        return code ? [{ applied, code, criterion }] : [];
      }),
    );
  }

  /** Writes what gives a code to units, asks for what it still lacks of attributes, and says so. given: attributes that came with it. */
  function give({ code, criterion }, units, changes, sentence, given = {}) {
    if (!allowed()) return false;
    last = { code, criterion, attributes: { ...given } };
    const open = openAttribute(code, { attributes: given });
    // Which question comes next is decided before the writing: what is drawn while it writes shows it.
    asked = open ? { units, criterion, code, attribute: open } : null;
    write(changes);
    say(sentence + (asked ? `. ${question(asked)}` : ""));
    return true;
  }

  /** The segments whose speaker the code fits; says why when there are none. */
  function fittingOf(code, segments) {
    if (!segments.length || !allowed()) return [];
    const fitting = segments.filter((each) => fits(code, each.role));
    if (!fitting.length) tell(texts.doesNotFit(code.label, code.role, segments[0].role));
    return fitting;
  }

  const onSeveral = (units) => (units.length > 1 ? texts.onSegments(units.length) : "");

  /** The code on these segments, or off when all of them that it fits have it. */
  function pressCode({ code, criterion }, segments) {
    const fitting = fittingOf(code, segments);
    if (!fitting.length) return;
    if (fitting.every((unit) => has(unit, criterion, code))) {
      takeOff({ code, criterion }, fitting);
      return;
    }
    const units = fitting.filter((unit) => !has(unit, criterion, code));
    const changes = units.map((unit) => {
      const before = contentAt(unit, criterion.id);
      return { unit, criterion: criterion.id, content: { ...before, codes: toggled(criterion, before.codes, code).codes } };
    });
    give({ code, criterion }, units, changes, texts.coded(code.label) + onSeveral(units));
  }

  /** A code with its attributes on segments, whether they had it or not. */
  function repeatOn({ code, criterion, attributes }, segments) {
    const units = fittingOf(code, segments);
    const changes = units.map((unit) => {
      const before = contentAt(unit, criterion.id);
      const codes = has(unit, criterion, code) ? before.codes : toggled(criterion, before.codes, code).codes;
      return { unit, criterion: criterion.id,
        content: { ...before, codes: codes.map((each) => (each.code === code.id ? { ...each, attributes: { ...each.attributes, ...attributes } } : each)) } };
    });
    if (units.length) give({ code, criterion }, units, changes, texts.coded(code.label) + onSeveral(units), attributes);
  }

  /** Takes a code off units; a drawn unit that has none left loses its remark too: the moment is gone. */
  function takeOff({ code, criterion }, units) {
    if (!allowed()) return;
    const changes = units.flatMap((unit) => {
      const before = contentAt(unit, criterion.id);
      const codes = before.codes.filter((each) => each.code !== code.id);
      const gone = isDrawn(unit.key) && codes.length === 0;
      const remark = gone ? model.judgement(unit.key, REMARK) : null;
      return [
        { unit: now(unit, criterion.id), criterion: criterion.id, content: { ...before, codes, note: gone ? null : before.note } },
        ...(remark ? [{ unit: remark.unit, criterion: REMARK, content: contentOf(null) }] : []),
      ];
    });
    asked = null;
    write(changes);
    say(texts.removed(code.label) + onSeveral(units));
  }

  function remove(codeId, units) {
    const having = units.filter((unit) => judgementsOf(unit).some((each) => each.code.id === codeId));
    const found = having.length ? judgementsOf(having[0]).find((each) => each.code.id === codeId) : null;
    if (found) takeOff(found, having);
  }

  function answer({ units, criterion, code, attribute }, digit) {
    if (!allowed()) return;
    const chosen = digitsOf(scheme.attributes[attribute]).find((each) => each.digit === digit);
    const label = scheme.attributes[attribute].label;
    if (!chosen) return tell(texts.noSuchAnswer(digit, label));
    const having = units.filter((unit) => has(unit, criterion, code));
    if (!having.length) return;
    const applied = withAttribute(appliedTo(having[0], criterion), code.id, attribute, chosen.value).find((each) => each.code === code.id);
    const next = openAttribute(code, applied);
    asked = next ? { units, criterion, code, attribute: next } : null;
    if (last?.code === code) last.attributes[attribute] = chosen.value;
    write(having.map((unit) => {
      const before = contentAt(unit, criterion.id);
      return { unit: now(unit, criterion.id), criterion: criterion.id,
        content: { ...before, codes: withAttribute(before.codes, code.id, attribute, chosen.value) } };
    }));
    say(texts.answered(label, chosen.label) + (asked ? `. ${question(asked)}` : ""));
  }

  /** Asks the first question of these units that is still open; what is answered counts for all that have the code. */
  function reopen(units) {
    for (const unit of units) {
      if (judgementsOf(unit).find(({ code, criterion }) => ask([unit, ...units.filter((each) => each !== unit)], criterion, code))) return;
    }
  }

  function digit(pressed, units) {
    if (asked === null) reopen(units);
    if (asked === null) tell(texts.nothingAsked);
    else answer(asked, pressed);
  }

  /** content: {codes: [], value} or, not applicable, {codes: [that], value: null}; the same again takes it back. The evidence stays beside a value. */
  function rate(unit, rating, { codes, value }) {
    const before = contentAt(unit, rating.id);
    const evidence = evidenceOf(before);
    const judged = before.codes.filter((each) => each.code !== EVIDENCE);
    const same = before.value === value && JSON.stringify(judged) === JSON.stringify(codes);
    const kept = codes.length && !same ? codes : evidence ? [evidence] : [];
    const step = rating.values.find((each) => each.value === value);
    const what = same ? texts.clearRating(rating.label) : texts.rated(rating.label, step ? `${step.value}, ${step.label}` : texts.notApplicable);
    change([{ unit, criterion: rating.id, content: { codes: kept, value: same ? null : value, note: before.note } }], what);
  }

  /** step: "undo" or "redo". Returns the first unit it happened on, or null. */
  function travel(step) {
    if (!allowed()) return null;
    const found = history.next(step);
    if (!found) {
      tell(step === "undo" ? texts.nothingToUndo : texts.nothingToRedo);
      return null;
    }
    asked = null;
    write(found.changes, { act: found.act, step });
    say(step === "undo" ? texts.undone : texts.redone);
    return found.changes[0].unit;
  }

  return {
    change,
    allowed,
    ask,
    give,
    pressCode,
    repeatOn,
    remove,
    digit,
    reopen,
    rate,
    travel,
    judgementsOf,
    contentAt,
    answerTo(codeId, attribute, pressed, units) {
      const found = units.flatMap(judgementsOf).find((each) => each.code.id === codeId);
      if (found) answer({ units, criterion: found.criterion, code: found.code, attribute }, pressed);
    },
    asked: () => asked,
    last: () => last,
    /** Leaves the open question open; true when there was one. */
    skip() {
      const was = asked !== null;
      asked = null;
      return was;
    },
  };
}
