// What stands beside a segment's text: its codes, the drawn moments that begin in it, remarks, and whether it overlaps another.

import { overlapsOf } from "./talkers.js";
import { indexAt } from "./time.js";

const REMARK = "remark";
const isDrawn = (unit) => unit.key.startsWith("x-");

/** model: what holds now. codesOf(segment) -> [{applied, code, criterion}]. remarkLabel(): what a moment with a remark alone is called. */
export function createBeside({ segments, scheme, model, codesOf, remarkLabel }) {
  const overlaps = overlapsOf(segments);
  const drawn = new Map(); // key of a drawn unit -> {row, moments}
  const inRow = new Map(); // row -> Set of the keys of drawn units that begin in it
  const codes = new Map(scheme.criteria.flatMap((criterion, criterionIndex) =>
    criterion.codes.map((code) => [`${criterion.id}\u0000${code.id}`, { label: code.label, criterionIndex }])));

  /** Reads a drawn unit anew; returns the rows that show it, before and now. */
  function read(key) {
    const changed = [];
    const before = drawn.get(key);
    if (before) {
      inRow.get(before.row)?.delete(key);
      drawn.delete(key);
      changed.push(before.row);
    }
    const held = [...scheme.criteria.map((each) => each.id), REMARK].map((id) => model.judgement(key, id)).filter((each) => each !== null);
    if (held.length && segments.length) {
      // Only the last event of each criterion knows where it puts the unit; a remark follows the codes.
      const row = Math.max(0, indexAt(segments, held[0].unit.start_ms));
      drawn.set(key, { row, moments: momentsOf(held) });
      if (!inRow.has(row)) inRow.set(row, new Set());
      inRow.get(row).add(key);
      if (!changed.includes(row)) changed.push(row);
    }
    return changed;
  }

  function momentsOf(held) {
    const found = held.flatMap(({ criterion, codes: applied, unit }) => applied.flatMap(({ code }) => {
      const known = codes.get(`${criterion}\u0000${code}`);
      return known ? [{ ...known, start_ms: unit.start_ms, end_ms: unit.end_ms }] : [];
    }));
    const { start_ms, end_ms } = held[0].unit;
    return found.length ? found : [{ label: remarkLabel(), criterionIndex: 5, start_ms, end_ms }];
  }

  function remarkOn(index) {
    const held = model.judgement(segments[index].key, REMARK);
    if (!held) return null;
    const has = (code) => held.codes.some((each) => each.code === code);
    return { flag: has("flag"), uncertain: has("uncertain"), note: held.note };
  }

  for (const key of new Set([...model.all()].map((each) => each.unit).filter(isDrawn).map((unit) => unit.key))) read(key);

  return {
    /** {chips, moments, remark, overlap, doubts} as row.js shows them. */
    of(index) {
      const segment = segments[index];
      const other = overlaps.get(index);
      return {
        chips: codesOf(segment).map(({ applied, code, criterion }) => ({
          criterionIndex: scheme.criteria.indexOf(criterion),
          key: code.key,
          label: code.label,
          details: code.attributes.filter((id) => applied.attributes[id] !== undefined).map((id) => String(applied.attributes[id])).join(" · "),
          open: code.attributes.some((id) => scheme.attributes[id].required && applied.attributes[id] === undefined),
        })),
        moments: [...(inRow.get(index) ?? [])].flatMap((key) => drawn.get(key).moments).sort((one, two) => one.start_ms - two.start_ms),
        remark: remarkOn(index),
        overlap: other === undefined ? null : segments[other].start_ms,
        doubts: segment.doubts ?? [],
      };
    },
    /** {flag, uncertain, note} of a row, or null. */
    remarkOn,
    /** A judgement of this unit changed; indexOf(key) -> row. Returns the rows to draw anew. */
    judged(unit, indexOf) {
      const index = indexOf(unit.key);
      if (index !== undefined) return [index];
      return isDrawn(unit) ? read(unit.key) : [];
    },
  };
}
