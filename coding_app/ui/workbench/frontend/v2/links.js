// Decisions about links: which codes may point where, what making or taking back a link sets, and the evidence of a rating.

import { contentOf } from "./coding.js";

export const EARLIER_SESSION = "earlier_session";
export const EVIDENCE = "evidence";
export const MOST_LINKS = 50; // as MAX_LINKS in coding_app/domain/rules.py

/** The scheme's links that begin at this code. */
export const linksFrom = (scheme, codeId) => scheme.links.filter((each) => each.from.includes(codeId));

/** Whether the code of a unit may be linked to something before this session. */
export const mayLeadOut = (links) => links.some((each) => each.external.includes(EARLIER_SESSION));

/**
 * What a code on a unit may be linked to: [{key, start_ms, codeId}], nearest first. judgements: iterable.
 * A link of direction "earlier" leads to what begins no later; the code itself on this unit is no target.
 */
export function targets({ judgements, links, unit, codeId }) {
  const found = [];
  for (const { unit: there, codes } of judgements) {
    for (const applied of codes) {
      if (there.key === unit.key && applied.code === codeId) continue;
      const allowed = links.some((link) => link.to.includes(applied.code) && (link.direction !== "earlier" || there.start_ms <= unit.start_ms));
      if (allowed) found.push({ key: there.key, start_ms: there.start_ms, codeId: applied.code });
    }
  }
  const distance = (each) => Math.abs(each.start_ms - unit.start_ms);
  return found.sort((a, b) => distance(a) - distance(b) || a.start_ms - b.start_ms);
}

/** The links of a code after a target was chosen: on, or off when it was on. Where all relations take one target, it replaces the other. */
export function relinked(links, before, target) {
  if (before.includes(target)) return before.filter((each) => each !== target);
  const single = links.every((each) => each.cardinality === "one");
  return single ? [target] : [...before, target].slice(-MOST_LINKS);
}

/** What sets the links of one code in a judgement. */
export function withLinks(judgement, codeId, links) {
  const before = contentOf(judgement);
  return { ...before, codes: before.codes.map((each) => (each.code === codeId ? { ...each, links } : each)) };
}

/** The evidence of a rating's content, or undefined. */
export const evidenceOf = (content) => content.codes.find((each) => each.code === EVIDENCE);

/** A rating's content with these unit keys as its evidence; "not applicable" gives way to it. */
export function withEvidence(content, keys) {
  const codes = keys.length ? [{ code: EVIDENCE, attributes: {}, links: keys }] : [];
  return { ...content, codes };
}
